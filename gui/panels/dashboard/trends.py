"""Figures over time for the charts of the Dashboard, read from the database in equal intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from state import queries, statistics
from state.costs import CostSource

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader

QUARTER_S = 900.0
BUCKETS = 18
DAY_S = 86400.0
DAYS = 8
COST_HOURS = 12
TOOLS = 4


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """Jobs that ended in each quarter of an hour, oldest first; `start` is when the first begins."""

    start: float
    completed: Sequence[int]
    failed: Sequence[int]

    @property
    def first(self) -> int | None:
        """The first quarter in which a job ended; None if there was none."""
        totals = (good + bad for good, bad in zip(self.completed, self.failed, strict=True))
        return next((quarter for quarter, total in enumerate(totals) if total), None)

    @property
    def mean(self) -> float | None:
        """The average number of jobs per quarter, since the first with any; None if there were none."""
        first, ended = self.first, sum(self.completed) + sum(self.failed)
        return None if first is None else ended / (len(self.completed) - first)


@dataclass(frozen=True, kw_only=True)
class SuccessRate:
    """How often the first attempt of a tool succeeded, by day; None for a day on which none of its jobs ended."""

    tool: str
    rates: Sequence[float | None]

    @property
    def last(self) -> float | None:
        """The rate of the last day that has one."""
        return next((rate for rate in reversed(self.rates) if rate is not None), None)


@dataclass(frozen=True, kw_only=True)
class Spending:
    """The accumulated cost at the end of each quarter of an hour, in dollars; empty if no tool reported any."""

    start: float
    total: Sequence[float]
    budget: float | None = None
    source: CostSource | None = None


@dataclass(frozen=True, kw_only=True)
class Trends:
    """Everything the three charts show."""

    throughput: Throughput
    success: Sequence[SuccessRate]
    spending: Spending


def read_trends(reader: "DatabaseReader", now: float) -> Trends:
    """Read the figures as of `now` with three short queries over indexed columns."""
    return Trends(
        throughput=_throughput(reader, now), success=_success(reader, now), spending=_spending(reader, now)
    )


def _throughput(reader: "DatabaseReader", now: float) -> Throughput:
    start = _floor(now, QUARTER_S) - (BUCKETS - 1) * QUARTER_S
    completed, failed = [0] * BUCKETS, [0] * BUCKETS
    for bucket in reader.read(statistics.throughput, start, QUARTER_S):
        bucket_index = round((bucket.start - start) / QUARTER_S)
        if 0 <= bucket_index < BUCKETS:
            completed[bucket_index], failed[bucket_index] = bucket.completed, bucket.failed
    return Throughput(start=start, completed=completed, failed=failed)


def _success(reader: "DatabaseReader", now: float) -> list[SuccessRate]:
    start = _floor(now, DAY_S) - (DAYS - 1) * DAY_S
    by_tool = reader.read(statistics.first_time_success, start, DAY_S)
    busiest = sorted(by_tool, key=lambda tool: (-sum(rate.total for rate in by_tool[tool]), tool))[:TOOLS]
    rates = []
    for tool in sorted(busiest):
        days: list[float | None] = [None] * DAYS
        for rate in by_tool[tool]:
            bucket_index = round((rate.start - start) / DAY_S)
            if 0 <= bucket_index < DAYS and rate.total:
                days[bucket_index] = rate.first_time / rate.total
        rates.append(SuccessRate(tool=tool, rates=days))
    return rates


def _spending(reader: "DatabaseReader", now: float) -> Spending:
    quarters = round(COST_HOURS * 3600 / QUARTER_S)
    start = _floor(now, QUARTER_S) - (quarters - 1) * QUARTER_S
    costs = reader.read(statistics.costs, start, QUARTER_S)
    spent = [0.0] * quarters
    for at, dollars in costs:
        bucket_index = round((at - start) / QUARTER_S)
        if 0 <= bucket_index < quarters:
            spent[bucket_index] += dollars
    total, running = [], 0.0
    for dollars in spent:
        running += dollars
        total.append(running)
    known = _budget(reader)
    source = reader.read(statistics.spent, start).source
    return Spending(start=start, total=total if costs else [], budget=known, source=source)


def _budget(reader: "DatabaseReader") -> float | None:
    stored = reader.read(queries.all_settings)
    if "budget_usd" not in stored:
        return None
    from engine.settings import read_settings  # noqa: PLC0415 - slow to load

    return read_settings(stored).settings.budget_usd


def _floor(at: float, size: float) -> float:
    return at // size * size
