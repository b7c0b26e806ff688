"""Which quotas will be used up while a queue is played forward, and when they return. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from engine.scheduling.forecast_types import AccountUse, ForecastFacts
from state.records import Hold, HoldCause, HoldKind, Job

Target = tuple[HoldKind, str]
_ALL_USED = 1.0 - 1e-9


@dataclass(slots=True)
class _Window:
    """One usage window while it lasts; what comes after its reset is not known, so nothing is said of it."""

    use: AccountUse
    target: Target
    used: float
    used_up_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UsedUpQuota:
    """A quota that is used up, or will be; `used_up_at` is None where it is already. `target` is what it holds."""

    target: Target
    window: str
    returns_at: float
    used_up_at: float | None = None


class QuotaForecast:
    """The quotas of one forecast: each running job uses them at the pace at which its account did so far."""

    def __init__(self, facts: ForecastFacts, now: float) -> None:
        self._given = tuple(facts.holds)
        self._accounts = facts.accounts
        self._placed: dict[Target, Hold] = {}
        self._windows = [
            _Window(use, self._target(use), use.used)
            for use in facts.uses
            if use.used is not None and use.resets_at > now
        ]
        self._windows.sort(key=lambda one: (one.target, one.use.window, one.use.resets_at))
        self._now = now
        self._place_holds(now)

    def holds(self) -> list[Hold]:
        """The holds there are, with those that used-up quotas will place."""
        given = {(hold.kind, hold.key): hold for hold in self._given}
        for target, hold in self._placed.items():
            if target not in given or _end(given[target]) < _end(hold):
                given[target] = hold
        return list(given.values())

    def next_change(self, at: float, running: Iterable[Job]) -> float | None:
        """When the next quota is used up if these jobs go on."""
        jobs = list(running)
        end = min((_end_of(one, at, self._pace(one, jobs)) for one in self._open(at)), default=math.inf)
        return end if math.isfinite(end) else None

    def advance(self, since: float, at: float, running: Iterable[Job]) -> None:
        """Use the quotas up that these jobs used from `since` to `at`."""
        jobs = list(running)
        for one in self._open(since):
            pace = self._pace(one, jobs)
            # A moment that rounds to the one before would come again and again: it is what counts, not the sum.
            is_used_up = _end_of(one, since, pace) <= at
            one.used = 1.0 if is_used_up else one.used + pace * (min(at, one.use.resets_at) - since)
        self._place_holds(at)

    def used_up(self) -> list[UsedUpQuota]:
        """Every quota that is used up at the beginning or later, the first to return first."""
        held = {
            (hold.kind, hold.key): UsedUpQuota(target=(hold.kind, hold.key), window="", returns_at=hold.until)
            for hold in self._given
            if hold.cause is HoldCause.QUOTA and hold.until is not None and hold.is_in_force(self._now)
        }
        for one in self._windows:
            if one.used_up_at is not None and one.target not in held:
                began = None if one.used_up_at <= self._now else one.used_up_at
                held[one.target] = UsedUpQuota(
                    target=one.target, window=one.use.window, returns_at=one.use.resets_at, used_up_at=began
                )
        return sorted(held.values(), key=lambda one: (one.returns_at, one.target))

    def _target(self, use: AccountUse) -> Target:
        has_accounts = use.account in self._accounts.get(use.tool, ()) or use.account != use.tool
        return (HoldKind.ACCOUNT, use.account) if has_accounts else (HoldKind.TOOL, use.tool)

    def _open(self, at: float) -> Iterable[_Window]:
        return (one for one in self._windows if one.used_up_at is None and one.use.resets_at > at)

    def _place_holds(self, at: float) -> None:
        for one in self._windows:
            if one.used_up_at is None and one.used >= _ALL_USED and one.use.resets_at > at:
                one.used_up_at = at
                hold = Hold(
                    kind=one.target[0], key=one.target[1], reason="", since=at, until=one.use.resets_at,
                    cause=HoldCause.QUOTA,
                )  # fmt: skip
                if one.target not in self._placed or _end(self._placed[one.target]) < _end(hold):
                    self._placed[one.target] = hold

    @staticmethod
    def _pace(window: _Window, running: Iterable[Job]) -> float:
        """The part of the window that the running jobs of its account use in a second."""
        kind, key = window.target
        users = sum((job.account if kind is HoldKind.ACCOUNT else job.tool) == key for job in running)
        return users * max(0.0, window.use.per_second or 0.0)


def _end_of(window: _Window, at: float, pace: float) -> float:
    """When a window is used up at this pace; infinite where it is not, or starts anew before."""
    end = at + (1.0 - window.used) / pace if pace > 0 else math.inf
    return end if end < window.use.resets_at else math.inf


def _end(hold: Hold) -> float:
    return math.inf if hold.until is None else hold.until
