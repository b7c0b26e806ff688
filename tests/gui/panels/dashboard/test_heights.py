"""How the parts of the Dashboard share its height."""

from dataclasses import replace

import pytest

from gui.panels.dashboard.dashboard_heights import MORE_HEIGHT, NEED_HEIGHT, RUN_HEIGHT, Wishes, shared

BEST, LEAST = 154, 98


def wishes(needs: int, runs: int, *, opened: int = 0, expanded: bool = False) -> Wishes:
    return Wishes(
        needs=needs, runs=runs, charts_best=BEST, charts_least=LEAST, opened=opened, is_expanded=expanded
    )


def test_with_room_everything_has_its_best_height() -> None:
    found = shared(2000, wishes(3, 8))
    assert (found.needs_listed, found.needs) == (3, 3 * NEED_HEIGHT)
    assert (found.runs, found.charts) == (8 * RUN_HEIGHT, BEST)
    assert shared(2000, replace(wishes(3, 8), charts_most=280)).charts == 280, (
        "what nothing else needs is theirs"
    )
    used = 3 * NEED_HEIGHT + 8 * RUN_HEIGHT
    assert shared(used + BEST + 10, replace(wishes(3, 8), charts_most=280)).charts == BEST + 10


def test_at_most_five_needs_are_listed_and_the_others_have_a_row() -> None:
    found = shared(2000, wishes(9, 8))
    assert (found.needs_listed, found.needs) == (5, 5 * NEED_HEIGHT + MORE_HEIGHT)


def test_the_charts_shrink_before_fewer_than_six_runs_are_visible_and_go_before_fewer_than_five() -> None:
    needs = 2 * NEED_HEIGHT
    shrunk = shared(needs + 6 * RUN_HEIGHT + BEST - 20, wishes(2, 20))
    assert (shrunk.runs, shrunk.charts) == (6 * RUN_HEIGHT, BEST - 20)
    least = shared(needs + 5 * RUN_HEIGHT + LEAST, wishes(2, 20))
    assert (least.runs, least.charts) == (5 * RUN_HEIGHT, LEAST)
    gone = shared(needs + 5 * RUN_HEIGHT + LEAST - 1, wishes(2, 20))
    assert (gone.needs_listed, gone.charts) == (2, 0)
    assert gone.runs >= 5 * RUN_HEIGHT


def test_then_fewer_needs_are_listed_so_that_five_runs_stay_visible() -> None:
    found = shared(2 * NEED_HEIGHT + MORE_HEIGHT + 5 * RUN_HEIGHT, wishes(4, 20))
    assert (found.needs_listed, found.charts) == (2, 0)
    assert found.runs == 5 * RUN_HEIGHT


def test_at_least_one_need_is_listed_in_a_very_low_panel() -> None:
    found = shared(150, wishes(4, 20))
    assert found.needs_listed == 1
    assert found.needs == NEED_HEIGHT + MORE_HEIGHT
    assert found.runs + found.needs <= 150


@pytest.mark.parametrize("height", range(180, 900, 17))
@pytest.mark.parametrize("needs", [0, 1, 4, 9])
def test_nothing_overlaps_and_the_runs_end_with_a_whole_row(height: int, needs: int) -> None:
    found = shared(height, wishes(needs, 30))
    assert found.needs + found.runs + found.charts <= height
    assert found.runs % RUN_HEIGHT == 0
    assert found.charts == 0 or LEAST <= found.charts <= BEST


def test_opened_needs_scroll_and_leave_five_runs_visible() -> None:
    height = 3 * NEED_HEIGHT + 6 * RUN_HEIGHT
    found = shared(height, wishes(3, 20, opened=18 * 28))
    assert (found.needs_listed, found.runs) == (3, 5 * RUN_HEIGHT)


def test_all_needs_get_the_room_of_all_runs_but_two_and_can_be_made_fewer_again() -> None:
    height = NEED_HEIGHT + MORE_HEIGHT + 5 * RUN_HEIGHT
    few, every = shared(height, wishes(3, 20)), shared(height, wishes(3, 20, expanded=True))
    assert (few.needs_listed, few.needs) == (1, NEED_HEIGHT + MORE_HEIGHT)
    assert (every.needs_listed, every.needs) == (1, 3 * NEED_HEIGHT + MORE_HEIGHT)
    assert every.runs == 2 * RUN_HEIGHT
    assert shared(height, wishes(40, 20, expanded=True)).runs == 2 * RUN_HEIGHT


def test_without_needs_or_runs_their_lists_take_no_room() -> None:
    found = shared(600, wishes(0, 0))
    assert (found.needs_listed, found.needs, found.runs, found.charts) == (0, 0, 0, BEST)
