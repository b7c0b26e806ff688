"""The layout of cards, the segments of bars, and movement: arithmetic without a window."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from gui.panels.board.board_layout import MIN_COLUMN_WIDTH, BoardLayout, CardPlacement, column_widths, lay_out
from gui.theme.animation import DURATION_S, MAX_MOVING, Animation
from gui.widgets.state_bar import segment_widths
from tests.gui.conftest import Clock


def placed(row: int, column: int, rank: float = 0.0, *, lane: str = "", height: int = 80) -> CardPlacement:
    return CardPlacement(row=row, lane=lane, column=column, rank=(rank, row), height=height)


def board(
    *cards: CardPlacement, lanes: tuple[str, ...] = ("",), width: int = 900, headers: bool = False
) -> BoardLayout:
    return lay_out(cards, lanes, columns=4, width=width, headers=headers)


def test_four_columns_fit_the_docked_board_of_a_small_window() -> None:
    width = 720  # of the board in a window of 1280 px, beside its scroll bar
    each, lefts = column_widths(width, 4)
    assert lefts[-1] + each <= width


def test_columns_share_the_width_and_keep_a_minimum() -> None:
    assert column_widths(900, 4)[0] > MIN_COLUMN_WIDTH
    each, lefts = column_widths(500, 4)
    assert each == MIN_COLUMN_WIDTH
    assert board(placed(0, 0), width=500).width > 500
    assert all(right - left > each for left, right in pairwise(lefts))


def test_cards_of_a_column_lie_below_each_other_by_rank() -> None:
    found = board(placed(0, 1, 2.0), placed(1, 1, 1.0), placed(2, 1, 3.0))
    assert found.order[1] == [1, 0, 2]
    assert found.cards[1].bottom() < found.cards[0].top()


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 9), st.sampled_from("ab"), st.integers(40, 160))))
def test_no_two_cards_overlap_and_all_lie_inside_their_lane(
    cells: list[tuple[int, float, str, int]],
) -> None:
    cards = [
        placed(row, column, rank, lane=lane, height=height)
        for row, (column, rank, lane, height) in enumerate(cells)
    ]
    found = board(*cards, lanes=("a", "b"), headers=True)
    rects = list(found.cards.items())
    for number, (row, rect) in enumerate(rects):
        body = next(box.body for box in found.lanes if box.key == cards[row].lane)
        assert body.contains(rect)
        assert not any(rect.intersects(other) for _, other in rects[number + 1 :])
    assert found.height == max((box.body.bottom() + 1 for box in found.lanes), default=0)


def test_a_folded_lane_shows_only_its_header() -> None:
    found = lay_out(
        [placed(0, 0, lane="a"), placed(1, 0, lane="b")],
        ["a", "b"],
        columns=4,
        width=900,
        headers=True,
        folded=frozenset({"a"}),
    )
    assert list(found.cards) == [1]
    assert found.lanes[0].body.height() == 0


def test_arrows_walk_along_the_column_and_to_the_nearest_card_beside() -> None:
    found = board(placed(0, 0), placed(1, 0, 1.0), placed(2, 0, 2.0), placed(3, 2), placed(4, 2, 1.0))
    assert found.along(0, 1) == 1
    assert found.along(2, 1) == 2
    assert found.beside(1, 1) == 4  # over the empty column, at the same height
    assert found.beside(3, -1) == 0
    assert found.beside(3, 1) == 3
    assert found.further(0, 10_000) == 2


def test_empty_cells_are_part_of_the_layout() -> None:
    assert {column for column, _ in board(placed(0, 1)).empty} == {0, 2, 3}


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=12), st.integers(60, 400))
def test_segments_fill_the_bar_and_are_at_least_three_pixels(counts: list[int], width: int) -> None:
    widths = segment_widths(counts, width)
    assert min(widths) >= 3
    assert sum(widths) + len(widths) - 1 == width


def test_segments_are_in_proportion() -> None:
    assert segment_widths([3, 1], 101) == [75, 25]


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


def test_a_card_glides_from_its_old_position_and_then_stops(qtbot: QtBot, clock: Clock) -> None:
    movement = Animation(clock=clock)
    rect = QRect(300, 40, 200, 100)
    movement.start({"card": QPoint(-240, 60)})
    assert movement.shifted("card", rect).topLeft() == QPoint(60, 100)
    clock.go_on(DURATION_S / 2)
    half = movement.shifted("card", rect)
    assert 60 < half.left() < 300
    with qtbot.waitSignal(movement.stepped):
        clock.go_on(DURATION_S)
    assert movement.shifted("card", rect) == rect
    assert not movement.active


def test_more_than_a_dozen_cards_at_once_jump(qtbot: QtBot, clock: Clock) -> None:
    assert qtbot
    movement = Animation(clock=clock)
    movement.start({number: QPoint(9, 9) for number in range(MAX_MOVING + 1)})
    assert not movement.active
