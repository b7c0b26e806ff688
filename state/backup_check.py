"""Checks whether a copy of the database is sound; creates and moves none."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from state.migrations import REVISIONS
from state.row_check import damaged_rows
from state.schema_check import differences


def problem_of(path: Path, *, rows: bool = False) -> str:
    """Why this file is not a sound Signalbox database, in a phrase; empty if it is. Only reads.

    `rows`: read every row too, which takes seconds for a large one.
    """
    if not path.is_file():  # opening a FIFO would wait for ever
        return "it is not a file" if path.exists() else "there is no such file"
    try:
        with closing(_opened(path)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if row is None or row[0] not in REVISIONS:
                return f"its schema is {row[0] if row else 'missing'}, which this release does not know"
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                return f"a page is damaged: {verdict}"
            if row[0] != REVISIONS[-1]:
                return ""
            return _phrase(next(differences(connection), "") or (_damaged_row(path) if rows else ""))
    except sqlite3.Error as error:
        return str(error)


def _damaged_row(path: Path) -> str:
    engine = create_engine("sqlite://", creator=lambda: _opened(path), poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            return next(damaged_rows(connection, 1), "")
    except DBAPIError as error:
        return str(error.orig)
    finally:
        engine.dispose()


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _phrase(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}"
