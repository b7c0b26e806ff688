"""Remembers what the project files of repositories say, for whoever must not wait for a disk.

A transaction keeps every other writer waiting, and the engine's thread every other job. Both use what was read before:
each file on a thread that nobody else needs meanwhile, so that a drive that hangs delays only the jobs in it.
"""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from engine.errors import JobFileError
from engine.jobfile.project_file import NO_PROJECT_FILE, ProjectFile, problem_of, project_of

log = logging.getLogger(__name__)

PATIENCE_S = 0.5
"""How long the engine's thread waits for a project file at most."""
_REPORTED_AFTER_S = 10.0
IDLE_S = 0.2
"""How long a thread waits for the next file before it ends: while jobs start, making one for each costs the most."""


@dataclass(frozen=True)
class KnownProject:
    """What was last read in a repository: nothing with a `problem` where its project file cannot be used."""

    project: ProjectFile = NO_PROJECT_FILE
    problem: str = ""


class _Reading:
    """One look at the project file of one repository, which may never end."""

    def __init__(self, repo: Path) -> None:
        self.repo, self.begun, self.is_reported = repo, time.monotonic(), False
        self._ended = threading.Event()

    def read(self) -> None:
        """Read it, however long that takes."""
        try:
            _known[self.repo] = _read_now(self.repo)
        finally:
            with _lock:
                del _under_way[self.repo]
            self._ended.set()

    def has_ended(self, patience_s: float) -> bool:
        """Wait for it, at most so long since it began."""
        return self._ended.wait(max(0.0, self.begun + patience_s - time.monotonic()))

    def report(self) -> None:
        """Say once that it takes long."""
        if not self.is_reported and time.monotonic() - self.begun > _REPORTED_AFTER_S:
            self.is_reported = True
            log.warning("The disk of %s does not answer; its jobs start when it does", self.repo)


class _Reader:
    """A thread that reads one project file after the other, and ends when there is none for a while."""

    def __init__(self, first: _Reading) -> None:
        self.next: SimpleQueue[_Reading] = SimpleQueue()
        self.next.put(first)
        threading.Thread(target=self._run, name="project-file", daemon=True).start()

    def _run(self) -> None:
        while (reading := self._following()) is not None:
            reading.read()
            with _lock:
                _idle.append(self)

    def _following(self) -> _Reading | None:
        while True:
            try:
                return self.next.get(timeout=IDLE_S)
            except Empty:
                with _lock:
                    if self in _idle:  # else it was just given one
                        _idle.remove(self)
                        return None


def _read_now(repo: Path) -> KnownProject:
    try:
        return KnownProject(project_of(repo))
    except JobFileError as error:
        return KnownProject(problem=problem_of(repo, error))


_lock = threading.Lock()
_known: dict[Path, KnownProject] = {}
_under_way: dict[Path, _Reading] = {}
_idle: list[_Reader] = []


def read_projects(repos: Iterable[Path], *, patience_s: float = PATIENCE_S) -> set[Path]:
    """Read the project files of these repositories as they are now; return the repositories that do not answer.

    Not for transactions. What does not answer is read to its end all the same, and nobody waits for it a second time.
    """
    readings = [_begun(repo) for repo in dict.fromkeys(repos)]
    late = [reading for reading in readings if not reading.has_ended(patience_s)]
    for reading in late:
        reading.report()
    return {reading.repo for reading in late}


def known_project(repo: Path) -> KnownProject:
    """What was last read in a repository; nothing where nothing was. Touches no disk."""
    return _known.get(repo, KnownProject())


def _begun(repo: Path) -> _Reading:
    with _lock:
        reading = _under_way.get(repo)
        if reading is None:
            reading = _under_way[repo] = _Reading(repo)
            if _idle:
                _idle.pop().next.put(reading)
            else:
                _Reader(reading)
    return reading
