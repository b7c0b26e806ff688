"""What the window remembers, and what it does with a file it cannot use (N15)."""

import json
from pathlib import Path

import pytest

from gui.control.preferences import FORMAT, Layout, Preferences, decoded, encoded


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.json"


def test_what_was_saved_is_there_again(file: Path) -> None:
    first = Preferences(file)
    first.layout.theme = "light"
    first.layout.docks = encoded(b"\x00\xffdocks")
    assert first.save()
    again = Preferences(file)
    assert (again.problem, again.layout) == ("", first.layout)
    assert decoded(again.layout.docks) == b"\x00\xffdocks"


def test_the_file_is_for_its_owner_only_and_leaves_no_other_behind(file: Path) -> None:
    Preferences(file).save()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir() if entry.name.startswith(".window")] == []


def test_no_file_is_no_problem(file: Path) -> None:
    assert (Preferences(file).problem, Preferences(file).layout) == ("", Layout())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{"format": 1, "theme": "da', "it is torn"),
        (b"\x00\xff\xfe", "it is torn"),
        (b"[" * 5000, "it is torn"),
        (b"[]", "it does not hold an object"),
        (b'{"theme": "dark"}', "it says no format"),
        (b'{"format": true}', "it says no format"),
        (b'{"format": 1, "theme": 5}', "theme has a value of the wrong kind"),
        (b'{"format": 1, "reduce_motion": "yes"}', "reduce_motion has a value of the wrong kind"),
        (json.dumps({"format": FORMAT + 1}).encode(), f"it has format {FORMAT + 1}"),
        (b" " * 300_000 + b"{}", "it is larger than"),
    ],
)
def test_a_file_that_cannot_be_used_is_kept_as_it_is_and_told(file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)
    preferences = Preferences(file)
    assert preferences.layout == Layout()
    assert why in preferences.problem
    assert str(file) in preferences.problem
    assert not preferences.save()
    assert file.read_bytes() == content


def test_every_truncation_of_a_good_file_leads_to_defaults(file: Path) -> None:
    Preferences(file).save()
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert Preferences(file).problem, length


def test_an_unknown_key_of_the_same_format_is_no_problem(file: Path) -> None:
    file.write_text('{"format": 1, "theme": "light", "fancy": 3}')
    preferences = Preferences(file)
    assert (preferences.problem, preferences.layout.theme) == ("", "light")


def test_a_folder_in_its_place_is_told_and_kept(file: Path) -> None:
    file.mkdir()
    preferences = Preferences(file)
    assert "Is a directory" in preferences.problem
    assert not preferences.save()


def test_a_folder_that_takes_no_file_costs_the_layout_and_nothing_else(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "missing" / "window.json")
    assert not preferences.save()
    assert "cannot be saved" in preferences.problem


def test_what_is_no_base64_decodes_to_nothing() -> None:
    assert decoded("not base64!") == b""
