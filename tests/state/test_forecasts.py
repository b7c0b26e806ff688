"""How long past attempts took, and how far kept forecasts were from what happened."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from state import forecast_queries
from state.attempt_columns import AttemptOutcome, Following
from state.forecast_records import ForecastError, ForecastSubject, KeptForecast, PastDurations
from state.records import AttemptStatus, JobStatus
from state.write_pruning import prunable
from tests.state.conftest import ME, Room, make_job


def run(room: Room, job_id: str, start: float, *, seconds: float, fails: bool = False) -> None:
    """Run a job to its end."""
    _, attempt = room.ledger.attempts.claim_one(job_id, ME, runner="fake", now=start)
    status, job = (
        (AttemptStatus.FAILED, JobStatus.FAILED) if fails else (AttemptStatus.COMPLETED, JobStatus.COMPLETED)
    )
    outcome = AttemptOutcome(status=status, result={}, duration_s=seconds)
    room.ledger.attempts.end(attempt, outcome, Following(status=job), now=start + seconds)


def kept(subject_id: str, ends_at: float, **values: float) -> KeptForecast:
    return KeptForecast(
        subject=ForecastSubject.JOB,
        subject_id=subject_id,
        run_id="r1",
        made_at=1_000.0,
        ends_at=ends_at,
        **values,
    )


def of_run(ends_at: float) -> KeptForecast:
    return KeptForecast(
        subject=ForecastSubject.RUN, subject_id="r1", run_id="r1", made_at=1_000.0, ends_at=ends_at
    )


def durations(room: Room) -> Sequence[PastDurations]:
    return room.reader.read(forecast_queries.past_durations)


def test_only_attempts_that_succeeded_count_as_past_durations(room: Room) -> None:
    room.add(
        make_job("a", step_name="edit"), make_job("b", step_name="edit"), make_job("c", step_name="test")
    )
    run(room, "a", 1_000.0, seconds=60.0)
    run(room, "b", 1_100.0, seconds=5.0, fails=True)
    run(room, "c", 1_200.0, seconds=7.0)
    found = {(one.step_name, one.tool): one.seconds for one in durations(room)}
    assert found == {("edit", "shell"): (60.0,), ("test", "shell"): (7.0,)}


def test_the_newest_twenty_of_each_step_count(room: Room) -> None:
    names = [f"j{number}" for number in range(25)]
    room.add(*(make_job(name, step_name="edit") for name in names))
    for number, name in enumerate(names):
        run(room, name, 1_000.0 + 100 * number, seconds=float(number))
    (found,) = durations(room)
    assert sorted(found.seconds) == [float(number) for number in range(5, 25)]


def test_only_the_first_forecast_of_a_job_is_kept(room: Room) -> None:
    room.add(make_job("a"))
    assert room.reader.read(forecast_queries.lacks_forecasts)
    room.ledger.forecasts.keep([kept("a", 1_060.0)])
    room.ledger.forecasts.keep([kept("a", 9_999.0)])
    assert not room.reader.read(forecast_queries.lacks_forecasts)
    run(room, "a", 1_000.0, seconds=60.0)
    assert room.reader.read(forecast_queries.forecast_errors, 0.0).ends == ForecastError(1, 0.0, 0.0)


def test_the_error_is_the_median_of_how_far_forecasts_were_off(room: Room) -> None:
    room.add(make_job("a"), make_job("b"), make_job("c"))
    expected = {"a": 1_050.0, "b": 1_300.0, "c": 1_205.0}
    room.ledger.forecasts.keep([kept(name, at, starts_at=at - 60.0) for name, at in expected.items()])
    room.ledger.forecasts.keep([of_run(1_200.0)])
    for number, name in enumerate(expected):
        run(room, name, 1_000.0 + 100 * number, seconds=60.0)
    errors = room.reader.read(forecast_queries.forecast_errors, 0.0)
    assert errors.ends == ForecastError(3, 55.0, 10.0)  # 10 and 55 later than forecast, and 140 earlier
    assert errors.starts == ForecastError(3, 55.0, 10.0)
    assert errors.runs == ForecastError(1, 60.0, 60.0)
    assert errors.typical.off_s is None, "three are too few"


def test_forecasts_of_cancelled_jobs_and_of_runs_that_have_not_ended_do_not_count(room: Room) -> None:
    room.add(make_job("a"), make_job("b"))
    room.ledger.forecasts.keep([kept("a", 1_050.0), kept("b", 1_050.0), of_run(1_050.0)])
    room.ledger.commands.request_cancel("a", "")
    errors = room.reader.read(forecast_queries.forecast_errors, 0.0)
    assert (errors.ends.number, errors.runs.number) == (0, 0)


def test_kept_forecasts_go_with_their_run(room: Room) -> None:
    room.add(make_job("a"))
    room.ledger.forecasts.keep([kept("a", 1_050.0), of_run(1_050.0)])
    run(room, "a", 1_000.0, seconds=60.0)
    for _ in room.ledger.history.prune(room.reader.read(prunable, 9e9), before=9e9):
        pass
    with room.reader.connection() as connection:
        assert connection.execute(text("SELECT count(*) FROM forecasts")).scalar() == 0


def test_no_forecast_is_kept_of_a_run_that_is_gone(room: Room) -> None:
    room.ledger.forecasts.keep([kept("a", 1_050.0)])
    with room.reader.connection() as connection:
        assert connection.execute(text("SELECT count(*) FROM forecasts")).scalar() == 0


@pytest.mark.parametrize("most", [1, 2, 10])
def test_the_first_of_the_queue_are_those_that_start_first(room: Room, most: int) -> None:
    room.add(make_job("a"), make_job("b", priority=10), make_job("c"))
    found, is_whole = room.reader.read(forecast_queries.first_of_queue, most)
    assert [job.job_id for job in found] == ["b", "a", "c"][:most]
    assert is_whole is (most >= 3)
