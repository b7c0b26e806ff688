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
        (b'{"format": 1, "theme": "da', "it is not valid JSON"),
        (b"\x00\xff\xfe", "it is not valid JSON"),
        (b"[" * 5000, "it is not valid JSON"),
        (b"[]", "it is not a JSON object"),
        (b'{"theme": "dark"}', "it has no format number"),
        (b'{"format": true}', "it has no format number"),
        (b'{"format": 1, "theme": 5}', "theme has a value of the wrong type"),
        (b'{"format": 1, "reduce_motion": "yes"}', "reduce_motion has a value of the wrong type"),
        (json.dumps({"format": FORMAT + 1}).encode(), f"it has format {FORMAT + 1}"),
        (b" " * 300_000 + b"{}", "it is larger than"),
    ],
)
def test_an_unusable_file_is_kept_and_reported(file: Path, content: bytes, why: str) -> None:
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


def test_a_folder_instead_of_the_file_is_reported_and_kept(file: Path) -> None:
    file.mkdir()
    preferences = Preferences(file)
    assert "Is a directory" in preferences.problem
    assert not preferences.save()


def test_a_read_only_folder_loses_the_layout_and_nothing_else(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "missing" / "window.json")
    assert not preferences.save()
    assert "cannot be saved" in preferences.problem


def test_what_is_no_base64_decodes_to_nothing() -> None:
    assert decoded("not base64!") == b""
    whole = encoded(b"docks")
    assert decoded("A" + whole[1:]) == b"", "Qt crashes as it restores a damaged state"
    assert decoded(whole.partition(".")[0]) == b"docks", "as an older release wrote it"
