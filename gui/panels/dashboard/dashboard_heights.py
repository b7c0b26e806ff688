"""How the parts of the Dashboard share its height: pure arithmetic in pixels."""

from dataclasses import dataclass

NEED_HEIGHT, MORE_HEIGHT, RUN_HEIGHT = 44, 28, 30
MOST_NEEDS = 5
LEAST_RUNS, BEST_RUNS = 5, 6
"""So many runs are visible before anything else gets room, and before the charts get all of theirs."""


@dataclass(frozen=True, slots=True)
class Heights:
    """The number of needs to list, and the heights of their list, the runs and the charts; 0 hides the charts."""

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

    `is_expanded` says that a person wants to see all needs. The charts have their best height, or at least the least.
    """

    needs: int
    runs: int
    charts_best: int
    charts_least: int
    opened: int = 0
    is_expanded: bool = False
    rows: DashboardRows = DashboardRows()


def shared(height: int, wishes: Wishes) -> Heights:
    """Share what the titles leave. The charts yield first: they shrink, then they go; then fewer needs are listed."""
    listed = wishes.needs if wishes.is_expanded else min(wishes.needs, MOST_NEEDS)
    least = min(wishes.runs, LEAST_RUNS) * wishes.rows.run
    charts = _charts(height - _needs(listed, wishes), wishes)
    while not wishes.is_expanded and listed > 1 and height - _needs(listed, wishes) + wishes.opened < least:
        listed -= 1  # what a person has opened scrolls instead
    one = min(_needs(1, wishes) - wishes.opened, height - wishes.rows.run)
    needs = max(min(_needs(listed, wishes), height - least), one)
    return Heights(listed, needs, _runs(height - needs - charts, wishes), charts)


def _runs(room: int, wishes: Wishes) -> int:
    """The height of the runs in this room: they end with a whole row, unless not even one fits."""
    rows = min(wishes.runs, room // wishes.rows.run)
    return rows * wishes.rows.run if rows > 0 else min(wishes.runs * wishes.rows.run, max(room, 0))


def _needs(listed: int, wishes: Wishes) -> int:
    if not wishes.needs:
        return 0
    has_more_row = listed < wishes.needs or (wishes.is_expanded and wishes.needs > MOST_NEEDS)
    return listed * wishes.rows.need + wishes.opened + (wishes.rows.more if has_more_row else 0)


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
