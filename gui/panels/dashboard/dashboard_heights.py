"""How the parts of the Dashboard share its height: pure arithmetic in pixels."""

from dataclasses import dataclass, replace

NEED_HEIGHT, MORE_HEIGHT, RUN_HEIGHT = 44, 28, 30
MOST_NEEDS = 5
LEAST_RUNS, BEST_RUNS = 5, 6
"""So many runs are visible before anything else gets room, and before the charts get all of theirs."""
_RUNS_BELOW_ALL = 2
"""So many runs stay visible below all needs, which a person wants to see now."""


@dataclass(frozen=True, slots=True)
class Heights:
    """The number of needs to list, and the heights of their list, the runs and the charts; 0 hides the charts.

    The number is that of the most urgent ones, also while all are listed.
    """

    needs_listed: int
    needs: int
    runs: int
    charts: int


@dataclass(frozen=True, slots=True)
class DashboardRows:
    """The heights of a need, of the row behind the needs, and of a run; larger text makes them higher."""

    need: int = NEED_HEIGHT
    more: int = MORE_HEIGHT
    run: int = RUN_HEIGHT


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What there is to show. `opened` is the height of the rows that a person has opened below the needs.

    `is_expanded` says that a person wants to see all needs. The charts have their best height, or at least the least;
    what nothing else needs is theirs up to the most.
    """

    needs: int
    runs: int
    charts_best: int
    charts_least: int
    charts_most: int = 0
    opened: int = 0
    is_expanded: bool = False
    rows: DashboardRows = DashboardRows()


def shared(height: int, wishes: Wishes) -> Heights:
    """Share what the titles leave. The charts yield first: they shrink, then they go; then fewer needs are listed."""
    listed = _listed(height, wishes)
    least = min(wishes.runs, _RUNS_BELOW_ALL if wishes.is_expanded else LEAST_RUNS) * wishes.rows.run
    needed = _needs(listed, wishes)
    unshortened = needed if wishes.is_expanded else _needs(min(wishes.needs, MOST_NEEDS), wishes)
    charts = _charts(height - unshortened, wishes)  # they go before a need is hidden
    one = min(wishes.rows.need + wishes.rows.more * (listed < wishes.needs), height - wishes.rows.run)
    needs = max(min(needed, height - least), one) if wishes.needs else 0
    runs = _runs(height - needs - charts, wishes)
    if charts == wishes.charts_best:
        charts = max(charts, min(height - needs - runs, wishes.charts_most))
    return Heights(listed, needs, runs, charts)


def _listed(height: int, wishes: Wishes) -> int:
    """How many needs are listed until a person wants all; what is opened below them scrolls instead."""
    few = replace(wishes, is_expanded=False, opened=0)
    listed, least = min(wishes.needs, MOST_NEEDS), min(wishes.runs, LEAST_RUNS) * wishes.rows.run
    while listed > 1 and height - _needs(listed, few) < least:
        listed -= 1
    return listed


def _runs(room: int, wishes: Wishes) -> int:
    """The height of the runs in this room: they end with a whole row, unless not even one fits."""
    rows = min(wishes.runs, room // wishes.rows.run)
    return rows * wishes.rows.run if rows > 0 else min(wishes.runs * wishes.rows.run, max(room, 0))


def _needs(listed: int, wishes: Wishes) -> int:
    if not wishes.needs:
        return 0
    shown = wishes.needs if wishes.is_expanded else listed
    more = wishes.rows.more if listed < wishes.needs else 0
    return shown * wishes.rows.need + wishes.opened + more


def _charts(room: int, wishes: Wishes) -> int:
    """The height of the charts in this room for them and the runs, so that the list of runs ends with a whole row."""
    best = min(wishes.runs, BEST_RUNS) * wishes.rows.run
    if room - best >= wishes.charts_best:
        rest = (room - wishes.charts_best) % wishes.rows.run
        is_cut = wishes.runs * wishes.rows.run > room - wishes.charts_best
        shrunk = wishes.charts_best - (wishes.rows.run - rest) if is_cut and rest else wishes.charts_best
        return shrunk if shrunk >= wishes.charts_least else wishes.charts_best
    for runs in range(min(wishes.runs, BEST_RUNS), min(wishes.runs, LEAST_RUNS) - 1, -1):
        left = room - runs * wishes.rows.run
        if left >= wishes.charts_least:
            return left
    return 0
