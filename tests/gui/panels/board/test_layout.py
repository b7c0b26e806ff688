"""The layout of cards, the segments of bars, and movement: arithmetic without a window."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from gui.panels.board.board_layout import (
    FOLDED_WIDTH,
    GUTTER,
    MIN_COLUMN_WIDTH,
    BoardCell,
    BoardLayout,
    CardPlacement,
    Room,
    column_boxes,
    lay_out,
)
from gui.panels.board.card_delegate import has_age
from gui.theme.animation import DURATION_S, MAX_MOVING, Animation
from gui.widgets.state_bar import segment_widths
from tests.gui.conftest import Clock


def placed(row: int, column: int, rank: float = 0.0, *, lane: str = "") -> CardPlacement:
    return CardPlacement(row=row, lane=lane, column=column, rank=(rank, row))


def board(
    *cards: CardPlacement,
    lanes: tuple[str, ...] = ("",),
    width: int = 900,
    height: int = 400,
    headers: bool = False,
    folded: frozenset[str] = frozenset(),
    heights: dict[int, int] | None = None,
    limit: int = 1000,
) -> BoardLayout:
    return lay_out(
        cards,
        lanes,
        room=Room(
            width=width, height=height, folded_columns=[False] * 4, headers=headers, folded_lanes=folded
        ),
        height=lambda row, _width: (heights or {}).get(row, 80),
        limit=lambda _key: limit,
    )


def test_four_columns_fit_the_docked_board_of_a_small_window() -> None:
    width = 720  # of the board in a window of 1280 px
    assert column_boxes(width, [False] * 4)[-1].right <= width


def test_three_open_columns_fit_the_docked_board_of_the_smallest_window() -> None:
    width = 574  # of the board in a window of 1024 px
    assert column_boxes(width, [False, True, False, False])[-1].right <= width


def test_columns_share_the_width_and_keep_a_minimum() -> None:
    assert column_boxes(900, [False] * 4)[0].width > MIN_COLUMN_WIDTH
    narrow = column_boxes(500, [False] * 4)
    assert narrow[0].width == MIN_COLUMN_WIDTH
    assert board(placed(0, 0), width=500).width > 500
    assert all(right.left > left.right for left, right in pairwise(narrow))


def test_in_a_narrow_column_the_age_of_a_card_goes_before_its_name_is_cut() -> None:
    assert has_age(98, 90)
    assert not has_age(98, 120)
    assert has_age(240, 300)


def test_a_folded_column_leaves_its_width_to_the_others() -> None:
    open_, folded = column_boxes(900, [False] * 4), column_boxes(900, [False, True, False, False])
    assert folded[1].width == FOLDED_WIDTH
    assert folded[0].width > open_[0].width
    assert folded[-1].right <= 900


def test_cards_of_a_column_lie_below_each_other_by_rank() -> None:
    found = board(placed(0, 1, 2.0), placed(1, 1, 1.0), placed(2, 1, 3.0))
    assert found.order[1] == [1, 0, 2]
    cell = found.cells["", 1]
    assert all(above < below for above, below in zip(cell.bottoms, cell.tops[1:], strict=False))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 9), st.sampled_from("ab"), st.integers(40, 160))))
def test_no_two_cards_overlap_and_each_cell_lies_inside_its_lane(
    cells: list[tuple[int, float, str, int]],
) -> None:
    cards = [placed(row, column, rank, lane=lane) for row, (column, rank, lane, _) in enumerate(cells)]
    heights = {row: height for row, (_, _, _, height) in enumerate(cells)}
    found = board(*cards, lanes=("a", "b"), headers=True, heights=heights)
    assert found.places.keys() == heights.keys()
    for cell in found.cells.values():
        assert next(box.body for box in found.lanes if box.key == cell.key[0]).contains(cell.rect)
        assert all(below - above >= 10 for above, below in zip(cell.bottoms, cell.tops[1:], strict=False))
        assert all(cell.at(cell.card(number).center().y()) == number for number in range(len(cell.rows)))
        assert not cell.bottoms or cell.bottoms[-1] < cell.height
    assert found.height == max((box.body.bottom() + 1 for box in found.lanes), default=0)


def test_a_column_that_overflows_scrolls_by_itself_beside_a_gutter() -> None:
    found = board(*(placed(row, 0) for row in range(9)), placed(9, 1))
    long, short = found.cells["", 0], found.cells["", 1]
    assert found.height == 400  # the page itself does not scroll
    assert long.most == long.height - 400 > 0
    assert short.most == 0
    assert (long.card_width, short.card_width) == (short.card_width - GUTTER, found.columns[1].width)
    assert short.handle(0) is None


@given(st.integers(6, 4000), st.floats(0, 1))
def test_the_handle_stays_inside_its_gutter_and_is_never_too_small(cards: int, share: float) -> None:
    cell = board(*(placed(row, 0) for row in range(cards)), limit=5000).cells["", 0]
    handle = cell.handle(round(cell.most * share))
    assert handle is not None
    assert handle.height() >= 24
    assert cell.rect.top() <= handle.top() <= handle.bottom() <= cell.rect.bottom()
    assert cell.rect.left() + cell.card_width <= handle.left() <= handle.right() <= cell.rect.right()


def test_a_column_shows_no_more_cards_than_its_limit_and_then_the_place_of_a_button() -> None:
    cell = board(*(placed(row, 3) for row in range(30)), limit=20).cells["", 3]
    assert (len(cell.rows), len(cell.ranked)) == (20, 30)
    assert cell.more is not None
    assert cell.bottoms[-1] < cell.more.top() < cell.more.bottom() < cell.height
    assert board(placed(0, 3)).cells["", 3].more is None


def test_a_lane_is_never_higher_than_what_is_in_view_below_its_header() -> None:
    cards = [*(placed(row, 0, lane="a") for row in range(40)), placed(40, 0, lane="b")]
    found = board(*cards, lanes=("a", "b"), headers=True)
    assert found.lanes[0].header.height() + found.lanes[0].body.height() == 400
    assert found.lanes[1].body.height() < 200
    assert found.cells["a", 0].most > 0


def test_the_cards_between_two_heights_are_found_without_looking_at_all() -> None:
    cell = BoardCell(key=("", 0), rect=QRect(), rows=(5, 6, 7), tops=(0, 50, 100), bottoms=(40, 90, 140))
    assert [cell.between(0, 45), cell.between(40, 50), cell.between(41, 101)] == [
        range(1),
        range(1, 1),
        range(1, 3),
    ]
    assert (cell.at(20), cell.at(45), cell.at(100)) == (0, None, 2)


def test_a_folded_lane_shows_only_its_header() -> None:
    found = board(
        placed(0, 0, lane="a"),
        placed(1, 0, lane="b"),
        lanes=("a", "b"),
        headers=True,
        folded=frozenset({"a"}),
    )
    assert list(found.places) == [1]
    assert found.lanes[0].body.height() == 0


def test_arrows_walk_along_the_column_and_to_the_nearest_card_beside() -> None:
    found = board(placed(0, 0), placed(1, 0, 1.0), placed(2, 0, 2.0), placed(3, 2), placed(4, 2, 1.0))

    def middle(row: int) -> int:
        key, number = found.places[row]
        return found.cells[key].card(number).center().y()

    assert found.along(0, 1) == 1
    assert found.along(2, 1) == 2
    assert found.beside(1, 1, middle=middle) == 4  # over the empty column, at the same height
    assert found.beside(3, -1, middle=middle) == 0
    assert found.beside(3, 1, middle=middle) == 3


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
