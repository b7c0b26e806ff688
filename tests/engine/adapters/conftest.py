"""What the tests of adapters start from: a maker of attempts and a small repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.attempts import Attempts, git_caller
from tests.helpers.small_repository import small_repository


@pytest.fixture
def attempts(tmp_path: Path) -> Attempts:
    return Attempts(tmp_path / "attempts")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


@pytest.fixture
def call_git(repo: Path) -> Callable[..., str]:
    return git_caller(repo)
