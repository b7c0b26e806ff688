"""Which columns fold, how many cards they show, where they stay scrolled to, and what a drop does: no window."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QRect

from gui.data.card import NARROW, WIDE, BoardColumn, Card
from gui.panels.board.board_columns import (
    FIRST_OPEN,
    FOLD_AFTER_S,
    MORE_AT_ONCE,
    ColumnFolds,
    ShownLimits,
    anchors,
    kept_offset,
)
from gui.panels.board.board_layout import BoardCell
from gui.panels.board.card_drop import drop_on
from state.command_table import JobCommand

RUNNING, WAITING, DONE = BoardColumn.RUNNING, BoardColumn.WAITING, BoardColumn.DONE


def test_a_column_that_is_empty_from_the_start_is_folded_at_once() -> None:
    assert ColumnFolds().folded({WAITING: 3, RUNNING: 0}, 100.0) == {RUNNING}


def test_a_column_that_empties_folds_only_after_a_while_and_opens_at_once() -> None:
    folds = ColumnFolds()
    assert folds.folded({RUNNING: 1}, 100.0) == frozenset()
    assert folds.folded({RUNNING: 0}, 101.0) == frozenset()
    assert folds.next_fold(101.0) == FOLD_AFTER_S
    assert folds.folded({RUNNING: 0}, 100.9 + FOLD_AFTER_S) == frozenset()
    assert folds.folded({RUNNING: 0}, 101.0 + FOLD_AFTER_S) == {RUNNING}
    assert folds.folded({RUNNING: 1}, 102.0 + FOLD_AFTER_S) == frozenset()
    assert folds.next_fold(102.0 + FOLD_AFTER_S) is None


def test_a_filter_folds_what_it_empties_without_delay() -> None:
    folds = ColumnFolds()
    folds.folded({RUNNING: 1}, 100.0)
    folds.fold_all_empty()
    assert folds.folded({RUNNING: 0}, 101.0) == {RUNNING}


@pytest.mark.parametrize(("today", "shown"), [(0, 6), (6, 6), (13, 13), (20, 20), (311, 20)])
def test_done_shows_what_was_done_today_but_few_enough_and_never_next_to_nothing(
    today: int, shown: int
) -> None:
    limits = ShownLimits()
    assert limits.limit(("", DONE), today, lanes=False) == shown
    assert limits.limit(("shop", DONE), today, lanes=True) == 6
    assert limits.limit(("", WAITING), today, lanes=False) == FIRST_OPEN


def test_more_cards_come_fifty_at_a_time_in_that_column_alone() -> None:
    limits = ShownLimits()
    limits.show_more(("", DONE), 20)
    assert limits.limit(("", DONE), 311, lanes=False) == 20 + MORE_AT_ONCE == 70
    limits.reach(("", WAITING), 130)
    assert limits.limit(("", WAITING), 0, lanes=False) == 150
    assert limits.limit(("", RUNNING), 0, lanes=False) == FIRST_OPEN


def cell(*names: str, height: int = 100) -> BoardCell:
    tops = [50 * number for number in range(len(names))]
    return BoardCell(
        key=("", 0),
        rect=QRect(0, 0, 200, height),
        rows=range(len(names)),
        tops=tops,
        bottoms=[top + 40 for top in tops],
        height=50 * len(names),
    )


def moved(before: Sequence[str], after: Sequence[str], offset: int, *, held: str | None = None) -> int:
    kept = anchors(cell(*before), offset, held=held, name_of=lambda row: before[row])
    places = {name: number for number, name in enumerate(after)}
    return kept_offset(cell(*after), kept, offset, places=places)  # type: ignore[arg-type]  # names are hashable


def test_what_is_in_view_stays_there_when_cards_arrive_or_leave_above() -> None:
    assert moved("abcdef", "xyabcdef", 120) == 220
    assert moved("abcdef", "bcdef", 120) == 70
    assert moved("abcdef", "abcdefgh", 120) == 120
    assert moved("abcdef", "abdef", 110) == 60  # the first card in view has left; the next one stays


def test_a_column_at_its_upper_end_stays_there_unless_the_pointer_holds_a_card() -> None:
    assert moved("abcdef", "xabcdef", 0) == 0
    assert moved("abcdef", "xabcdef", 0, held="b") == 50


def test_no_column_is_scrolled_beyond_its_end() -> None:
    assert moved("abcdef", "ab", 150) == 0


def card(name: str, column: BoardColumn) -> Card:
    return Card(run_id="1", ws_id=name, column=column)


def command_of(card: Card, column: BoardColumn) -> JobCommand | None:
    if column is not WAITING or card.ws_id == "last":
        return None
    return JobCommand.HOLD if card.column is RUNNING else JobCommand.RETRY


FAILED = BoardColumn.DECIDE


@pytest.mark.parametrize(
    ("cards", "column", "words"),
    [
        ([card("a", FAILED)], WAITING, "Retry"),
        ([card("a", RUNNING)], WAITING, "Hold after this step"),
        ([card("a", RUNNING), card("b", RUNNING), card("c", RUNNING)], WAITING, "Hold 3 workstreams"),
        (
            [card("a", RUNNING), card("b", FAILED)],
            WAITING,
            "Hold 1 workstream, retry 1 workstream",
        ),
        (
            [card("a", RUNNING), card("last", RUNNING)],
            WAITING,
            "Hold 1 workstream; 1 cannot be moved there",
        ),
    ],
)
def test_a_drag_says_what_the_drop_will_do(cards: list[Card], column: BoardColumn, words: str) -> None:
    found = drop_on(cards, column, columns=NARROW, command_of=command_of)
    assert found is not None
    assert (found.is_possible, found.words) == (True, words)


@pytest.mark.parametrize(
    ("cards", "column", "words"),
    [
        ([card("a", RUNNING)], DONE, "Running work cannot be moved to Done"),
        ([card("last", RUNNING)], WAITING, "Nothing follows the running step that could be held"),
        ([card("a", FAILED)], RUNNING, "Work starts by itself when a slot is free"),
        ([card("a", BoardColumn.REVIEW)], DONE, "Approve it in its review to merge it"),
        ([card("a", FAILED), card("b", RUNNING)], DONE, "These cards cannot be moved to Done"),
    ],
)
def test_a_drag_refuses_with_a_reason(cards: list[Card], column: BoardColumn, words: str) -> None:
    found = drop_on(cards, column, columns=WIDE, command_of=command_of)
    assert found is not None
    assert (found.is_possible, found.words) == (False, words)


def test_nothing_is_said_over_the_column_that_the_cards_are_in() -> None:
    assert drop_on([card("a", RUNNING)], RUNNING, columns=NARROW, command_of=command_of) is None
