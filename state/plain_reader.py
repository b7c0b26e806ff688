"""Reads a database through SQLite's own driver, for commands that are over in a moment. Loads no SQLAlchemy.

It reads the functions whose SQL is text (`state.sql_text`); for the others there is `DatabaseReader`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from state.database_errors import translated
from state.schema_version import is_current

P = ParamSpec("P")
R = TypeVar("R")


class PlainReader:
    """One reading connection for one thread, which can write nothing.

    A file that is new, of an older schema, or cannot be written is opened by `Database` first, which knows what to do.

    Args:
        path: the file.
        backups: where a copy is put before a migration.
        busy_ms: how long to wait for a lock.

    Raises:
        DatabaseError: the file cannot be read or made, or is something else; it is not touched.
    """

    def __init__(self, path: Path, *, backups: Path, busy_ms: int) -> None:
        self._path = path
        address = "?mode=ro"
        if not is_current(path):
            from state.database import Database  # noqa: PLC0415 - SQLAlchemy takes as long as all the rest

            database = Database(path, backups=backups)
            address = database.reading_address
            database.close()
        self._connection = sqlite3.connect(
            path.absolute().as_uri() + address, uri=True, timeout=busy_ms / 1000, isolation_level=None
        )
        self._connection.execute("PRAGMA query_only=ON")

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A reading transaction for several queries on one snapshot; keep it short, since the log grows meanwhile.

        Raises:
            DatabaseBusyError: locked for longer than the busy timeout.
            DatabaseError: the file cannot be read.
        """
        try:
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise translated(error, self._path) from error

    def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, P], R],
        /,
        *arguments: P.args,
        **named: P.kwargs,
    ) -> R:
        """The answer to one query of `state`, as in ``read(queries.find_job, job_id)``; raises as `connection` does."""
        with self.connection() as connection:
            return query(connection, *arguments, **named)

    def data_version(self) -> int:
        """A number that changes when another connection has committed; costs microseconds."""
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise translated(error, self._path) from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
