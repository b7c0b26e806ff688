"""What one attempt of a coding tool has used, in one shape for every tool: tokens, their cost, and who says so.

Input contains what came from a cache. What is not known is None, never 0. A cost of an unknown source is a part of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.adapters import prices
from engine.adapters.findings import Finding
from engine.streams.tool_json import ToolObject, sum_of
from engine.types import FailureClass
from state.costs import CostSource


@dataclass(frozen=True, kw_only=True)
class ModelUsage:
    """The tokens of one model, or of one request: `cached` and `written` (into a cache) are part of `sent`."""

    model: str = ""
    sent: int | None = None
    cached: int | None = 0
    written: int | None = 0
    received: int | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it counts no token at all: a tool that was stopped reports zeros."""
        return not any((self.sent, self.cached, self.written, self.received))

    def cost(self) -> float | None:
        """The cost by the table of prices; None where the model or a number is not known."""
        price = prices.price_of(self.model) if self.model else None
        numbers = (self.sent, self.cached, self.written, self.received)
        if price is None or any(number is None for number in numbers):
            return None
        return price.cost(
            input_tokens=self.sent or 0,
            cached=self.cached or 0,
            written=self.written or 0,
            output=self.received or 0,
        )


def unknown() -> dict[str, Any]:
    """The usage of an attempt that reports none."""
    return used(())


def used(
    uses: Iterable[ModelUsage], *, reported: float | None = None, is_whole: bool = True
) -> dict[str, Any]:
    """The usage as `JobResult.metadata` holds it.

    `reported` is the cost in the tool's own words. Without `is_whole` these are not all: the tool was stopped.
    """
    each = [use for use in uses if not use.is_nothing]
    sent, cached = sum_of(use.sent for use in each), sum_of(use.cached for use in each)
    cost, source = (reported, CostSource.REPORTED) if reported is not None else _estimated(each)
    return {
        "input_tokens": sent,
        "cached_tokens": cached if sent is None or cached is None else min(cached, sent),
        "output_tokens": sum_of(use.received for use in each),
        "cost_usd": cost,
        "cost_source": (source if is_whole else CostSource.UNKNOWN).value,
    }


def none_used() -> dict[str, Any]:
    """The usage of an attempt whose provider refused every request."""
    return {
        "input_tokens": 0, "cached_tokens": 0, "output_tokens": 0, "cost_usd": 0.0,
        "cost_source": CostSource.REPORTED.value,
    }  # fmt: skip


def with_usage(finding: Finding, found: Mapping[str, Any]) -> Finding:
    """The finding with the usage of its attempt; one that never started has none."""
    never_started = finding.failure in {FailureClass.SPAWN_FAILED, FailureClass.DISK}
    return finding if never_started else finding.with_metadata(usage=found)


def optional(counted: ToolObject, name: str) -> int | None:
    """A count that older tools leave out: then it is 0."""
    return counted.count(name) if counted.has(name) else 0


def _estimated(uses: Sequence[ModelUsage]) -> tuple[float | None, CostSource]:
    costs = [use.cost() for use in uses]
    known = [cost for cost in costs if cost is not None]
    whole = bool(costs) and len(known) == len(costs)
    return (sum(known) if known else None), (CostSource.ESTIMATED if whole else CostSource.UNKNOWN)
