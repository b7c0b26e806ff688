"""The newest line of running jobs and how far they are with their plans, read from their files. Knows no Qt."""

from collections.abc import Iterable

from engine.streams.attempt_progress import AttemptProgress
from engine.streams.entries import Plan
from gui.data.projection import Projection
from gui.data.readers import Readers
from state import attempt_queries
from state.database_errors import DatabaseError
from state.records import Attempt, AttemptStatus, Job

Start = tuple[str, int]


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
