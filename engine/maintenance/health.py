"""Whether it is safe to start something: room on the disk, the database where it was, its log within bounds.

Looks and tells; what follows is decided elsewhere, and nothing is mended here.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.system.home import Home
from state.database import Database
from state.database_errors import DatabaseBusyError, DatabaseError

log = logging.getLogger(__name__)

FREE_FLOOR = 500 * 1000 * 1000
"""Bytes that stay free; where two hundredths of the disk are less than that, those."""
FREE_SHARE = 0.02
LOG_ALARM = 64 * 1024 * 1024
"""To this SQLite cuts its log after each checkpoint; more means that somebody keeps a transaction open."""
LOOK_EVERY_S = 2.0


class TroubleKind(StrEnum):
    """What is amiss."""

    SPACE = "space"
    GONE = "gone"
    LOG = "log"
    DATABASE = "database"
    BUSY = "busy"
    BACKUP = "backup"
    CALLBACK = "callback"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One thing that is amiss, as a sentence for the banner; `stops` where nothing new may start because of it."""

    kind: TroubleKind
    sentence: str
    stops: bool = True


class Health:
    """Looks at one home and its open database, at most every two seconds.

    Args:
        home: the folders to look at.
        database: the database as it was opened.
        floor_mb: asked for the user's own floor in megabytes; None means the default, 0 none at all.
        monotonic: seconds by which to tell when to look again.
    """

    def __init__(
        self,
        home: Home,
        database: Database,
        *,
        floor_mb: Callable[[], object] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home, self._database = home, database
        self._floor_mb, self._monotonic = floor_mb, monotonic
        self._look_at = 0.0
        self._found: tuple[Trouble, ...] = ()

    def troubles(self) -> tuple[Trouble, ...]:
        """What was amiss when it was last looked at."""
        now = self._monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            found = tuple(self._look())
            if found != self._found:
                for trouble in found:
                    log.info("%s", trouble.sentence)
            self._found = found
        return self._found

    @property
    def may_start(self) -> bool:
        """Whether nothing keeps new jobs from starting."""
        return not any(trouble.stops for trouble in self.troubles())

    def _look(self) -> Iterator[Trouble]:
        path = self._database.path
        if self._database.was_replaced():
            what = "was replaced" if path.exists() else "is not there any more"
            told = (
                f"The database {path} {what}. What is known is kept; nothing new starts. "
                "Put it back, or save a copy."
            )
            yield Trouble(kind=TroubleKind.GONE, sentence=told)
        elif self._database.was_overwritten():
            told = (
                f"Another file was copied over the database {path} while it was open. Jobs keep running; nothing new "
                "starts and nothing is written. End Signalbox, then `signalbox backup --restore` a backup."
            )
            yield Trouble(kind=TroubleKind.GONE, sentence=told)
        yield from self._space()
        size = _size(path.with_name(path.name + "-wal"))
        if size > LOG_ALARM:
            told = (
                f"The database's log has grown to {size >> 20} MiB: another program keeps a transaction open. "
                "Close programs that read the database."
            )
            yield Trouble(kind=TroubleKind.LOG, sentence=told, stops=False)

    def _space(self) -> Iterator[Trouble]:
        try:
            wanted = self._floor_mb()
        except DatabaseError:
            wanted = None
        for folder in _disks(self._home.root, self._home.attempts, self._home.database.parent):
            usage = shutil.disk_usage(folder)
            floor = (
                wanted * 1000 * 1000 if isinstance(wanted, int) else min(FREE_FLOOR, FREE_SHARE * usage.total)
            )
            if usage.free < floor:
                told = (
                    f"Only {_amount(usage.free)} are free where {folder} lies, less than {_amount(floor)}. "
                    "Jobs keep running; nothing new starts until there is room."
                )
                yield Trouble(kind=TroubleKind.SPACE, sentence=told)
                return


def trouble_of(error: DatabaseError) -> Trouble:
    """A failure of the database while it was used, as the banner tells it."""
    said = str(error)
    match said:
        case _ if isinstance(error, DatabaseBusyError):
            told = "Another program has been writing the database for a while; nothing new starts until it is done."
            return Trouble(kind=TroubleKind.BUSY, sentence=told)
        case _ if "full" in said:
            why = "the disk is full"
        case _ if "readonly" in said or "read-only" in said:
            why = "it is on a disk that can only be read"
        case _ if "malformed" in said or "not a database" in said:
            told = (
                f"The database is damaged: {said} Jobs keep running; nothing new starts. Close the window and run "
                "`signalbox doctor`: it names the last good backup."
            )
            return Trouble(kind=TroubleKind.DATABASE, sentence=told)
        case _:
            told = f"The database cannot be used: {said} Jobs keep running; nothing new starts."
            return Trouble(kind=TroubleKind.DATABASE, sentence=told)
    told = f"The database is not writable: {why}. Jobs keep running; nothing new starts."
    return Trouble(kind=TroubleKind.DATABASE, sentence=told)


def _disks(*folders: Path) -> Iterator[Path]:
    """One folder of each file system; a folder that is gone has none."""
    seen: set[int] = set()
    for folder in folders:
        try:
            device = os.stat(folder).st_dev  # noqa: PTH116 - the same call, of which Path makes two
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


def _amount(size: float) -> str:
    mega = 1000 * 1000
    return f"{size / mega:,.0f} MB" if size >= mega else f"{size / 1000:,.0f} kB"
