"""Prunes old history: first from the database in small steps, then its files. Keeps what is still needed.

`preview` reports what would be removed. Pruning that was killed is finished by the next one, because the folder of an
attempt that is no longer in the database is recognised.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.runners.attempt_lock import AttemptLock
from engine.runners.removal import remove_tree
from engine.system.formatting import plural, size
from engine.system.home import Home
from engine.types import AttemptRef
from state import write_pruning
from state.compaction import make_shrinkable
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import Ledger
from state.locks import is_held

DAY_S = 24 * 3600.0
_SOON_WRITTEN = 100_000_000
"""So many bytes are written anew in about a second."""
REST_S = 0.005
"""The pause between two steps, so that others get the write lock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PruneSummary:
    """What was removed, or would be."""

    runs: int = 0
    jobs: int = 0
    attempts: int = 0
    events: int = 0
    folders: int = 0
    bytes: int = 0

    @property
    def sentence(self) -> str:
        """The summary in words."""
        return (
            f"{plural(self.runs, 'run')} with {plural(self.jobs, 'job')} and {plural(self.attempts, 'attempt')}, "
            f"{plural(self.events, 'event')}, {plural(self.folders, 'folder')} of output with {size(self.bytes)}"
        )

    @property
    def anything(self) -> bool:
        """Whether there is anything to remove."""
        return bool(self.runs or self.events or self.folders)


def preview(
    home: Home, database: Database, *, before: float, outputs_before: float | None = None
) -> PruneSummary:
    """What `prune` would remove."""
    with _reading(database) as reader, reader.connection() as connection:
        old = write_pruning.prunable(connection, before)
        folders = _folders(home, write_pruning.old_outputs(connection, outputs_before or before))
        orphans = _orphans(home, write_pruning.known_attempts(connection), before)
    obsolete = {*folders, *orphans}
    return PruneSummary(
        runs=len(old.runs), jobs=old.jobs, attempts=old.attempts, events=old.events, folders=len(obsolete),
        bytes=sum(map(_size, obsolete)),
    )  # fmt: skip


def prune(
    home: Home,
    database: Database,
    *,
    before: float,
    outputs_before: float | None = None,
    rest: Callable[[float], None] = time.sleep,
    progress: Callable[[PruneSummary, PruneSummary], None] = lambda _done, _all: None,
) -> PruneSummary:
    """Remove what ended before a time (epoch seconds); `outputs_before` is the limit for output alone.

    `rest` is called between two steps and may raise to stop: what is done stays done, and the next prune goes on.
    `progress` gets what is removed so far, and all that is to be removed.
    """
    with _reading(database) as reader:
        with reader.connection() as connection:
            old = write_pruning.prunable(connection, before)
        whole = PruneSummary(runs=len(old.runs), jobs=old.jobs, attempts=old.attempts, events=old.events)
        folders = removed = jobs = events = 0
        with closing(Ledger(database).history.prune(old, before=before)) as steps:
            for gone in steps:
                count, size = _remove(_folders(home, gone.attempts))
                folders, removed = folders + count, removed + size
                jobs, events = jobs + gone.jobs, events + gone.events
                _remove_sources(home, gone.sources)
                progress(PruneSummary(jobs=jobs, events=events), whole)
                rest(REST_S)
        database.checkpoint()
        _make_shrinkable(home, database)
        with reader.connection() as connection:
            left = _folders(home, write_pruning.old_outputs(connection, outputs_before or before))
            known = write_pruning.known_attempts(connection)
        left += _orphans(home, known, before)
        _remove_start_notes(home, known, before)
    count, size = _remove(left)
    return replace(whole, folders=folders + count, bytes=removed + size)


def _make_shrinkable(home: Home, database: Database) -> None:
    """Let the file of an earlier release shrink, too; where engines write to it, only if that is done in a second."""
    is_alone = not any(is_held(lock) for lock in home.engines.glob("*.lock"))
    make_shrinkable(database.path, most_bytes=None if is_alone else _SOON_WRITTEN)


@contextmanager
def _reading(database: Database) -> Iterator[DatabaseReader]:
    reader = DatabaseReader(database, busy_ms=5_000)
    try:
        yield reader
    finally:
        reader.close()


def _folders(home: Home, attempts: Iterable[tuple[int, str]]) -> list[Path]:
    named = (home.attempts / AttemptRef(number, token).folder_name for number, token in attempts)
    return [folder for folder in named if os.path.lexists(folder)]


def _orphans(home: Home, known: set[int], before: float) -> list[Path]:
    """Folders of attempts that are no longer in the database, old enough not to belong to one that is just starting."""
    found = []
    for folder in home.attempts.iterdir():
        number = folder.name.partition("-")[0]
        if number.isascii() and number.isdecimal() and int(number) not in known and folder.is_dir():
            with suppress(OSError):
                if folder.stat().st_mtime < before and not AttemptLock.is_held(folder):
                    found.append(folder)
    return found


def _remove_start_notes(home: Home, known: set[int], before: float) -> None:
    """Remove what is noted in `Home.started` of attempts that are no longer in the database."""
    for note in home.started.iterdir():
        number = note.name.partition("-")[0]
        if number.isascii() and number.isdecimal() and int(number) not in known:
            with suppress(OSError):
                if note.stat().st_mtime < before:
                    note.unlink()


def _remove(folders: Iterable[Path]) -> tuple[int, int]:
    count = size = 0
    for folder in folders:
        size += _size(folder)
        remove_tree(str(folder))
        count += 1
    return count, size


def _remove_sources(home: Home, sources: Iterable[str]) -> None:
    for source in map(Path, sources):
        if source.parent == home.accepted:
            with suppress(OSError):
                source.unlink(missing_ok=True)


def _size(folder: Path) -> int:
    total = 0
    for parent, _, files in () if folder.is_symlink() else os.walk(folder):
        for file in files:
            with suppress(OSError):
                total += os.lstat(os.path.join(parent, file)).st_size  # noqa: PTH118  # thousands of them
    return total
