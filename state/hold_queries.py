"""Reads what holds and limits the queue."""

from state import rows
from state.records import Hold, Limit
from state.sql_text import Connection, mappings


def all_holds(connection: Connection) -> list[Hold]:
    """Every hold, including expired ones."""
    return [rows.hold(row) for row in mappings(connection, "SELECT * FROM holds")]


def all_limits(connection: Connection) -> list[Limit]:
    """Every limit of running jobs."""
    return [rows.limit(row) for row in mappings(connection, "SELECT * FROM limits")]
