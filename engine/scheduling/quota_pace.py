"""How fast the running jobs of an account use up its quota, from what its tool has reported. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from engine.scheduling.forecast_types import AccountUse
from engine.system.usage_windows import UsageWindow, windows_in
from state.forecast_records import UsageReport

LONGEST_WINDOW_S = 8 * 24 * 3600.0
"""No provider counts over more than a week."""
_SAME_RESET_S = 120.0
"""Tools report the same reset a little differently each time."""

_Report = tuple[float, UsageWindow]


def account_uses(attempts: Sequence[UsageReport], now: float) -> list[AccountUse]:
    """How much of each usage window that has not ended is used, and how fast; `attempts` in the order of their ends."""
    mine: defaultdict[tuple[str, str | None], list[UsageReport]] = defaultdict(list)
    for one in attempts:
        mine[one.tool, one.account].append(one)
    return [
        use for (tool, account), found in mine.items() for use in _uses(tool, account or tool, found, now=now)
    ]


def _uses(tool: str, account: str, attempts: Sequence[UsageReport], *, now: float) -> Iterator[AccountUse]:
    reports: defaultdict[str, list[_Report]] = defaultdict(list)
    for attempt in attempts:
        for window in windows_in(attempt.metadata):
            reports[window.name].append((attempt.completed_at, window))
    for name, found in reports.items():
        _, newest = found[-1]
        if newest.resets_at is not None and newest.resets_at > now and newest.used is not None:
            yield AccountUse(
                account=account, tool=tool, window=name, resets_at=newest.resets_at, used=newest.used,
                per_second=_pace(found, attempts),
            )  # fmt: skip


def _pace(reports: Sequence[_Report], attempts: Sequence[UsageReport]) -> float | None:
    """What one running job used in a second, between the first and the last report of the newest window."""
    last_at, last = reports[-1]
    same = [(at, window) for at, window in reports if _is_same(window, last)]
    first_at, first = same[0]
    busy = sum(_overlap(one, first_at, last_at) for one in attempts)
    used = (last.used or 0.0) - (first.used or 0.0)
    return used / busy if busy > 0 and used > 0 else None


def _is_same(one: UsageWindow, other: UsageWindow) -> bool:
    known = one.resets_at is not None and other.resets_at is not None and one.used is not None
    return known and abs((one.resets_at or 0.0) - (other.resets_at or 0.0)) <= _SAME_RESET_S


def _overlap(attempt: UsageReport, since: float, until: float) -> float:
    return max(min(attempt.completed_at, until) - max(attempt.started_at, since), 0.0)
