"""Writes new runs, workstreams and jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from state import queries, rows, write_touched_files
from state.change_writer import ChangeWriter, columns
from state.records import (
    GroupStatus,
    Job,
    JobStatus,
    Run,
    Workstream,
)
from state.row_changes import insert_row, insert_rows, last_id
from state.sql_text import Connection, value
from state.write_dependencies import enter_dependencies


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A job to be added, with its spec as JSON values."""

    job: Job
    spec: Mapping[str, Any]


class JobWriter:
    """Adds runs and jobs; once committed, they are accepted."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer

    def create_run(self, run: Run, streams: Sequence[Workstream] = ()) -> Run:
        """Add a run and its workstreams; rows that already exist stay as they are."""
        with self._writer.transaction() as connection:
            if (found := queries.find_run(connection, run.run_id)) is None:
                values = {
                    **columns(run, "run_id", "title", "status", "repo"),
                    "metadata_json": rows.dump(dict(run.metadata)),
                }
                found = replace(run, created_at=run.created_at or self._writer.clock())
                insert_row(connection, "runs", {**values, "created_at": found.created_at})
                self._writer.record_event(
                    connection, "run.created", f"Run {run.title or run.run_id} was added.", run=found
                )
            for stream in streams:
                self._enter_workstream(connection, stream)
            return found

    def set_run_status(self, run_id: str, status: GroupStatus) -> Run:
        """Set the status of a run from outside; its times follow."""
        with self._writer.transaction() as connection:
            run = self._writer.run(connection, run_id)
            return self._writer.move_run(connection, run, status)

    def accept(self, new: Sequence[NewJob]) -> list[Job]:
        """Add jobs whose run and workstream exist; once committed, they are accepted."""
        now = self._writer.clock()
        with self._writer.transaction() as connection:
            last = last_id(connection, "jobs", "seq")
            entered = [
                replace(item.job, seq=last + place, created_at=item.job.created_at or now)
                for place, item in enumerate(new, start=1)
            ]
            values = [
                {"seq": job.seq, **rows.job_values(job, item.spec)}
                for job, item in zip(entered, new, strict=True)
            ]
            insert_rows(connection, "jobs", values)
            enter_dependencies(connection, entered)
            self._writer.record_events(connection, [self._entered(connection, job, now) for job in entered])
            self._writer.follow_all(connection, entered)
            return entered

    def _entered(self, connection: Connection, job: Job, now: float) -> dict[str, Any]:
        """The event of a new job."""
        declared = write_touched_files.declare(connection, job, now)
        held = job.status is JobStatus.HELD
        message = f"{job.job_id} was added" + (f" and is held: {job.hold_reason}" if held else ".")
        return self._writer.event_row(f"job.{job.status}", message, job=job, files=declared)

    def _enter_workstream(self, connection: Connection, stream: Workstream) -> None:
        if queries.find_workstream(connection, stream.ws_id, stream.run_id) is not None:
            return
        position = value(connection, "SELECT count(*) FROM workstreams WHERE run_id = ?", (stream.run_id,))
        entered = replace(stream, created_at=stream.created_at or self._writer.clock(), position=position)
        names = (
            "run_id", "ws_id", "title", "status", "repo", "position", "created_at", "review", "needs_review",
        )  # fmt: skip
        insert_row(connection, "workstreams", columns(entered, *names))
        message = f"Workstream {stream.title or stream.ws_id} was added."
        self._writer.record_event(connection, "workstream.created", message, workstream=entered)
