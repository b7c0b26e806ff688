"""X13: the clock jumps, and nothing is killed, started twice, declared dead or lost."""

from pathlib import Path

import pytest

from engine.host.engine_service import EngineService
from engine.interfaces import Accepted, QueueStore
from engine.jobfile.job_file_reader import job_from_mapping
from engine.orchestrator.attempt_preparer import ref_of
from engine.orchestrator.orchestrator import Orchestrator
from engine.system.home import Home
from engine.types import FailureClass
from state.records import Hold, HoldKind, Job, JobStatus, Origin
from tests.engine.engine_bench import EngineBench, crash, job_of, settle, store_of, words
from tests.engine.orchestrator.test_escalation import Agent, task
from tests.engine.orchestrator.test_orchestrator import runner_of
from tests.helpers.command_line import python, until

HOUR, TEN_YEARS = 3_600.0, 10 * 365 * 86_400.0
JUMPS = [HOUR, -HOUR, TEN_YEARS, -TEN_YEARS]
RETRIED = {"retry": {"limit": 1, "interval_sec": 60, "backoff": "linear"}}


def queue_of(engine: Orchestrator) -> QueueStore:
    assert isinstance(engine.store, QueueStore)
    return engine.store


@pytest.mark.parametrize("jump", JUMPS)
def test_running_jobs_continue_and_no_other_engine_takes_theirs_for_dead(
    bench: EngineBench, jump: float
) -> None:
    first, second = bench.engine(), bench.engine()
    job_id = first.queue_job(words("print", "going", metadata={"timeout_seconds": 5}))
    settle(first)
    bench.clock.now = max(bench.clock.now + jump, 1.0)
    settle(second)
    settle(first)
    (attempt,) = first.store.list_attempts(job_id)
    assert attempt.engine_id == first.turn.parts.identity.engine.engine_id
    runner_of(bench).finish(ref_of(attempt), duration_s=2.5)
    settle(first)
    (attempt,) = first.store.list_attempts(job_id)
    assert job_of(first, job_id).status is JobStatus.COMPLETED
    assert (attempt.duration_s or 0) >= 0
    assert [event.id for event in first.store.list_events()] == sorted(
        event.id for event in first.store.list_events()
    )


@pytest.mark.parametrize("jump", [HOUR, TEN_YEARS])
def test_a_retry_that_waits_is_not_lost_when_the_clock_goes_ahead(bench: EngineBench, jump: float) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("exit", "1", metadata=RETRIED))
    settle(engine)
    assert job_of(engine, job_id).not_before == bench.clock.now + 60
    bench.clock.now += jump
    settle(engine)
    assert job_of(engine, job_id).attempts == 2


def test_a_retry_that_waits_after_the_clock_was_set_back_can_be_started_at_once(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("exit", "1", metadata=RETRIED))
    settle(engine)
    bench.clock.now -= HOUR
    report = settle(engine)
    assert job_of(engine, job_id).status is JobStatus.QUEUED
    assert report.next_wake is not None
    queue_of(engine).release(job_id)
    assert job_of(engine, job_id).not_before is None
    settle(engine)
    assert job_of(engine, job_id).attempts == 2


def test_x13_a_clock_set_back_lengthens_no_back_off(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("exit", "1", metadata=RETRIED))
    settle(engine)
    bench.pass_time(20)
    settle(engine)
    bench.clock.now -= HOUR
    settle(engine)
    assert job_of(engine, job_id).not_before == pytest.approx(bench.clock.now + 40)
    bench.clock.now -= HOUR
    bench.pass_time(39)
    settle(engine)
    assert job_of(engine, job_id).attempts == 1, "not sooner either"
    bench.pass_time(1.5)
    settle(engine)
    assert job_of(engine, job_id).attempts == 2
    messages = [event.message for event in engine.store.list_events() if event.event_type == "job.due"]
    assert messages == [f"{job_id} waits no longer than it was to, although the clock was set back."] * 2


