"""Which numbers are a moment or a duration: one rule, which raises for nothing it is given."""

import math
from collections.abc import Callable

import pytest

from state.codec import record_from_json
from state.records import Attempt, AttemptStatus, Event, Hold, HoldKind, Job
from state.times import (
    EARLIEST,
    LATEST,
    bounded_time,
    checked_duration,
    checked_time,
    finite_or_none,
    is_duration,
    is_time,
    time_or_none,
)

NOW = 1_893_456_000.0
NO_TIMES: list[object] = [
    1e300, -1e300, math.inf, -math.inf, math.nan, 10**400, -(10**400), -1.0, 0, LATEST, 253_402_343_999.0, None, "now",
]  # fmt: skip


@pytest.mark.parametrize("value", NO_TIMES)
def test_what_is_no_time_is_recognised_whatever_it_is(value: object) -> None:
    assert not is_time(value)
    assert time_or_none(value) is None
    assert EARLIEST <= bounded_time(value) <= LATEST
    with pytest.raises(ValueError, match="should be a time between 1970 and 9998, not "):
        checked_time(value)


@pytest.mark.parametrize("value", [1e300, -1.0, math.inf, math.nan, 10**400, None, "5"])
def test_what_is_no_duration_is_recognised_whatever_it_is(value: object) -> None:
    assert not is_duration(value)
    with pytest.raises(ValueError, match="should be a number of seconds, not "):
        checked_duration(value)


@pytest.mark.parametrize("check", [bounded_time, checked_time, time_or_none, finite_or_none])
def test_a_time_stays_as_it_is(check: Callable[[object], float | None]) -> None:
    assert check(NOW) == NOW


def test_what_waits_for_the_far_future_still_waits() -> None:
    assert [bounded_time(value) for value in (1e300, math.inf, 10**400)] == [LATEST] * 3


@pytest.mark.parametrize(
    ("value", "kept"), [(math.inf, None), (math.nan, None), (10**400, None), ("1", None), (0.5, 0.5)]
)
def test_a_number_that_is_not_finite_is_unknown(value: object, kept: float | None) -> None:
    assert finite_or_none(value) == kept


@pytest.mark.parametrize("odd", [1e300, -5.0, math.inf, math.nan])
def test_a_record_read_back_has_only_times_that_can_be_shown(odd: float) -> None:
    job = record_from_json(
        Job,
        {"job_id": "j", "run_id": "r", "ws_id": "w", "created_at": odd, "started_at": odd, "cost_usd": odd},
    )
    attempt = record_from_json(
        Attempt,
        {
            "id": 1, "run_id": "r", "ws_id": "w", "job_id": "j", "step_name": "", "number": 1, "tool": "shell",
            "status": AttemptStatus.RUNNING, "started_at": odd, "completed_at": odd, "duration_s": odd,
        },
    )  # fmt: skip
    event = record_from_json(Event, {"id": 1, "at": odd, "event_type": "job.added"})
    assert (job.created_at, attempt.started_at, event.at) == (EARLIEST,) * 3
    assert (job.started_at, attempt.completed_at, attempt.duration_s) == (None,) * 3
    assert job.cost_usd is None or math.isfinite(job.cost_usd)


def test_a_job_and_a_hold_that_wait_for_the_far_future_still_wait_when_read_back() -> None:
    job = record_from_json(Job, {"job_id": "j", "run_id": "r", "ws_id": "w", "not_before": 1e300})
    hold = record_from_json(
        Hold, {"kind": HoldKind.ENGINE, "key": "", "reason": "", "since": NOW, "until": 1e300}
    )
    assert job.not_before == LATEST
    assert hold.until == LATEST
