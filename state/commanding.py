"""The verbs of a person: cancel, hold, release, retry, accept as is, move in the line."""

from collections.abc import Iterable
from typing import Any

from state.lifecycle import FINAL, IllegalTransitionError
from state.records import (
    Job,
    JobStatus,
)
from state.scribe import Scribe


class Commanding(Scribe):
    """Does what a person asks of a job, or refuses it with the story of the job."""

    def request_cancel(self, job_id: str, why: str) -> Job:
        """Cancel a waiting job at once; ask the owner of a running one to stop it."""
        now = self._clock()
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            if job.status is JobStatus.RUNNING:
                if job.cancel_requested_at is not None:
                    return job
                asked = self._change(connection, job, cancel_requested_at=now)
                self._tell(connection, "job.cancel_requested", f"{job_id} was asked to stop{why}.", job=asked)
                return asked
            cancelled = self._move(
                connection, job, JobStatus.CANCELLED, completed_at=now, summary=f"Cancelled{why}.", hold_reason=None,
                not_before=None, waits_for=None, quarantined=False,
            )  # fmt: skip
            self._tell(
                connection, "job.cancelled", f"{job_id} was cancelled{why}.", job=cancelled, exit_code=None
            )
            self._follow(connection, job.run_id, job.ws_id)
            return cancelled

    def hold(self, job_id: str, reason: str) -> Job:
        """Keep a queued job from starting."""
        return self._command(
            job_id, JobStatus.HELD, f"{job_id} is held: {reason}", only_from={JobStatus.QUEUED}, hold_reason=reason,
        )  # fmt: skip

    def release(self, job_id: str) -> Job:
        """Let a held job start."""
        return self._command(
            job_id, JobStatus.QUEUED, f"{job_id} was released.", only_from={JobStatus.HELD}, hold_reason=None,
            quarantined=False,
        )  # fmt: skip

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue an ended job again, with one more attempt at least."""
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            return self._command(
                job_id, JobStatus.QUEUED, f"{job_id} was queued again.", only_from=FINAL, quarantined=False,
                not_before=None, waits_for=None, completed_at=None, interruptions=0, tool=tool or job.tool,
                max_attempts=max(job.max_attempts, job.attempts + 1),
            )  # fmt: skip

    def skip(self, job_id: str, reason: str) -> Job:
        """Accept a job as it is: its dependents may start."""
        return self._command(
            job_id, JobStatus.SKIPPED, f"{job_id} was accepted as it is{reason}.", quarantined=False,
            completed_at=self._clock(), hold_reason=None, not_before=None, waits_for=None,
        )  # fmt: skip

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the line."""
        with self.transaction() as connection:
            changed = self._change(connection, self._job(connection, job_id), priority=priority)
            self._tell(connection, "job.reprioritised", f"{job_id} has priority {priority} now.", job=changed)
            return changed

    def _command(
        self,
        job_id: str,
        status: JobStatus,
        message: str,
        *,
        only_from: Iterable[JobStatus] = (),
        **values: Any,
    ) -> Job:
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            allowed = frozenset(only_from)
            if allowed and job.status not in allowed:
                raise IllegalTransitionError(job_id, job.status, status, self._story(connection, job_id))
            moved = self._move(connection, job, status, **values)
            self._tell(
                connection, f"job.{status}", message, job=moved, exit_code=job.exit_code, duration_s=None
            )
            self._follow(connection, job.run_id, job.ws_id)
            return moved
