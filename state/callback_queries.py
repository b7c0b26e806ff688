"""Reads the commands at the ends of jobs."""

from sqlalchemy import Connection, func, select

from state import rows
from state.records import CallbackRun, CallbackStatus
from state.tables import callbacks

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
    query = select(callbacks).order_by(callbacks.c.id).limit(limit)
    if status is not None:
        query = query.where(callbacks.c.status == status)
    if job_id is not None:
        query = query.where(callbacks.c.job_id == job_id)
    if callback_id is not None:
        query = query.where(callbacks.c.id == callback_id)
    return [rows.callback(row) for row in connection.execute(query).mappings()]


_COUNT_OPEN = select(func.count()).where(callbacks.c.status.in_(OPEN))


def open_callbacks(connection: Connection) -> int:
    """How many commands wait or run."""
    return connection.execute(_COUNT_OPEN).scalar_one()


def last_callback(connection: Connection) -> CallbackRun | None:
    """The command that ended last."""
    ended = (
        select(callbacks.c.id).where(callbacks.c.ended_at.is_not(None)).order_by(callbacks.c.ended_at.desc())
    )
    found = connection.execute(ended.limit(1)).scalar()
    return None if found is None else callbacks_where(connection, callback_id=found)[0]
