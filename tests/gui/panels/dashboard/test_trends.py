"""Figures over time, read from a real database."""

from collections.abc import Iterator

import pytest

from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from gui.panels.dashboard.trends import BUCKETS, DAYS, Throughput, read_trends
from state.costs import CostSource
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Following
from state.records import AttemptStatus, JobStatus
from tests.gui.board_records import NOW
from tests.gui.conftest import Clock


@pytest.fixture
def now() -> Clock:
    return Clock(NOW)


@pytest.fixture
def store(now: Clock) -> Iterator[JobStateStore]:
    made = JobStateStore(clock=now)
    yield made
    made.close()


@pytest.fixture
def reader(store: JobStateStore) -> Iterator[DatabaseReader]:
    made = DatabaseReader(store.database)
    yield made
    made.close()


def ended(store: JobStateStore, name: str, *, success: bool, tool: str = "claude") -> None:
    job = {"job_id": name, "run_id": "r", "workstream_id": "w", "tool": tool}
    store.update_job_result(job, JobResult(success=success, exit_code=0 if success else 1))


def spent(store: JobStateStore, name: str, dollars: float) -> None:
    store.mark_job_running(name)
    outcome = AttemptOutcome(status=AttemptStatus.COMPLETED, result={}, cost_usd=dollars)
    following = Following(status=JobStatus.COMPLETED)
    store._ledger.attempts.end(store.list_attempts(name)[-1], outcome, following, now=store._access.clock())


def test_jobs_are_counted_in_the_quarter_in_which_they_ended(
    store: JobStateStore, reader: DatabaseReader, now: Clock
) -> None:
    ended(store, "a", success=True)
    ended(store, "b", success=False)
    now.go_on(2 * 900)
    ended(store, "c", success=True)
    found = read_trends(reader, now()).throughput
    assert (len(found.completed), len(found.failed)) == (BUCKETS, BUCKETS)
    assert (found.completed[-3], found.failed[-3], found.completed[-1]) == (1, 1, 1)
    assert found.mean == pytest.approx(1.0)


def test_before_anything_ended_there_is_no_mean_and_no_cost(reader: DatabaseReader) -> None:
    found = read_trends(reader, NOW)
    assert found.throughput.mean is None
    assert found.spending.total == []
    assert list(found.success) == []


def test_the_mean_begins_with_the_first_quarter_in_which_a_job_ended() -> None:
    assert Throughput(start=0, completed=[0, 0, 2, 4], failed=[0, 0, 0, 0]).mean == 3.0


def test_first_time_success_is_reported_for_each_tool_by_day(
    store: JobStateStore, reader: DatabaseReader, now: Clock
) -> None:
    ended(store, "a", success=True)
    ended(store, "b", success=False)
    ended(store, "c", success=True, tool="aider")
    found = {rate.tool: rate for rate in read_trends(reader, now()).success}
    assert found["claude"].last == 0.5
    assert found["aider"].last == 1.0
    assert len(found["aider"].rates) == DAYS
    assert found["aider"].rates[0] is None


def test_a_cost_that_is_unknown_makes_the_sum_a_least_one(
    store: JobStateStore, reader: DatabaseReader, now: Clock
) -> None:
    spent(store, "a", 0.5)
    assert read_trends(reader, now()).spending.source is CostSource.REPORTED
    usage = {"cost_usd": None, "cost_source": "unknown"}
    store.update_job_result({"job_id": "b", "tool": "codex"}, JobResult(metadata={"usage": usage}))
    assert read_trends(reader, now()).spending.source is CostSource.UNKNOWN


def test_cost_accumulates_and_there_is_a_budget_only_if_one_is_set(
    store: JobStateStore, reader: DatabaseReader, now: Clock
) -> None:
    spent(store, "a", 0.5)
    now.go_on(900)
    spent(store, "b", 0.25)
    found = read_trends(reader, now()).spending
    assert found.total[-1] == pytest.approx(0.75)
    assert found.total[-2] == pytest.approx(0.5)
    assert found.budget is None
    store.queue_control.change_setting("budget_usd", 20)
    assert read_trends(reader, now()).spending.budget == 20.0
