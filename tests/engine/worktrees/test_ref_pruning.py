"""Refs are deleted by compare-and-set, and only those of this worktree."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import GitError
from engine.worktrees.ref_pruning import delete_refs, own_refs
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit, record


def _refs(call_git: CallGit) -> list[str]:
    return call_git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/signalbox").split()


def test_the_refs_of_another_home_with_the_same_ids_stay(
    repo: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree, tmp_path: Path
) -> None:
    trees.snapshot(made)
    others = WorkingTrees(tmp_path / "other" / "worktrees")
    other = replace(record(repo, others), branch="theirs")
    others.make(other)
    others.snapshot(other)
    trees.archive(made)
    others.archive(other)
    mine = own_refs(TreeGit(repo), made)
    assert mine.archive is not None
    delete_refs(TreeGit(repo), [*mine.snapshots, mine.archive])
    theirs = own_refs(TreeGit(repo), other)
    assert theirs.archive is not None
    assert _refs(call_git) == [theirs.archive.ref.removeprefix("refs/signalbox/"), "r1/w1/2"]


def test_a_ref_that_has_moved_stays_and_so_do_those_named_with_it(
    repo: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    trees.snapshot(made, attempt_id=1)
    trees.snapshot(made, attempt_id=2)
    found = own_refs(TreeGit(repo), made).snapshots
    call_git("update-ref", found[1].ref, "main")
    with pytest.raises(GitError):
        delete_refs(TreeGit(repo), found)
    assert _refs(call_git) == ["r1/w1/1", "r1/w1/2"]


def test_a_ref_that_leads_to_a_branch_goes_without_the_branch(
    repo: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    kept = trees.snapshot(made)
    call_git("update-ref", "refs/heads/mine", kept.commit)
    call_git("symbolic-ref", kept.ref, "refs/heads/mine")
    delete_refs(TreeGit(repo), own_refs(TreeGit(repo), made).snapshots)
    assert _refs(call_git) == []
    assert call_git("rev-parse", "mine") == kept.commit
