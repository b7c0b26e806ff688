"""A connection that can write nothing, for one thread, and every read through it; the questions stand elsewhere."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from state import queries, statistics
from state.database import READER_BUSY_MS, Database
from state.database_errors import DatabaseBusyError, DatabaseError
from state.records import (
    Attempt,
    ErrorCount,
    Event,
    Job,
    JobStatus,
    Run,
    Snapshot,
    Workstream,
    WorkstreamFile,
)
from state.statistics import DatabaseSize, Rate, TimeBucket


@contextmanager
def _translating(path: Path) -> Iterator[None]:
    """Say what went wrong in the words of this project: the window knows no SQLAlchemy."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        told = str(error.orig if isinstance(error, DBAPIError) else error)
        if "locked" in told or "busy" in told:
            raise DatabaseBusyError(path) from error
        raise DatabaseError(f"{path}: {told}.") from error


class Reader:
    """One reading connection for one thread; each call is a transaction of its own, so the WAL can shrink."""

    def __init__(self, database: Database, *, busy_ms: int = READER_BUSY_MS) -> None:
        self._engine = database.reading_engine(busy_ms=busy_ms)
        self._path = database.path
        self._database, self._busy_ms = database, busy_ms

    def another(self) -> "Reader":
        """A reader of the same database for another thread, which closes it."""
        return Reader(self._database, busy_ms=self._busy_ms)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A reading transaction for several questions about one moment; ends at once when left.

        Raises:
            DatabaseBusyError: locked for longer than the busy timeout.
            DatabaseError: the file cannot be read.
        """
        with _translating(self._path), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back the connection."""
        self._engine.dispose()

    def data_version(self) -> int:
        """A number that changes when another connection has committed; costs microseconds."""
        with _translating(self._path), self._engine.connect() as connection:
            return int(connection.connection.driver_connection.execute("PRAGMA data_version").fetchone()[0])  # type: ignore[union-attr]

    def snapshot(self, runs: int = 50) -> Snapshot:
        """See `queries.snapshot`."""
        with self.connection() as connection:
            return queries.snapshot(connection, runs)

    def events_after(self, cursor: int, limit: int = 500, run_id: str | None = None) -> list[Event]:
        """See `queries.events_after`."""
        with self.connection() as connection:
            return queries.events_after(connection, cursor, limit, run_id=run_id)

    def events_before(self, event_id: int, limit: int = 500) -> list[Event]:
        """See `queries.events_before`."""
        with self.connection() as connection:
            return queries.events_before(connection, event_id, limit)

    def events_of_job(self, job_id: str, limit: int = 500) -> list[Event]:
        """See `queries.events_of_job`."""
        with self.connection() as connection:
            return queries.events_of_job(connection, job_id, limit)

    def oldest_event_id(self) -> int:
        """See `queries.oldest_event_id`."""
        with self.connection() as connection:
            return queries.oldest_event_id(connection)

    def latest_event_id(self) -> int:
        """See `queries.latest_event_id`."""
        with self.connection() as connection:
            return queries.latest_event_id(connection)

    def run(self, run_id: str) -> Run | None:
        """See `queries.find_run`."""
        with self.connection() as connection:
            return queries.find_run(connection, run_id)

    def recent_runs(self, limit: int = 10) -> list[Run]:
        """See `queries.recent_runs`."""
        with self.connection() as connection:
            return queries.recent_runs(connection, limit)

    def workstreams(self, run_id: str) -> list[Workstream]:
        """See `queries.workstreams_of`."""
        with self.connection() as connection:
            return queries.workstreams_of(connection, run_id)

    def workstream(self, ws_id: str, run_id: str | None = None) -> Workstream | None:
        """See `queries.find_workstream`."""
        with self.connection() as connection:
            return queries.find_workstream(connection, ws_id, run_id)

    def job(self, job_id: str) -> Job | None:
        """See `queries.find_job`."""
        with self.connection() as connection:
            return queries.find_job(connection, job_id)

    def jobs(self, run_id: str) -> list[Job]:
        """See `queries.jobs_of_run`."""
        with self.connection() as connection:
            return queries.jobs_of_run(connection, run_id)

    def list_jobs(
        self,
        *,
        status: Iterable[JobStatus] = (),
        run_id: str | None = None,
        limit: int = 1000,
    ) -> list[Job]:
        """See `queries.list_jobs`."""
        with self.connection() as connection:
            return queries.list_jobs(connection, status=status, run_id=run_id, limit=limit)

    def attempts(self, job_id: str) -> list[Attempt]:
        """See `queries.attempts_of`."""
        with self.connection() as connection:
            return queries.attempts_of(connection, job_id)

    def recent_attempts(self, limit: int = 100) -> list[Attempt]:
        """See `queries.recent_attempts`."""
        with self.connection() as connection:
            return queries.recent_attempts(connection, limit)

    def job_spec_json(self, job_id: str) -> Mapping[str, Any]:
        """See `job_spec`; empty where there is no such job."""
        with self.connection() as connection:
            return queries.job_spec(connection, job_id) or {}

    def ran_before(self, digests: Sequence[str]) -> dict[str, Job]:
        """See `queries.ran_before`."""
        with self.connection() as connection:
            return queries.ran_before(connection, digests)

    def known_job_ids(self, job_ids: Sequence[str]) -> dict[str, str]:
        """See `queries.known_job_ids`."""
        with self.connection() as connection:
            return queries.known_job_ids(connection, job_ids)

    def counts(self) -> dict[JobStatus, int]:
        """See `statistics.counts`."""
        with self.connection() as connection:
            return statistics.counts(connection)

    def ended_since(self, since: float) -> dict[JobStatus, int]:
        """See `statistics.ended_since`."""
        with self.connection() as connection:
            return statistics.ended_since(connection, since)

    def throughput(self, since: float, bucket_s: float) -> list[TimeBucket]:
        """See `statistics.throughput`."""
        with self.connection() as connection:
            return statistics.throughput(connection, since, bucket_s)

    def first_time_success(self, since: float, bucket_s: float) -> dict[str, list[Rate]]:
        """See `statistics.first_time_success`."""
        with self.connection() as connection:
            return statistics.first_time_success(connection, since, bucket_s)

    def costs(self, since: float, bucket_s: float) -> list[tuple[float, float]]:
        """See `statistics.costs`."""
        with self.connection() as connection:
            return statistics.costs(connection, since, bucket_s)

    def errors(self, limit: int = 20) -> list[ErrorCount]:
        """See `statistics.error_counts`."""
        with self.connection() as connection:
            return statistics.error_counts(connection, limit)

    def files(self, run_id: str) -> list[WorkstreamFile]:
        """See `queries.files_of`."""
        with self.connection() as connection:
            return queries.files_of(connection, [run_id])

    def all_settings(self) -> dict[str, str]:
        """See `queries.all_settings`."""
        with self.connection() as connection:
            return queries.all_settings(connection)

    def size(self) -> DatabaseSize:
        """See `statistics.size`."""
        with self.connection() as connection:
            return statistics.size(connection)
