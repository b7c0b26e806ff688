"""What something has cost and who says so, and the sums of it: one rule for attempts, jobs, runs and days."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class CostSource(StrEnum):
    """Who says what something cost.

    `REPORTED` is the tool's own word, `ESTIMATED` comes from a table of prices; of `UNKNOWN` at most a part is known.
    """

    REPORTED = "told"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


_LEAST_CERTAIN_FIRST = (CostSource.UNKNOWN, CostSource.ESTIMATED, CostSource.REPORTED)


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in US dollars and its source; without a source nothing was spent.

    An amount that came without a source, as earlier releases wrote it, is the tool's own word.
    """

    usd: float | None = None
    source: CostSource | None = None

    @classmethod
    def of(cls, usd: float | None, source: CostSource | None) -> "Cost":
        """The cost in two columns."""
        return cls(usd, CostSource.REPORTED if source is None and usd is not None else source)


NO_COST = Cost()
"""Nothing was spent."""


def total_cost(costs: Iterable[Cost]) -> Cost:
    """The sum of what is known; it is as certain as its least certain part."""
    every = list(costs)
    known = [cost.usd for cost in every if cost.usd is not None]
    sources = {cost.source for cost in every}
    source = next((each for each in _LEAST_CERTAIN_FIRST if each in sources), None)
    return Cost(sum(known) if known else None, source)
