"""A branch that a person has checked out in another tree is not moved there: their tree stays as it is."""

import subprocess
from pathlib import Path

import pytest

from engine.errors import WorktreeError
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit
from tests.helpers.attempts import git_caller

BRANCH = "signalbox/r1/w1"


@pytest.fixture
def taken(call_git: CallGit, made: Worktree) -> Worktree:
    """The worktree has left its branch, and a person has checked that out in their own tree."""
    git_caller(Path(made.path))("checkout", "-q", "--detach")
    call_git("checkout", "-q", BRANCH)
    return made


def status(repo: Path) -> str:
    words = ["git", "status", "--porcelain", "--branch"]
    return subprocess.run(words, cwd=repo, capture_output=True, text=True, check=True).stdout


def test_work_is_not_committed_on_a_branch_that_a_person_has_checked_out(
    call_git: CallGit, repo: Path, trees: WorkingTrees, taken: Worktree
) -> None:
    (Path(taken.path) / "new.txt").write_text("new\n")
    with pytest.raises(WorktreeError, match=rf"{BRANCH} is checked out in {repo}, .* Switch to another"):
        trees.finish(taken, "work")
    assert status(repo) == f"## {BRANCH}\n"
    call_git("checkout", "-q", "main")
    assert call_git("show", f"{trees.finish(taken, 'work').head}:new.txt") == "new"


def test_a_snapshot_is_not_restored_onto_a_branch_that_a_person_has_checked_out(
    call_git: CallGit, repo: Path, trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    trees.snapshot(made)
    (tree / "new.txt").write_text("new\n")
    git("add", "-A")
    git("commit", "-qm", "new")
    git("checkout", "-q", "--detach")
    call_git("checkout", "-q", BRANCH)
    with pytest.raises(WorktreeError, match="Switch to another branch there"):
        trees.restore(made, 1)
    assert (tree / "new.txt").exists()
    assert status(repo) == f"## {BRANCH}\n"


def test_a_worktree_does_not_come_back_on_a_branch_that_a_person_has_checked_out(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    (Path(made.path) / "new.txt").write_text("new\n")
    trees.archive(made)
    call_git("checkout", "-q", "-b", BRANCH)
    with pytest.raises(WorktreeError, match="Switch to another branch there"):
        trees.restore_archived(made)
    assert not Path(made.path).exists()
    call_git("checkout", "-q", "main")
    trees.restore_archived(made)
    assert (Path(made.path) / "new.txt").read_text() == "new\n"
