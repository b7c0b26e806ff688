"""Alembic revisions, oldest first; applied by `state.database` when a database is opened."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012")
"""Every revision this release knows, oldest first. A test keeps it equal to the scripts beside it: reading a tuple
costs nothing, importing Alembic at each start a quarter of a second."""
