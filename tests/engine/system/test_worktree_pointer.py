"""An agent may put anything where git keeps where a worktree is: nothing waits for it, and nothing is led away."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.system.small_files import read_small
from engine.system.worktree_pointer import admin_of, record_place, recorded_place
from tests.helpers.small_repository import small_repository


@pytest.fixture
def moved(tmp_path: Path) -> tuple[Path, Path]:
    """A worktree that was moved past git, and the shared folder of its repository."""
    repo, begun, tree = small_repository(tmp_path / "repo"), tmp_path / "begun", tmp_path / "tree"
    subprocess.run(["git", "-C", repo, "worktree", "add", "-q", "--detach", begun], check=True)
    begun.replace(tree)
    return tree, (repo / ".git").resolve()


def test_the_new_place_of_a_worktree_is_written_down(moved: tuple[Path, Path]) -> None:
    tree, common = moved
    record_place(tree, common)
    admin = admin_of(tree, common)
    assert admin is not None
    assert recorded_place(admin) == tree
    assert sorted(each.name for each in admin.iterdir() if "gitdir" in each.name) == ["gitdir"]


def _a_pipe(file: Path, victim: Path) -> None:
    del victim
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def _a_link(file: Path, victim: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(victim)


@pytest.mark.parametrize("put", [_a_pipe, _a_link])
@pytest.mark.parametrize("name", ["gitdir", ".git"])
def test_what_is_no_file_in_its_place_is_refused_at_once(
    moved: tuple[Path, Path], tmp_path: Path, put: Callable[[Path, Path], None], name: str
) -> None:
    tree, common = moved
    admin = admin_of(tree, common)
    assert admin is not None
    file = tree / ".git" if name == ".git" else admin / "gitdir"
    victim = tmp_path / "victim"
    victim.write_text(file.read_text())
    put(file, victim)
    before = victim.read_text()
    with pytest.raises(OSError, match=name):
        record_place(tree, common)
    assert victim.read_text() == before


@pytest.mark.parametrize("put", [_a_pipe, _a_link])
def test_what_lies_where_the_draft_goes_is_replaced_and_not_written_to(
    moved: tuple[Path, Path], tmp_path: Path, put: Callable[[Path, Path], None]
) -> None:
    tree, common = moved
    admin = admin_of(tree, common)
    assert admin is not None
    victim = tmp_path / "victim"
    victim.write_text("mine")
    put(admin / "gitdir.new", victim)
    record_place(tree, common)
    assert victim.read_text() == "mine"
    assert recorded_place(admin) == tree


def test_a_tree_that_names_a_folder_of_another_repository_is_not_written_down_there(
    moved: tuple[Path, Path], tmp_path: Path
) -> None:
    tree, common = moved
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "gitdir").write_text("mine")
    (tree / ".git").write_text(f"gitdir: {foreign}\n")
    with pytest.raises(OSError, match="names no worktree"):
        record_place(tree, common)
    assert (foreign / "gitdir").read_text() == "mine"


def test_a_file_without_end_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(OSError, match="too large"):
        read_small(tmp_path / "large")
