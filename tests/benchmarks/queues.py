"""Runs /bin/true many times by one of several queues: ``python -m tests.benchmarks.queues KIND FOLDER JOBS LIMIT``.

Each queue runs in a process of its own and prints how many jobs it did in a second, from the first being there to the
last being done. ``signalbox`` and ``huey`` commit every step to SQLite, synced to the disk; ``threads`` keeps nothing.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from huey import SqliteHuey

from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state.records import JobStatus, Limit, LimitKind, Origin

JOB = "/bin/true"


def by_threads(jobs: int, limit: int) -> float:
    """The least that starting them takes: threads around `subprocess.run`."""
    begun = time.monotonic()
    with ThreadPoolExecutor(limit) as pool:
        codes = list(pool.map(lambda _: subprocess.run([JOB], check=True).returncode, range(jobs)))
    assert len(codes) == jobs
    return jobs / (time.monotonic() - begun)


def _run() -> int:
    return subprocess.run([JOB], check=True).returncode


def by_huey(folder: Path, jobs: int, limit: int) -> float:
    """A task queue on SQLite whose workers run the program."""
    queue = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True)

    run = queue.task()(_run)
    begun = time.monotonic()
    results = [run() for _ in range(jobs)]
    consumer = queue.create_consumer(workers=limit, initial_delay=0.01, max_delay=0.05, periodic=False)
    consumer.start()
    for result in results:
        assert result.get(blocking=True, backoff=1.0, max_delay=0.02, timeout=600) == 0
    took = time.monotonic() - begun
    consumer.stop(graceful=True)
    return jobs / took


def by_signalbox(folder: Path, jobs: int, limit: int) -> float:
    """The engine without a window."""
    engine = EngineService(Home.at(folder / "home"))
    engine.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=limit))
    said = ({"tool": "shell", "job_id": f"job-{number}", "command": {"exe": JOB}} for number in range(jobs))
    specs = [job_from_mapping(one, base=folder) for one in said]
    begun = time.monotonic()
    entered = engine.store.accept(
        [Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API
    )
    while not (report := engine.step()).idle:
        due = time.time() + 0.2 if report.next_wake is None else report.next_wake
        engine.wait(min(max(due - time.time(), 0.0), 0.2))
    took = time.monotonic() - begun
    ended = engine.store.list_jobs(entered[0].run_id)
    assert [job.status for job in ended] == [JobStatus.COMPLETED] * jobs
    engine.close("leave")
    return jobs / took


def main() -> None:
    """Run one of them and print its figure."""
    kind, folder, jobs, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    match kind:
        case "threads":
            print(by_threads(jobs, limit))
        case "huey":
            print(by_huey(folder, jobs, limit))
        case _:
            print(by_signalbox(folder, jobs, limit))


if __name__ == "__main__":
    main()
