"""Keeps the first forecast of each job and each run, on a thread of its own, so that its error can be shown later.

A forecast is made when the queue has changed and a queued job has none yet. It takes in no more than the first jobs of
the queue: what comes later gets its first forecast when it has come nearer.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDoneError
from contextlib import suppress

from engine.host.forecast_reading import read_facts
from engine.host.launch_reader import ReadingThread
from engine.scheduling.forecast import forecast
from engine.scheduling.forecast_types import Forecast, ForecastFacts
from engine.state_store.job_state_store import JobStateStore
from engine.tool_defaults import account_pools
from state import forecast_queries, queries
from state.database import Connection
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.forecast_records import ForecastSubject, KeptForecast

EVERY_S = 15.0
"""How often a forecast is made at most."""
MOST_JOBS = 500
_AT_ONCE = 100
"""So many are written in one turn of the engine, which others may wait for."""
_BUSY_MS = 1_000
_CLOSE_S = 5.0


class ForecastKeeper:
    """Keeps forecasts for one engine; every call comes from the engine's thread."""

    def __init__(self, store: JobStateStore, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._thread = ReadingThread("forecast-keeper")
        self._running: Future[Sequence[KeptForecast]] | None = None
        self._unwritten: list[KeptForecast] = []
        self._due_at, self._stamp = 0.0, -1

    def step(self) -> None:
        """Keep what was forecast, and begin another forecast if one is due. Costs microseconds when none is."""
        if self._running is not None:
            if not self._running.done():
                return
            self._unwritten, self._running = [*self._running.result()], None
        if self._unwritten:
            part, self._unwritten = self._unwritten[:_AT_ONCE], self._unwritten[_AT_ONCE:]
            self._store.forecasts.keep(part)
            return
        stamp, now = self._store.change_stamp(), time.monotonic()
        if stamp == self._stamp or now < self._due_at:
            return
        self._stamp, self._due_at = stamp, now + EVERY_S
        if self._store.forecasts.are_missing():
            accounts, at = account_pools(self._store.settings().tools), self._clock()
            database = self._store.database
            self._running = self._thread.submit(
                lambda: _made(DatabaseReader(database, busy_ms=_BUSY_MS), accounts, at)
            )

    def close(self) -> None:
        """Make no more; what was not kept yet is left out."""
        if self._running is not None:
            with suppress(NotDoneError):
                self._running.result(_CLOSE_S)
        self._thread.close()


def _made(
    reader: DatabaseReader, accounts: Mapping[str, Sequence[str]], now: float
) -> Sequence[KeptForecast]:
    try:
        return reader.read(new_forecasts, accounts, now)
    except DatabaseError:
        return ()  # locked or missing for the moment, which others report
    finally:
        reader.close()


def new_forecasts(
    connection: Connection, accounts: Mapping[str, Sequence[str]], now: float
) -> Sequence[KeptForecast]:
    """The forecasts of jobs and runs of which none is kept."""
    first, is_whole = forecast_queries.first_of_queue(connection, MOST_JOBS)
    jobs = {job.job_id: job for job in first}
    missing = {parent for job in first for parent in job.depends_on} - jobs.keys()
    jobs |= queries.find_jobs(connection, sorted(missing))
    facts = read_facts(connection, accounts, now=now, engine_running=True, jobs=jobs)
    found = forecast(facts, now)
    known = {subject: forecast_queries.kept_forecasts(connection, subject) for subject in ForecastSubject}
    of_runs = _of_runs(found) if is_whole else ()
    return [
        one for one in (*_of_jobs(found, facts, now), *of_runs) if one.subject_id not in known[one.subject]
    ]


def _of_jobs(found: Forecast, facts: ForecastFacts, now: float) -> Iterator[KeptForecast]:
    """Those of jobs that wait, or have started only just now: a long way into a job its end is no forecast."""
    for one in found.jobs.values():
        if one.ends_at is not None and now - facts.running_since.get(one.job_id, now) <= EVERY_S:
            yield KeptForecast(
                subject=ForecastSubject.JOB, subject_id=one.job_id, run_id=one.run_id, made_at=now,
                starts_at=one.starts_at, ends_at=one.ends_at,
            )  # fmt: skip


def _of_runs(found: Forecast) -> Iterator[KeptForecast]:
    for one in found.runs.values():
        if one.ends_at is not None:
            yield KeptForecast(
                subject=ForecastSubject.RUN, subject_id=one.run_id, run_id=one.run_id,
                made_at=found.made_at, ends_at=one.ends_at,
            )  # fmt: skip
