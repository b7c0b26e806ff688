"""Connects to a database to write to it: the one place that says how, whether SQLAlchemy is loaded or not."""

import sqlite3
import time
from pathlib import Path
from typing import Final

from state.change_counts import ChangeCounts
from state.database_errors import error_code

WRITER_BUSY_MS = 5_000
_IMMEDIATE: Final = "BEGIN IMMEDIATE"
_TURN_MS = 8
"""How long one attempt to get the write lock waits, of many within `WRITER_BUSY_MS`."""


class WritingConnection(sqlite3.Connection):
    """A connection of SQLite's own driver; `changes` counts what is written through it."""

    changes: ChangeCounts


def connected_to_write(
    path: Path, changes: ChangeCounts, *, busy_ms: int = WRITER_BUSY_MS, foreign_keys: bool = True
) -> WritingConnection:
    """A connection that syncs as it commits, to a file that exists; no transaction begins by itself."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_ms / 1000,
        isolation_level=None,
        check_same_thread=False,
        factory=WritingConnection,
    )
    connection.changes = changes
    for pragma in (
        "auto_vacuum=INCREMENTAL",  # of a file that is new; see `state.compaction`
        "journal_mode=WAL",
        "synchronous=FULL",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        "journal_size_limit=67108864",
        f"busy_timeout={_TURN_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def begin_in_turn(connection: sqlite3.Connection, patience_s: float) -> None:
    """Begin with the write lock, retrying at constant intervals.

    SQLite's own busy handler retries less and less often, so among many writers the one that has waited longest gets
    the lock last, and may give up although the lock was free a hundred times.

    Raises:
        sqlite3.OperationalError: another process has held the lock all the time, or the file cannot be written.
    """
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            connection.execute(_IMMEDIATE)
        except sqlite3.OperationalError as error:
            if error_code(error) != sqlite3.SQLITE_BUSY:
                break
        else:
            return
    connection.execute(_IMMEDIATE)  # the last try, whose error is raised
