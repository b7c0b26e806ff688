"""Which snapshot of its worktree an attempt starts from."""

from typing import Any

import pytest

from engine.interfaces import Claim
from engine.jobfile.spec import JobSpec
from engine.scheduling.tree_restoring import snapshot_to_restore
from state.records import Attempt, AttemptStatus, Job

MINE = [(1, "other", 10), (2, "j", 1)]
"""The snapshots before an attempt of another job, and before the first of this one."""


def attempt(number: int, status: AttemptStatus = AttemptStatus.FAILED, **more: Any) -> Attempt:
    fields = {"tool": "claude", "step_name": "s", "token": "t", "started_at": 0.0, "duration_s": 1.0, **more}
    return Attempt(id=number, run_id="r", ws_id="w", job_id="j", number=number, status=status, **fields)


def claim(*earlier: Attempt, on_retry: str | None = None, **more: Any) -> Claim:
    metadata = {} if on_retry is None else {"on_retry": on_retry}
    spec = JobSpec.model_validate({"job_id": "j", "tool": "claude", "prompt": "x", "metadata": metadata})
    now = attempt(len(earlier) + 1, AttemptStatus.RUNNING, **more)
    return Claim(
        job=Job(job_id="j", run_id="r", ws_id="w", tool="claude"), attempt=now, spec=spec, earlier=earlier
    )


def test_a_first_attempt_and_one_after_a_success_go_on_with_what_is_there() -> None:
    assert snapshot_to_restore(claim(), MINE[:1]) is None
    assert snapshot_to_restore(claim(attempt(1, AttemptStatus.COMPLETED)), MINE) is None


def test_a_retry_restores_the_snapshot_before_the_attempt_that_failed() -> None:
    assert snapshot_to_restore(claim(attempt(1)), MINE) == 2
    assert snapshot_to_restore(claim(attempt(1)), [*MINE, (3, None, None)]) == 2


def test_an_attempt_whose_tool_never_started_is_passed_over() -> None:
    earlier = (attempt(1), attempt(2, AttemptStatus.SPAWN_FAILED))
    assert snapshot_to_restore(claim(*earlier), [*MINE, (3, "j", 2)]) == 2


def test_nothing_is_restored_once_another_job_has_worked_there() -> None:
    assert snapshot_to_restore(claim(attempt(1)), [*MINE, (3, "other", 11)]) is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"on_retry": "continue"}, None),
        ({"resumes": 1}, None),
        ({"resumes": 1, "on_retry": "restore"}, 2),
        ({"follow_up": "Also the tests."}, None),
        ({"tool": "codex", "on_retry": "continue"}, 2),
    ],
)
def test_the_file_a_session_a_follow_up_and_another_tool_decide(
    more: dict[str, Any], expected: int | None
) -> None:
    assert snapshot_to_restore(claim(attempt(1), **more), MINE) == expected
