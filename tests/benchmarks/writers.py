"""Writes into a home from a process of its own: ``python -m tests.benchmarks.writers WHAT HOME NUMBER``.

``jobs`` enters held jobs one by one at uneven intervals and prints when each was committed, in nanoseconds of the
monotonic clock, which all processes share. ``events`` records events in batches of fifty, as fast as it can.
``past`` makes a history: a thousand jobs that ran, the rest events.
"""

import json
import random
import sys
import time
from pathlib import Path

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import JobResult
from state.records import HoldCause, JobHold, Origin

BATCH = 50
PAST_JOBS, PAST_LINES = 1_000, 50
HELD = JobHold(HoldCause.PERSON, "Held for the benchmark.")


def job(number: int, folder: Path, name: str = "job", *, lines: int | None = None) -> Accepted:
    """A job in one of so many workstreams, or with one of its own."""
    said = {
        "tool": "shell",
        "job_id": f"{name}-{number}",
        "workstream_id": f"{name}-{number % lines if lines else number}",
        "command": {"exe": "/bin/true"},
    }
    spec = job_from_mapping(said, base=folder)
    return Accepted(spec=spec, digest=spec.digest())


def enter_one_by_one(store: JobStateStore, folder: Path, number: int) -> list[int]:
    """The moments after each commit."""
    chance = random.Random(1)  # noqa: S311 - intervals, not secrets
    moments = []
    for n in range(number):
        store.accept([job(n, folder)], origin=Origin.API, held=HELD, run_id="bench")
        moments.append(time.monotonic_ns())
        time.sleep(chance.uniform(0.03, 0.12))
    return moments


def record(store: JobStateStore, number: int, batch: int = BATCH) -> None:
    """Events that only say something."""
    for begun in range(0, number, batch):
        with store.transaction():
            for n in range(begun, min(begun + batch, number)):
                store.record_event("bench.note", {"text": f"Note {n}: what a job might have to say"})


def make_past(store: JobStateStore, folder: Path, number: int) -> None:
    """Jobs that ran, and so many events that there are `number` in all."""
    jobs = [job(n, folder, "past", lines=PAST_LINES) for n in range(PAST_JOBS)]
    store.accept(jobs, origin=Origin.API, held=HELD, run_id="past")
    with store.transaction():
        for one in jobs:
            store.release(one.spec.job_id)
            store.mark_job_running(one.spec.job_id)
            store.update_job_result(one.spec, JobResult(exit_code=0, duration_s=1.0, success=True))
    events = store.list_events(limit=10 * PAST_JOBS)
    record(store, number - len(events), 1_000)


def main() -> None:
    """Write one of them."""
    what, home, number = sys.argv[1], Home.at(Path(sys.argv[2])), int(sys.argv[3])
    store = JobStateStore(home=home)
    match what:
        case "jobs":
            print(json.dumps(enter_one_by_one(store, home.root, number)))
        case "events":
            record(store, number)
        case _:
            make_past(store, home.root, number)
    store.close()


if __name__ == "__main__":
    main()
