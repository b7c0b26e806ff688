"""Makes a home with a long past: ``python -m tests.benchmarks.large_home HOME [JOBS [EVENTS]]``.

Its rows are what the ledger writes, through the same tables and records, in a minute instead of an hour: two months
of runs of 200 jobs, on the last day one run with a tenth of all jobs, and at the end 200 jobs that have not ended.
The newest attempts have folders with output.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from engine.jobfile.job_file_reader import job_from_mapping
from engine.runners import layout
from engine.runners.capture import RECORD
from engine.system.home import Home
from state import rows
from state.codec import record_to_json
from state.costs import CostSource
from state.database import Database
from state.event_rows import event_row
from state.records import (
    Attempt,
    AttemptStatus,
    GroupStatus,
    HoldCause,
    Job,
    JobStatus,
    Run,
    Stage,
    Workstream,
    WorkstreamFile,
)
from state.tables import events, jobs, runs, step_attempts, workstream_files, workstreams

JOBS, EVENTS, OPEN_JOBS = 100_000, 900_000, 200
RUN_JOBS, STEPS = 200, 50
"""How many jobs a usual run has, and each workstream."""
LARGE_RUN = "run-large"
"""The run with a tenth of all jobs."""
WITH_OUTPUT, LINES = 2_000, 200
"""So many of the newest attempts have output, of so many lines each: the Logs show those."""
_DAYS, _LASTED_S = 60, 29.0
_TOOLS = (
    ("shell", Stage.CHECK),
    ("aider", Stage.EDIT),
    ("codex", Stage.EDIT),
    ("claude", Stage.EDIT),
    ("tests", Stage.TEST),
    ("git", Stage.MERGE),
)
_ENDS = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED)
_SHARES = (88, 8, 2, 2)
_LEVELS = {JobStatus.FAILED: "error", JobStatus.TIMEOUT: "error", JobStatus.CANCELLED: "warning"}
_WRITTEN_TOGETHER = 10
"""Runs."""


@dataclass
class _Rows:
    """What is written in one transaction."""

    of: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: Table, values: dict[str, Any]) -> None:
        self.of.setdefault(table, []).append(values)

    def write(self, database: Database) -> None:
        with database.write() as connection:
            for table in (runs, workstreams, jobs, step_attempts, events, workstream_files):
                if values := self.of.get(table):
                    connection.execute(insert(table), values)
        self.of.clear()


class _Past:
    """Writes one run after the other, oldest first."""

    def __init__(self, home: Home, number: int, event_count: int) -> None:
        self._attempts = home.attempts
        self._chance = random.Random(1)  # noqa: S311 - variety, not secrets
        self._database, self._rows = Database(home.database), _Rows()
        self._number, self._notes = number, max(0.0, event_count / number - 3)
        """How many notes each job has made, besides the events of its three states."""
        self._first_at = time.time() - _DAYS * 86_400
        self._step_s = _DAYS * 86_400 / number
        command = {"exe": "/bin/true", "args": ["Make it so."] * 10}
        said = {"tool": "shell", "job_id": "job", "command": command}
        self._spec = rows.dump(job_from_mapping(said, base=home.root).to_json())

    def write(self) -> None:
        """Write all runs."""
        seq = 0
        for place, (run_id, size) in enumerate(self._sizes()):
            self._write_run(run_id, seq, size)
            seq += size
            if place % _WRITTEN_TOGETHER == 0 or size > RUN_JOBS:
                self._rows.write(self._database)
        self._rows.write(self._database)
        self._database.close()

    def _sizes(self) -> Iterator[tuple[str, int]]:
        """Each run and how many jobs it has."""
        usual = (self._number - self._number // 10) // RUN_JOBS
        large = self._number - usual * RUN_JOBS
        for place in range(usual):
            if place == usual - usual // _DAYS - 1:
                yield LARGE_RUN, large
            yield f"run-{place:05d}", RUN_JOBS

    def _write_run(self, run_id: str, seq: int, size: int) -> None:
        at = self._first_at + seq * self._step_s
        ended_at = at + size * self._step_s + _LASTED_S
        is_open = seq + size > self._number - OPEN_JOBS
        status = GroupStatus.QUEUED if is_open else GroupStatus.COMPLETED
        run = Run(
            run_id=run_id, title=f"Nightly batch {run_id}", status=status, repo="/src/repo", created_at=at,
            started_at=at + 1, completed_at=None if is_open else ended_at,
        )  # fmt: skip
        self._rows.add(runs, {**_columns(runs, run), "metadata_json": "{}"})
        for place in range(0, size, STEPS):
            stream = Workstream(
                run_id=run_id, ws_id=f"ws-{place // STEPS}", title=f"Workstream {place // STEPS}", status=status,
                position=place // STEPS, repo="/src/repo", created_at=at, started_at=at + 1,
                completed_at=run.completed_at,
            )  # fmt: skip
            self._rows.add(workstreams, _columns(workstreams, stream))
        for place in range(size):
            self._write_job(run_id, place, seq + place + 1)

    def _write_job(self, run_id: str, place: int, seq: int) -> None:
        tool, stage = self._chance.choice(_TOOLS)
        at = self._first_at + seq * self._step_s
        job = Job(
            job_id=f"job-{seq:06d}", run_id=run_id, ws_id=f"ws-{place // STEPS}", seq=seq, step_name=tool,
            position=place % STEPS, tool=tool, stage=stage, digest=f"{seq:064x}",
            source_path=f"/src/repo/jobs/job-{seq:06d}.json", created_at=at,
        )  # fmt: skip
        if seq > self._number - OPEN_JOBS:
            self._write_open(job)
            return
        status = self._chance.choices(_ENDS, _SHARES)[0]
        ended = replace(
            job, status=status, attempts=1, started_at=at + 1, completed_at=at + 1 + _LASTED_S,
            exit_code=int(status is JobStatus.FAILED), summary=f"{tool} ended: {status}.", cost_usd=0.02,
            failure_class="tests_failed" if status is JobStatus.FAILED else None, cost_source=CostSource.REPORTED,
        )  # fmt: skip
        self._write_ended(job, ended)

    def _write_open(self, job: Job) -> None:
        """Half of them are held by a person, half start tomorrow."""
        if job.seq % 2:
            held = replace(
                job, status=JobStatus.HELD, hold_cause=HoldCause.PERSON, hold_reason="Held for the benchmark."
            )
        else:
            held = replace(job, not_before=time.time() + 86_400, waits_for="start_at")
        self._put_job(held)
        self._put_event(f"job.{held.status}", f"{job.job_id} was added.", job.created_at, job=held)

    def _write_ended(self, job: Job, ended: Job) -> None:
        assert ended.started_at is not None
        assert ended.completed_at is not None
        self._put_job(ended)
        attempt = Attempt(
            id=job.seq, run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, step_name=job.step_name, number=1,
            tool=job.tool, status=AttemptStatus(ended.status.value), engine_id="past", home_id="past",
            token=job.digest[-16:], started_at=ended.started_at, completed_at=ended.completed_at,
            exit_code=ended.exit_code, duration_s=_LASTED_S, failure_class=ended.failure_class,
            summary=ended.summary, cost_usd=ended.cost_usd, cost_source=ended.cost_source,
        )  # fmt: skip
        if job.seq > self._number - OPEN_JOBS - WITH_OUTPUT:
            self._print(attempt)
        result = {"exit_code": ended.exit_code, "success": not ended.exit_code, "metadata": {"summary": "x"}}
        self._rows.add(step_attempts, {**_columns(step_attempts, attempt), "result_json": rows.dump(result)})
        self._put_event("job.queued", f"{job.job_id} was added.", job.created_at, job=job)
        started = replace(job, status=JobStatus.RUNNING, attempts=1, started_at=ended.started_at)
        runs_now = replace(attempt, status=AttemptStatus.RUNNING, completed_at=None, summary="")
        message = f"{job.job_id} started with {job.tool}, attempt 1 of 1."
        self._put_event("job.running", message, ended.started_at, job=started, attempt=runs_now)
        self._write_notes(ended)
        level = _LEVELS.get(ended.status, "info")
        message = f"{job.job_id} {ended.status}. {ended.summary}"
        self._put_event(
            f"job.{ended.status}", message, ended.completed_at, level=level, job=ended, attempt=attempt
        )
        for number in range(3):
            path = f"src/m{(job.seq * 7 + number) % 400}_{job.position}_{number}.py"
            file = WorkstreamFile(
                run_id=job.run_id, ws_id=job.ws_id, path=path, declared=True, touched=True, added=3, removed=1,
                job_id=job.job_id, tool=job.tool, updated_at=ended.completed_at,
            )  # fmt: skip
            self._rows.add(workstream_files, _columns(workstream_files, file))

    def _print(self, attempt: Attempt) -> None:
        """The output of an attempt as its shim would have kept it."""
        folder = self._attempts / attempt.folder_name
        folder.mkdir(mode=0o700)
        offset = 0
        with (folder / layout.STREAMS[0]).open("wb") as output, (folder / layout.INDEX).open("wb") as index:
            for number in range(LINES):
                line = f"{attempt.job_id}: compiled module {number} of {LINES}, nothing to complain about\n".encode()
                at_ns = round((attempt.started_at + number * _LASTED_S / LINES) * 1e9)
                index.write(RECORD.pack(at_ns, offset, len(line), 0))
                offset += output.write(line)

    def _write_notes(self, job: Job) -> None:
        assert job.started_at is not None
        where = {"run_id": job.run_id, "ws_id": job.ws_id, "job_id": job.job_id, "tool": job.tool}
        for number in range(int(self._notes) + (self._chance.random() < self._notes % 1)):
            message = f"Step {number} of {job.job_id}: compiled module {self._chance.randrange(9999)}"
            level = "info" if self._chance.random() < 0.9 else "warning"
            row = event_row("note", message, at=job.started_at + number, level=level, where=where)
            self._rows.add(events, row)

    def _put_job(self, job: Job) -> None:
        texts = {"files_scope_json": "[]", "labels_json": "[]", "spec_json": self._spec}
        self._rows.add(jobs, {**_columns(jobs, job), **texts})

    def _put_event(
        self, event_type: str, message: str, at: float, *, level: str = "info", **records: Any
    ) -> None:
        self._rows.add(events, event_row(event_type, message, at=at, level=level, **records))


def _columns(table: Table, record: object) -> dict[str, Any]:
    return {name: value for name, value in record_to_json(record).items() if name in table.c}


def make(home: Path, number: int = JOBS, event_count: int = EVENTS) -> None:
    """Make it, with so many jobs and about as many events."""
    _Past(Home.at(home), number, event_count).write()


def main(argv: Sequence[str]) -> None:
    """Make one."""
    make(Path(argv[0]), *map(int, argv[1:3]))


if __name__ == "__main__":
    main(sys.argv[1:])
