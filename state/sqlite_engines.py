"""Makes the SQLAlchemy engines of a database: PRAGMAs, who waits how long for a lock, and statements compiled once."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from state import writing_connection
from state.change_counts import ChangeCounts
from state.sql_text import driver
from state.storable import storable_parameters
from state.writing_connection import begin_in_turn, connected_to_write

READER_BUSY_MS = 20


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


def writing_engine(path: Path, changes: ChangeCounts, *, foreign_keys: bool = True) -> Engine:
    """An engine whose one connection takes the write lock as it begins, and syncs as it commits."""
    busy_ms = writing_connection.WRITER_BUSY_MS

    def connect() -> sqlite3.Connection:
        return connected_to_write(path, changes, busy_ms=busy_ms, foreign_keys=foreign_keys)

    def begin(connection: Connection) -> None:
        begin_in_turn(driver(connection), busy_ms / 1000)

    return _engine(connect, begin)


def reading_engine(path: Path, *, busy_ms: int, query: str = "") -> Engine:
    """An engine whose one connection can write nothing; `query` is more of the address of the file."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro{query}",
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA query_only=ON")
        return connection

    return _engine(connect, lambda connection: connection.exec_driver_sql("BEGIN"))


def _engine(connect: Callable[[], sqlite3.Connection], begin: Callable[[Connection], object]) -> Engine:
    """An engine of one connection that issues BEGIN itself: pysqlite begins too late for BEGIN IMMEDIATE."""
    engine = create_engine(
        "sqlite+signalbox://",
        creator=connect,
        poolclass=StaticPool,
        execution_options={"compiled_cache": STATEMENTS},
    )

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", _made_storable, retval=True)
    return engine


def _made_storable(
    _connection: object, _cursor: object, statement: str, parameters: Any, *_: object
) -> tuple[str, Any]:
    return statement, storable_parameters(parameters)
