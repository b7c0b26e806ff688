"""Reads of events, as records; each function takes a connection, which `DatabaseReader.read` supplies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from state import rows
from state.event_payloads import with_records
from state.records import (
    Event,
)
from state.tables import (
    events,
)

_NEWEST = 2000
_LINE = (events.c.id, events.c.at, events.c.level, events.c.message)


def events_after(
    connection: Connection,
    event_id: int,
    limit: int = 500,
    *,
    run_id: str | None = None,
) -> list[Event]:
    """Events with a greater id, ascending."""
    query = select(events).where(events.c.id > event_id).order_by(events.c.id).limit(limit)
    if run_id is not None:
        query = query.where(events.c.run_id == run_id)
    return _events(connection, query)


@dataclass(frozen=True, slots=True)
class EventLine:
    """What an event says, without its payload."""

    id: int
    at: float
    level: str
    message: str


def event_lines_after(connection: Connection, event_id: int, limit: int) -> list[EventLine]:
    """The lines of events with a greater id, ascending."""
    query = select(*_LINE).where(events.c.id > event_id).order_by(events.c.id).limit(limit)
    return [EventLine(*row) for row in connection.execute(query)]


def events_before(connection: Connection, event_id: int, limit: int = 500) -> list[Event]:
    """The page of events just before an id, ascending."""
    query = select(events).where(events.c.id < event_id).order_by(events.c.id.desc()).limit(limit)
    return _events(connection, query)[::-1]


def count_before(connection: Connection, event_id: int) -> tuple[int, int]:
    """The number of events before an id, and how many of them are errors."""
    errors = func.sum(case((events.c.level == "error", 1), else_=0))
    query = select(func.count(), errors).select_from(events).where(events.c.id < event_id)
    number, failed = connection.execute(query).one()
    return int(number), int(failed or 0)


def error_events(connection: Connection, limit: int, *, before: int | None = None) -> list[Event]:
    """The newest events that are errors, all or those before an id, ascending."""
    query = select(events).where(events.c.level == "error").order_by(events.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(events.c.id < before)
    return _events(connection, query)[::-1]


def events_of_job(connection: Connection, job_id: str, limit: int = 500) -> list[Event]:
    """The newest events of a job, ascending."""
    query = select(events).where(events.c.job_id == job_id).order_by(events.c.id.desc()).limit(limit)
    return _events(connection, query)[::-1]


def events_of_type(connection: Connection, event_type: str) -> list[Event]:
    """All events of one type, ascending."""
    query = select(events).where(events.c.event_type == event_type).order_by(events.c.id)
    return _events(connection, query)


def alarms_of(connection: Connection, job_ids: Collection[str]) -> list[Event]:
    """The alarms that these jobs have set off, ascending."""
    is_alarm = (events.c.event_type == "job.alarm") & events.c.job_id.in_(job_ids)
    query = select(events).where(is_alarm).order_by(events.c.id)
    return _events(connection, query)


def has_recent_event(
    connection: Connection, event_type: str, after: float, *, payload: Mapping[str, Any] | None = None
) -> bool:
    """Whether one of the newest events is of this type, later than this time, and has this payload if one is given."""
    columns = (events.c.event_type, events.c.at, events.c.payload_json)
    newest = select(*columns).order_by(events.c.id.desc()).limit(_NEWEST).subquery()
    query = select(newest.c.at).where(newest.c.event_type == event_type, newest.c.at > after).limit(1)
    if payload is not None:
        query = query.where(newest.c.payload_json == rows.dump(dict(payload)))
    return connection.execute(query).first() is not None


def _events(connection: Connection, query: Select[Any]) -> list[Event]:
    return with_records(connection, [rows.event(row) for row in connection.execute(query).mappings()])


def latest_event_id(connection: Connection) -> int:
    """The highest event id, 0 where there is none."""
    return int(connection.execute(select(func.max(events.c.id))).scalar() or 0)


def oldest_event_id(connection: Connection) -> int:
    """The lowest event id that is kept, 0 where there is none."""
    return int(connection.execute(select(func.min(events.c.id))).scalar() or 0)
