"""Which earlier attempts an attempt goes on with: after a failure with all of them, after a completion with none."""

from typing import Any

from engine.scheduling.same_work import of_same_work
from state.records import Attempt, AttemptStatus

S = AttemptStatus


def attempt(status: AttemptStatus, failure: str | None = None, **more: Any) -> Attempt:
    fields: dict[str, Any] = {"run_id": "r", "ws_id": "w", "job_id": "j", "step_name": "s", "tool": "claude"}
    fields |= {"id": 1, "number": 1, "duration_s": 1.0}
    return Attempt(**{**fields, "status": status, "failure_class": failure, **more})


def test_t6_an_attempt_goes_on_with_all_that_failed_were_interrupted_or_cancelled() -> None:
    earlier = [
        attempt(S.FAILED, "network"),
        attempt(S.QUOTA, "quota"),
        attempt(S.TIMEOUT, "timeout"),
        attempt(S.INTERRUPTED, "interrupted", duration_s=0.0),
        attempt(S.INTERRUPTED, "stopped"),
        attempt(S.CANCELLED, "cancelled"),
    ]
    assert of_same_work(earlier) == earlier


def test_t6_a_job_begins_anew_after_it_was_completed_and_after_a_person_has_checked_it() -> None:
    failed, again = attempt(S.FAILED, "network"), attempt(S.FAILED, "tests_failed")
    for end in (attempt(S.COMPLETED), attempt(S.FAILED, "unverified")):
        assert of_same_work([failed, end]) == []
        assert of_same_work([failed, end, again]) == [again]


def test_t6_an_attempt_that_started_nothing_has_changed_nothing() -> None:
    assert not of_same_work(
        [
            attempt(S.SPAWN_FAILED, "spawn_failed"),
            attempt(S.INTERRUPTED, "disk"),
            attempt(S.INTERRUPTED, duration_s=0.0),
            attempt(S.CANCELLED, "cancelled", duration_s=0.0),
            attempt(S.FAILED, "failed", runner="external"),
        ]
    )
