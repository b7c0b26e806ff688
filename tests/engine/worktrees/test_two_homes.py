"""Two homes may have the same ids in one repository: neither takes the snapshots or the archive of the other."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit, record


@pytest.fixture
def others(tmp_path: Path) -> WorkingTrees:
    return WorkingTrees(tmp_path / "other" / "worktrees", snapshot_file_mb=1)


@pytest.fixture
def other(repo: Path, others: WorkingTrees) -> Worktree:
    """The worktree of another home with the same ids; its branch has another name, since that one was taken."""
    tree = replace(record(repo, others), branch="signalbox/r1/w1-2")
    others.make(tree)
    return tree


def test_the_snapshots_of_another_home_with_the_same_ids_are_not_ones_own(
    trees: WorkingTrees, made: Worktree, others: WorkingTrees, other: Worktree
) -> None:
    (Path(made.path) / "mine.txt").write_text("mine\n")
    mine = trees.snapshot(made, job_id="one", attempt_id=1)
    (Path(other.path) / "theirs.txt").write_text("theirs\n")
    theirs = others.snapshot(other, job_id="one", attempt_id=1)
    assert [one.commit for one in trees.snapshots(made)] == [mine.commit]
    assert [one.commit for one in others.snapshots(other)] == [theirs.commit]
    (Path(made.path) / "mine.txt").unlink()
    trees.restore(made, mine.number)
    assert (Path(made.path) / "mine.txt").exists()
    assert not (Path(made.path) / "theirs.txt").exists()


def test_the_archives_of_two_homes_with_the_same_ids_both_come_back(
    call_git: CallGit, trees: WorkingTrees, made: Worktree, others: WorkingTrees, other: Worktree
) -> None:
    (Path(made.path) / "mine.txt").write_text("mine\n")
    (Path(other.path) / "theirs.txt").write_text("theirs\n")
    refs = [trees.archive(made).ref, others.archive(other).ref]
    assert len(set(refs)) == len(refs)
    assert call_git("show", f"{refs[0]}:mine.txt", f"{refs[1]}:theirs.txt") == "mine\ntheirs"
    others.restore_archived(other)
    trees.restore_archived(made)
    assert (Path(made.path) / "mine.txt").exists()
    assert (Path(other.path) / "theirs.txt").exists()
