"""Checks what must hold of a home no matter what was killed when: its database, its files and its processes.

Changes and repairs nothing. Made for fault tests: a small home takes well under a second.
"""

import os
import re
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psutil

from engine.errors import SignalboxError
from engine.intake.inbox import intake_name
from engine.maintenance.ownerless import ownerless
from engine.runners import layout
from engine.settings import read_settings
from engine.system.formatting import size
from engine.system.home import Home
from state import invariants, queries, worktree_queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.invariants import Breach

INVARIANTS: Mapping[str, str] = MappingProxyType(
    {
        "I1": "Every file put into the inbox is in the queue, was rejected with a reason, or is still in the inbox.",
        "I4": "No process of an attempt is left once the attempt has ended, and none runs that is not recorded.",
        "I9": "Other users cannot read the home: folders are 0700, files 0600.",
        "I10": "The write-ahead log of the database stays within its budget.",
        **invariants.INVARIANTS,
    }
)
"""The reliability invariants that can be checked from a home alone; I3 and I8 need a test around them."""

_REASON_FILE = re.compile(r"\.reason$|^\..+\.reason\.[0-9a-f]{12}$")
"""The name of a reason, or of the draft of one (`write_private`) whose engine was killed: its file came next."""
WAL_BUDGET = 96 * 1024 * 1024
"""SQLite shrinks its log to 64 MiB after a checkpoint; more for long means that a transaction is kept open."""
_CHECKOUTS = ("demo", "worktrees")
"""Folders whose files have the modes of a repository; where worktrees are, settings may say otherwise."""
_RUNNERS_OWN = {name.partition(".")[0] for name in (
    layout.LOCK, layout.NOTE, layout.INVOCATION, layout.ABANDONED, layout.RESULT,
    layout.DRAFT, layout.STOP, layout.INDEX, *layout.STREAMS, layout.LOG, layout.TMP,
)}  # fmt: skip
"""Only these files of an attempt's closed folder are checked: what the tool writes there has the user's own modes."""
_GRACE_S = 0.5
_POLL_S = 0.05


def breaches(home: Home) -> list[Breach]:
    """Every breach of `INVARIANTS` in this home, which need not have a database yet."""
    found = [*_reasons(home), *_wal(home)]
    trees: Collection[Path] = ()
    if home.database.exists():
        try:
            with reading(home) as reader:
                found += _in_database(home, reader)
                trees = worktree_folders(home, reader)
        except SignalboxError as error:
            if not any(breach.code == "I7" for breach in found):  # else the damage has been named already
                found.append(Breach("I7", str(error)))
    found += open_to_others(home, trees)
    return sorted(found, key=lambda breach: (int(breach.code[1:]), breach.sentence))


@contextmanager
def reading(home: Home) -> Iterator[DatabaseReader]:
    """A reader of the home's database, closed with the context."""
    database = Database(home.database, backups=home.backups)
    try:
        reader = DatabaseReader(database, busy_ms=5_000)
        try:
            yield reader
        finally:
            reader.close()
    finally:
        database.close()


def _in_database(home: Home, reader: DatabaseReader) -> Iterator[Breach]:
    with reader.connection() as connection:
        yield from invariants.breaches(connection)
        waiting = invariants.waiting_sources(connection)
    for job_id, source in waiting:
        paths = (Path(source), home.inbox / ".taking" / intake_name(Path(source)))
        if Path(source).parent == home.accepted and not any(path.exists() for path in paths):
            yield Breach("I1", f"{source}, the file of job {job_id}, is gone.")
    yield from _left_running(home, reader)
    yield from ownerless(home, reader)


def _left_running(home: Home, reader: DatabaseReader) -> Iterator[Breach]:
    """Processes of ended attempts, except those that are about to exit."""
    deadline = time.monotonic() + _GRACE_S
    marked, home_id = _marked(), home.known_id() or ""
    while marked:
        with reader.connection() as connection:
            ended = invariants.ended_among(connection, marked.keys(), home_id)
        marked = {attempt: pids for attempt, pids in _marked().items() if attempt in ended}
        if time.monotonic() > deadline:
            break
        if marked:
            time.sleep(_POLL_S)
    for (number, _), pids in marked.items():
        numbers = ", ".join(map(str, pids))
        yield Breach("I4", f"Attempt {number} has ended, but its processes still run: {numbers}.")


def _marked() -> dict[tuple[int, str], list[int]]:
    """The processes that carry the marker of an attempt, of any home."""
    found: dict[tuple[int, str], list[int]] = {}
    for process in psutil.process_iter():
        try:
            marker = process.environ().get(layout.MARKER)
        except (psutil.Error, OSError):
            continue  # exited, or owned by another user
        number, _, token = (marker or "").partition("-")
        if number.isascii() and number.isdecimal():
            found.setdefault((int(number), token), []).append(process.pid)
    return found


def worktree_folders(home: Home, reader: DatabaseReader) -> set[Path]:
    """The folder that new worktrees are made in, and each that is known: the setting may have been another one."""
    settings = read_settings(reader.read(queries.all_settings)).settings
    known = reader.read(worktree_queries.worktrees_in)
    return {settings.worktrees_root(home), *(Path(tree.path) for tree in known)}


def open_to_others(home: Home, trees: Collection[Path] = ()) -> Iterator[Breach]:
    """Breaches for files and folders of the home that other users could read or write, outside of these worktrees."""
    if os.name != "posix":
        return
    not_ours = {home.inbox, *(home.root / name for name in _CHECKOUTS), *trees}
    folders = [home.root]
    while folders:
        for path, mode in _modes(folders.pop()):
            of_attempt = path.parent.parent == home.attempts
            if mode & 0o077 and (not of_attempt or path.name.partition(".")[0] in _RUNNERS_OWN):
                yield Breach("I9", f"{path} has mode {stat.S_IMODE(mode):04o}.")
            if stat.S_ISDIR(mode) and path not in not_ours and not of_attempt:
                folders.append(path)


def _modes(folder: Path) -> Iterator[tuple[Path, int]]:
    """The entries of a folder with their modes, except links, which have none; entries may vanish meanwhile.

    What is closed to this user is open to no other but its owner, and whoever reads it reports it.
    """
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, PermissionError):
        return
    for entry in entries:
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except (FileNotFoundError, PermissionError):
            continue
        if not stat.S_ISLNK(mode):
            yield Path(entry.path), mode


def _reasons(home: Home) -> Iterator[Breach]:
    rejected = home.inbox / "rejected"
    if rejected.is_dir():
        names = {entry.name for entry in os.scandir(rejected)}
        for name in sorted(names):
            if not _REASON_FILE.search(name) and f"{name}.reason" not in names:
                yield Breach("I1", f"{rejected / name} was rejected without a reason.")


def _wal(home: Home) -> Iterator[Breach]:
    wal = home.database.with_name(home.database.name + "-wal")
    grown = wal.stat().st_size if wal.exists() else 0
    if grown > WAL_BUDGET:
        yield Breach("I10", f"{wal} has grown to {size(grown)}; a transaction is kept open.")
