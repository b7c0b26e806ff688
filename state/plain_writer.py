"""Writes to a database through SQLite's own driver, for commands that are over in a moment. Loads no SQLAlchemy.

It writes what is SQL as text (`state.row_changes`); for all the rest there is `Database`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from state import writing_connection
from state.change_counts import ChangeCounts
from state.database_errors import NOTHING_STORED, ViewOnlyError, translated
from state.schema_version import is_current
from state.writing_connection import WritingConnection, begin_in_turn, connected_to_write


class PlainWriter:
    """One writing connection for one thread; it is opened when something is written first.

    A file that is new, of another schema, or cannot be written is opened by `Database`, which knows what to do.

    Args:
        path: the file.
        backups: where a copy is put before a migration.

    Raises:
        DatabaseError: the file cannot be read or made, or is something else; it is not touched.
    """

    def __init__(self, path: Path, *, backups: Path) -> None:
        self._path = path
        self._view_only_because: str | None = None
        if not is_current(path):
            from state.database import Database  # noqa: PLC0415 - SQLAlchemy takes as long as all the rest

            database = Database(path, backups=backups)
            self._view_only_because = database.view_only_because
            database.close()
        self.changes = ChangeCounts()
        """What was written through this."""
        self._connection: WritingConnection | None = None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A writing transaction; entered again, it joins the open one.

        Raises:
            DatabaseBusyError: another process held the lock for five seconds.
            ViewOnlyError: this database is read-only.
        """
        if self._view_only_because is not None:
            raise ViewOnlyError(self._path, self._view_only_because)
        if self._connection is not None and self._connection.in_transaction:
            yield self._connection
            return
        try:
            with self._transaction() as connection:
                yield connection
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug in this program, not a fault of the file
        except sqlite3.Error as error:
            raise translated(error, self._path, NOTHING_STORED) from error
        self.changes.committed()

    @contextmanager
    def _transaction(self) -> Iterator[WritingConnection]:
        busy_ms = writing_connection.WRITER_BUSY_MS
        if self._connection is None:
            self._connection = connected_to_write(self._path, self.changes, busy_ms=busy_ms)
        begin_in_turn(self._connection, busy_ms / 1000)
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            self.changes.rolled_back()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
