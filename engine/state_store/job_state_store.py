"""`JobStateStore`: runs, jobs, attempts and events of one database, for people's scripts and for the queue."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.errors import SignalboxError
from engine.interfaces import Accepted, Choose, Claim, Settlement
from engine.jobfile.spec import JobSpec
from engine.settings import Settings
from engine.state_store.acceptance import JobAcceptance
from engine.state_store.alarm_store import AlarmStore
from engine.state_store.attempt_recorder import AttemptRecorder
from engine.state_store.claim_rest import CLAIM_READS
from engine.state_store.conflict_store import ConflictStore
from engine.state_store.forecast_store import ForecastStore
from engine.state_store.job_control import JobControl
from engine.state_store.merge_control import MergeControl
from engine.state_store.queue_control import QueueControl
from engine.state_store.review_control import ReviewControl
from engine.state_store.run_recorder import RunRecorder
from engine.state_store.store_access import StoreAccess
from engine.state_store.tree_store import TreeStore
from engine.system.home import Home
from engine.tool_defaults import account_pools
from engine.types import AttemptRef, JobResult
from state import attempt_queries, callback_queries, event_queries, queries, queue_queries, worktree_queries
from state.database import Connection, Database
from state.new_session import NewSession
from state.records import (
    Attempt,
    CallbackRun,
    CallbackStatus,
    Engine,
    Event,
    HoldCause,
    Job,
    JobHold,
    Origin,
    Run,
    Workstream,
)
from state.shown_names import job_title

__all__ = ["NOTICED_WITHIN_S", "JobStateStore"]

NOTICED_WITHIN_S = 60.0
"""The time within which every engine on a home notices the same thing, for `record_event_once`."""


class JobStateStore:
    """Runs, workstreams, jobs, attempts and events of one database; several processes share it.

    Implements `QueueStore`. What a person does is found under the role it belongs to. `close` the store, or use it
    for the life of the process.

    Args:
        db_path: a file, or a ``sqlite:///`` URL; the database of the default home where None. Locks, attempts and
            logs are in the home, for a database elsewhere in ``<db>.d`` next to it.
        home: the home to use instead.
        clock: gives epoch seconds.

    Attributes:
        home: the folder of locks, attempts and logs.
        database: the open file.
        acceptance: jobs come in, by hand and from files.
        job_control: what a person does with jobs: hold, release, retry, skip, cancel, edit, move.
        reviews: what a person does with finished work: approve, send back, discard, comment.
        queue_control: what a person does with the queue: pause, holds, limits, settings.
        trees: the worktrees of isolated workstreams.
        callbacks: the user's command at the end of each job.
        merges: the merge queue of each target branch.
        conflicts: which unmerged branches would conflict.
        alarms: what jobs print that saved filter sets are alarms for.
        forecasts: what was forecast first of each job and run.
    """

    def __init__(
        self,
        db_path: Path | str | None = None,
        *,
        home: Home | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.home = home or (Home.at() if db_path is None else Home.beside(_path(db_path)))
        self._access = StoreAccess(self.home, clock=clock)
        self._ledger = self._access.ledger
        self._runs = RunRecorder(self._access)
        self._attempts = AttemptRecorder(self._access)
        self.acceptance = JobAcceptance(self._access)
        self.job_control = JobControl(self._access)
        self.reviews = ReviewControl(self._access, self.job_control)
        self.queue_control = QueueControl(self._access)
        self.trees = TreeStore(self._access)
        self.callbacks = self._ledger.callbacks
        self.merges = MergeControl(self._access)
        self.conflicts = ConflictStore(self._access)
        self.alarms = AlarmStore(self._access)
        self.forecasts = ForecastStore(self._access)

    @property
    def database(self) -> Database:
        """The open file."""
        return self._access.database

    def close(self) -> None:
        """Close the database."""
        self._access.close()

    # --- StateInterface --------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self, projects: Iterable[Path] = ()) -> Iterator[None]:
        """Join several verbs: all or nothing.

        Name the repositories of jobs that are accepted, run or edited in it: their project files are read before.
        """
        if self.database.joined is None:
            self._access.read_projects(projects)
        with self._ledger.transaction():
            yield

    def create_run(
        self,
        ws_id: str | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> str:
        """Record a new run, with a first workstream if `ws_id` is given, and return its id."""
        return self._runs.create_run(ws_id, metadata=metadata, run_id=run_id)

    def get_run(self, run_id: str) -> Run | None:
        """The run, or None."""
        return self._access.read(queries.find_run, run_id)

    def update_run_status(self, run_id: str, status: str) -> None:
        """Set the status of a run that has no jobs in the queue; raises SignalboxError for any other."""
        self._runs.update_run_status(run_id, status)

    def list_recent_runs(self, limit: int = 10) -> list[Run]:
        """The newest runs, newest first."""
        return self._access.read(queries.recent_runs, limit)

    def list_workstreams(self, run_id: str) -> list[Workstream]:
        """The workstreams of a run, in order."""
        return self._access.read(queries.workstreams_of, run_id)

    def get_workstream(self, ws_id: str, *, run_id: str | None = None) -> Workstream | None:
        """The workstream of that run, or the newest of that name."""
        return self._access.read(queries.find_workstream, ws_id, run_id)

    def has_worktrees(self) -> bool:
        """Whether any workstream has a worktree that is there, or is to be made."""
        return self._access.read(worktree_queries.has_worktrees)

    def mark_job_running(self, job_id: str) -> None:
        """Record from outside that a job runs; creates missing rows."""
        self._runs.mark_job_running(job_id)

    def update_job_result(self, job: Mapping[str, Any] | JobSpec, result: JobResult) -> None:
        """Record from outside how a job ended; creates missing rows. `job` needs at least ``job_id``."""
        self._runs.update_job_result(job, result)

    def get_job(self, job_id: str) -> Job | None:
        """The job, or None."""
        return self._access.read(queries.find_job, job_id)

    def find_jobs(self, job_ids: Sequence[str]) -> dict[str, Job]:
        """These jobs by their ids; ids that do not exist are left out."""
        return self._access.read(queries.find_jobs, job_ids)

    def list_jobs(self, run_id: str) -> list[Job]:
        """The jobs of a run, in order."""
        return self._access.read(queries.jobs_of_run, run_id)

    def list_attempts(self, job_id: str) -> list[Attempt]:
        """The attempts of a job, oldest first."""
        return self._access.read(attempt_queries.attempts_of, job_id)

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened and return the event's id."""
        return self._runs.record_event(event_type, payload)

    def record_event_once(
        self, event_type: str, payload: Mapping[str, Any], *, after: float, is_same: bool = False
    ) -> bool:
        """Record what every engine notices unless one has recorded it after this time, and return whether it was.

        Where `is_same`, only an event with this very payload counts.
        """
        text, level = str(payload["text"]), str(payload.get("level", "info"))
        return self._ledger.record_event_once(
            event_type, text, after=after, extra=payload, level=level, is_same=is_same
        )

    def list_events(self, after_id: int = 0, limit: int = 500, run_id: str | None = None) -> list[Event]:
        """Events after a cursor, oldest first."""
        return self._access.read(event_queries.events_after, after_id, limit, run_id=run_id)

    def subscribe_to_events(self, after_id: int | None = None) -> AbstractContextManager[Iterator[Event]]:
        """Follow events, including those of other processes; None follows from now."""
        return self._access.subscribe(after_id)

    # --- QueueStore ------------------------------------------------------------------------------------------------

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Queue jobs in one transaction; `held` says why they wait for a person, None lets them start."""
        return self.acceptance.accept(jobs, origin=origin, held=held, title=title, run_id=run_id)

    def claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        """Decide and claim in one immediate transaction; costs nothing while nothing can have become due."""
        return self._attempts.claim(engine, choose, now, runner=runner)

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim this job alone, outside the slot limits."""
        return self._attempts.claim_one(job_id, engine, now, runner=runner)

    def settle_and_claim(
        self, settlement: Settlement, engine: Engine, choose: Choose, now: float, *, runner: str
    ) -> tuple[list[Job | None], list[Claim]]:
        """Settle and then claim, in one transaction; where that fails, neither is done."""
        return self._attempts.settle_and_claim(settlement, engine, choose, now, runner=runner)

    def settle(self, settlement: Settlement, now: float) -> list[Job | None]:
        """Record the ends of attempts and what follows, in one transaction."""
        return self._attempts.settle(settlement, now)

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Return a claim whose attempt never started: it counts as interrupted and costs no retry."""
        return self._ledger.attempts.unclaim(attempt, why, now=now)

    def begin_new_session(self, attempt: Attempt, reason: NewSession) -> Attempt:
        """Record that the tool of an attempt begins a new session where it was to resume one."""
        return self._ledger.attempts.begin_new_session(attempt, reason)

    def last_attempt_id(self) -> int:
        """The greatest id that an attempt ever had in this database."""
        return self._access.read(self._ledger.attempts.last_id)

    def put_back(self, newer: Sequence[Attempt], now: float) -> list[Job]:
        """Record as running what was started after the last attempt: this is an older copy of the database."""
        return self._attempts.put_back(newer, now)

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None if another engine was first."""
        return self._ledger.attempts.take_over(attempt, engine_id)

    def cancel_requests(self, engine_id: str) -> list[Attempt]:
        """The running attempts of this engine whose jobs are to be cancelled."""
        return self._access.kept(attempt_queries.cancel_requests, ("jobs", "step_attempts"), engine_id)

    def running_elsewhere(self, engine: Engine) -> list[Attempt]:
        """The running attempts that belong to other engines, of this home or of one that the database comes from."""
        running = self._access.read(attempt_queries.running_attempts)
        return [attempt for attempt in running if attempt.engine_id not in {None, engine.engine_id}]

    def running_of(self, engine_id: str) -> list[Attempt]:
        """The running attempts of one engine."""
        return self._access.read(attempt_queries.running_attempts, engine_id=engine_id)

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, or request that a running one be stopped."""
        return self.job_control.request_cancel(job_id, reason)

    def hold(self, job_id: str, reason: str = "", *, cause: HoldCause = HoldCause.PERSON) -> Job:
        """Keep a queued job from starting."""
        return self.job_control.hold(job_id, reason, cause=cause)

    def release(self, job_id: str) -> Job:
        """Let a held job start."""
        return self.job_control.release(job_id)

    def job_spec(self, job_id: str) -> JobSpec:
        """The job as its file describes it."""
        return self.job_control.job_spec(job_id)

    def backing_off(self) -> list[Job]:
        """The jobs that wait because their last attempt failed."""
        return self._access.read(queue_queries.backing_off)

    def bring_forward(self, job_id: str, was: float, due: float) -> Job | None:
        """Let such a job start at `due` instead of `was`; None if it no longer waits until `was`."""
        return self._ledger.commands.bring_forward(job_id, was, due)

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start, or None."""
        return self._attempts.next_due(now)

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing can start without a person."""
        accounts = account_pools(self._access.settings().tools)
        return self._access.kept(_is_idle, (*CLAIM_READS, "settings"), tuple(accounts.items()))

    def attempt_folder(self, job_id: str, number: int | None) -> Path | None:
        """The folder of an attempt of a job by its number; None where there is none."""
        found = self._access.read(attempt_queries.id_and_token, job_id, number)
        return None if found is None else self.home.attempts / AttemptRef(*found).folder_name

    def job_title(self, job_id: str) -> str:
        """The title of a job on screen, even where its spec is not valid any more."""
        job = self.get_job(job_id)
        try:
            step_name = self.job_spec(job_id).step_name
        except SignalboxError:
            step_name = ""
        return job_id if job is None else job_title(job, step_name=step_name)

    def callback_stamp(self) -> int:
        """A number that differs once a command at the end of a job may have been promised, begun or ended."""
        return self._access.change_stamp("callbacks")

    def open_callbacks(self) -> int:
        """How many commands at the ends of jobs wait or run."""
        return self._access.kept(callback_queries.open_callbacks, ("callbacks",))

    def running_callbacks(self) -> list[CallbackRun]:
        """The commands at the ends of jobs that an engine has claimed and not ended."""
        return self._access.read(callback_queries.callbacks_where, CallbackStatus.RUNNING)

    def settings(self) -> Settings:
        """The settings of the home, with defaults for those that are not set."""
        return self._access.settings()

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine started, and make the database this home's where it comes from another one."""
        with self._ledger.transaction():
            self._ledger.owner.claim(self.home.home_id())
            self._ledger.engines.started(engine)

    def engine_stopped(self, engine_id: str, why: str = "") -> None:
        """Record that an engine stopped."""
        self._ledger.engines.stopped(engine_id, f": {why}" if why else "")

    def engine_lost(self, engine: Engine, *, before: float) -> bool:
        """Record, once, that an engine ended without recording it, before this time; return whether it was."""
        return self._ledger.engines.lost(engine, before=before)

    def open_engines(self) -> list[Engine]:
        """Engines that did not record that they stopped; whether they live can be seen from their locks."""
        return self._access.read(queries.open_engines)

    def change_stamp(self) -> int:
        """A number that differs once anybody has written; costs microseconds."""
        return self._access.change_stamp()


def _is_idle(connection: Connection, accounts: Sequence[tuple[str, Sequence[str]]]) -> bool:
    return queue_queries.is_idle(connection, dict(accounts))


def _path(db_path: Path | str) -> Path:
    text = str(db_path)
    if "://" not in text:
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme.partition("+")[0] != "sqlite" or len(parts.path) < 2:  # noqa: PLR2004 - "/" and a name
        raise SignalboxError(
            f"{text} is not a database this release can use; name a file or a sqlite:/// URL."
        )
    return Path(unquote(parts.path[1:]))
