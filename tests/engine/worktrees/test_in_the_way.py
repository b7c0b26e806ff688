"""What git ignores or cannot know is never overwritten by restoring, and ids may be of any length."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import WorktreeError
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import record
from tests.helpers.attempts import git_caller


def ignored_file(place: Path) -> Path:
    place.write_text("mine\n")
    return place


def pipe(place: Path) -> Path:
    place.mkdir()
    os.mkfifo(place / "pipe")
    return place / "pipe"


def submodule(place: Path) -> Path:
    tree = git_caller(place.parent)
    tree("clone", "-q", tree("rev-parse", "--path-format=absolute", "--git-common-dir"), str(place))
    tree("-c", "advice.addEmbeddedRepo=false", "add", "-f", "out")
    (place / "mine").write_text("mine\n")
    return place / "mine"


@pytest.mark.parametrize("snapshot_has", ["out", "out/file.txt"])
@pytest.mark.parametrize("make", [ignored_file, pipe, submodule])
def test_what_no_snapshot_can_hold_is_never_overwritten(
    repo: Path,
    trees: WorkingTrees,
    made: Worktree,
    make: Callable[[Path], Path],
    snapshot_has: str,
) -> None:
    file = Path(made.path) / snapshot_has
    file.parent.mkdir(exist_ok=True)
    file.write_text("kept\n")
    kept = trees.snapshot(made)
    file.unlink()
    if snapshot_has != "out":
        file.parent.rmdir()
    (repo / ".git" / "info" / "exclude").write_text("out\n")
    mine = make(Path(made.path) / "out")
    if (make, snapshot_has) in {(ignored_file, "out"), (pipe, "out/file.txt")}:  # nothing of it has to go
        trees.restore(made, kept.number)
        assert file.read_text() == "kept\n"
        return
    with pytest.raises(WorktreeError, match="Move away what is in the way, then retry"):
        trees.restore(made, kept.number)
    assert os.path.lexists(mine)


def test_a_repository_with_longer_ids_is_isolated_like_any_other(tmp_path: Path, trees: WorkingTrees) -> None:
    repo = tmp_path / "long"
    repo.mkdir()
    git = git_caller(repo)
    git("init", "-q", "-b", "main", "--object-format=sha256")
    git("-c", "user.name=Ada", "-c", "user.email=a@x", "commit", "-q", "--allow-empty", "-m", "first")
    made = record(repo, trees)
    trees.make(made)
    tree = Path(made.path)
    (tree / "a.txt").write_text("one\n")
    (tree / "big.bin").write_bytes(b"x" * 1_000_001)
    kept = trees.snapshot(made)
    (tree / "a.txt").write_text("two\n")
    trees.restore(made, kept.number)
    assert (tree / "a.txt").read_text() == "one\n"
    (tree / "big.bin").unlink()
    assert trees.archive(made).kept_reason == ""
    trees.restore_archived(made)
    assert (tree / "a.txt").read_text() == "one\n"
