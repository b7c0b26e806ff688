"""A real database file, a clock that stands still, and a queue with a few jobs in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import Ledger, NewJob
from state.records import Engine, Job, Run, Workstream


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Room:
    database: Database
    ledger: Ledger
    reader: DatabaseReader
    clock: Clock

    def add(self, *jobs: Job) -> list[Job]:
        for job in jobs:
            run = Run(run_id=job.run_id, title="A run")
            self.ledger.jobs.create_run(run, [Workstream(run_id=job.run_id, ws_id=job.ws_id)])
        return self.ledger.jobs.accept(
            [NewJob(job=job, spec={"job_id": job.job_id, "tool": job.tool}) for job in jobs]
        )


def make_job(job_id: str = "a", **values: Any) -> Job:
    return Job(job_id=job_id, **{"run_id": "r1", "ws_id": "w1", **values})


ME = Engine(engine_id="me", home_id="home", host="here", pid=1, started_at=1.0)
OTHER = Engine(engine_id="other", home_id="home", host="here", pid=2, started_at=1.0)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    database = Database(tmp_path / "signalbox.db")
    clock = Clock()
    reader = DatabaseReader(database, busy_ms=2_000)
    yield Room(database, Ledger(database, clock=clock), reader, clock)
    reader.close()
    database.close()
