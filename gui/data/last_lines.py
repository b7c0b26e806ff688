"""The newest line of running jobs and how far they are with their plans, read from their files in the background."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from engine.streams.entries import Plan
from engine.system.formatting import short_duration
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.loading import LOADING
from state import attempt_queries
from state.database_errors import DatabaseError
from state.records import Attempt, AttemptStatus, Job

if TYPE_CHECKING:
    from engine.streams.attempt_progress import AttemptProgress

Start = tuple[str, int]
"""A job and the number of its attempts."""
READING_THREADS = 2
"""What a background needs so that one file that is slow to read holds up no other job."""
_SILENT_FROM = 0.8
"""The share of its limit from which on a silence is worth a warning."""


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a running job has printed nothing, in seconds, and the limit after which it is stopped."""

    seconds: float
    limit: float | None = None

    @property
    def is_long(self) -> bool:
        """Whether it is close to its limit."""
        return self.limit is not None and self.seconds >= _SILENT_FROM * self.limit

    @property
    def words(self) -> str:
        """The time for a cell."""
        return short_duration(self.seconds)


@dataclass(frozen=True, slots=True)
class _Progress:
    """What was read of one attempt."""

    line: str = ""
    plan: Plan | None = None
    printed_at: float | None = None
    silence_limit_s: float | None = None


class Background(Protocol):
    """What runs the reading beside the window's thread and hands results over in it, as `BackgroundTasks` does."""

    def run_in_background(
        self,
        work: Callable[[], _Progress | None],
        then: Callable[[_Progress | None], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `work` in another thread, then `then` or `failed` in this one."""


class LastLines:
    """Remembers the last line read of each job; the caller calls `refresh` once a second for the jobs in view.

    Each job is a task of its own, at most one at a time: a file that is slow to read holds up no other job where the
    background has `READING_THREADS`. `changed` is called in the window's thread once something new is known.
    """

    def __init__(
        self,
        projection: Projection,
        sources: Readers,
        background: Background,
        *,
        changed: Callable[[], object],
    ) -> None:
        self._projection, self._sources = projection, sources
        self._background, self._changed = background, changed
        self._readings: dict[Start, _Reading] = {}
        self._known: dict[Start, _Progress] = {}
        self._outstanding: set[Start] = set()
        self._is_stopped = False

    def line(self, job: Job | None) -> str:
        """The last line read of the running attempt; empty if there is none yet."""
        found = self._found(job)
        return "" if found is None else found.line

    def plan(self, job: Job | None) -> Plan | None:
        """How far the agent of a running attempt is with its own plan; None where it reports none."""
        found = self._found(job)
        return None if found is None else found.plan

    def silence(self, job: Job, now: float) -> Silence | None:
        """How long the running attempt has printed nothing; None where that was not read."""
        found = self._found(job)
        if found is None:
            return None
        heard = found.printed_at or job.started_at
        return None if heard is None else Silence(max(0.0, now - heard), found.silence_limit_s)

    def refresh(self, jobs: Iterable[Job]) -> None:
        """Read what is new of these jobs in the background, and forget the others."""
        if self._is_stopped:
            return
        starts = {(job.job_id, job.attempts) for job in jobs}
        for start in self._readings.keys() - starts:
            del self._readings[start]
            self._known.pop(start, None)
        for start in starts - self._outstanding:
            reading = self._readings.get(start) or self._reading(start[0])
            self._readings[start] = reading
            self._outstanding.add(start)
            self._background.run_in_background(
                reading.read_on,
                partial(self._on_read, start, reading),
                failed=partial(self._on_failed, start),
            )

    def stop(self) -> None:
        """Begin no reading any more; the owner of the background ends what runs there."""
        self._is_stopped = True

    def tail_reading(self, job: Job, lines: int) -> Callable[[], list[str]]:
        """The work, for a background thread, that reads the last lines of both streams, oldest first.

        They are those of the running or latest attempt.
        """
        return partial(self._reading(job.job_id).tail, lines)

    def _found(self, job: Job | None) -> _Progress | None:
        return None if job is None else self._known.get((job.job_id, job.attempts))

    def _reading(self, job_id: str) -> "_Reading":
        known = reversed(self._projection.attempts.values())
        latest = next((attempt for attempt in known if attempt.job_id == job_id), None)
        return _Reading(job_id, latest, self._sources)

    def _on_read(self, start: Start, reading: "_Reading", progress: _Progress | None) -> None:
        self._outstanding.discard(start)
        if self._readings.get(start) is not reading:
            return  # not in view any more, or read anew by now
        if progress is None:
            del self._readings[start]  # no attempt yet, or the database is locked: the next refresh retries
        elif progress != self._known.get(start):
            self._known[start] = progress
            self._changed()

    def _on_failed(self, start: Start, error: Exception) -> None:
        self._outstanding.discard(start)
        raise error


class _Reading:
    """One attempt that is read on; its methods belong in a background thread, one at a time."""

    def __init__(self, job_id: str, attempt: Attempt | None, sources: Readers) -> None:
        self._job_id, self._attempt, self._sources = job_id, attempt, sources
        self._progress: AttemptProgress | None = None

    def read_on(self) -> _Progress | None:
        """Read what is new; None if the job has no attempt."""
        progress = self._refreshed()
        if progress is None:
            return None
        return _Progress(progress.line, progress.plan, progress.printed_at, progress.silence_limit_s)

    def tail(self, lines: int) -> list[str]:
        """The last lines, also where the last one is so long that it takes several steps to find others."""
        progress = self._refreshed()
        while progress is not None and progress.is_behind and not progress.tail(lines):
            progress.refresh()
        return [] if progress is None else progress.tail(lines)

    def _refreshed(self) -> "AttemptProgress | None":
        if self._progress is None:
            attempt = self._attempt or self._stored_attempt()
            if attempt is None:
                return None
            with LOADING:
                from engine.streams.attempt_progress import AttemptProgress  # noqa: PLC0415 - once a job runs
            self._progress = AttemptProgress(self._sources.home.attempts / attempt.folder_name, attempt.tool)
        self._progress.refresh()
        return self._progress

    def _stored_attempt(self) -> Attempt | None:
        try:
            with closing(self._sources.reader.another()) as reader:
                attempts = reader.read(attempt_queries.attempts_of, self._job_id)
        except DatabaseError:
            return None
        running = [attempt for attempt in attempts if attempt.status is AttemptStatus.RUNNING] or attempts
        return running[-1] if running else None
