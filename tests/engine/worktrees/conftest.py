"""What the tests of worktrees start from: a repository, the worktrees of a home, and the record of one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository

CallGit = Callable[..., str]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


@pytest.fixture
def call_git(repo: Path) -> CallGit:
    return git_caller(repo)


@pytest.fixture
def trees(tmp_path: Path) -> WorkingTrees:
    return WorkingTrees(tmp_path / "worktrees", snapshot_file_mb=1)


@pytest.fixture
def planned(repo: Path, trees: WorkingTrees) -> Worktree:
    return record(repo, trees)


@pytest.fixture
def made(planned: Worktree, trees: WorkingTrees) -> Worktree:
    trees.make(planned)
    return planned


def record(repo: Path, trees: WorkingTrees, run_id: str = "r1", ws_id: str = "w1") -> Worktree:
    place = trees.place(run_id, ws_id)
    return Worktree(
        run_id=run_id,
        ws_id=ws_id,
        repo=str(repo),
        path=str(place),
        branch=f"signalbox/{run_id}/{ws_id}",
        base_commit=None,
    )
