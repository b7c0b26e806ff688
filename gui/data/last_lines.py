"""The newest line of running jobs and how far they are with their plans, read from their files. Knows no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.streams.attempt_progress import AttemptProgress
from engine.streams.entries import Plan
from engine.system.formatting import short_duration
from gui.data.projection import Projection
from gui.data.readers import Readers
from state import attempt_queries
from state.database_errors import DatabaseError
from state.records import Attempt, AttemptStatus, Job

Start = tuple[str, int]
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


class LastLines:
    """Remembers the last line read of each job; the caller calls `refresh` once a second for the jobs in view."""

    def __init__(self, projection: Projection, sources: Readers) -> None:
        self._projection, self._sources = projection, sources
        self._running: dict[Start, AttemptProgress] = {}

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
        """Read what is new of these jobs and forget the others."""
        starts = {(job.job_id, job.attempts) for job in jobs}
        for start in starts:
            progress = self._progress(start)
            if progress is not None:
                progress.refresh()
        for start in self._running.keys() - starts:
            del self._running[start]

    def tail(self, job: Job, lines: int) -> list[str]:
        """The last lines of both streams of the running or latest attempt, oldest first."""
        progress = self._progress((job.job_id, job.attempts))
        if progress is None:
            return []
        progress.refresh()
        return progress.tail(lines)

    def _found(self, job: Job | None) -> AttemptProgress | None:
        return None if job is None else self._running.get((job.job_id, job.attempts))

    def _progress(self, start: Start) -> AttemptProgress | None:
        if start not in self._running:
            attempt = self._find_attempt(start[0])
            if attempt is None:
                return None
            folder = self._sources.home.attempts / attempt.folder_name
            self._running[start] = AttemptProgress(folder, attempt.tool)
        return self._running[start]

    def _find_attempt(self, job_id: str) -> Attempt | None:
        known = reversed(self._projection.attempts.values())
        latest = next((attempt for attempt in known if attempt.job_id == job_id), None)
        if latest is not None:
            return latest
        try:
            attempts = self._sources.reader.read(attempt_queries.attempts_of, job_id)
        except DatabaseError:
            return None  # locked for the moment: the next refresh retries
        running = [attempt for attempt in attempts if attempt.status is AttemptStatus.RUNNING] or attempts
        return running[-1] if running else None
