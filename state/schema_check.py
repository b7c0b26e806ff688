"""Compares the tables, columns, indexes and triggers of a database with those that this release makes. Only reads."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from importlib.resources import files
from typing import Any

Found = Mapping[tuple[str, str], object]


def differences(connection: Any) -> Iterator[str]:
    """What is not as this release makes it, a sentence each; `connection` is one of SQLite's own."""
    found, needed = _structure(connection), _newest()
    for (kind, name), shape in needed.items():
        if (kind, name) not in found:
            yield f"The {kind} {name} is gone."
        elif found[kind, name] != shape:
            yield f"The {kind} {name} is not as this release makes it."
    for kind, name in found.keys() - needed.keys():
        if kind == "trigger":
            yield f"The trigger {name} is not one of Signalbox."


@cache
def _newest() -> Found:
    script = files("state.migrations").joinpath("newest.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return _structure(connection)


def _structure(connection: Any) -> Found:
    query = (
        "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY type = 'index'"
    )
    found: dict[tuple[str, str], object] = {}
    for kind, name in connection.execute(query).fetchall():
        match kind:
            case "table":
                found[kind, name] = True
                for column, type_, not_null, key in connection.execute(
                    'SELECT name, upper(type), "notnull", pk FROM pragma_table_info(?)', (name,)
                ).fetchall():
                    found["column", f"{name}.{column}"] = (type_, not_null, key)
            case "index":
                columns = "SELECT name FROM pragma_index_info(?)"
                found[kind, name] = tuple(connection.execute(columns, (name,)).fetchall())
            case "trigger":
                found[kind, name] = True
    return found
