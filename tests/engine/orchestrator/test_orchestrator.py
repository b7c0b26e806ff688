"""The orchestrator's turn: claims, ends, retries, cancels and recovery, with nothing real but the database."""

import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobExistsError, JobFileError, SignalboxError
from engine.interfaces import Accepted, InlinePool
from engine.orchestrator.attempt_preparer import ref_of
from engine.runners.fake import FakeRunner
from engine.state_store.job_state_store import JobStateStore
from engine.types import EndReason
from state.lifecycle import FINAL
from state.records import AttemptStatus, JobStatus, Limit, LimitKind, Origin
from tests.engine.engine_bench import EngineBench, crash, job_of, settle, store_of, words
from tests.helpers.logs import LogWatch


def runner_of(bench: EngineBench, engine: int = 0) -> FakeRunner:
    runner = bench.engines[engine].turn.parts.runner
    assert isinstance(runner, FakeRunner)
    return runner


def test_a_queued_job_runs_to_its_end_and_the_queue_is_idle(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "hello", "exit", "0"))
    assert engine.get_job_status(job_id) == "queued"
    report = settle(engine)
    assert engine.get_job_status(job_id) == "completed"
    assert (report.idle, report.running) == (True, 0)
    (attempt,) = engine.store.list_attempts(job_id)
    assert attempt.result["stdout"] == "hello"
    assert attempt.result["job_id"] == job_id


def test_a_job_nobody_knows_is_not_found(bench: EngineBench) -> None:
    assert bench.engine().get_job_status("nothing") == "not_found"


def test_the_same_id_is_not_entered_twice_and_nothing_of_the_second_is(bench: EngineBench) -> None:
    engine = bench.engine()
    engine.queue_job(words("exit", "0", job_id="one"))
    with pytest.raises(JobExistsError, match="one"):
        engine.queue_job(words("exit", "1", job_id="one"))
    assert len(engine.store.list_recent_runs()) == 1


def test_jobs_that_wait_for_each_other_are_refused_with_the_circle(bench: EngineBench) -> None:
    engine = bench.engine()
    engine.queue_job(words("exit", "0", job_id="a", metadata={"depends_on": ["b"]}))
    with pytest.raises(JobFileError, match=r"b -> a -> b|a -> b -> a"):
        engine.queue_job(words("exit", "0", job_id="b", metadata={"depends_on": ["a"]}))


def test_no_more_run_at_once_than_the_limit_says(bench: EngineBench) -> None:
    engine = bench.engine()
    for _ in range(5):
        engine.queue_job(words("print", "going"))
    assert settle(engine).running == 3
    runner = runner_of(bench)
    runner.finish(min(runner.running()))
    assert settle(engine).running == 3
    assert len(runner.invocations) == 4


def test_what_has_ended_and_what_starts_in_its_place_are_written_in_one_transaction(
    bench: EngineBench,
) -> None:
    engine = bench.engine()
    for _ in range(6):
        engine.queue_job(words("print", "going"))
    settle(engine)
    runner, changes = runner_of(bench), store_of(engine).database.changes
    before = changes.of()
    for ref in sorted(runner.running())[:2]:
        runner.finish(ref)
    settle(engine)
    assert (len(runner.invocations), changes.of()) == (5, before + 1)


class CountingPool(InlinePool):
    submitted = 0

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> None:
        self.submitted += 1
        super().submit(work, *arguments)


def test_a_plain_job_of_the_inbox_needs_another_thread_before_it_starts_and_none_when_it_ends_well(
    bench: EngineBench,
) -> None:
    bench.is_plain, bench.pool = True, (pool := CountingPool())
    engine = bench.engine()
    for origin, code, needed in (
        (Origin.INBOX, "0", 1),  # to check whether it is trusted
        (Origin.INBOX, "3", 2),  # and to read why it failed
        (Origin.API, "0", 0),
    ):
        spec, pool.submitted = words("exit", code), 0
        store_of(engine).accept([Accepted(spec=spec, digest=spec.digest())], origin=origin)
        settle(engine)
        assert job_of(engine, spec.job_id).status in FINAL
        assert pool.submitted == needed, (origin, code)


