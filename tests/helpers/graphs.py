"""Large graphs of jobs that wait for each other, the same each time."""

import random

from state.ledger import Ledger, NewJob
from state.records import Job, Run, Workstream

STREAMS = 50
NEAR = 500
"""A job waits for some of as many before it."""


def tangle(jobs: int, parents: int = 4) -> list[Job]:
    """Jobs each of which waits for up to `parents` of those before it."""
    chance = random.Random(6)  # noqa: S311 - the same graph each time
    found = []
    for number in range(jobs):
        near = range(max(0, number - NEAR), number)
        chosen = sorted(chance.sample(near, min(parents, len(near))))
        found.append(_job(number, [f"j{parent}" for parent in chosen]))
    return found


def chain(jobs: int) -> list[Job]:
    """Jobs each of which waits for the one before it."""
    return [_job(number, [f"j{number - 1}"] if number else []) for number in range(jobs)]


def enter(ledger: Ledger, jobs: list[Job]) -> None:
    """Enter them in the worst order: those that wait for all others stand first in the queue."""
    streams = [Workstream(run_id="r", ws_id=f"w{number}") for number in range(STREAMS)]
    ledger.jobs.create_run(Run(run_id="r"), streams)
    ledger.jobs.accept([NewJob(job=job, spec=_spec(job)) for job in reversed(jobs)])


def _job(number: int, parents: list[str]) -> Job:
    return Job(job_id=f"j{number}", run_id="r", ws_id=f"w{number % STREAMS}", depends_on=tuple(parents))


def _spec(job: Job) -> dict[str, object]:
    return {"job_id": job.job_id, "tool": "shell", "command": {"exe": "/bin/true"}}