def test_a_back_off_by_the_default_of_its_tool_is_as_long_as_that_says(bench: EngineBench) -> None:
    agent = Agent("claude")
    agent.comes_to = [FailureClass.FAILED]
    bench.more_adapters["claude"] = agent
    engine = bench.engine()
    retry = {"limit": 1, "interval_sec": 3_000, "max_interval_sec": 6_000}
    store_of(engine).queue_control.change_setting("tools", {"claude": {"retry": retry}})
    job_id = engine.queue_job(task("a", "claude"))
    settle(engine)
    due = bench.clock.now + 3_000
    for _ in range(3):
        bench.pass_time(100)
        settle(engine)
    assert (job_of(engine, job_id).attempts, job_of(engine, job_id).not_before) == (1, due)


def test_x13_an_engine_that_starts_after_the_clock_was_set_back_waits_no_longer_than_a_back_off(
    bench: EngineBench,
) -> None:
    first, second = bench.engine(), bench.engine()
    job_id = first.queue_job(words("exit", "1", metadata=RETRIED))
    settle(first)
    crash(first)
    bench.clock.now -= HOUR
    settle(second)
    assert job_of(second, job_id).not_before == pytest.approx(bench.clock.now + 60)
    bench.pass_time(61)
    settle(second)
    assert job_of(second, job_id).attempts == 2


def test_x13_two_engines_bring_a_wait_forward_once(bench: EngineBench) -> None:
    first, second = bench.engine(), bench.engine()
    job_id = first.queue_job(words("exit", "1", metadata=RETRIED))
    for engine in (first, second):
        settle(engine)
    bench.clock.now -= HOUR
    for engine in (first, second, first):
        settle(engine)
    assert job_of(first, job_id).not_before == pytest.approx(bench.clock.now + 60)
    assert len([event for event in first.store.list_events() if event.event_type == "job.due"]) == 1
    assert queue_of(first).bring_forward(job_id, bench.clock.now + 3660, 1.0) is None, "as it was before"


def test_x13_a_step_is_due_at_once_when_the_clock_was_set_back(tmp_path: Path) -> None:
    now = [1_700_000_000.0]
    engine = EngineService(Home.at(tmp_path / "home"), clock=lambda: now[0])
    try:
        spec = job_from_mapping(python("raise SystemExit(1)", "a", metadata=RETRIED), base=tmp_path)
        engine.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)

        def waits() -> Job | None:
            engine.step()
            engine.wait(0.05)
            job = engine.store.get_job("a")
            return job if job is not None and job.not_before is not None else None

        assert until(waits).not_before == pytest.approx(now[0] + 60)
        for _ in range(3):
            engine.step()
        now[0] -= HOUR
        engine.step()
        assert engine.store.get_job("a").not_before == pytest.approx(now[0] + 60, abs=5)
    finally:
        engine.close()


def test_a_job_starts_at_the_time_its_file_says(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("exit", "0", metadata={"start_at": "1970-01-01T02:50:00+00:00"}))
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.QUEUED
    assert job_of(engine, job_id).waits_for == "start_at"
    bench.clock.now = 10_199.0
    assert settle(engine).running == 0
    assert job_of(engine, job_id).status is JobStatus.QUEUED
    bench.clock.now = 10_200.0
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.COMPLETED


def test_a_quota_ends_with_its_time_whichever_way_the_clock_jumped_before(bench: EngineBench) -> None:
    engine = bench.engine()
    reset = bench.clock.now + HOUR
    store_of(engine).queue_control.set_hold(
        Hold(kind=HoldKind.TOOL, key="shell", reason="quota", since=1.0, until=reset)
    )
    job_id = engine.queue_job(words("exit", "0"))
    for now in (reset - 2 * HOUR, reset - 1.0):
        bench.clock.now = now
        settle(engine)
        assert job_of(engine, job_id).status is JobStatus.QUEUED
    bench.clock.now = reset
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.COMPLETED


@pytest.mark.parametrize("jump", JUMPS)
def test_attempts_of_dead_engines_are_found_soon_after_a_jump(bench: EngineBench, jump: float) -> None:
    first, second = bench.engine(), bench.engine()
    job_id = first.queue_job(words("print", "going"))
    settle(first)
    settle(second)
    crash(first)
    bench.clock.now = max(bench.clock.now + jump, 1.0)
    settle(second)
    (attempt,) = second.store.list_attempts(job_id)
    assert attempt.engine_id == second.turn.parts.identity.engine.engine_id