def test_turns_in_which_nothing_may_start_write_nothing_until_somebody_makes_room(bench: EngineBench) -> None:
    engine, other = bench.engine(), JobStateStore(home=bench.home)
    for _ in range(4):
        engine.queue_job(words("print", "going"))
    settle(engine)
    changes = store_of(engine).database.changes
    before = changes.of()
    for _ in range(3):
        bench.pass_time(1)
        engine.turn.step()
    assert changes.of() == before
    other.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=4))
    other.close()
    assert settle(engine).running == 4


def test_priority_decides_who_starts_first(bench: EngineBench) -> None:
    engine = bench.engine()
    store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    first = engine.queue_job(words("exit", "0"))
    urgent = engine.queue_job(words("exit", "0"), priority="urgent")
    settle(engine)
    ((second,), (soonest,)) = (engine.store.list_attempts(first), engine.store.list_attempts(urgent))
    assert soonest.id < second.id


def test_a_failure_is_retried_after_its_backoff_and_not_before(bench: EngineBench) -> None:
    engine = bench.engine()
    retry = {"retry": {"limit": 1, "interval_sec": 30, "backoff": "linear"}}
    job_id = engine.queue_job(words("exit", "1", metadata=retry))
    report = settle(engine)
    assert job_of(engine, job_id).status is JobStatus.QUEUED
    assert report.next_wake is not None
    assert not report.idle
    bench.clock.now += 29.9
    settle(engine)
    assert len(engine.store.list_attempts(job_id)) == 1
    bench.clock.now += 0.2
    settle(engine)
    job = job_of(engine, job_id)
    assert [attempt.status for attempt in engine.store.list_attempts(job_id)] == [AttemptStatus.FAILED] * 2
    assert (job.status, job.quarantined) == (JobStatus.FAILED, True)


def test_the_next_attempt_learns_how_the_last_one_failed(bench: EngineBench) -> None:
    engine = bench.engine()
    engine.queue_job(
        words("print", "E assert 3", "exit", "1", metadata={"retry": {"limit": 1, "interval_sec": 0}})
    )
    settle(engine)
    failures = [context.previous_failure for context in bench.adapter.contexts]
    assert failures[0] is None
    assert failures[1] is not None
    assert "E assert 3" in failures[1]


def test_children_of_a_failed_job_wait_and_the_engine_is_idle(bench: EngineBench) -> None:
    engine = bench.engine()
    engine.queue_job(words("exit", "1", job_id="parent"))
    engine.queue_job(words("exit", "0", job_id="child", metadata={"depends_on": ["parent"]}))
    report = settle(engine)
    assert job_of(engine, "child").status is JobStatus.QUEUED
    assert report.idle
    store_of(engine).job_control.skip("parent")
    settle(engine)
    assert job_of(engine, "child").status is JobStatus.COMPLETED


