"""A read-only connection for one thread; the queries are in `state.queries` and the modules beside it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from state.database import Database
from state.database_errors import translated
from state.sqlite_engines import READER_BUSY_MS

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def _translating(path: Path) -> Iterator[None]:
    """Raise this project's errors instead of SQLAlchemy's, which the window does not know."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise translated(error.orig if isinstance(error, DBAPIError) else error, path) from error


class DatabaseReader:
    """One reading connection for one thread; each `read` is a transaction of its own, so the WAL can shrink."""

    def __init__(self, database: Database, *, busy_ms: int = READER_BUSY_MS) -> None:
        self._engine = database.reading_engine(busy_ms=busy_ms)
        self._path = database.path
        self._database, self._busy_ms = database, busy_ms
        self._driver: sqlite3.Connection | None = None

    def another(self) -> "DatabaseReader":
        """A reader of the same database for another thread, which must close it."""
        return DatabaseReader(self._database, busy_ms=self._busy_ms)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A reading transaction for several queries on one snapshot; keep it short, since the log grows meanwhile.

        Raises:
            DatabaseBusyError: locked for longer than the busy timeout.
            DatabaseError: the file cannot be read.
        """
        with _translating(self._path), self._engine.begin() as connection:
            yield connection

    def read(
        self, query: Callable[Concatenate[Connection, P], R], /, *arguments: P.args, **named: P.kwargs
    ) -> R:
        """The answer to one query of `state`, as in ``read(queries.find_job, job_id)``.

        Raises:
            DatabaseBusyError: locked for longer than the busy timeout.
            DatabaseError: the file cannot be read.
        """
        with self.connection() as connection:
            return query(connection, *arguments, **named)

    def close(self) -> None:
        """Close the connection."""
        self._driver = None
        self._engine.dispose()

    def data_version(self) -> int:
        """A number that changes when another connection has committed; costs microseconds.

        It is read dozens of times a second while nothing happens, so it goes to the driver, which the engine
        keeps as its only one.
        """
        with _translating(self._path):
            try:
                return self._version_of(self._driver or self._connected())
            except sqlite3.ProgrammingError:  # the engine has closed that connection after an error
                return self._version_of(self._connected())

    def _connected(self) -> sqlite3.Connection:
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the dialect of the engine
        self._driver = driver
        return driver

    @staticmethod
    def _version_of(driver: sqlite3.Connection) -> int:
        return int(driver.execute("PRAGMA data_version").fetchone()[0])
