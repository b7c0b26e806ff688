"""The recording half of the store: runs, workstreams, jobs from outside, and events."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.errors import SignalboxError
from engine.jobfile.spec import JobSpec
from engine.settings import Settings, read_settings
from engine.state_store.accepting import new_run_id
from engine.state_store.subscription import Subscription
from engine.system.home import Home
from engine.types import JobResult
from state import queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Following, Ledger, NewJob
from state.records import (
    Attempt,
    AttemptStatus,
    Event,
    GroupStatus,
    Job,
    JobStatus,
    Origin,
    Run,
    Workstream,
)

OUTSIDE = "outside"
"""The run and workstream of jobs that were recorded from outside without naming any."""


class RecordingStore:
    """Implements `StateInterface` on a database file of this machine.

    Args:
        db_path: a file, or a ``sqlite:///`` URL; the database of the default home where None. Locks, attempts and
            logs lie in the home, for a database elsewhere in ``<db>.d`` beside it.
        home: the home to use instead.
        clock: gives epoch seconds.
    """

    def __init__(
        self,
        db_path: Path | str | None = None,
        *,
        home: Home | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.home = home or (Home.at() if db_path is None else Home.beside(_path(db_path)))
        self.database = Database(self.home.database, backups=self.home.backups)
        self._ledger = Ledger(self.database, clock=clock)
        self._clock = clock
        self._reader = DatabaseReader(self.database, busy_ms=5_000)
        self._reading_lock = threading.RLock()
        self._subscriptions: list[Subscription] = []
        self._settings = Settings()
        self._settings_stamp = -1

    def close(self) -> None:
        """Give back the connections."""
        for subscription in list(self._subscriptions):
            subscription.close()
        self._reader.close()
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Join several verbs: all or nothing."""
        with self._ledger.transaction():
            yield

    # --- runs and workstreams ----------------------------------------------------------------------------------

    def create_run(
        self,
        ws_id: str | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> str:
        """Record a new run, with a first workstream where `ws_id` is given, and return its id."""
        given = dict(metadata or {})
        chosen = run_id or new_run_id(self._clock())
        run = Run(run_id=chosen, title=str(given.get("title", "")), repo=given.get("repo"), metadata=given)
        streams = [] if ws_id is None else [Workstream(run_id=chosen, ws_id=ws_id)]
        self._ledger.jobs.create_run(run, streams)
        self._hint()
        return chosen

    def get_run(self, run_id: str) -> Run | None:
        """The run, or None."""
        with self._reading() as connection:
            return queries.find_run(connection, run_id)

    def update_run_status(self, run_id: str, status: str) -> None:
        """Set the status of a run that has no queue jobs; runs with jobs follow from them.

        Raises:
            SignalboxError: the word is no status, there is no such run, or the run has jobs.
        """
        try:
            wanted = GroupStatus(status)
        except ValueError:
            raise SignalboxError(
                f"{status!r} is no status of a run; use one of {', '.join(GroupStatus)}."
            ) from None
        with self._ledger.transaction() as connection:
            if queries.jobs_of_run(connection, run_id):
                raise SignalboxError(f"Run {run_id} has jobs in the queue; its status follows from them.")
            self._ledger.jobs.set_run_status(run_id, wanted)
        self._hint()

    def list_recent_runs(self, limit: int = 10) -> list[Run]:
        """The newest runs, newest first."""
        with self._reading() as connection:
            return queries.recent_runs(connection, limit)

    def list_workstreams(self, run_id: str) -> list[Workstream]:
        """The workstreams of a run, in order."""
        with self._reading() as connection:
            return queries.workstreams_of(connection, run_id)

    def get_workstream(self, ws_id: str, *, run_id: str | None = None) -> Workstream | None:
        """The workstream of that run, or the newest of that name."""
        with self._reading() as connection:
            return queries.find_workstream(connection, ws_id, run_id)

    # --- jobs and attempts -------------------------------------------------------------------------------------

    def get_job(self, job_id: str) -> Job | None:
        """The job, or None."""
        with self._reading() as connection:
            return queries.find_job(connection, job_id)

    def list_jobs(self, run_id: str) -> list[Job]:
        """The jobs of a run, in order."""
        with self._reading() as connection:
            return queries.jobs_of_run(connection, run_id)

    def list_attempts(self, job_id: str) -> list[Attempt]:
        """The attempts of a job, oldest first."""
        with self._reading() as connection:
            return queries.attempts_of(connection, job_id)

    def mark_job_running(self, job_id: str) -> None:
        """Record from outside that a job runs; makes missing rows. Its attempt is `external`: never adopted."""
        with self._ledger.transaction():
            self._enter_outside({"job_id": job_id})
            self._ledger.attempts.start_external(job_id)
        self._hint()

    def update_job_result(self, job: Mapping[str, Any] | JobSpec, result: JobResult) -> None:
        """Record from outside what a job came to; makes missing rows.

        `job` needs at least ``job_id``; ``run_id``, ``workstream_id`` and ``tool`` place it.
        """
        said = job.to_json() if isinstance(job, JobSpec) else dict(job)
        with self._ledger.transaction() as connection:
            job_id = self._enter_outside(said)
            running = queries.running_attempts(connection, job_id=job_id)
            attempt = running[0] if running else self._ledger.attempts.start_external(job_id)
            done = result.success
            usage = result.metadata.get("usage") or {}
            outcome = AttemptOutcome(
                status=AttemptStatus.COMPLETED if done else AttemptStatus.FAILED,
                result={**result.to_json(), "job_id": job_id},
                exit_code=result.exit_code,
                duration_s=result.duration_s,
                failure_class=result.metadata.get("failure_class"),
                summary=str(result.metadata.get("summary", "")),
                cost_usd=usage.get("cost_usd"),
            )
            following = Following(status=JobStatus.COMPLETED if done else JobStatus.FAILED)
            self._ledger.attempts.end(attempt, outcome, following, now=self._clock())
        self._hint()

    def _enter_outside(self, said: Mapping[str, Any]) -> str:
        job_id = str(said["job_id"])
        if self.get_job(job_id) is not None:
            return job_id
        run_id, ws_id = str(said.get("run_id") or OUTSIDE), str(said.get("workstream_id") or OUTSIDE)
        self._ledger.jobs.create_run(
            Run(run_id=run_id, title=run_id), [Workstream(run_id=run_id, ws_id=ws_id, title=ws_id)]
        )
        job = Job(
            job_id=job_id,
            run_id=run_id,
            ws_id=ws_id,
            tool=str(said.get("tool") or "shell"),
            origin=Origin.API,
        )
        self._ledger.jobs.accept([NewJob(job=job, spec=said)])
        return job_id

    # --- events ------------------------------------------------------------------------------------------------

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened and return the event's id.

        ``run_id ws_id job_id tool`` of the payload place it; ``text`` (or ``message``) is its sentence.
        """
        placed = {name: payload.get(name) for name in ("run_id", "ws_id", "job_id", "tool")}
        message = str(payload.get("text") or payload.get("message") or event_type)
        event_id = self._ledger.record_event(
            event_type, message, level=str(payload.get("level", "info")), extra=payload, **placed
        )
        self._hint()
        return event_id

    def list_events(self, after_id: int = 0, limit: int = 500, run_id: str | None = None) -> list[Event]:
        """Events after a cursor, oldest first."""
        with self._reading() as connection:
            return queries.events_after(connection, after_id, limit, run_id=run_id)

    @contextmanager
    def subscribe_to_events(self, after_id: int | None = None) -> Iterator[Iterator[Event]]:
        """Follow events, those of other processes too; None follows from now."""
        with Subscription(DatabaseReader(self.database, busy_ms=5_000), after_id) as subscription:
            self._subscriptions.append(subscription)
            try:
                yield subscription
            finally:
                with suppress(ValueError):
                    self._subscriptions.remove(subscription)

    @contextmanager
    def _reading(self) -> "Iterator[Any]":
        """The open transaction of this thread, so that it reads what it wrote; else a reading one."""
        if (joined := self.database.joined) is not None:
            yield joined
            return
        with self._reading_lock, self._reader.connection() as connection:
            yield connection

    def settings(self) -> Settings:
        """What is set for the home. It is read for each job, so it is kept until somebody writes."""
        if (joined := self.database.joined) is not None:
            return read_settings(queries.all_settings(joined)).settings
        with self._reading_lock:
            stamp = self._reader.data_version()  # taken first: what is read after it can only be newer
            if stamp != self._settings_stamp:
                with self._reader.connection() as connection:
                    self._settings = read_settings(queries.all_settings(connection)).settings
                self._settings_stamp = stamp
            return self._settings

    def _hint(self) -> None:
        for subscription in self._subscriptions:
            subscription.hint()


def _path(db_path: Path | str) -> Path:
    text = str(db_path)
    if "://" not in text:
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme.partition("+")[0] != "sqlite" or len(parts.path) < 2:  # noqa: PLR2004 - "/" and a name
        raise SignalboxError(f"{text} is no database this release can use; name a file or a sqlite:/// URL.")
    return Path(unquote(parts.path[1:]))