def test_a_running_job_is_cancelled_only_when_its_processes_are_gone(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    settle(engine)
    engine.cancel(job_id)
    assert job_of(engine, job_id).status is JobStatus.RUNNING
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.CANCELLED
    assert not runner_of(bench).running()


def test_a_job_cancelled_while_its_command_is_made_never_starts(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    now = bench.clock()
    claim = engine.turn.queue.claim_one(job_id, engine.turn.parts.identity.engine, now, runner="fake")
    engine.turn.attempts.begin(claim)
    engine.turn.attempts.stop([claim.attempt])
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.CANCELLED
    assert not runner_of(bench).invocations


@pytest.mark.parametrize("moment", ["queued", "running", "finished", "retry-wait", "held"])
def test_cancelling_a_hundred_times_at_any_moment_is_one_outcome(bench: EngineBench, moment: str) -> None:
    engine = bench.engine()
    metadata = {"retry": {"limit": 3, "interval_sec": 60}}
    command = {"finished": ("exit", "0"), "retry-wait": ("exit", "1")}.get(moment, ("print", "going"))
    job_id = engine.queue_job(words(*command, metadata=metadata))
    if moment == "held":
        engine.turn.queue.hold(job_id)
    elif moment != "queued":
        settle(engine)
    for _ in range(100):
        try:
            engine.cancel(job_id)
        except SignalboxError:
            assert job_of(engine, job_id).status in {JobStatus.COMPLETED, JobStatus.CANCELLED}
    bench.clock.now += 3600
    settle(engine)
    expected = JobStatus.COMPLETED if moment == "finished" else JobStatus.CANCELLED
    assert job_of(engine, job_id).status is expected
    assert len(engine.store.list_attempts(job_id)) == (0 if moment in {"queued", "held"} else 1)


def test_a_bug_in_an_adapter_fails_its_job_and_the_engine_continues(
    bench: EngineBench, expect_log: LogWatch
) -> None:
    engine = bench.engine()
    expect_log.expect("Preparing attempt", logging.ERROR)
    bench.adapter.broken = RuntimeError("a bug")
    first = engine.queue_job(words("exit", "0"))
    settle(engine)
    assert job_of(engine, first).status is JobStatus.FAILED
    assert "a bug" in job_of(engine, first).summary
    bench.adapter.broken = None
    second = engine.queue_job(words("exit", "0"))
    settle(engine)
    assert job_of(engine, second).status is JobStatus.COMPLETED


def test_a_tool_this_release_cannot_run_fails_with_a_sentence(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job({"tool": "codex", "prompt": "Mend it."})
    settle(engine)
    job = job_of(engine, job_id)
    assert (job.status, job.failure_class) == (JobStatus.FAILED, "spawn_failed")
    assert "cannot run codex" in job.summary


def test_an_attempt_ends_whatever_its_tool_leaves_in_its_folder(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    settle(engine)
    (attempt,) = engine.store.list_attempts(job_id)
    runner = runner_of(bench)
    make_folders_deeper_than_a_path_can_name(runner.folder(ref_of(attempt)))
    (runner.folder(ref_of(attempt)) / "open to others").touch(mode=0o644)
    runner.finish(ref_of(attempt))
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.COMPLETED
    assert (runner.folder(ref_of(attempt)) / "open to others").stat().st_mode & 0o077 == 0


def make_folders_deeper_than_a_path_can_name(top: Path) -> None:
    """Leave folders in `top` that only a process inside them can reach."""
    deeper = "import os\nfor _ in range(40): os.mkdir('d' * 200); os.chdir('d' * 200)"
    subprocess.run([sys.executable, "-c", deeper], cwd=top, check=True)


# --- engines that die ------------------------------------------------------------------------------------------------


def test_a_running_attempt_of_a_dead_engine_is_adopted_and_finished(bench: EngineBench) -> None:
    first = bench.engine()
    job_id = first.queue_job(words("print", "going"))
    settle(first)
    crash(first)
    second = bench.engine()
    settle(second)
    (attempt,) = second.store.list_attempts(job_id)
    assert attempt.engine_id == second.turn.parts.identity.engine.engine_id
    runner_of(bench, 1).finish(ref_of(attempt))
    settle(second)
    assert job_of(second, job_id).status is JobStatus.COMPLETED
    assert len(second.store.list_attempts(job_id)) == 1


STRANGE: Mapping[str, Mapping[str, object]] = {
    "another release wrote it": {"unheard_of": 1},
    "its tool cannot do it": {"tool": "claude", "prompt": "x"},
}


@pytest.mark.parametrize("why", STRANGE)
def test_an_attempt_whose_job_file_cannot_be_read_any_more_stops_no_engine(
    bench: EngineBench, why: str
) -> None:
    first = bench.engine()
    strange, sound = first.queue_job(words("print", "going")), first.queue_job(words("print", "sound"))
    settle(first)
    crash(first)
    write_strange_job_file(bench, strange, why)
    second = bench.engine()
    settle(second)
    runner = runner_of(bench, 1)
    for job_id in (strange, sound):
        (attempt,) = second.store.list_attempts(job_id)
        assert attempt.engine_id == second.turn.parts.identity.engine.engine_id
        runner.finish(ref_of(attempt))
    settle(second)
    assert job_of(second, sound).status is JobStatus.COMPLETED
    assert job_of(second, strange).status is JobStatus.FAILED
    assert "cannot read its job file" in job_of(second, strange).summary


@pytest.mark.parametrize("why", STRANGE)
def test_a_job_backing_off_whose_job_file_cannot_be_read_any_more_stops_no_engine(
    bench: EngineBench, why: str
) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going", metadata={"retry": {"limit": 1}}))
    settle(engine)
    (attempt,) = engine.store.list_attempts(job_id)
    runner_of(bench, 0).finish(ref_of(attempt), exit_code=1)
    settle(engine)
    assert job_of(engine, job_id).waits_for == "backoff"
    crash(engine)
    write_strange_job_file(bench, job_id, why)
    second = bench.engine()
    settle(second)
    assert job_of(second, job_id).status is JobStatus.QUEUED


def write_strange_job_file(bench: EngineBench, job_id: str, why: str) -> None:
    """Store a job file as another release may have written it."""
    with closing(sqlite3.connect(bench.home.database)) as database, database:
        strange = json.dumps({"tool": "tests", "job_id": job_id, **STRANGE[why]})
        database.execute("UPDATE jobs SET spec_json = ? WHERE job_id = ?", (strange, job_id))


def test_a_living_engine_keeps_its_attempts(bench: EngineBench) -> None:
    first = bench.engine()
    job_id = first.queue_job(words("print", "going"))
    settle(first)
    second = bench.engine()
    settle(second)
    (attempt,) = second.store.list_attempts(job_id)
    assert attempt.engine_id == first.turn.parts.identity.engine.engine_id


def test_a_job_that_ended_while_no_engine_lived_is_finished_from_its_result(bench: EngineBench) -> None:
    first = bench.engine()
    job_id = first.queue_job(words("print", "going"))
    settle(first)
    (attempt,) = first.store.list_attempts(job_id)
    crash(first)
    first.turn.parts.runner.close()
    runner_of(bench).finish(ref_of(attempt), stdout=b" and gone")
    second = bench.engine()
    settle(second)
    assert job_of(second, job_id).status is JobStatus.COMPLETED


def test_a_claim_of_a_dead_engine_that_started_nothing_is_given_back_and_run_once(bench: EngineBench) -> None:
    first = bench.engine()
    job_id = first.queue_job(words("exit", "0"))
    _ = first.turn.attempts
    first.turn.queue.claim_one(job_id, first.turn.parts.identity.engine, bench.clock(), runner="fake")
    crash(first)
    second = bench.engine()
    settle(second)
    assert job_of(second, job_id).status is JobStatus.COMPLETED
    assert [attempt.status for attempt in second.store.list_attempts(job_id)] == [
        AttemptStatus.INTERRUPTED,
        AttemptStatus.COMPLETED,
    ]


def test_an_attempt_of_unknown_outcome_waits_for_a_person(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    settle(engine)
    runner_of(bench).kill(min(runner_of(bench).running()))
    settle(engine)
    job = job_of(engine, job_id)
    assert job.status is JobStatus.HELD
    assert "outcome is unknown" in (job.hold_reason or "")


def test_a_job_that_is_interrupted_again_and_again_is_quarantined_and_others_finish(
    bench: EngineBench,
) -> None:
    engine = bench.engine()
    poison = engine.queue_job(words("print", "going", metadata={"on_interrupted": "rerun"}))
    for _ in range(3):
        settle(engine)
        runner_of(bench).kill(min(runner_of(bench).running()))
    other = engine.queue_job(words("exit", "0"))
    settle(engine)
    assert (job_of(engine, poison).status, job_of(engine, poison).quarantined) == (JobStatus.FAILED, True)
    assert len(engine.store.list_attempts(poison)) == 3
    assert job_of(engine, other).status is JobStatus.COMPLETED


def test_an_attempt_recorded_from_outside_is_never_adopted(bench: EngineBench) -> None:
    engine = bench.engine()
    engine.store.mark_job_running("theirs")
    settle(engine)
    (attempt,) = engine.store.list_attempts("theirs")
    assert (attempt.runner, attempt.status, attempt.engine_id) == ("external", AttemptStatus.RUNNING, None)


def test_two_engines_share_the_queue_and_start_nothing_twice(bench: EngineBench) -> None:
    one, two = bench.engine(), bench.engine()
    store_of(one).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=100))
    ids = [one.queue_job(words("exit", "0")) for _ in range(30)]
    for _ in range(10):
        one.turn.step()
        two.turn.step()
    assert {len(one.store.list_attempts(job_id)) for job_id in ids} == {1}
    assert {one.get_job_status(job_id) for job_id in ids} == {"completed"}


def test_a_draining_engine_starts_nothing_new_and_ends_what_runs(bench: EngineBench) -> None:
    engine = bench.engine()
    running = engine.queue_job(words("print", "going"))
    settle(engine)
    engine.turn.draining = True
    waiting = engine.queue_job(words("exit", "0"))
    runner_of(bench).finish(min(runner_of(bench).running()))
    settle(engine)
    assert (engine.get_job_status(running), engine.get_job_status(waiting)) == ("completed", "queued")


def test_stop_all_leaves_nothing_running_and_the_queue_as_it_was(bench: EngineBench) -> None:
    engine = bench.engine()
    ids = [engine.queue_job(words("print", "going")) for _ in range(5)]
    settle(engine)
    engine.turn.stop_all()
    settle(engine)
    assert not runner_of(bench).running()
    statuses = [engine.get_job_status(job_id) for job_id in ids]
    assert sorted(statuses) == ["held"] * 3 + ["queued"] * 2


@pytest.mark.parametrize("jump", [3_600.0, -3_600.0, 10 * 365 * 86_400.0])
def test_a_jump_of_the_clock_ends_nothing_and_loses_nothing(bench: EngineBench, jump: float) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    settle(engine)
    bench.clock.now += jump
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.RUNNING
    runner_of(bench).finish(min(runner_of(bench).running()))
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.COMPLETED
    (attempt,) = engine.store.list_attempts(job_id)
    assert (attempt.duration_s or 0) >= 0


def test_a_timeout_seen_by_the_runner_is_a_timeout(bench: EngineBench) -> None:
    engine = bench.engine()
    job_id = engine.queue_job(words("print", "going"))
    settle(engine)
    runner_of(bench).finish(min(runner_of(bench).running()), None, reason=EndReason.TIMEOUT)
    settle(engine)
    assert job_of(engine, job_id).status is JobStatus.TIMEOUT


def test_an_end_that_cannot_be_written_does_not_keep_the_others_from_it(bench: EngineBench) -> None:
    engine = bench.engine()
    for job_id in ("odd", "even"):
        engine.queue_job(words("print", "going", job_id=job_id))
    settle(engine)
    store, runner = engine.turn.queue, runner_of(bench)
    assert isinstance(store, JobStateStore)
    with store.database.write() as connection:
        refuses = "UPDATE ON jobs WHEN NEW.job_id = 'odd' BEGIN SELECT json('{'); END"
        connection.exec_driver_sql(f"CREATE TRIGGER refuses BEFORE {refuses}")
    for ref in sorted(runner.running()):
        runner.finish(ref)
    report = settle(engine)
    assert [engine.get_job_status(job_id) for job_id in ("odd", "even")] == ["running", "completed"]
    assert "malformed JSON" in report.problem
    with store.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuses")
    report = settle(engine)
    assert engine.get_job_status("odd") == "completed"
    assert report.problem == ""
