"""The jobs that run, of all engines, kept in memory between the transactions that claim and end them.

What this process starts and ends is followed here; whatever else may have changed one of them has all be read anew.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, and_, func, select

from state import rows
from state.database import Database
from state.prepared_statement import PreparedStatement
from state.queries import find_jobs
from state.records import AttemptStatus, Job, JobStatus
from state.running_job import RunningJob
from state.tables import jobs, step_attempts


class KeptRunningJobs:
    """The running jobs of one database; every call but the first belongs into a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stamp = -1
        self._known: Mapping[str, RunningJob] = {}
        self._records: Mapping[str, Job] = {}
        """Those of them that this process has started, as they are."""
        self._now: dict[str, RunningJob] | None = None
        """As the open transaction has made it; None where it has not looked yet."""
        self._records_now: dict[str, Job] = {}

    def all(self, connection: Connection) -> Iterable[RunningJob]:
        """All of them."""
        return self._current(connection).values()

    def find(self, connection: Connection, job_ids: Sequence[str]) -> dict[str, Job]:
        """The records of these jobs, which need not run; ids that do not exist are left out."""
        self._current(connection)
        found = {job_id: self._records_now[job_id] for job_id in job_ids if job_id in self._records_now}
        missing = [job_id for job_id in job_ids if job_id not in found]
        return found | find_jobs(connection, missing) if missing else found

    def started(self, job: Job, *, account: str | None) -> None:
        """Follow that the open transaction has started a job."""
        if self._now is not None:
            self._now[job.job_id] = RunningJob.of(job, account=account)
            self._records_now[job.job_id] = job

    def ended(self, job_id: str) -> None:
        """Follow that the open transaction has ended the attempt of a job."""
        if self._now is not None:
            self._now.pop(job_id, None)
            self._records_now.pop(job_id, None)

    def _current(self, connection: Connection) -> dict[str, RunningJob]:
        if self._now is None:
            self._database.on_end(self._keep)
        elif not self._database.changes.is_open(*_READ):
            return self._now
        if self._database.changes.is_open(*_READ):
            self._now, self._records_now = _read(connection), {}
            return self._now
        stamp = self._database.change_stamp(*_READ)
        if stamp != self._stamp:
            self._known, self._records, self._stamp = _read(connection), {}, stamp
        self._now, self._records_now = {**self._known}, {**self._records}
        return self._now

    def _keep(self, is_committed: bool) -> None:  # noqa: FBT001 - as the database calls it
        """Keep what the transaction has come to, if nothing else has written to the same tables meanwhile."""
        now, records, self._now = self._now, self._records_now, None
        if is_committed and now is not None and self._stamp == self._database.change_stamp(*_READ):
            self._known, self._records = now, records


_READ = ("jobs", "step_attempts")
_RUNNING = PreparedStatement(
    select(
        jobs.c.job_id,
        jobs.c.tool,
        jobs.c.group_name,
        func.coalesce(step_attempts.c.account, jobs.c.account),
        jobs.c.tree,
        jobs.c.scope_root,
        jobs.c.files_scope_json,
    )
    .outerjoin(
        step_attempts,
        and_(step_attempts.c.job_id == jobs.c.job_id, step_attempts.c.status == AttemptStatus.RUNNING),
    )
    .where(jobs.c.status == JobStatus.RUNNING)
)


def _read(connection: Connection) -> dict[str, RunningJob]:
    return {
        row[0]: RunningJob._make((*row[:-1], () if row[-1] == "[]" else rows.files_scope(row[0], row[-1])))
        for row in _RUNNING.rows(connection, {})
    }
