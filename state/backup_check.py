"""Checks whether a copy of the database is sound; creates and moves none."""

import sqlite3
from contextlib import closing
from pathlib import Path

from state.migrations import REVISIONS


def problem_of(path: Path) -> str:
    """Why this file is not a sound Signalbox database, in a phrase; empty if it is. Only reads."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if row is None or row[0] not in REVISIONS:
                return f"its schema is {row[0] if row else 'missing'}, which this release does not know"
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return "" if verdict == "ok" else f"a page is damaged: {verdict}"
    except sqlite3.Error as error:
        return str(error)
