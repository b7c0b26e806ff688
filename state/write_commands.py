"""What a person does with jobs: cancel, hold, release, retry, accept as is, move in the queue, edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from state import job_changes, queries, rows, write_touched_files
from state.change_writer import ChangeWriter, no_such_job
from state.command_table import COMMAND_STATES, JobCommand
from state.database_errors import DatabaseError, SignalboxError
from state.job_changes import JobChange, Plan
from state.lifecycle import IllegalTransitionError
from state.records import Job, JobHold, JobStatus, nothing
from state.row_changes import delete_rows, update_rows
from state.sql_text import Connection
from state.write_dependencies import enter_dependencies

_FROM_FILE = (
    "step_name", "tool", "stage", "priority", "group_name", "account", "tree", "scope_root", "digest", "max_attempts",
    "not_before", "waits_for", "rung",
)  # fmt: skip
"""The columns that follow from the job file."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a command on several jobs: those it changed, and for each other id why it was refused."""

    changed: Sequence[Job] = ()
    refused: Mapping[str, SignalboxError] = field(default_factory=nothing)

    def only(self) -> Job:
        """The job of a command on one job; raises why it was refused."""
        return self.all()[0]

    def all(self) -> list[Job]:
        """The jobs of a command on all of them or none; raises the first refusal, which undoes the transaction."""
        for error in self.refused.values():
            raise error
        return list(self.changed)


class CommandWriter:
    """Carries out commands on jobs; a job that a command does not fit is refused with what happened to it."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer

    def apply(self, job_ids: Sequence[str], plan: Plan) -> Applied:
        """Change each of these jobs as planned, in one transaction; a refusal does not stop the others.

        The statements are few, whatever the number of jobs: each holds up whoever else wants to write.
        """
        with self._writer.transaction() as connection:
            found = queries.find_jobs(connection, job_ids)
            planned: list[tuple[Job, JobChange | None]] = []
            refused: dict[str, SignalboxError] = {}
            for job_id in job_ids:
                try:
                    if job_id not in found:
                        raise no_such_job(job_id)
                    planned.append((found[job_id], plan(found[job_id])))
                except DatabaseError:
                    raise
                except SignalboxError as error:
                    refused[job_id] = self._with_story(connection, error)
            return Applied(self._write(connection, planned), refused)

    def _with_story(self, connection: Connection, error: SignalboxError) -> SignalboxError:
        if not isinstance(error, IllegalTransitionError):
            return error
        story = self._writer.story(connection, error.job_id)
        return IllegalTransitionError(error.job_id, error.old, error.new, story)

    def _write(self, connection: Connection, planned: Sequence[tuple[Job, JobChange | None]]) -> list[Job]:
        """Write the changes, an event for each, and what follows for runs and workstreams; return all the jobs."""
        changes = [(job, change) for job, change in planned if change is not None]
        written = self._writer.change_all(connection, [(job, change.values) for job, change in changes])
        self._writer.record_events(connection, [
            self._writer.event_row(change.event_type, change.message, job=job, **change.details)
            for job, (_, change) in zip(written, changes, strict=True)
        ])  # fmt: skip
        was = {job.job_id: job for job, _ in changes}
        self._writer.follow_all(connection, [job for job in written if job.status != was[job.job_id].status])
        now = {job.job_id: job for job in written}
        return [now.get(job.job_id, job) for job, _ in planned]

    def request_cancel(self, job_id: str, why: str) -> Job:
        """Cancel a waiting job at once; request that the owner of a running one stop it."""
        return self.apply([job_id], job_changes.cancelling(why, self._writer.clock())).only()

    def hold(self, job_id: str, held: JobHold) -> Job:
        """Keep a queued job from starting."""
        return self.apply([job_id], job_changes.holding(held)).only()

    def record_alarm(
        self, job_id: str, message: str, *, alarm: str, attempt_id: int, printed_at: float, text: str
    ) -> None:
        """Record that a job printed a line which an alarm is for, and which line that is."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            extra = {"alarm": alarm, "of_attempt": attempt_id, "printed_at": printed_at, "text": text}
            self._writer.record_event(connection, "job.alarm", message, job=job, level="warning", extra=extra)

    def release(self, job_id: str) -> Job:
        """Let a held job start, or let one that waits for its time start now."""
        return self.apply([job_id], job_changes.releasing).only()

    def bring_forward(self, job_id: str, was: float, due: float) -> Job | None:
        """Let a job that waits until `was` start at `due`; None if it no longer waits for that time."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            if job.status is not JobStatus.QUEUED or job.not_before != was:
                return None
            sooner = self._writer.change(connection, job, not_before=due)
            message = f"{job_id} waits no longer than it was to, although the clock was set back."
            self._writer.record_event(connection, "job.due", message, job=sooner)
            return sooner

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue an ended job again, with one more attempt at least."""
        return self.apply([job_id], job_changes.retrying(tool)).only()

    def uncancel(self, before: Job) -> Job:
        """Queue a cancelled job again as it waited before; one that was held is held after this."""
        return self.apply([before.job_id], job_changes.uncancelling(before)).only()

    def skip(self, job_id: str, reason: str) -> Job:
        """Accept a job as it is: its dependents may start."""
        return self.apply([job_id], job_changes.skipping(reason, self._writer.clock())).only()

    def move(self, job_id: str, *, priority: int, queue_position: float | None, message: str) -> Job:
        """Give a waiting job this priority and queue position; None restores the order of acceptance."""
        placed = job_changes.placing(message, priority=priority, queue_position=queue_position)
        return self.apply([job_id], lambda _: placed).only()

    def edit(self, edited: Job, spec: Mapping[str, Any]) -> Job:
        """Replace the spec of a waiting job; its id, its run and its history stay."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, edited.job_id)
            if job.status not in COMMAND_STATES[JobCommand.EDIT].allowed:
                story = self._writer.story(connection, job.job_id)
                raise IllegalTransitionError(job.job_id, job.status, JobStatus.QUEUED, story)
            now = self._writer.clock()
            values = rows.job_values(edited, spec)
            changed = {name: values[name] for name in (*_FROM_FILE, "files_scope_json", "spec_json")}
            update_rows(connection, "jobs", changed, "seq = ?", (job.seq,))
            delete_rows(connection, "job_dependencies", "job_id = ?", (job.job_id,))
            enter_dependencies(connection, [edited])
            fields = {name: values[name] for name in _FROM_FILE}
            fields.update(files_scope=edited.files_scope, depends_on=edited.depends_on, stage=edited.stage)
            after = replace(job, **fields)
            declared = write_touched_files.declare(connection, after, now)
            self._writer.record_event(
                connection, "job.edited", f"{job.job_id} was edited.", job=after, files=declared
            )
            return after
