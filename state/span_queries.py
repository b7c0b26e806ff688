"""Reads what happened between two moments, for a person who was away; functions take a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, text

from state import rows, statistics
from state.costs import NO_COST, Cost
from state.job_select import JOB_COLUMNS, jobs_selected
from state.records import Job, JobStatus, Workstream
from state.tables import events, jobs, workstreams
from state.timeline_queries import first_event_since

_WORKED = text(
    "SELECT sum(max(0, min(coalesce(completed_at, :until), :until) - max(started_at, :since))) FROM step_attempts "
    "WHERE (completed_at > :since OR status = 'running') AND started_at < :until"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SpanRecords:
    """What happened from one moment to another.

    `failed` are the jobs that failed in it and have not been retried since; `workstreams` those that ended in it or
    began to wait for a review. `worked_s` adds up the seconds in which attempts ran.
    """

    failed: Sequence[Job] = ()
    workstreams: Sequence[Workstream] = ()
    cost: Cost = NO_COST
    worked_s: float = 0.0
    missed_runs: int = 0
    """How many recurring runs were due and neither queued then nor made up for."""


def span_records(connection: Connection, since: float, until: float) -> SpanRecords:
    """What happened from `since` until just before `until`."""
    failing = jobs.c.status.in_([JobStatus.FAILED, JobStatus.TIMEOUT]) & jobs.c.completed_at.is_not(None)
    query = select(*JOB_COLUMNS).where(failing, jobs.c.completed_at >= since, jobs.c.completed_at < until)
    moments = (workstreams.c.completed_at, workstreams.c.waits_since)
    moved = select(workstreams).where(or_(*((at >= since) & (at < until) for at in moments)))
    return SpanRecords(
        failed=jobs_selected(connection, query.order_by(jobs.c.completed_at)),
        workstreams=[rows.workstream(row) for row in connection.execute(moved).mappings()],
        cost=statistics.spent(connection, since, until),
        missed_runs=_missed_runs(connection, since, until),
        worked_s=float(connection.execute(_WORKED, {"since": since, "until": until}).scalar() or 0.0),
    )


def _missed_runs(connection: Connection, since: float, until: float) -> int:
    payload = events.c.payload_json

    def stored(place: str) -> ColumnElement[Any]:
        return case((func.json_valid(payload) == 1, func.json_extract(payload, place)))

    query = select(func.count(stored("$.name").distinct())).where(
        events.c.id >= first_event_since(connection, since),
        events.c.event_type.in_(("recurring.missed", "recurring.failed")),
        events.c.at >= since,
        events.c.at < until,
        stored("$.queued").is_(None),
    )
    return connection.execute(query).scalar() or 0
