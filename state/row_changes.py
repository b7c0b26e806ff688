"""Changes rows with SQL as text, in whatever transaction is open, and counts which table was written to.

As the queries of `state.sql_text`, these work in an engine and in a command that has loaded no SQLAlchemy.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from state.sql_text import Connection, Values, driver, value
from state.storable import storable_values
from state.writing_connection import WritingConnection


def insert_row(connection: Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row; return its number."""
    names = tuple(row)
    made = _writing(connection, table).execute(_insertion(table, names), storable_values(row.values()))
    return made.lastrowid or 0


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first one."""
    if rows:
        names = tuple(rows[0])
        values = itemgetter(*names)
        _writing(connection, table).executemany(
            _insertion(table, names), [storable_values(values(row)) for row in rows]
        )


def insert_or_update(connection: Connection, table: str, row: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Insert a row, or change the one that has the same `keys`."""
    others = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name not in keys)
    statement = f"{_insertion(table, tuple(row))} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {others}"
    _writing(connection, table).execute(statement, storable_values(row.values()))


def update_rows(
    connection: Connection, table: str, changed: Mapping[str, Any], where: str, which: Values
) -> int:
    """Change columns of the rows `where` this is true of `which`, as in ``"id = ?", (3,)``; return how many."""
    statement = _update(table, tuple(changed), where)
    values = storable_values((*changed.values(), *which))
    return _writing(connection, table).execute(statement, values).rowcount


def update_each(
    connection: Connection, table: str, changed: Mapping[Any, Mapping[str, Any]], key: str, *, counted_as: str
) -> None:
    """Change the same columns of several rows, each to its own values, by the values of their `key`.

    It counts as a change of `counted_as`, which need not be the table (see `change_counts`).
    """
    names = tuple(next(iter(changed.values())))
    rows = [storable_values((*(row[name] for name in names), each)) for each, row in changed.items()]
    _writing(connection, counted_as).executemany(_update(table, names, f"{key} = ?"), rows)


def delete_rows(connection: Connection, table: str, where: str, which: Values) -> None:
    """Delete the rows `where` this is true of `which`."""
    _writing(connection, table).execute(f"DELETE FROM {table} WHERE {where}", storable_values(which))


def last_id(connection: Connection, table: str, key: str = "id") -> int:
    """The greatest id ever assigned in a table; while the write lock is held, the next ones are free.

    SQLite finds its own next id in the same way.
    """
    query = f"""SELECT max(
        coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0),
        coalesce((SELECT max({key}) FROM {table}), 0))"""
    return int(value(connection, query, (table,)))


def _writing(connection: Connection, table: str) -> WritingConnection:
    held = driver(connection)
    assert isinstance(held, WritingConnection)  # noqa: S101 - the others can write nothing
    held.changes.note(table)
    return held


@cache
def _insertion(table: str, names: Sequence[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) VALUES ({', '.join('?' * len(names))})"


@cache
def _update(table: str, names: Sequence[str], where: str) -> str:
    assigned = ", ".join(f'"{name}" = ?' for name in names)
    return f"UPDATE {table} SET {assigned} WHERE {where}"
