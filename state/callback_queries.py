"""Reads the commands at the ends of jobs."""

from state import rows
from state.records import CallbackRun, CallbackStatus
from state.sql_text import Connection, mappings, marks, value

OPEN = (CallbackStatus.WAITING, CallbackStatus.RUNNING)


def callbacks_where(
    connection: Connection,
    status: CallbackStatus | None = None,
    *,
    job_id: str | None = None,
    callback_id: int | None = None,
    limit: int | None = None,
) -> list[CallbackRun]:
    """The commands in this status, of this job, or with this id; those that were promised first come first."""
    columns = {"status": status, "job_id": job_id, "id": callback_id}
    given = {name: one for name, one in columns.items() if one is not None}
    condition = " AND ".join(["1", *(f"{name} = ?" for name in given)])
    query = f"SELECT * FROM callbacks WHERE {condition} ORDER BY id LIMIT ?"
    values = (*given.values(), -1 if limit is None else limit)
    return [rows.callback(row) for row in mappings(connection, query, values)]


def first_open(connection: Connection) -> CallbackRun | None:
    """The command that runs, else the one that has waited longest."""
    query = f"SELECT * FROM callbacks WHERE status IN ({marks(OPEN)}) ORDER BY status, id LIMIT 1"
    return next((rows.callback(row) for row in mappings(connection, query, OPEN)), None)


def open_callbacks(connection: Connection) -> int:
    """How many commands wait or run."""
    return int(value(connection, f"SELECT count(*) FROM callbacks WHERE status IN ({marks(OPEN)})", OPEN))


def last_callback(connection: Connection) -> CallbackRun | None:
    """The command that ended last."""
    ended = "SELECT id FROM callbacks WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1"
    found = value(connection, ended)
    return None if found is None else callbacks_where(connection, callback_id=found)[0]
