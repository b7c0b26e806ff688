"""Makes the SQLAlchemy engines of a database: PRAGMAs, who waits how long for a lock, and statements compiled once."""

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from state.database_errors import error_code
from state.storable import storable_parameters

WRITER_BUSY_MS = 5_000
_TURN_MS = 8
"""How long one attempt to get the write lock waits, of many within `WRITER_BUSY_MS`."""
READER_BUSY_MS = 20
_IMMEDIATE = "BEGIN IMMEDIATE"


class SharedDialect(SQLiteDialect_pysqlite):
    """SQLite as every engine of this process speaks it.

    SQLAlchemy keeps compiled statements by dialect: since all of these are equal, what one engine has compiled serves
    the others.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedDialect)

    def __hash__(self) -> int:
        return hash(SharedDialect)


registry.register("sqlite.signalbox", __name__, SharedDialect.__name__)
STATEMENTS: Final = LRUCache[Any, Any](1_000)
"""What each statement is in SQL; compiling one takes longer than carrying it out."""


def writing_engine(path: Path, *, foreign_keys: bool = True) -> Engine:
    """An engine whose one connection takes the write lock as it begins, and syncs as it commits."""
    return _engine(
        path,
        "?mode=rw",
        WRITER_BUSY_MS,
        begin=_IMMEDIATE,
        pragmas=(
            "auto_vacuum=INCREMENTAL",  # of a file that is new; see `state.compaction`
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            "journal_size_limit=67108864",
            f"busy_timeout={_TURN_MS}",
        ),
    )


def reading_engine(path: Path, *, busy_ms: int, query: str = "") -> Engine:
    """An engine whose one connection can write nothing; `query` is more of the address of the file."""
    return _engine(path, f"?mode=ro{query}", busy_ms, begin="BEGIN", pragmas=("query_only=ON",))


def _engine(path: Path, query: str, busy_ms: int, *, begin: str, pragmas: tuple[str, ...]) -> Engine:
    """An engine of one connection that issues BEGIN itself: pysqlite begins too late for BEGIN IMMEDIATE."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path.absolute().as_uri() + query,
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite+signalbox://",
        creator=connect,
        poolclass=StaticPool,
        execution_options={"compiled_cache": STATEMENTS},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if begin == _IMMEDIATE:
            _wait_in_turn(connection, busy_ms / 1000)
        else:
            connection.exec_driver_sql(begin)

    event.listen(engine, "before_cursor_execute", _made_storable, retval=True)
    return engine


def _made_storable(
    _connection: object, _cursor: object, statement: str, parameters: Any, *_: object
) -> tuple[str, Any]:
    return statement, storable_parameters(parameters)


def _wait_in_turn(connection: Connection, patience_s: float) -> None:
    """Begin with the write lock, retrying at constant intervals.

    SQLite's own busy handler retries less and less often, so among many writers the one that has waited longest gets
    the lock last, and may give up although the lock was free a hundred times.
    """
    driver: Any = connection.connection.driver_connection
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            driver.execute(_IMMEDIATE)
        except sqlite3.OperationalError as error:
            if error_code(error) != sqlite3.SQLITE_BUSY:
                break
        else:
            return
    connection.exec_driver_sql(_IMMEDIATE)  # the last try; its error is raised like any other
