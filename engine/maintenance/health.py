"""Checks whether it is safe to start jobs: free disk space, the database file in place, its log within bounds.

Only reports. What follows from a problem is decided elsewhere, and nothing is repaired here.
"""

import errno
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.system.formatting import size
from engine.system.home import Home
from state.database_errors import DatabaseError

if TYPE_CHECKING:
    from state.database import Database

log = logging.getLogger(__name__)

FREE_FLOOR = 500 * 1000 * 1000
"""Bytes that must stay free, unless `FREE_SHARE` of the disk is less."""
FREE_SHARE = 0.02
LOG_ALARM = 64 * 1024 * 1024
"""SQLite shrinks its log to this size after each checkpoint; more means that a transaction is kept open."""
CHECK_EVERY_S = 2.0


class Health:
    """Checks one home and its open database, at most every two seconds.

    Args:
        home: the folders to check.
        database: the database as it was opened; None where it has only just been, and nothing can have happened to it.
        floor_mb: reads the user's setting for free space in megabytes; None means the default, 0 no check.
        monotonic: the clock, in seconds, that decides when to check again.
    """

    def __init__(
        self,
        home: Home,
        database: "Database | None" = None,
        *,
        floor_mb: Callable[[], object] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home, self._database = home, database
        self._floor_mb, self._monotonic = floor_mb, monotonic
        self._next_check = 0.0
        self._found: tuple[HealthProblem, ...] = ()

    def problems(self) -> tuple[HealthProblem, ...]:
        """The problems found by the latest check."""
        now = self._monotonic()
        if now >= self._next_check:
            self._next_check = now + CHECK_EVERY_S
            found = tuple(self._check())
            if found != self._found:
                for problem in found:
                    log.info("%s", problem.sentence)
            self._found = found
        return self._found

    def _check(self) -> Iterator[HealthProblem]:
        path = self._home.database
        if self._database is None:
            pass
        elif self._database.was_replaced():
            what = "was replaced" if path.exists() else "no longer exists"
            sentence = (
                f"The database {path} {what}. Signalbox still holds its content; nothing new starts. "
                "Put the file back, or save a copy."
            )
            yield HealthProblem(kind=HealthProblemKind.GONE, sentence=sentence)
        elif self._database.was_overwritten():
            sentence = (
                f"Another file was copied over the database {path} while it was open. Jobs keep running; nothing new "
                "starts and nothing is written. Quit Signalbox, then run `signalbox backup --restore` with a backup."
            )
            yield HealthProblem(kind=HealthProblemKind.GONE, sentence=sentence)
        yield from self._space()
        yield from self._closed()
        log = _size(path.with_name(path.name + "-wal"))
        if log > LOG_ALARM:
            sentence = (
                f"The log of the database has grown to {size(log)}: another program keeps a transaction open. "
                "Close programs that read the database."
            )
            yield HealthProblem(kind=HealthProblemKind.LOG, sentence=sentence, stops=False)

    def _space(self) -> Iterator[HealthProblem]:
        try:
            floor_mb = self._floor_mb()
        except DatabaseError:
            floor_mb = None
        for folder in _disks(self._home.root, self._home.attempts, self._home.database.parent):
            usage = shutil.disk_usage(folder)
            floor = (
                floor_mb * 1000 * 1000
                if isinstance(floor_mb, int)
                else min(FREE_FLOOR, FREE_SHARE * usage.total)
            )
            if usage.free < floor:
                sentence = (
                    f"The disk of {folder} has only {size(usage.free)} free, less than {size(floor)}. "
                    "Jobs keep running; nothing new starts until there is room."
                )
                yield HealthProblem(kind=HealthProblemKind.SPACE, sentence=sentence)
                return

    def _closed(self) -> Iterator[HealthProblem]:
        """The folders in which each start makes a file."""
        for folder in (self._home.attempts, self._home.started):
            if why := _why_closed(folder):
                sentence = f"{folder} cannot be written: {why}. Jobs keep running; nothing new starts until it can be."
                yield HealthProblem(kind=HealthProblemKind.CLOSED, sentence=sentence)
                return


def _why_closed(folder: Path) -> str:
    """Why no file can be made in a folder, in the system's words; empty where one can, or where no folder is yet."""
    try:
        found = os.statvfs(folder)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return os.strerror(error.errno or errno.EIO)
    if found.f_files and not found.f_favail:
        return os.strerror(errno.ENOSPC)
    if os.access(folder, os.W_OK | os.X_OK):  # a read-only disk closes a folder even to root
        return ""
    return os.strerror(errno.EROFS if found.f_flag & os.ST_RDONLY else errno.EACCES)


def _disks(*folders: Path) -> Iterator[Path]:
    """One folder for each file system; folders that do not exist are left out."""
    seen: set[int] = set()
    for folder in folders:
        try:
            device = os.stat(folder).st_dev  # noqa: PTH116 - Path.stat makes the call twice
        except OSError:
            continue
        if device not in seen:
            seen.add(device)
            yield folder


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def inbox_problem(folder: Path) -> str:
    """Why nothing is accepted from an inbox, in a sentence; empty if there is no problem."""
    try:
        found = folder.stat()
        with os.scandir(folder):
            pass
    except OSError as error:
        return (
            f"The inbox {folder} cannot be read: {error.strerror}. Create it, or choose another with "
            "`signalbox settings set inbox FOLDER`."
        )
    if os.name == "posix" and found.st_mode & 0o022:
        return f"The inbox {folder} can be written by others, so nothing in it is accepted. Run chmod 700 {folder}"
    return ""
