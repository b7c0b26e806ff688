"""The newest line of output of running jobs, read from the tails of their files. Knows no events and no Qt."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.runners import output
from gui.data.output_text import clean
from gui.data.projection import Projection
from gui.data.readers import Readers
from state import attempt_queries
from state.database_errors import DatabaseError
from state.records import Attempt, AttemptStatus, Job

_TAIL_BYTES = 4096
_STREAMS = ("stdout", "stderr")

Start = tuple[str, int]


class LastLines:
    """Remembers the last line read of each job; the caller calls `refresh` once a second for the jobs in view."""

    def __init__(self, projection: Projection, sources: Readers) -> None:
        self._projection, self._sources = projection, sources
        self._attempts: dict[Start, Attempt | None] = {}
        self._lines: dict[Start, str] = {}
        self._sizes: dict[Start, tuple[int, ...]] = {}

    def line(self, job: Job | None) -> str:
        """The last line read of the running attempt; empty if there is none yet."""
        return "" if job is None else self._lines.get((job.job_id, job.attempts), "")

    def refresh(self, jobs: Iterable[Job]) -> None:
        """Read the tails of these jobs and forget the others."""
        starts = {(job.job_id, job.attempts) for job in jobs}
        for start in starts:
            folder = self._folder(start)
            if folder is not None:
                self._read(start, folder)
        for cache in (self._attempts, self._lines, self._sizes):
            for start in cache.keys() - starts:
                del cache[start]

    def tail(self, job: Job, lines: int) -> list[str]:
        """The last lines of both streams of the running or latest attempt, oldest first."""
        folder = self._folder((job.job_id, job.attempts))
        if folder is None:
            return []
        newest = _shown(output.tail(folder, _TAIL_BYTES))
        return [line for line, _ in zip(newest, range(lines), strict=False)][::-1]

    def _read(self, start: Start, folder: Path) -> None:
        before = self._sizes.get(start, (0,) * len(_STREAMS))
        now = tuple(output.size(folder, name) for name in _STREAMS)
        self._sizes[start] = now
        grown = [name for name, old, new in zip(_STREAMS, before, now, strict=True) if old != new]
        for name in grown:
            line = next(_shown(output.tail(folder, _TAIL_BYTES, name=name)), "")
            if line:
                self._lines[start] = line
                return

    def _folder(self, start: Start) -> Path | None:
        attempt = self._attempts.get(start)
        if attempt is None:
            attempt = self._attempts[start] = self._find_attempt(start[0])
        return None if attempt is None else self._sources.home.attempts / attempt.folder_name

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


def _shown(data: bytes) -> Iterator[str]:
    """The non-blank lines, newest first."""
    for raw in reversed(data.split(b"\n")):
        line = clean(raw)
        if line.strip():
            yield line
