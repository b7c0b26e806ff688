"""Which schema a database file has, read through SQLite's own driver. Writes nothing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from state.database_errors import DamagedDatabaseError, DatabaseError, ForeignDatabaseError, error_code
from state.migrations import REVISIONS

_OURS = {"runs", "workstreams", "jobs", "step_attempts"}
"""The tables of every release."""


@contextmanager
def plain_connection(path: Path, query: str = "") -> Iterator[sqlite3.Connection]:
    """A connection of SQLite's own, which is closed with the context; `query` is more of the address of the file."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}{query}", uri=True, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


def may_write(path: Path) -> bool:
    """Whether file and folder can be written; on a read-only disk not even root can."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def is_current(path: Path) -> bool:
    """Whether the file is there, has the schema of this release, and can be written."""
    is_there = path.is_file() and path.stat().st_size > 0
    return is_there and may_write(path) and version_on_disk(path) == REVISIONS[-1]


def version_on_disk(path: Path, query: str = "") -> str | None:
    """The schema version, None for an empty file; writes nothing."""
    if path.is_dir():
        raise ForeignDatabaseError(path, "it is a folder")
    if path.stat().st_size == 0:
        return None
    try:
        with plain_connection(path, f"?mode=ro{query}") as connection:
            names = {
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
            if "alembic_version" in names:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if row is not None:
                    return str(row[0])
            if names >= _OURS:
                raise DamagedDatabaseError(path, "its schema version is gone")
            if names - {"alembic_version", "sqlite_sequence"}:
                raise ForeignDatabaseError(path, "it holds tables of another program")
            return None
    except sqlite3.OperationalError as error:
        raise DatabaseError(
            f"{path} cannot be opened: {error}. Free space on its disk or end what uses it, then retry."
        ) from error
    except sqlite3.DatabaseError as error:
        if error_code(error) == sqlite3.SQLITE_CORRUPT:
            raise DamagedDatabaseError(path, str(error)) from error
        raise ForeignDatabaseError(path, str(error)) from error
