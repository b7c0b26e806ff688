"""How long a job is expected to take, from how long attempts like it took. Pure."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from engine.scheduling.forecast_types import Basis
from state.forecast_records import PastDurations

_Key = tuple[str | None, str | None, str]
_OVERDUE_SHARE = 0.5
"""What runs longer than everything before it is taken to need half as long again as it has run."""


@dataclass(frozen=True, slots=True)
class ExpectedLength:
    """A length in seconds, half of the range of the middle half of what it is taken from, and what that is."""

    seconds: float
    spread: float
    basis: Basis


class LengthTable:
    """Expected lengths by repository, step and tool, or by less than that where nothing has run there."""

    def __init__(self, durations: Iterable[PastDurations]) -> None:
        self._exact: defaultdict[_Key, list[float]] = defaultdict(list)
        self._similar: defaultdict[tuple[int, _Key], list[float]] = defaultdict(list)
        for one in durations:
            known = [seconds for seconds in one.seconds if math.isfinite(seconds) and seconds >= 0]
            self._exact[one.repo, one.step_name, one.tool] += known
            for level, key in enumerate(_similar_keys(one.repo, one.step_name, one.tool)):
                self._similar[level, key] += known
        for samples in (*self._exact.values(), *self._similar.values()):
            samples.sort()
        self._found: dict[_Key, tuple[Sequence[float], Basis, ExpectedLength] | None] = {}

    def length(self, repo: str | None, step_name: str, tool: str) -> ExpectedLength | None:
        """How long such a job takes in all; None where nothing like it has succeeded."""
        found = self._lookup(repo, step_name, tool)
        return None if found is None else found[2]

    def remaining(
        self, repo: str | None, step_name: str, tool: str, *, elapsed: float
    ) -> ExpectedLength | None:
        """How long such a job takes from now on that has run for `elapsed` seconds.

        Only attempts that took longer than that count: it is not one of the quick ones any more.
        """
        found = self._lookup(repo, step_name, tool)
        if found is None:
            return None
        samples, basis, whole = found
        longer = samples[bisect_right(samples, elapsed) :]
        if longer:
            return ExpectedLength(median(longer) - elapsed, _spread(longer), basis)
        return ExpectedLength(elapsed * _OVERDUE_SHARE, whole.spread, Basis.OVERDUE)

    def _lookup(
        self, repo: str | None, step_name: str, tool: str
    ) -> tuple[Sequence[float], Basis, ExpectedLength] | None:
        key = (repo, step_name, tool)
        if key not in self._found:
            self._found[key] = self._look_up(key)
        return self._found[key]

    def _look_up(self, key: _Key) -> tuple[Sequence[float], Basis, ExpectedLength] | None:
        samples, basis = self._exact.get(key), Basis.MEASURED
        if not samples:
            keys = enumerate(_similar_keys(*key))
            samples = next((found for at in keys if (found := self._similar.get(at))), None)
            basis = Basis.SIMILAR
        if not samples:
            return None
        return samples, basis, ExpectedLength(median(samples), _spread(samples), basis)


def _similar_keys(repo: str | None, step_name: str | None, tool: str) -> tuple[_Key, ...]:
    """What is like it, the most alike first: any step there, that step anywhere, anything of the tool."""
    return (repo, None, tool), (None, step_name, tool), (None, None, tool)


def _spread(samples: Sequence[float]) -> float:
    """Half of the range of the middle half of sorted samples."""
    last = len(samples) - 1
    return (samples[math.ceil(last * 0.75)] - samples[math.floor(last * 0.25)]) / 2
