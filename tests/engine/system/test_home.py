"""The folder where all state lies is made, closed to others, and never taken from somebody else."""

import stat
from pathlib import Path

import pytest

from engine.errors import HomeError
from engine.system.home import Home


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.mark.parametrize("before", [None, 0o755])
def test_a_folder_that_is_new_or_empty_becomes_a_home_closed_to_others(
    tmp_path: Path, before: int | None
) -> None:
    root = tmp_path / "home"
    if before is not None:
        root.mkdir(before)
    home = Home.at(root)
    assert {mode(root), mode(home.inbox)} == {0o700}


def test_a_home_of_before_is_a_home_again(tmp_path: Path) -> None:
    first = Home.at(tmp_path / "home")
    (first.root / "window.json").write_text("{}")
    assert Home.at(first.root).home_id() == first.home_id()


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "people"
    (root / "ada").mkdir(parents=True)
    root.chmod(0o755)
    with pytest.raises(HomeError, match="is not a Signalbox home: it contains other files"):
        Home.at(root)
    assert (mode(root), [entry.name for entry in root.iterdir()]) == (0o755, ["ada"])
