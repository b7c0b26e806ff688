"""Every odd repository is merged, or is left as it is with a sentence that says why; nothing of its own is run."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from state.worktree_records import MergeState
from tests.engine.merging.conftest import Merging
from tests.helpers import odd_repositories as odd
from tests.helpers.attempts import git_caller

MERGED, BLOCKED = MergeState.MERGED, MergeState.BLOCKED
EXPECTED: Mapping[Callable[[Path], Path], tuple[MergeState, str]] = {
    odd.dirty: (BLOCKED, "which has changes in"),
    odd.index_locked: (BLOCKED, "whose index is locked by"),
}
KINDS = {name: make for name, make in odd.ODD_REPOSITORIES.items() if make is not odd.unborn}


def branch_in(root: Path) -> None:
    """A branch with one more file, made of objects alone."""
    git = git_caller(root)
    entries = f"{git('ls-tree', 'main')}\n100644 blob {git('rev-parse', 'main:README.md')}\twork.txt\n"
    made = subprocess.run(
        ["git", "mktree"], cwd=root, input=entries, capture_output=True, text=True, check=True
    )
    words = (
        "-c",
        "commit.gpgSign=false",
        "commit-tree",
        "-p",
        "main",
        "-m",
        "Write work.txt",
        made.stdout.strip(),
    )
    git("-c", "core.hooksPath=/dev/null", "update-ref", "refs/heads/signalbox/r/ws", git(*words))


def status_of(root: Path, make: Callable[[Path], Path]) -> str:
    """What the person's own tree shows; without the hooks, which git runs for that too."""
    if make is odd.bare:
        return ""
    return git_caller(root)("-c", "core.hooksPath=/dev/null", "status", "--porcelain")


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_an_odd_repository_is_merged_or_left_as_it_is_with_a_reason(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    root = make(tmp_path / "repo")
    if make is odd.of_another_user:
        step = Merging(root, tmp_path, head="0" * 40).merged()
        assert (step.state, "safe.directory" in step.reason) == (BLOCKED, True)
        return
    branch_in(root)
    merging = Merging(root, tmp_path, check="import os, sys; sys.exit(not os.path.exists('work.txt'))")
    before = status_of(root, make)
    step = merging.merged()
    assert status_of(root, make) == before
    assert not (tmp_path / "hook-ran").exists()
    assert not (tmp_path / "signer-ran").exists()
    state, words = EXPECTED.get(make, (MERGED, ""))
    assert step.state is state, step.reason
    assert words in step.reason
    assert (merging.subjects()[0] == "Mend it") is (state is MERGED)
