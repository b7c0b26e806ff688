"""Queries that count: jobs by state, jobs per hour, costs, and the size of the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from state import event_queries, rows
from state.costs import Cost, CostSource, total_cost
from state.records import ErrorCount, JobStatus
from state.tables import errors, jobs

_STATES = frozenset(JobStatus)


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """Attempts that ended in the interval that starts at `start` (epoch seconds)."""

    start: float
    completed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Jobs of one tool that ended in one interval, and how many succeeded at their first attempt."""

    start: float
    first_time: int
    total: int


@dataclass(frozen=True, slots=True)
class DatabaseSize:
    """The size of the database in bytes, and the number of its events."""

    bytes: int
    events: int


def counts(connection: Connection) -> dict[JobStatus, int]:
    """How many jobs there are in each state."""
    query = select(jobs.c.status, func.count()).group_by(jobs.c.status)
    return _by_status(connection.execute(query))


def _by_status(found: Iterable[Any]) -> dict[JobStatus, int]:
    """The numbers by their states; what is no state is found where the jobs themselves are read."""
    return {JobStatus(status): number for status, number in found if status in _STATES}


def error_counts(connection: Connection, limit: int = 20) -> list[ErrorCount]:
    """Failures by signature, the latest first."""
    query = select(errors).order_by(errors.c.last_at.desc()).limit(limit)
    return [rows.error(row) for row in connection.execute(query).mappings()]


def throughput(connection: Connection, since: float, bucket_s: float) -> list[TimeBucket]:
    """Jobs that ended since then, in intervals of `bucket_s` seconds; empty intervals are left out."""
    found: defaultdict[float, list[int]] = defaultdict(lambda: [0, 0])
    query = text(
        "SELECT CAST(completed_at / :size AS INTEGER) * :size, status = 'completed', count(*) FROM jobs "
        "WHERE completed_at >= :since AND status IN ('completed', 'failed', 'timeout') GROUP BY 1, 2",
    )
    for start, good, number in connection.execute(query, {"size": bucket_s, "since": since}):
        found[float(start)][0 if good else 1] += number
    return [TimeBucket(start, *numbers) for start, numbers in sorted(found.items())]


def first_time_success(connection: Connection, since: float, bucket_s: float) -> dict[str, list[Rate]]:
    """By tool: how many jobs ended since then, and how many succeeded at their first attempt."""
    query = text(
        "SELECT tool, CAST(completed_at / :size AS INTEGER) * :size, "
        "sum(status = 'completed' AND attempts = 1), count(*) FROM jobs "
        "WHERE completed_at >= :since AND status IN ('completed', 'failed', 'timeout') "
        "GROUP BY 1, 2 ORDER BY 2",
    )
    found: defaultdict[str, list[Rate]] = defaultdict(list)
    for tool, start, first, total in connection.execute(query, {"size": bucket_s, "since": since}):
        found[tool].append(Rate(float(start), first, total))
    return dict(found)


def costs(connection: Connection, since: float, bucket_s: float) -> list[tuple[float, float]]:
    """The cost of attempts since then, in intervals of `bucket_s` seconds: (start, dollars)."""
    query = text(
        "SELECT CAST(completed_at / :size AS INTEGER) * :size, sum(cost_usd) FROM step_attempts "
        "WHERE completed_at >= :since AND cost_usd IS NOT NULL GROUP BY 1 ORDER BY 1",
    )
    return [
        (float(start), cost) for start, cost in connection.execute(query, {"size": bucket_s, "since": since})
    ]


def spent(connection: Connection, since: float, before: float | None = None) -> Cost:
    """What the attempts that ended since then, and before another moment, have cost together."""
    query = text(
        "SELECT cost_source, sum(cost_usd) FROM step_attempts "
        "WHERE completed_at >= :since AND (:before IS NULL OR completed_at < :before) GROUP BY 1",
    )
    found = connection.execute(query, {"since": since, "before": before})
    return total_cost(_cost(source, dollars) for source, dollars in found)


def spent_by_run(connection: Connection, run_id: str) -> Cost:
    """What the jobs of a run have cost together."""
    query = text(
        "SELECT cost_source, sum(cost_usd) FROM jobs WHERE run_id = :run_id GROUP BY 1",
    )
    found = connection.execute(query, {"run_id": run_id})
    return total_cost(_cost(source, dollars) for source, dollars in found)


def spent_by_tool(connection: Connection, since: float) -> dict[str, Cost]:
    """What the attempts of each tool that ended since then have cost."""
    query = text(
        "SELECT tool, cost_source, sum(cost_usd) FROM step_attempts WHERE completed_at >= :since GROUP BY 1, 2",
    )
    found: defaultdict[str, list[Cost]] = defaultdict(list)
    for tool, source, dollars in connection.execute(query, {"since": since}):
        found[tool].append(_cost(source, dollars))
    totals = {tool: total_cost(parts) for tool, parts in found.items()}
    return {tool: total for tool, total in totals.items() if total.source is not None}


def _cost(source: str | None, dollars: float | None) -> Cost:
    return Cost.of(dollars, None if source is None else CostSource(source))


def size(connection: Connection) -> DatabaseSize:
    """The size of the database; events are counted by their ids, which costs nothing."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
    page = connection.exec_driver_sql("PRAGMA page_size").scalar() or 0
    latest = event_queries.latest_event_id(connection)
    return DatabaseSize(pages * page, latest - max(event_queries.oldest_event_id(connection) - 1, 0))
