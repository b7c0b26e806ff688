"""The odd repositories are what their sentences say, so that a test that uses one shows something."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.helpers import odd_repositories as odd
from tests.helpers.attempts import git_caller

SHOWN: Mapping[Callable[[Path], Path], tuple[tuple[str, ...], str]] = {
    odd.unborn: (("rev-list", "--all", "--count"), "0"),
    odd.detached: (("branch", "--show-current"), ""),
    odd.dirty: (("status", "--porcelain"), "D gone.txt\n M hello.py\nMM staged.txt\n?? new.txt"),
    odd.shallow: (("rev-parse", "--is-shallow-repository"), "true"),
    odd.sparse: (("ls-files", "-t"), "H README.md\nH hello.py\nH in/file.txt\nS out/file.txt"),
    odd.with_submodule: (("submodule", "foreach", "-q", "ls part.txt"), "part.txt"),
    odd.lfs_absent: (("show", "HEAD:picture.bin"), odd.POINTER.strip()),
    odd.branch_taken: (("branch", "--list", odd.TAKEN), odd.TAKEN),
    odd.worktree_inside: (("-C", "inside", "branch", "--show-current"), "side"),
    odd.bare: (("rev-parse", "--is-bare-repository"), "true"),
}


@pytest.mark.parametrize("make", odd.ODD_REPOSITORIES.values(), ids=odd.ODD_REPOSITORIES)
def test_an_odd_repository_is_what_it_says(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    root = make(tmp_path / "repo")
    if make in SHOWN:
        words, printed = SHOWN[make]
        assert git_caller(root)(*words) == printed
    assert root.is_dir()
