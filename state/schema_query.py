"""Reads what the database is made of: its revision and its tables. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Schema:
    """The revision of the last migration, and the statements that make the tables and indexes."""

    revision: str
    statements: Sequence[str]


def schema(connection: Connection) -> Schema:
    """The schema as the database itself describes it, whatever this release expects."""
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    statements = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
    ).scalars()
    return Schema(revision or "unknown", tuple(map(str, statements)))
