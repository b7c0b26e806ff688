"""The newest line of output of running jobs, read from the tails of their files. No events, no Qt.

Files are opened without waiting and without following links: what a job does to its log must not hold up the window.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from gui.models.projection import Projection
from gui.sources import Sources
from state.records import Attempt, AttemptStatus, Job

_TAIL_BYTES = 4096
_STREAMS = ("stdout", "stderr")
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)

Start = tuple[str, int]


class LastLines:
    """Answers with the last line seen; `look` reads anew, which the caller does once a second for what is in view."""

    def __init__(self, projection: Projection, sources: Sources) -> None:
        self._projection, self._sources = projection, sources
        self._attempts: dict[Start, Attempt | None] = {}
        self._lines: dict[Start, str] = {}
        self._seen: dict[Path, tuple[int, int]] = {}

    def line(self, job: Job | None) -> str:
        """The last line seen of the attempt that runs now; empty where there was none yet."""
        return "" if job is None else self._lines.get((job.job_id, job.attempts), "")

    def look(self, jobs: Iterable[Job]) -> None:
        """Read the tails of these jobs and forget what does not run any more."""
        starts: set[Start] = set()
        for job in jobs:
            start = (job.job_id, job.attempts)
            starts.add(start)
            attempt = self._attempt(start)
            if attempt is not None:
                self._read(start, self._sources.home.attempts / f"{attempt.id}-{attempt.token}")
        for gone in self._attempts.keys() - starts:
            del self._attempts[gone]
            self._lines.pop(gone, None)
        if not self._attempts:
            self._seen.clear()

    def tail(self, job: Job, lines: int) -> list[str]:
        """The last lines of the attempt that runs now, or that ran last."""
        attempt = self._attempt((job.job_id, job.attempts))
        if attempt is None:
            return []
        folder = self._sources.home.attempts / f"{attempt.id}-{attempt.token}"
        found = _tail(_newest(folder) or folder / _STREAMS[0])
        return [line for line in found if line.strip()][-lines:]

    def _read(self, start: Start, folder: Path) -> None:
        file = _newest(folder)
        if file is None:
            return
        try:
            found = file.stat(follow_symlinks=False)
        except OSError:
            return
        now = (found.st_size, found.st_mtime_ns)
        if self._seen.get(file) != now:
            self._seen[file] = now
            line = next((line for line in reversed(_tail(file)) if line.strip()), "")
            if line:
                self._lines[start] = line

    def _attempt(self, start: Start) -> Attempt | None:
        if self._attempts.get(start) is None:
            self._attempts[start] = self._found(start[0])
        return self._attempts[start]

    def _found(self, job_id: str) -> Attempt | None:
        known = reversed(self._projection.attempts.values())
        here = next((attempt for attempt in known if attempt.job_id == job_id), None)
        if here is not None:
            return here
        told = self._sources.reader.attempts(job_id)
        running = [attempt for attempt in told if attempt.status is AttemptStatus.RUNNING] or told
        return running[-1] if running else None


def _newest(folder: Path) -> Path | None:
    """The stream that was written to last, of those that hold anything."""
    found = []
    for name in _STREAMS:
        try:
            told = (folder / name).stat(follow_symlinks=False)
        except OSError:
            continue
        if stat.S_ISREG(told.st_mode) and told.st_size:
            found.append((told.st_mtime_ns, folder / name))
    return max(found)[1] if found else None


def _tail(file: Path) -> list[str]:
    try:
        descriptor = os.open(file, _FLAGS)
    except OSError:
        return []
    with os.fdopen(descriptor, "rb") as source:
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode):
            return []
        source.seek(max(0, told.st_size - _TAIL_BYTES))
        text = source.read(_TAIL_BYTES).decode(errors="replace")
    # A carriage return starts the line anew, as on a terminal: the last part is what one would see.
    return [line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n")]
