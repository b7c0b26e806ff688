"""A git step that is cancelled, or that the disk allows no mark for, leaves no lock of the index."""

import resource
from pathlib import Path

import pytest

from engine.git_step.calls import GitCalls
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal
from tests.engine.git_step.steps_to_interrupt import (
    CASES,
    MOST_CALLS,
    Case,
    fresh,
    interrupted_everywhere,
    run,
    unreliable_git,
)
from tests.helpers.long_forms import in_turn

STOPS = {
    "git ends after its work": 'kill $PPID; real "$@"; kill $$',
    "git ends before its work": "kill $PPID; kill $$",
}


def test_a18_a_commit_that_the_disk_allows_no_mark_for_leaves_no_lock(tmp_path: Path) -> None:
    """A limit of the size of files is what a full disk is to a process."""
    case = CASES["commit"]
    repo = fresh(tmp_path, case)
    journal = StepJournal(GitCalls(["git"], str(repo)), "step", case.step)
    index = IndexTransaction(GitCalls(["git"], str(repo)), journal)
    index.begin()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            index.lock()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (repo / ".git" / "index.lock").exists()


@pytest.mark.parametrize(("name", "stop"), in_turn(CASES, tuple(STOPS)))
def test_a18_a_step_that_is_cancelled_leaves_no_lock_and_can_be_completed(
    tmp_path: Path, name: str, stop: str
) -> None:
    interrupted_everywhere(tmp_path, CASES[name], STOPS[stop], only_changing=True, leaves_no_lock=True)


@pytest.mark.soak
@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a18_a_step_that_is_cancelled_at_any_call_leaves_no_lock_and_can_be_completed(
    tmp_path: Path, case: Case, stop: str
) -> None:
    interrupted_everywhere(tmp_path, case, stop, only_changing=False, leaves_no_lock=True)


def test_a18_a_commit_that_is_cancelled_leaves_no_lock(tmp_path: Path) -> None:
    case = CASES["commit"]
    for number in range(1, MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        git = unreliable_git(root / "git", 'kill $PPID; sleep 0.2; real "$@"; exit $?', at=number)
        run(root, case, git)
        calls = (root / "git" / "count").read_text().splitlines()
        assert list((repo / ".git").rglob("*.lock")) == [], calls[-1]
        if len(calls) < number:
            return
