"""What a person does with one job: cancel, hold, release, retry, accept as is, move in the queue, edit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, update

from state import rows, write_touched_files
from state.command_table import COMMAND_STATES, JobCommand
from state.ledger_writer import NOT_HELD, LedgerWriter
from state.lifecycle import IllegalTransitionError
from state.records import (
    Job,
    JobHold,
    JobStatus,
)
from state.tables import job_dependencies, jobs
from state.write_jobs import enter_dependencies

_FROM_FILE = (
    "step_name", "tool", "stage", "priority", "group_name", "account", "tree", "scope_root", "digest", "max_attempts",
    "not_before", "waits_for",
)  # fmt: skip
"""The columns that follow from the job file."""


class CommandWriter:
    """Carries out a command on a job, or refuses it with what happened to the job."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def request_cancel(self, job_id: str, why: str) -> Job:
        """Cancel a waiting job at once; request that the owner of a running one stop it."""
        now = self._writer.clock()
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            if job.status is JobStatus.RUNNING:
                if job.cancel_requested_at is not None:
                    return job
                requested = self._writer.change(connection, job, cancel_requested_at=now)
                self._writer.record_event(
                    connection, "job.cancel_requested", f"{job_id} is to be cancelled{why}.", job=requested
                )
                return requested
            cancelled = self._writer.move(
                connection, job, JobStatus.CANCELLED, completed_at=now, summary=f"Cancelled{why}.",
                **NOT_HELD, not_before=None, waits_for=None, quarantined=False,
            )  # fmt: skip
            self._writer.record_event(
                connection, "job.cancelled", f"{job_id} was cancelled{why}.", job=cancelled, exit_code=None
            )
            self._writer.follow(connection, job.run_id, job.ws_id)
            return cancelled

    def hold(self, job_id: str, held: JobHold) -> Job:
        """Keep a queued job from starting."""
        return self._command(
            JobCommand.HOLD, job_id, JobStatus.HELD, f"{job_id} is held: {held.reason}",
            hold_cause=held.cause, hold_reason=held.reason,
        )  # fmt: skip

    def release(self, job_id: str) -> Job:
        """Let a held job start, or let one that waits for its time start now."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            if job.status is JobStatus.QUEUED and job.not_before is not None:
                due = self._writer.change(connection, job, not_before=None, waits_for=None)
                self._writer.record_event(
                    connection, "job.due", f"{job_id} no longer waits for its time.", job=due
                )
                return due
            return self._command(
                JobCommand.RELEASE, job_id, JobStatus.QUEUED, f"{job_id} was released.", **NOT_HELD,
                quarantined=False,
            )  # fmt: skip

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
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            return self._command(
                JobCommand.RETRY, job_id, JobStatus.QUEUED, f"{job_id} was queued again.", quarantined=False,
                not_before=None, waits_for=None, completed_at=None, interruptions=0, tool=tool or job.tool,
                max_attempts=max(job.max_attempts, job.attempts + 1),
            )  # fmt: skip

    def uncancel(self, before: Job) -> Job:
        """Queue a cancelled job again as it waited before; one that was held is held after this."""
        return self._command(
            JobCommand.RETRY, before.job_id, JobStatus.QUEUED, f"{before.job_id} was queued again.",
            quarantined=before.quarantined, not_before=before.not_before, waits_for=before.waits_for,
            completed_at=before.completed_at, summary=before.summary,
        )  # fmt: skip

    def skip(self, job_id: str, reason: str) -> Job:
        """Accept a job as it is: its dependents may start."""
        return self._command(
            JobCommand.SKIP, job_id, JobStatus.SKIPPED, f"{job_id} was accepted as it is{reason}.", quarantined=False,
            completed_at=self._writer.clock(), **NOT_HELD, not_before=None, waits_for=None,
        )  # fmt: skip

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the queue."""
        with self._writer.transaction() as connection:
            changed = self._writer.change(connection, self._writer.job(connection, job_id), priority=priority)
            self._writer.record_event(
                connection, "job.reprioritised", f"{job_id} has priority {priority} now.", job=changed
            )
            return changed

    def move(self, job_id: str, *, priority: int, queue_position: float | None, message: str) -> Job:
        """Give a waiting job this priority and queue position; None restores the order of acceptance."""
        with self._writer.transaction() as connection:
            moved = self._writer.change(
                connection,
                self._writer.job(connection, job_id),
                priority=priority,
                queue_position=queue_position,
            )
            self._writer.record_event(connection, "job.moved", message, job=moved)
            return moved

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
            connection.execute(update(jobs).where(jobs.c.seq == job.seq).values(**changed))
            connection.execute(delete(job_dependencies).where(job_dependencies.c.job_id == job.job_id))
            enter_dependencies(connection, [edited])
            fields = {name: values[name] for name in _FROM_FILE}
            fields.update(files_scope=edited.files_scope, depends_on=edited.depends_on, stage=edited.stage)
            after = replace(job, **fields)
            declared = write_touched_files.declare(connection, after, now)
            self._writer.record_event(
                connection, "job.edited", f"{job.job_id} was edited.", job=after, files=declared
            )
            return after

    def _command(
        self,
        command: JobCommand,
        job_id: str,
        status: JobStatus,
        message: str,
        **values: Any,
    ) -> Job:
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            if job.status not in COMMAND_STATES[command].allowed:
                raise IllegalTransitionError(
                    job_id, job.status, status, self._writer.story(connection, job_id)
                )
            moved = self._writer.move(connection, job, status, **values)
            self._writer.record_event(
                connection, f"job.{status}", message, job=moved, exit_code=job.exit_code, duration_s=None
            )
            self._writer.follow(connection, job.run_id, job.ws_id)
            return moved
