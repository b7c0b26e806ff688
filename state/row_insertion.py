"""Inserts rows of the same columns through the driver: SQLAlchemy takes longer over each row's values than SQLite."""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first one."""
    if rows:
        names = tuple(rows[0])
        values = itemgetter(*names)
        connection.exec_driver_sql(_statement(table, names), [values(row) for row in rows])


@cache
def _statement(table: str, names: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) VALUES ({', '.join('?' * len(names))})"
