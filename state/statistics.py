"""Queries that count: jobs by state, jobs per hour, costs, and the size of the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from state import event_queries, rows
from state.costs import Cost, CostSource, total_cost
from state.records import ErrorCount, JobStatus
from state.sql_text import Connection, mappings, tuples, value

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
    return _by_status(tuples(connection, "SELECT status, count(*) FROM jobs GROUP BY status"))


def _by_status(found: Iterable[Any]) -> dict[JobStatus, int]:
    """The numbers by their states; what is no state is found where the jobs themselves are read."""
    return {JobStatus(status): number for status, number in found if status in _STATES}


def error_counts(connection: Connection, limit: int = 20) -> list[ErrorCount]:
    """Failures by signature, the latest first."""
    query = "SELECT * FROM errors ORDER BY last_at DESC LIMIT ?"
    return [rows.error(row) for row in mappings(connection, query, (limit,))]


def throughput(connection: Connection, since: float, bucket_s: float) -> list[TimeBucket]:
    """Jobs that ended since then, in intervals of `bucket_s` seconds; empty intervals are left out."""
    found: defaultdict[float, list[int]] = defaultdict(lambda: [0, 0])
    query = (
        "SELECT CAST(completed_at / ?1 AS INTEGER) * ?1, status = 'completed', count(*) FROM jobs "
        "WHERE completed_at >= ?2 AND status IN ('completed', 'failed', 'timeout') GROUP BY 1, 2"
    )
    for start, good, number in tuples(connection, query, (bucket_s, since)):
        found[float(start)][0 if good else 1] += number
    return [TimeBucket(start, *numbers) for start, numbers in sorted(found.items())]


def first_time_success(connection: Connection, since: float, bucket_s: float) -> dict[str, list[Rate]]:
    """By tool: how many jobs ended since then, and how many succeeded at their first attempt."""
    query = (
        "SELECT tool, CAST(completed_at / ?1 AS INTEGER) * ?1, "
        "sum(status = 'completed' AND attempts = 1), count(*) FROM jobs "
        "WHERE completed_at >= ?2 AND status IN ('completed', 'failed', 'timeout') "
        "GROUP BY 1, 2 ORDER BY 2"
    )
    found: defaultdict[str, list[Rate]] = defaultdict(list)
    for tool, start, first, total in tuples(connection, query, (bucket_s, since)):
        found[tool].append(Rate(float(start), first, total))
    return dict(found)


def costs(connection: Connection, since: float, bucket_s: float) -> list[tuple[float, float]]:
    """The cost of attempts since then, in intervals of `bucket_s` seconds: (start, dollars)."""
    query = (
        "SELECT CAST(completed_at / ?1 AS INTEGER) * ?1, sum(cost_usd) FROM step_attempts "
        "WHERE completed_at >= ?2 AND cost_usd IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return [(float(start), cost) for start, cost in tuples(connection, query, (bucket_s, since))]


def spent(connection: Connection, since: float, before: float | None = None) -> Cost:
    """What the attempts that ended since then, and before another moment, have cost together."""
    query = (
        "SELECT cost_source, sum(cost_usd) FROM step_attempts "
        "WHERE completed_at >= ?1 AND (?2 IS NULL OR completed_at < ?2) GROUP BY 1"
    )
    found = tuples(connection, query, (since, before))
    return total_cost(_cost(source, dollars) for source, dollars in found)


def spent_by_run(connection: Connection, run_id: str) -> Cost:
    """What the jobs of a run have cost together."""
    query = "SELECT cost_source, sum(cost_usd) FROM jobs WHERE run_id = ?1 GROUP BY 1"
    found = tuples(connection, query, (run_id,))
    return total_cost(_cost(source, dollars) for source, dollars in found)


def spent_by_tool(connection: Connection, since: float) -> dict[str, Cost]:
    """What the attempts of each tool that ended since then have cost."""
    query = (
        "SELECT tool, cost_source, sum(cost_usd) FROM step_attempts WHERE completed_at >= ?1 GROUP BY 1, 2"
    )
    found: defaultdict[str, list[Cost]] = defaultdict(list)
    for tool, source, dollars in tuples(connection, query, (since,)):
        found[tool].append(_cost(source, dollars))
    totals = {tool: total_cost(parts) for tool, parts in found.items()}
    return {tool: total for tool, total in totals.items() if total.source is not None}


def _cost(source: str | None, dollars: float | None) -> Cost:
    return Cost.of(dollars, None if source is None else CostSource(source))


def size(connection: Connection) -> DatabaseSize:
    """The size of the database; events are counted by their ids, which costs nothing."""
    pages = value(connection, "PRAGMA page_count") or 0
    page = value(connection, "PRAGMA page_size") or 0
    latest = event_queries.latest_event_id(connection)
    return DatabaseSize(pages * page, latest - max(event_queries.oldest_event_id(connection) - 1, 0))
