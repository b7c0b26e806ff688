"""What the tests of adapters start from: a maker of attempts and a small repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.attempts import Attempts, git_caller


@pytest.fixture
def attempts(tmp_path: Path) -> Attempts:
    return Attempts(tmp_path / "attempts")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one commit: hello.py and README.md."""
    root = tmp_path / "repo"
    root.mkdir()
    (root / "hello.py").write_text('def hello():\n    return "hello"\n')
    (root / "README.md").write_text("# demo\n")
    call_git = git_caller(root)
    call_git("init", "-q", "-b", "main")
    call_git("config", "user.name", "Ada")
    call_git("config", "user.email", "ada@example.invalid")
    call_git("add", "-A")
    call_git("commit", "-qm", "first")
    return root


@pytest.fixture
def call_git(repo: Path) -> Callable[..., str]:
    return git_caller(repo)
