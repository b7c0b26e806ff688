"""What the tests of git steps start from: a repository with one commit, and a way to run a step in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.types import JobResult
from tests.helpers.attempts import Attempts, git_caller
from tests.helpers.small_repository import small_repository

RunStep = Callable[..., JobResult]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


@pytest.fixture
def call_git(repo: Path) -> Callable[..., str]:
    return git_caller(repo)


@pytest.fixture
def run_step(repo: Path, tmp_path: Path) -> RunStep:
    """Runs a step as an attempt of a job, by default in the repository."""
    attempts = Attempts(tmp_path / "attempts")

    def run(action: str, *, root: Path = repo, **fields: Any) -> JobResult:
        step = {"action": action, **fields}
        return attempts.run({"tool": "git", "job_id": "step", "git": step, "paths": {"repo_root": str(root)}})

    return run
