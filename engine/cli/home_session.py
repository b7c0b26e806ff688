"""A home as the commands use it: its store, its living engines, and why each job waits. Starts nothing."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import SignalboxError
from engine.maintenance.health import Health, inbox_problem
from engine.scheduling.budgets import BUDGETS
from engine.scheduling.explainer import Explainer, QueueFacts, Wait, shown_state
from engine.system.home import FILTERS, Home
from engine.system.plain_text import escape_invisible
from state import attempt_queries, callback_queries, hold_queries, queries
from state.locks import is_held
from state.plain_reader import PlainReader
from state.records import CallbackStatus, Engine, Hold, Job, JobStatus, Limit
from state.shown_names import ShownNames

if TYPE_CHECKING:
    from engine.settings import Settings
    from engine.state_store.job_requests import JobRequests
    from engine.state_store.job_state_store import JobStateStore
    from engine.state_store.queue_requests import QueueRequests
    from state.database_reader import DatabaseReader
    from state.plain_writer import PlainWriter

_BUSY_MS = 5_000
_STORED: Mapping[str, frozenset[JobStatus]] = {
    "waiting": frozenset({JobStatus.QUEUED}),
    "blocked": frozenset({JobStatus.QUEUED}),
    "quarantined": frozenset({JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.HELD}),
}


@dataclass(frozen=True, kw_only=True)
class QueueSnapshot:
    """The queue at the moment it was read: every open job, the holds and limits, and the living engines."""

    jobs: Mapping[str, Job]
    holds: Sequence[Hold]
    limits: Sequence[Limit]
    engines: Sequence[Engine]
    accounts: Mapping[str, Sequence[str]]
    used_accounts: Mapping[str, str]
    names: ShownNames
    now: float

    @cached_property
    def _explainer(self) -> Explainer:
        facts = QueueFacts(
            jobs=self.jobs,
            holds=self.holds,
            limits=self.limits,
            accounts=self.accounts,
            used_accounts=self.used_accounts,
            engine_running=bool(self.engines),
            names=self.names,
        )
        return Explainer(facts, self.now)

    def wait(self, job: Job) -> Wait | None:
        """Why the job waits; None for a job that runs or has ended."""
        return self._explainer.wait(job)

    def state(self, job: Job) -> str:
        """The state shown for the job."""
        return shown_state(job, self.wait(job))


class HomeSession:
    """A home, opened for reading and for commands."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.plain = PlainReader(home.database, backups=home.backups, busy_ms=_BUSY_MS)
        """Reads what is written as SQL; most commands need no more."""

    @cached_property
    def store(self) -> "JobStateStore":
        """The store, for what is changed."""
        from engine.state_store.job_state_store import JobStateStore  # noqa: PLC0415 - takes longer than a short command

        return JobStateStore(home=self.home)

    @cached_property
    def requests(self) -> "JobRequests":
        """Commands on jobs that need no more than the database."""
        from engine.state_store.job_requests import JobRequests  # noqa: PLC0415 - as above
        from state.change_writer import ChangeWriter  # noqa: PLC0415 - as above
        from state.job_ledger import JobLedger  # noqa: PLC0415 - as above

        return JobRequests(JobLedger(ChangeWriter(self._plain_writer)), time.time)

    @cached_property
    def queue_requests(self) -> "QueueRequests":
        """Commands on the queue that need no more than the database."""
        from engine.state_store.queue_requests import QueueRequests  # noqa: PLC0415 - as above
        from state.change_writer import ChangeWriter  # noqa: PLC0415 - as above
        from state.write_holds import HoldWriter  # noqa: PLC0415 - as above
        from state.write_limits import LimitWriter  # noqa: PLC0415 - as above

        writer = ChangeWriter(self._plain_writer)
        return QueueRequests(HoldWriter(writer), LimitWriter(writer), clock=time.time)

    @cached_property
    def _plain_writer(self) -> "PlainWriter":
        from state.plain_writer import PlainWriter  # noqa: PLC0415 - as above

        return PlainWriter(self.home.database, backups=self.home.backups)

    @cached_property
    def reader(self) -> "DatabaseReader":
        """Reads what the plain one cannot."""
        from state.database_reader import DatabaseReader  # noqa: PLC0415 - as above

        return DatabaseReader(self.store.database, busy_ms=_BUSY_MS)

    def close(self) -> None:
        """Close the connections."""
        self.plain.close()
        for name in ("reader", "store", "_plain_writer"):
            if name in vars(self):
                getattr(self, name).close()

    def setting(self, key: str) -> Any:
        """The value of a setting that is nothing by default; None where it is not set, or not valid."""
        stored = self.plain.read(queries.all_settings)
        if key not in stored:
            return None
        from engine.settings import read_settings  # noqa: PLC0415 - checks them, which takes longer than a short command

        return getattr(read_settings(stored).settings, key)

    def settings(self) -> "Settings":
        """The settings of the home; those that are not valid have their defaults."""
        from engine.settings import read_settings  # noqa: PLC0415 - as above

        return read_settings(self.plain.read(queries.all_settings)).settings

    @contextmanager
    def setting_to_change(self, key: str) -> Iterator[Callable[[object], None]]:
        """What changes a setting to a value, None to its default; nobody else writes between reading it and that.

        Raises:
            CommandRefusedError: there is no such setting, or it cannot have this value; nothing was changed.
        """
        if key in BUDGETS:  # they hold and release jobs
            control = self.store.queue_control
            with self.store.transaction(control.projects_for(key)):
                yield partial(control.change_setting, key)
            return
        from engine.settings import check_setting  # noqa: PLC0415 - as above
        from state.change_writer import ChangeWriter  # noqa: PLC0415 - as above
        from state.write_settings import SettingWriter  # noqa: PLC0415 - as above

        writer = ChangeWriter(self._plain_writer)

        def change(value: object) -> None:
            check_setting(key, value)
            SettingWriter(writer).change(key, value)

        with writer.transaction():
            yield change

    @property
    def inbox(self) -> Path:
        """The folder that is watched."""
        return self.home.inbox_at(self.setting("inbox"))

    def engines(self) -> list[Engine]:
        """The engines that are alive at this moment, oldest first."""
        folder = self.home.engines
        return [
            one for one in self.plain.read(queries.open_engines) if is_held(folder / f"{one.engine_id}.lock")
        ]

    def problems(self) -> list[str]:
        """The problems that keep jobs from starting, or soon will, each as a sentence."""
        floor_mb = self.setting("free_floor_mb")
        health = Health(self.home, floor_mb=lambda: floor_mb)
        found = [one.sentence for one in health.problems()]
        if self._unknown_engine_locks():
            found.append(
                f"An engine is running here that writes to another file than {self.home.database}: the database was "
                "replaced while it ran. Stop that engine, then put the right file back."
            )
        found += self._callback_problems()
        found += self._filter_problems()
        if problem := inbox_problem(self.inbox):
            found.append(problem)
        return found

    def _callback_problems(self) -> list[str]:
        """What is wrong with the commands at the ends of jobs."""
        last = self.plain.read(callback_queries.last_callback)
        if last is None or last.status is not CallbackStatus.FAILED:
            return []
        return [f"The command at the end of {last.job_id} failed: {last.reason}."]

    def _filter_problems(self) -> list[str]:
        """Which filter sets are not valid, and so are no alarms."""
        if not (self.home.root / FILTERS).is_dir():
            return []
        from engine.filters.filter_folder import FilterFolder, refused_filters  # noqa: PLC0415 - it loads the reader of YAML

        return list(filter(None, [refused_filters(FilterFolder(self.home.root).find().refused)]))

    def _unknown_engine_locks(self) -> list[Path]:
        """The locks of living engines that this database has no record of."""
        known = {f"{one.engine_id}.lock" for one in self.plain.read(queries.open_engines)}
        locks = self.home.engines.glob("*.lock") if self.home.engines.is_dir() else ()
        return [lock for lock in locks if lock.name not in known and is_held(lock)]

    def snapshot(self, engines: Sequence[Engine] | None = None) -> QueueSnapshot:
        """The queue as it is now."""
        with self.plain.connection() as connection:
            jobs = {job.job_id: job for job in queries.open_jobs(connection)}
            missing = {parent for job in jobs.values() for parent in job.depends_on} - jobs.keys()
            jobs |= queries.find_jobs(connection, sorted(missing))
            holds, limits = hold_queries.all_holds(connection), hold_queries.all_limits(connection)
            names = queries.names_of(connection, [job.ws_key for job in jobs.values()])
            used = attempt_queries.running_accounts(connection)
        return QueueSnapshot(
            jobs=jobs,
            holds=holds,
            limits=limits,
            accounts=self._account_pools(),
            used_accounts=used,
            names=names,
            engines=self.engines() if engines is None else engines,
            now=time.time(),
        )

    def _account_pools(self) -> Mapping[str, Sequence[str]]:
        tools = self.setting("tools")
        if not tools:
            return {}
        from engine.tool_defaults import account_pools  # noqa: PLC0415 - as above

        return account_pools(tools)

    def list_jobs(
        self,
        snapshot: QueueSnapshot | None,
        *,
        states: Iterable[str] = (),
        run_id: str | None = None,
        workstream: str | None = None,
        tool: str | None = None,
        labels: Sequence[str] = (),
        limit: int = 1000,
    ) -> list[Job]:
        """The newest jobs in one of these states, stored or shown, with all of these labels; the oldest of them first.

        `workstream` is ``WS`` or ``RUN/WS``. The `snapshot` says which state is shown for a job; where no such state is
        selected, none is needed.
        """
        of_run, _, ws_id = (workstream or "").rpartition("/")
        selected_states = set(states)
        stored: set[JobStatus] = set()
        for state in selected_states:
            stored |= _STORED.get(state) or {JobStatus(state)}
        shown = selected_states & _STORED.keys()
        filtered_here = bool(shown or workstream or tool)
        found = self.plain.read(
            queries.list_jobs,
            status=stored,
            run_id=run_id or of_run or None,
            labels=labels,
            limit=100_000 if filtered_here else limit,
        )
        matching = [
            job
            for job in found
            if (
                not selected_states
                or job.status.value in selected_states
                or (shown and snapshot is not None and snapshot.state(job) in shown)
            )
            and (not ws_id or job.ws_id == ws_id)
            and (tool is None or job.tool == tool)
        ]
        return matching[-limit:]


@contextmanager
def opened(home: Path | None, *, creates: bool = False) -> Iterator[HomeSession]:
    """The home that was passed to a command, while the context is open; made if new where the command `creates` it.

    What lists the set-up creates only the one used without `--home`: ``creates=home is None``.

    Raises:
        NoHomeError: there is none, and this command makes none.
    """
    paths = Home.at(home) if creates else Home.existing(home)
    if not paths.database.exists() and any(is_held(lock) for lock in paths.engines.glob("*.lock")):
        # Opening it would create an empty database, and then the one the engine still holds open could not be put back.
        raise SignalboxError(
            f"{escape_invisible(str(paths.database))} no longer exists, but an engine is running in {paths.shown}. "
            "Put the file back, or stop that engine and restore a backup: `signalbox backup --list`."
        )
    session = HomeSession(paths)
    try:
        yield session
    finally:
        session.close()
