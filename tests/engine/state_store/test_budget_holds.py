"""Budgets of a day, a run and a job: a used-up one holds new starts in the same transaction, a raised one lets go."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.interfaces import Accepted, Claim, Settlement
from engine.jobfile.job_file_reader import job_from_mapping
from engine.scheduling import retry_policy, schedule
from engine.scheduling.explainer import Explainer, QueueFacts
from engine.state_store.job_state_store import JobStateStore
from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, JobResult
from state.records import Engine, HoldCause, HoldKind, Job, JobStatus, Origin
from tests.engine.engine_bench import Clock

NOON = datetime(2030, 6, 3, 12).astimezone().timestamp()
ME = Engine(engine_id="me", home_id="home", host="here", pid=1, started_at=1.0)


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOON)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[JobStateStore]:
    made = JobStateStore(db_path=tmp_path / "test.db", clock=clock)
    yield made
    made.close()


def queue(store: JobStateStore, *job_ids: str, run_id: str = "r", **more: Any) -> None:
    more["metadata"] = {"writes": False, **more.get("metadata", {})}
    files = (
        {"tool": "claude", "job_id": one, "run_id": run_id, "prompt": "do it", **more} for one in job_ids
    )
    specs = [job_from_mapping(file) for file in files]
    store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)


def claim(store: JobStateStore, clock: Clock) -> list[Claim]:
    return store.claim(ME, schedule.choose, clock(), runner="fake")


def started(store: JobStateStore, clock: Clock) -> list[str]:
    return [one.job.job_id for one in claim(store, clock)]


def settle(
    store: JobStateStore, claimed: Claim, clock: Clock, *, success: bool = True, **usage: Any
) -> Job | None:
    attempt = claimed.attempt
    end = AttemptEnd(
        ref=AttemptRef(attempt.id, attempt.token), reason=EndReason.EXITED, exit_code=int(not success)
    )
    failed = {} if success else {"failure_class": "failed"}
    found = JobResult(exit_code=end.exit_code, success=success, metadata={"usage": usage, **failed})

    def decide(job: Job, assessment: Assessment) -> Any:
        return retry_policy.decide(claimed.spec, job, assessment, now=clock())

    (job,) = store.settle(Settlement(ended=[(attempt, Assessment.of(end, found))], decide=decide), clock())
    return job


def spend(store: JobStateStore, clock: Clock, job_id: str, dollars: float, run_id: str = "r") -> None:
    """A job that has cost this much, alone in the queue."""
    queue(store, job_id, run_id=run_id)
    (claimed,) = claim(store, clock)
    settle(store, claimed, clock, cost_usd=dollars, cost_source="told")


def budget_holds(store: JobStateStore) -> dict[str, str]:
    return {hold.key: hold.reason for hold in store.queue_control.holds() if hold.kind is HoldKind.BUDGET}


def test_a_used_up_budget_of_a_day_pauses_new_starts_by_name_and_raising_it_resumes(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_day_usd", 20)
    spend(store, clock, "a", 12.30)
    assert budget_holds(store) == {}
    spend(store, clock, "b", 8.01)
    queue(store, "c")
    assert started(store, clock) == []
    assert budget_holds(store)["day"].startswith(
        "The day's budget of $20.00 is used up: $20.31 were spent since midnight."
    )
    store.queue_control.change_setting("budget_day_usd", 20.4)
    assert budget_holds(store) == {}
    assert started(store, clock) == ["c"]


def test_running_jobs_go_on_and_the_sentence_counts_what_they_cost(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_day_usd", 1)
    queue(store, "a", "b", "c")
    first, second, third = claim(store, clock)
    settle(store, first, clock, cost_usd=1.5, cost_source="told")
    assert second.job.status is third.job.status is JobStatus.RUNNING
    settle(store, second, clock, cost_usd=2.0, cost_source="estimated")
    assert "about $3.50 were spent" in budget_holds(store)["day"]
    settle(store, third, clock, cost_usd=None, cost_source="unknown")
    assert "at least $3.50 were spent" in budget_holds(store)["day"]


def test_the_next_day_has_a_budget_of_its_own(store: JobStateStore, clock: Clock) -> None:
    store.queue_control.change_setting("budget_day_usd", 1)
    spend(store, clock, "a", 2)
    queue(store, "b", "c")
    clock.now = datetime(2030, 6, 3, 23, 59, 59).astimezone().timestamp()
    assert started(store, clock) == []
    assert store.next_due(clock()) == clock() + 1
    clock.now += 1
    b, _ = claim(store, clock)
    settle(store, b, clock, cost_usd=0.5, cost_source="told")
    assert budget_holds(store) == {}


def test_a_clock_that_is_set_back_to_an_earlier_day_finds_that_day_unspent(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_day_usd", 1)
    clock.now = NOON + 30 * 86_400
    spend(store, clock, "a", 5)
    queue(store, "b", "c")
    assert started(store, clock) == []
    clock.now = NOON
    b, _ = claim(store, clock)
    settle(store, b, clock, cost_usd=0.5, cost_source="told")
    assert budget_holds(store) == {}


def test_a_used_up_budget_of_a_run_pauses_that_run_alone(store: JobStateStore, clock: Clock) -> None:
    store.queue_control.change_setting("budget_run_usd", 1)
    spend(store, clock, "a", 1, run_id="night")
    queue(store, "b", run_id="night")
    queue(store, "c", run_id="day")
    assert started(store, clock) == ["c"]
    assert budget_holds(store)["run:night"].startswith(
        "The budget of run night, $1.00, is used up: $1.00 was spent."
    )
    assert not store.is_idle()
    store.queue_control.change_setting("budget_run_usd", None)
    assert started(store, clock) == ["b"]


def test_a_budget_that_is_set_below_what_was_spent_holds_at_once(store: JobStateStore, clock: Clock) -> None:
    spend(store, clock, "a", 5, run_id="night")
    queue(store, "b", run_id="night")
    store.queue_control.change_setting("budget_run_usd", 4)
    store.queue_control.change_setting("budget_day_usd", 3)
    assert budget_holds(store).keys() == {"day", "run:night"}
    assert started(store, clock) == []


def test_what_only_waits_for_the_budget_of_its_run_waits_for_a_person(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_run_usd", 1)
    spend(store, clock, "a", 1)
    queue(store, "b")
    assert store.is_idle()
    job = store.get_job("b")
    assert job is not None
    facts = QueueFacts(jobs={"b": job}, holds=store.queue_control.holds())
    wait = Explainer(facts, clock()).wait(job)
    assert wait is not None
    assert (wait.kind.value, wait.sentence[:23]) == ("budget", "The budget of run r, $1")


RETRIED: dict[str, Any] = {
    "metadata": {"retry": {"limit": 5, "interval_sec": 0}, "limits": {"budget_usd": 1.0}}
}


def overspent(store: JobStateStore, clock: Clock, costs: Sequence[float], **more: Any) -> Job:
    """A job that failed at each of these costs."""
    queue(store, "a", **more)
    for dollars in costs:
        clock.now += 3600
        (claimed,) = claim(store, clock)
        settle(store, claimed, clock, success=False, cost_usd=dollars, cost_source="told")
    job = store.get_job("a")
    assert job is not None
    return job


def test_a_job_whose_budget_is_used_up_waits_for_a_person_before_another_attempt(
    store: JobStateStore, clock: Clock
) -> None:
    job = overspent(store, clock, [0.5, 0.75], **RETRIED)
    assert (job.status, job.hold_cause, job.attempts) == (JobStatus.HELD, HoldCause.BUDGET, 2)
    assert (job.hold_reason or "").startswith("The job's budget of $1.00 is used up: $1.25 were spent.")
    clock.now += 3600
    assert started(store, clock) == []
    raised = store.job_control.job_spec("a")
    limits = raised.metadata.limits.model_copy(update={"budget_usd": 1.2})
    store.job_control.edit("a", raised.evolve(metadata=raised.metadata.model_copy(update={"limits": limits})))
    assert started(store, clock) == []
    limits = limits.model_copy(update={"budget_usd": 1.3})
    store.job_control.edit("a", raised.evolve(metadata=raised.metadata.model_copy(update={"limits": limits})))
    (again,) = claim(store, clock)
    assert (again.job.job_id, again.attempt.number) == ("a", 3)


def test_the_budget_of_every_job_is_a_setting_and_raising_it_lets_held_jobs_go_on(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_job_usd", 1)
    retried: dict[str, Any] = {"metadata": {"retry": {"limit": 5, "interval_sec": 0}}}
    assert overspent(store, clock, [1.0], **retried).hold_cause is HoldCause.BUDGET
    clock.now += 3600
    store.queue_control.change_setting("budget_job_usd", 1.5)
    assert started(store, clock) == ["a"]


def test_a_person_may_release_a_job_for_one_more_attempt(store: JobStateStore, clock: Clock) -> None:
    overspent(store, clock, [2.0], **RETRIED)
    store.release("a")
    clock.now += 3600
    (claimed,) = claim(store, clock)
    job = settle(store, claimed, clock, success=False, cost_usd=1, cost_source="told")
    assert job is not None
    assert (job.status, job.hold_cause) == (JobStatus.HELD, HoldCause.BUDGET)
    assert "$3.00 were spent" in (job.hold_reason or "")


def test_a_job_that_succeeds_beyond_its_budget_is_completed(store: JobStateStore, clock: Clock) -> None:
    queue(store, "a", **RETRIED)
    (claimed,) = claim(store, clock)
    job = settle(store, claimed, clock, cost_usd=9, cost_source="told")
    assert job is not None
    assert job.status is JobStatus.COMPLETED


def test_the_end_that_uses_a_budget_up_and_its_hold_are_one_transaction(
    store: JobStateStore, clock: Clock
) -> None:
    store.queue_control.change_setting("budget_day_usd", 1)
    queue(store, "a", "b")
    first, second = claim(store, clock)
    with suppress(ZeroDivisionError), store.transaction():
        settle(store, first, clock, cost_usd=2, cost_source="told")
        assert "day" in budget_holds(store)
        _ = 1 / 0
    assert budget_holds(store) == {}
    assert store.get_job("a").status is JobStatus.RUNNING
    settle(store, second, clock, cost_usd=2, cost_source="told")
    assert "day" in budget_holds(store)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Auckland"])
def test_a_day_is_the_local_one_whatever_the_clocks_do(
    monkeypatch: pytest.MonkeyPatch, store: JobStateStore, clock: Clock, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        store.queue_control.change_setting("budget_day_usd", 1)
        for number, day in enumerate(((2030, 3, 31), (2030, 4, 7), (2030, 9, 8), (2030, 10, 27))):
            clock.now = datetime(*day, 12).astimezone().timestamp()
            spend(store, clock, f"spent-{number}", 1)
            (hold,) = (hold for hold in store.queue_control.holds() if hold.kind is HoldKind.BUDGET)
            assert hold.until is not None
            ends = datetime.fromtimestamp(hold.until).astimezone()
            assert (ends.day, ends.hour, ends.minute) == (
                day[2] % 31 + 1 if day[1] == 3 else day[2] + 1,
                0,
                0,
            )
    finally:
        monkeypatch.undo()
        time.tzset()
