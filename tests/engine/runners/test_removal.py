"""What a tool leaves behind is removed, whatever it has made of it, and nothing else."""

import os
from pathlib import Path

import pytest

from engine.runners.removal import remove_tree


def test_a_folder_deeper_than_any_stack_or_path_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    top.mkdir()
    with monkeypatch.context() as within:
        within.chdir(top)
        for _ in range(1_200):
            Path("d" * 100).mkdir()
            os.chdir("d" * 100)
    remove_tree(str(top))
    assert not top.exists()


def test_no_link_is_followed_at_any_depth(tmp_path: Path) -> None:
    kept, top = tmp_path / "kept", tmp_path / "top"
    (kept / "in").mkdir(parents=True)
    (top / "a" / "b").mkdir(parents=True)
    for parent in (top, top / "a", top / "a" / "b"):
        (parent / "link").symlink_to(kept)
        (parent / "file").touch()
    remove_tree(str(top))
    assert not top.exists()
    assert (kept / "in").is_dir()


def test_of_a_link_the_link_alone_is_removed(tmp_path: Path) -> None:
    (tmp_path / "kept" / "in").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove_tree(str(tmp_path / "link"))
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept" / "in").is_dir()


def test_folders_that_are_closed_to_their_owner_are_removed(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "a" / "b" / "c").mkdir(parents=True)
    for folder in (top / "a" / "b" / "c", top / "a" / "b", top / "a", top):
        folder.chmod(0)
    remove_tree(str(top))
    assert not top.exists()


def test_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    remove_tree(str(tmp_path / "nothing"))
