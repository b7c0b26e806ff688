"""What a queue itself costs, without any program that it runs: ``python -m tests.benchmarks.engine_costs KIND FOLDER``.

``engine`` and ``huey`` carry out 1,000 jobs that end as soon as they begin, and print how many milliseconds of a
processor each took and how many statements their databases were given for it; what submits them is not counted.
``linked_engine`` gives the jobs a retry policy, chains of five and workstreams of ten. ``whole_engine`` also has them
come from the inbox, each checked against what was granted, and runs a command at the end of each: what starting and
awaiting that costs the engine is counted, what the command itself costs is not.
``idle_engine`` and ``idle_huey`` have nothing to do and print what share of a processor that takes, in per cent.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

JOBS, LIMIT = 1_000, 8
CHAIN, WORKSTREAM = 5, 10
SETTLE_S, IDLE_S = 11.0, 15.0


class Statements:
    """Counts what every connection of this process is given, from now on."""

    def __init__(self) -> None:
        self.number, self._last = 0, ""
        connect = sqlite3.connect

        def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            connection.set_trace_callback(self._count)
            return connection

        vars(sqlite3)["connect"] = traced

    def _count(self, statement: str) -> None:
        # SQLite reports a change anew, with the same values, for each trigger that it sets off.
        is_of_trigger = statement == self._last and statement.startswith("UPDATE")
        self.number += not is_of_trigger
        self._last = statement


def _cost(run: Callable[[], None], statements: Statements) -> str:
    used, before = time.process_time(), statements.number
    run()
    took = 1000 * (time.process_time() - used) / JOBS
    return f"{took} {(statements.number - before) / JOBS}"


def _engine(folder: Path) -> Any:
    """An engine whose attempts end as soon as they begin; all around them is as always."""
    from engine.host import assembly  # noqa: PLC0415 - each process imports the one queue that it measures
    from engine.host.engine_service import REST_POLL_S, EngineService  # noqa: PLC0415
    from engine.runners.fake import FakeRunner  # noqa: PLC0415
    from engine.system.home import Home  # noqa: PLC0415
    from engine.types import AttemptEnd, AttemptRef, EndReason, Invocation  # noqa: PLC0415

    class EndingRunner(FakeRunner):
        def start(self, ref: AttemptRef, invocation: Invocation) -> None:
            del invocation
            self._ends.append(AttemptEnd(ref=ref, reason=EndReason.EXITED, exit_code=0, duration_s=0.0))
            self._wake()

    vars(assembly)["LocalRunner"] = EndingRunner
    return EngineService(Home.at(folder / "home"), rest_poll_s=REST_POLL_S)


def _step(engine: Any) -> bool:
    """One step, and the pause until the next one; whether nothing is left to do."""
    report = engine.step()
    due = time.time() + 0.2 if report.next_wake is None else report.next_wake
    if not report.idle:
        engine.wait(max(due - time.time(), 0.0))
    return bool(report.idle)


def of_engine(folder: Path) -> str:
    """The engine with events, and with jobs that a person added and that have nothing to do with each other."""
    return _cost_of_engine(folder, _job)


def of_linked_engine(folder: Path) -> str:
    """The same with a retry policy, dependencies and workstreams."""
    return _cost_of_engine(folder, _linked_job)


def of_whole_engine(folder: Path) -> str:
    """The same from the inbox, with trust to be checked, and a command at the end of each job."""
    return _cost_of_engine(folder, _linked_job, is_whole=True)


def _job(number: int) -> dict[str, Any]:
    return {"tool": "shell", "job_id": f"job-{number}", "command": {"exe": "/bin/true"}}


def _linked_job(number: int) -> dict[str, Any]:
    before = [f"job-{number - 1}"] if number % CHAIN else []
    metadata = {"retry": {"limit": 2, "interval_sec": 1}, "depends_on": before}
    return {**_job(number), "workstream_id": f"ws-{number // WORKSTREAM}", "metadata": metadata}


def _cost_of_engine(folder: Path, job: Callable[[int], dict[str, Any]], *, is_whole: bool = False) -> str:
    from engine.interfaces import Accepted  # noqa: PLC0415 - as above
    from engine.jobfile.job_file_reader import job_from_mapping  # noqa: PLC0415
    from engine.trust.launch import launch_plans  # noqa: PLC0415
    from state.records import JobStatus, Limit, LimitKind, Origin  # noqa: PLC0415

    statements = Statements()
    engine = _engine(folder)
    engine.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=LIMIT))
    specs = [job_from_mapping(job(number), base=folder) for number in range(JOBS)]
    if is_whole:
        engine.store.queue_control.change_setting("callback", ["/bin/true"])
        engine.trust_policy.grants.grant(launch_plans(specs[0]))
    accepted = [Accepted(spec=spec, digest=spec.digest()) for spec in specs]
    entered = engine.store.accept(accepted, origin=Origin.INBOX if is_whole else Origin.API)

    def run() -> None:
        while not _step(engine):
            pass

    cost = _cost(run, statements)
    ended = engine.store.list_jobs(entered[0].run_id)
    assert [one.status for one in ended] == [JobStatus.COMPLETED] * JOBS
    assert engine.store.open_callbacks() == 0
    engine.close("leave")
    return cost


def of_huey(folder: Path) -> str:
    """Its consumer with as many workers."""
    from huey import SqliteHuey  # noqa: PLC0415 - as above

    statements = Statements()
    queue = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True)
    done = queue.task()(lambda: 0)
    results = [done() for _ in range(JOBS)]

    def run() -> None:
        consumer = queue.create_consumer(workers=LIMIT, initial_delay=0.01, max_delay=0.05, periodic=False)
        consumer.start()
        for result in results:
            assert result.get(blocking=True, backoff=1.0, max_delay=0.02, timeout=600) == 0
        consumer.stop(graceful=True)

    return _cost(run, statements)


def of_idle_engine(folder: Path) -> str:
    """An engine that waits for jobs, as `signalbox engine` does."""
    engine = _engine(folder)

    def rest(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            report = engine.step()
            engine.wait(min(max((report.next_wake or 0.0) - time.time(), 0.0), left))

    share = _share(rest)
    engine.close("leave")
    return share


def of_idle_huey(folder: Path) -> str:
    """A consumer of huey that waits for tasks, with its own pauses."""
    from huey import SqliteHuey  # noqa: PLC0415 - as above

    consumer = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True).create_consumer(
        workers=LIMIT
    )
    consumer.start()
    share = _share(time.sleep)
    consumer.stop(graceful=True)
    return share


def _share(rest: Callable[[float], None]) -> str:
    rest(SETTLE_S)
    used = time.process_time()
    rest(IDLE_S)
    return str(100 * (time.process_time() - used) / IDLE_S)


KINDS = {
    "engine": of_engine, "linked_engine": of_linked_engine, "whole_engine": of_whole_engine, "huey": of_huey,
    "idle_engine": of_idle_engine, "idle_huey": of_idle_huey,
}  # fmt: skip


def main() -> None:
    """Measure one of them and print its figures."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    print(KINDS[kind](folder))


if __name__ == "__main__":
    main()
