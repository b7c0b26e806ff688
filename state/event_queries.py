"""Reads of events, as records; each function takes a connection, which `DatabaseReader.read` supplies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from state import rows
from state.event_payloads import with_records
from state.records import Event
from state.sql_text import Connection, Values, as_list, mappings, tuples, value

_NEWEST = 2000
# The events of a run itself, and those of its jobs, which are found by the jobs.
_OF_RUN = """
    SELECT id FROM events WHERE run_id = ? AND job_id IS NULL AND id > ?
    UNION ALL
    SELECT id FROM events WHERE id > ? AND job_id IN (SELECT job_id FROM jobs WHERE run_id = ?)
"""


def events_after(
    connection: Connection,
    event_id: int,
    limit: int = 500,
    *,
    run_id: str | None = None,
) -> list[Event]:
    """Events with a greater id, ascending."""
    if run_id is None:
        query = "SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?"
        return _events(connection, query, (event_id, limit))
    query = f"SELECT * FROM events WHERE id IN ({_OF_RUN}) ORDER BY id LIMIT ?"
    return _events(connection, query, (run_id, event_id, event_id, run_id, limit))


@dataclass(frozen=True, slots=True)
class EventLine:
    """What an event says, without its payload."""

    id: int
    at: float
    level: str
    message: str


def event_lines_after(connection: Connection, event_id: int, limit: int) -> list[EventLine]:
    """The lines of events with a greater id, ascending."""
    query = "SELECT id, at, level, message FROM events WHERE id > ? ORDER BY id LIMIT ?"
    return [EventLine(*row) for row in tuples(connection, query, (event_id, limit))]


def first_of_run(connection: Connection, run_id: str) -> int | None:
    """The id of the oldest event of a run that is kept; None where none is."""
    found = value(connection, f"SELECT min(id) FROM ({_OF_RUN})", (run_id, 0, 0, run_id))
    return None if found is None else int(found)


def events_before(connection: Connection, event_id: int, limit: int = 500) -> list[Event]:
    """The page of events just before an id, ascending."""
    query = "SELECT * FROM events WHERE id < ? ORDER BY id DESC LIMIT ?"
    return _events(connection, query, (event_id, limit))[::-1]


def count_before(connection: Connection, event_id: int) -> tuple[int, int]:
    """The number of events before an id, and how many of them are errors."""
    query = "SELECT count(*), sum(level = 'error') FROM events WHERE id < ?"
    number, failed = tuples(connection, query, (event_id,))[0]
    return int(number), int(failed or 0)


def error_events(connection: Connection, limit: int, *, before: int | None = None) -> list[Event]:
    """The newest events that are errors, all or those before an id, ascending."""
    query = "SELECT * FROM events WHERE level = 'error' AND id < ? ORDER BY id DESC LIMIT ?"
    last = 2**63 - 1 if before is None else before
    return _events(connection, query, (last, limit))[::-1]


def events_of_job(connection: Connection, job_id: str, limit: int = 500) -> list[Event]:
    """The newest events of a job, ascending."""
    query = "SELECT * FROM events WHERE job_id = ? ORDER BY id DESC LIMIT ?"
    return _events(connection, query, (job_id, limit))[::-1]


def events_of_type(connection: Connection, event_type: str) -> list[Event]:
    """All events of one type, ascending."""
    query = "SELECT * FROM events WHERE event_type = ? ORDER BY id"
    return _events(connection, query, (event_type,))


def alarms_of(connection: Connection, job_ids: Collection[str]) -> list[Event]:
    """The alarms that these jobs have set off, ascending."""
    of_jobs = "job_id IN (SELECT value FROM json_each(?))"
    query = f"SELECT * FROM events WHERE event_type = 'job.alarm' AND {of_jobs} ORDER BY id"
    return [rows.event(row) for row in mappings(connection, query, (as_list(job_ids),))]


def has_recent_event(
    connection: Connection, event_type: str, after: float, *, payload: Mapping[str, Any] | None = None
) -> bool:
    """Whether one of the newest events is of this type, later than this time, and has this payload if one is given."""
    query = (
        "SELECT at FROM (SELECT event_type, at, payload_json FROM events ORDER BY id DESC LIMIT ?) "
        "WHERE event_type = ? AND at > ? AND (? IS NULL OR payload_json = ?) LIMIT 1"
    )
    same = None if payload is None else rows.dump(dict(payload))
    return value(connection, query, (_NEWEST, event_type, after, same, same)) is not None


def _events(connection: Connection, query: str, values: Values) -> list[Event]:
    return with_records(connection, [rows.event(row) for row in mappings(connection, query, values)])


def latest_event_id(connection: Connection) -> int:
    """The highest event id, 0 where there is none."""
    return int(value(connection, "SELECT max(id) FROM events") or 0)


def oldest_event_id(connection: Connection) -> int:
    """The lowest event id that is kept, 0 where there is none."""
    return int(value(connection, "SELECT min(id) FROM events") or 0)
