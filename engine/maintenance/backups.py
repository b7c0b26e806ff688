"""Copies of the database: taken by hand and daily, kept for a week, put in place again. Never overwrites anything."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import CommandRefusedError
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.system.locks import is_held
from state.backup_check import problem_of
from state.database import Database

DAILY_KEPT = 7
DAY_S = 24 * 3600.0
_DAILY = "daily"
_PARTS = ("", "-wal", "-shm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """One copy; `at` is when it was taken (epoch seconds)."""

    path: Path
    at: float
    bytes: int


def listed(home: Home) -> list[Backup]:
    """The backups of a home, newest first."""
    return sorted(_found(home), key=lambda backup: backup.at, reverse=True)


def last_good(home: Home) -> Backup | None:
    """The newest backup that is whole."""
    return next((backup for backup in listed(home) if not problem_of(backup.path)), None)


def take(home: Home, database: Database, target: Path | None = None) -> Path:
    """Copy the database as it stands; into the backups of its home, unless a file is named.

    Raises:
        DatabaseError: there is a file of that name, or the copy could not be made.
    """
    path = target or home.backups / f"{home.database.stem}-by-hand-{_stamp()}.db"
    database.backup(path.expanduser().absolute())
    return path


def take_daily(home: Home, database: Database, now: float) -> Path | None:
    """Take today's backup, unless the last one is younger than a day, and let those older than a week go."""
    daily = [backup for backup in listed(home) if f"-{_DAILY}-" in backup.path.name]
    if daily and 0 <= now - daily[0].at < DAY_S:
        return None
    path = home.backups / f"{home.database.stem}-{_DAILY}-{_stamp()}.db"
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)  # of an engine that was killed
    database.backup(draft)
    draft.rename(path)
    os.utime(path, (now, now))
    for old in daily[DAILY_KEPT - 1 :]:
        old.path.unlink(missing_ok=True)
    return path


def restore(home: Home, backup: Path) -> Path | None:
    """Put a backup in the place of the database, and return where the present file was moved to.

    The queue is paused then: what the backup holds as waiting may have run since it was taken.

    Raises:
        CommandRefusedError: an engine lives in this home, or the backup is not sound; nothing was changed.
    """
    refuse_while_engines_live(home)
    if problem := problem_of(backup):
        raise CommandRefusedError(
            f"{backup} is not put in place: {problem}. `signalbox backup --list` names others."
        )
    draft = home.database.with_name(f".{home.database.name}.restoring")
    draft.unlink(missing_ok=True)
    with (
        os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy,
        backup.open("rb") as file,
    ):
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    aside = set_aside(home, "before-restoring") if home.database.exists() else None
    draft.rename(home.database)
    taken = datetime.fromtimestamp(backup.stat().st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")
    with closing(JobStateStore(home=home)) as store:
        store.pause(
            f"the backup of {taken} was put in place; what waits may have run since. Look, then resume"
        )
    return aside


def set_aside(home: Home, why: str = "damaged") -> Path:
    """Move the database and its log out of the way, under a name that says why and when; return the new path.

    Raises:
        CommandRefusedError: an engine lives in this home.
    """
    refuse_while_engines_live(home)
    target = home.database.with_name(f"{home.database.name}.{why}-{_stamp()}")
    for part in _PARTS:
        file = home.database.with_name(home.database.name + part)
        if file.exists():
            file.rename(target.with_name(target.name + part))
    return target


def refuse_while_engines_live(home: Home) -> None:
    """Raise CommandRefusedError where an engine of this home is at work."""
    if any(is_held(lock) for lock in home.engines.glob("*.lock")):
        raise CommandRefusedError(
            f"An engine is at work in {home.root}. Close the window and end `signalbox engine` first."
        )


def _found(home: Home) -> Iterator[Backup]:
    for path in home.backups.glob("*.db"):
        try:
            found = path.stat()
        except OSError:
            continue
        yield Backup(path=path, at=found.st_mtime, bytes=found.st_size)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.") + f"{time.time_ns() // 1000 % 1_000_000:06}"
