"""Carries out queries that are written as SQL: straight at the driver, whoever has opened the connection.

A short command spends most of its time on imports, and SQLAlchemy is the largest of them. So what such a command reads
is SQL as text, carried out by SQLite's own driver. In an engine the same functions read in its open transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from state.storable import storable_parameters, whole_characters

if TYPE_CHECKING:
    import sqlalchemy

Connection: TypeAlias = "sqlalchemy.Connection | sqlite3.Connection"
Values: TypeAlias = tuple[Any, ...]


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's connection, with the transaction that is open on it."""
    if isinstance(connection, sqlite3.Connection):
        return connection
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def mappings(connection: Connection, query: str, values: Values = ()) -> list[dict[str, Any]]:
    """The rows that a query finds, by the names of their columns."""
    cursor = _executed(connection, query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def tuples(connection: Connection, query: str, values: Values = ()) -> list[Any]:
    """The rows that a query finds."""
    return _executed(connection, query, values).fetchall()


def first(connection: Connection, query: str, values: Values = ()) -> dict[str, Any] | None:
    """The first row that a query finds, by the names of its columns."""
    found = mappings(connection, query, values)
    return found[0] if found else None


def column(connection: Connection, query: str, values: Values = ()) -> list[Any]:
    """The first column of what a query finds."""
    return [row[0] for row in _executed(connection, query, values)]


def value(connection: Connection, query: str, values: Values = ()) -> Any:
    """The first column of the first row that a query finds; None where it finds none."""
    row = _executed(connection, query, values).fetchone()
    return None if row is None else row[0]


def as_list(members: Iterable[str | int]) -> str:
    """The value of a list in a query, ``job_id IN (SELECT value FROM json_each(?))``, however many there are.

    Other values than texts and numbers, which only damaged rows have, are in no list.
    """
    known = (one for one in members if isinstance(one, str | int))
    return json.dumps([whole_characters(one) if isinstance(one, str) else one for one in known])


def marks(values: Sized) -> str:
    """As many question marks as there are values, for a list of a few."""
    return ", ".join("?" * len(values))


def _executed(connection: Connection, query: str, values: Values) -> sqlite3.Cursor:
    return driver(connection).execute(query, storable_parameters(values))
