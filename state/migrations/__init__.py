"""Alembic revisions, oldest first; applied by `state.database` when a database is opened."""
