"""Takes backups of the database, by hand and daily, keeps a week of them, and restores one. Overwrites nothing."""

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
from engine.system.fault_injection import fault
from engine.system.formatting import date_minute
from engine.system.home import Home
from state.backup_check import problem_of
from state.database import Database
from state.locks import is_held

DAILY_KEPT = 7
DAY_S = 24 * 3600.0
_DAILY = "daily"
_PARTS = ("", "-wal", "-shm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """One backup; `at` is when it was taken (epoch seconds)."""

    path: Path
    at: float
    bytes: int


def newest_first(home: Home) -> list[Backup]:
    """The backups of a home, newest first."""
    return sorted(_found(home), key=lambda backup: backup.at, reverse=True)


def last_good(home: Home) -> Backup | None:
    """The newest backup that is sound, or None."""
    return next((backup for backup in newest_first(home) if not problem_of(backup.path, rows=True)), None)


def take(home: Home, database: Database, target: Path | None = None) -> Path:
    """Back up the database to `target`, by default a new file among the backups of its home; return the path.

    Raises:
        DatabaseError: the file exists already, or the backup could not be written.
    """
    path = target or home.backups / f"{home.database.stem}-by-hand-{_stamp()}.db"
    database.backup(path.expanduser().absolute())
    return path


def take_daily(home: Home, database: Database, now: float) -> Path | None:
    """Take today's backup unless the last one is younger than a day, and delete those older than a week."""
    daily = [backup for backup in newest_first(home) if f"-{_DAILY}-" in backup.path.name]
    if daily and 0 <= now - daily[0].at < DAY_S:
        return None
    path = home.backups / f"{home.database.stem}-{_DAILY}-{_stamp()}.db"
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)  # left by an engine that was killed
    database.backup(draft)
    draft.rename(path)
    os.utime(path, (now, now))
    for old in daily[DAILY_KEPT - 1 :]:
        old.path.unlink(missing_ok=True)
    return path


def restore(home: Home, backup: Path) -> Path | None:
    """Replace the database by a backup, and return the path the present file was moved to.

    Pauses the queue, because jobs that were queued when the backup was taken may have run since.

    Raises:
        CommandRefusedError: an engine is running in this home, or the backup is not sound; nothing was changed.
    """
    refuse_while_engines_live(home)
    if problem := problem_of(backup, rows=True):
        raise CommandRefusedError(
            f"Could not restore {backup}: {problem}. `signalbox backup --list` shows the others."
        )
    draft = home.database.with_name(f"{home.database.stem}.restoring.db")
    _remove(draft)
    with (
        os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy,
        backup.open("rb") as file,
    ):
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    _pause(Home(home.root, draft), taken=date_minute(backup.stat().st_mtime))
    aside = set_aside(home, "before-restoring") if home.database.exists() else None
    fault("set_aside")
    draft.rename(home.database)
    fault("restored")
    _remove(draft)
    return aside


def _pause(drafted: Home, *, taken: str) -> None:
    """Pause the queue of a restored database before it is in place, so that a kill in between starts nothing."""
    with closing(JobStateStore(home=drafted)) as store:
        store.callbacks.give_up("it may have been run since the backup was taken")
        store.queue_control.pause(
            f"the backup of {taken} was restored; queued jobs may have run since. Review the queue, then resume"
        )


def _remove(draft: Path) -> None:
    """Remove a draft and what opening it left beside it; where there is none, that of a killed process."""
    for part in (*_PARTS, ".opening"):
        draft.with_name(draft.name + part).unlink(missing_ok=True)


def set_aside(home: Home, why: str = "damaged") -> Path:
    """Rename the database and its log out of the way, to a name that says why and when; return the new path.

    Raises:
        CommandRefusedError: an engine is running in this home.
    """
    refuse_while_engines_live(home)
    target = home.database.with_name(f"{home.database.name}.{why}-{_stamp()}")
    for part in _PARTS:
        file = home.database.with_name(home.database.name + part)
        if file.exists():
            file.rename(target.with_name(target.name + part))
    return target


def refuse_while_engines_live(home: Home) -> None:
    """Raise CommandRefusedError if an engine of this home is running."""
    if any(is_held(lock) for lock in home.engines.glob("*.lock")):
        raise CommandRefusedError(
            f"An engine is running in {home.shown}. Close the window and stop `signalbox engine` first."
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
