"""Paint the board: lanes, column heads, folded columns, cards in view, scroll handles. Handles no input."""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from gui.data.card import BoardColumn, Card
from gui.data.cards_model import CardFilter
from gui.figures import figure
from gui.panels.board.board_columns import MORE_AT_ONCE
from gui.panels.board.board_layout import LANE_HEADER_HEIGHT, BoardCell, CellKey
from gui.panels.board.column_header import (
    HEADER_HEIGHT,
    BoardHeader,
    ColumnHeader,
    draw_folded_column,
)
from gui.panels.board.lane_header import draw_lane_header
from gui.panels.board.lanes import Lanes
from gui.panels.board.more_button import MoreButton
from gui.panels.board.scroll_edge import ScrollEdge
from gui.panels.board.scrolled_board import ScrolledBoard
from gui.theme.animation import Animation
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable

_NAMES: Mapping[BoardColumn, tuple[str, str]] = {
    BoardColumn.WAITING: ("queued", translatable("Waiting")),
    BoardColumn.RUNNING: ("running", translatable("Running")),
    BoardColumn.NEEDS_YOU: ("needsyou", translatable("Needs you")),
    BoardColumn.DECIDE: ("needsyou", translatable("To decide")),
    BoardColumn.REVIEW: ("needsyou", translatable("To review")),
    BoardColumn.DONE: ("completed", translatable("Done")),
}
_EMPTY_IN_LANES = 3
"""With more lanes than this, an empty column shows its text only once."""
_IN_VIEW_FROM = 24
"""A card counts as below the view while less of it than this can be seen."""


class PaintedBoard(ScrolledBoard):
    """Paints what is in view; cards that change their column glide there.

    The panel provides `fact_of` (for a column with its cards) and `empty_line` (for a column).
    """

    def __init__(
        self,
        theme: Theme,
        type_: Typesetter,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(theme, type_, parent, clock=clock)
        self._header = BoardHeader(theme, type_, self)
        self._edge = ScrollEdge(theme, self)
        self._movement = Animation(self)
        self._movement.stepped.connect(self._on_stepped)
        self._moving_keys: set[tuple[str, str]] = set()
        self._painted_moving = QRegion()
        self._last_positions: dict[tuple[str, str], tuple[BoardColumn, QRect]] = {}
        self._more: dict[CellKey, MoreButton] = {}
        self._facts: list[ColumnHeader] = []
        self.fact_of: Callable[[BoardColumn, Sequence[Card]], str] = _no_fact
        self.empty_line: Callable[[BoardColumn], str] = _no_line
        self._unloaded: Counter[BoardColumn] = Counter()
        self.older_in: Callable[[], Mapping[BoardColumn, int]] = dict
        """How many workstreams of each column are counted without being read."""
        self._count_shown: Mapping[BoardColumn, int] = {}
        self.setAccessibleName(tr("Board of workstreams"))
        theme.changed.connect(self._on_theme_changed)

    def headers(self) -> Sequence[ColumnHeader]:
        """The contents of the column headers."""
        return self._header.headers()

    def more_button(self, column: BoardColumn, lane: str = "") -> MoreButton | None:
        """The button that shows more cards of a column; None where all are shown."""
        self.executeDelayedItemsLayout()
        return self._more.get((lane, self._columns.index(column))) if column in self._columns else None

    def moving(self, key: tuple[str, str]) -> bool:
        """Whether a card is moving to another column."""
        return self._movement.is_moving(key)

    # Follow the layout

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Lay everything out again, and let cards that changed their column glide from where they were."""
        self._last_positions = {
            card.key: (card.column_in(self._columns), rect)
            for row, rect in self._rows_in_view()
            for card in (self._cards[row],)
        }
        super().doItemsLayout()

    def _on_laid_out(self) -> None:
        self._place_more_buttons()
        self.show_headers()
        self._animate_moves()

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Fit the scroll bars and the heads."""
        super().updateGeometries()
        if self._is_built:
            self._header.setGeometry(0, 0, self.width(), HEADER_HEIGHT)
            self._edge.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new width; nothing glides to its new place."""
        super().resizeEvent(event)
        self._movement.stop()
        self._last_positions.clear()

    def _on_scrolled(self) -> None:
        super()._on_scrolled()
        self._move_more_buttons()
        self._show_below()
        self._edge.follow()

    def show_headers(self) -> None:
        """Refresh the heads: their facts also age without any change to the cards."""
        self._count_shown = self._counted()
        self._facts = [
            ColumnHeader(
                _NAMES[column][0],
                tr(_NAMES[column][1]),
                self._count_shown[column],
                self.fact_of(column, self._members.get(column, ())),
                "" if self._members.get(column) else self.empty_line(column),
                late=self._late_in(column),
            )
            for column in self._columns
        ]
        self._show_below()

    def show_counts(self) -> None:
        """Count the cards of each column as they are now, before they are laid out: no number waits for another."""
        counts = self._counted()
        if counts == self._count_shown or len(self._facts) != len(self._columns):
            return
        self._count_shown = counts
        self._facts = [
            replace(one, count=counts[column]) for one, column in zip(self._facts, self._columns, strict=True)
        ]
        self._show_below()

    def _counted(self) -> Mapping[BoardColumn, int]:
        model = self.model()
        cards = model.cards() if isinstance(model, CardFilter) else self._cards
        found = Counter(card.column_in(self._columns) for card in cards)
        self._unloaded = Counter()
        for column, number in self.older_in().items():
            self._unloaded[column if column in self._columns else BoardColumn.NEEDS_YOU] += number
        found += self._unloaded
        return {column: found[column] for column in self._columns}

    def _late_in(self, column: BoardColumn) -> int:
        """How many cards of a column stand last because of the pointer."""
        return sum(card.key in self._late for card in self._members.get(column, ())) if self._late else 0

    def _show_below(self) -> None:
        """Say in each head how many cards wait for the pointer or are below the view, else its fact."""
        below = [0] * len(self._columns)
        bottom = self.viewport().height()
        for cell in self._layout.cells.values():
            # What its own scroll position hides, or the end of the viewport, whichever comes first.
            shown = min(self._in_view(cell.rect).bottom() + 1, bottom) - self._origin(cell).y()
            # Done shows what is done today, and a button for more.
            known = cell.rows if self._columns[cell.key[1]] is BoardColumn.DONE else cell.ranked
            below[cell.key[1]] += len(known) - len(cell.between(-1, shown - _IN_VIEW_FROM))
        for number, column in enumerate(self._columns):
            if column is not BoardColumn.DONE:
                below[number] += self._unloaded[column]
        headers = [_with_hint(one, count) for one, count in zip(self._facts, below, strict=False)]
        self._header.show_headers(
            headers,
            columns=self._layout.columns,
            shift=self.horizontalOffset(),
            line=self._grouping is not Lanes.NONE,
        )

    # Buttons for more cards

    def _place_more_buttons(self) -> None:
        limited = {key: cell for key, cell in self._layout.cells.items() if cell.more is not None}
        for key in self._more.keys() - limited.keys():
            gone = self._more.pop(key)
            if gone.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            gone.hide()
            gone.deleteLater()
        for key, cell in limited.items():
            if key not in self._more:
                button = self._more[key] = MoreButton(key, self._theme, self._type, self.viewport())
                button.more_requested.connect(self._on_more_requested)
                button.left.connect(self._on_more_left)
            self._more[key].show_numbers(len(cell.rows), len(cell.ranked), at_once=MORE_AT_ONCE)
        self._move_more_buttons()

    def _move_more_buttons(self) -> None:
        for key, button in self._more.items():
            cell = self._layout.cells.get(key)
            if cell is None or cell.more is None:
                continue
            rect = cell.more.translated(self._origin(cell))
            button.setGeometry(rect)
            button.setVisible(rect.intersects(self._in_view(cell.rect)))

    @Slot(object)
    def _on_more_requested(self, key: CellKey) -> None:
        if key in self._layout.cells:
            self.show_more(self._layout.cells[key])

    @Slot(object)
    def _on_more_left(self, key: CellKey) -> None:
        self.setFocus(Qt.FocusReason.BacktabFocusReason)
        cell = self._layout.cells.get(key)
        if cell is not None and cell.rows:
            self.scrollTo(self.model().index(cell.rows[-1], 0))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint lanes, cells and the cards in view; moving cards come last."""
        self.executeDelayedItemsLayout()
        painter = QPainter(self.viewport())
        self._card_delegate.now = self._clock()
        painter.fillRect(event.rect(), self._theme.color("bg1"))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        moving: list[tuple[int, QRect]] = []
        self._paint_empty(painter, event.rect())
        for cell in self._layout.cells.values():
            if self._in_view(cell.rect).intersects(event.rect()):
                with _clipped(painter, self._in_view(cell.rect)):
                    moving += self._paint_cell(painter, option, cell, event.region())
        self._paint_lanes(painter, event.rect())
        self._moving_keys = {self._cards[row].key for row, _ in moving}
        self._painted_moving = QRegion()
        for row, rect in moving:
            self._paint_card(painter, option, row, rect)
            self._painted_moving += rect

    def _paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, cell: BoardCell, torn: QRegion
    ) -> list[tuple[int, QRect]]:
        """Paint the cards of a cell that are in view and do not move; return those that do."""
        offset, origin = self.offset_of(cell), self._origin(cell)
        moving = []
        for number in cell.between(offset, offset + cell.rect.height()):
            row, rect = cell.rows[number], cell.card(number).translated(origin)
            if self._movement.active and self._movement.is_moving(self._cards[row].key):
                moving.append((row, self._movement.shifted(self._cards[row].key, rect)))
            elif torn.intersects(rect):
                self._paint_card(painter, option, row, rect)
        handle = cell.handle(offset)
        if handle is not None:
            rounded(painter, self._in_view(handle), radius=3, ground=self._theme.color("ctl"))
        return moving

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, row: int, rect: QRect) -> None:
        index = self.model().index(row, 0)
        flag = QStyle.StateFlag
        state = flag.State_Enabled
        if self.selectionModel().isSelected(index):
            state |= flag.State_Selected
        if index == self.currentIndex() and self.hasFocus():
            state |= flag.State_HasFocus
        if self._cards[row].key == self._hovered:
            state |= flag.State_MouseOver
        option.rect = rect
        option.state = state
        self._card_delegate.paint(painter, option, index)

    def _paint_lanes(self, painter: QPainter, dirty: QRect) -> None:
        for box in self._layout.lanes:
            rect = self._lane_rect(box)
            if box.header.height() and rect.intersects(dirty):
                draw_lane_header(
                    painter,
                    rect,
                    self._lanes[box.key],
                    folded=box.key in self._folded,
                    now=self._clock(),
                    theme=self._theme,
                    type_=self._type,
                )

    def _paint_empty(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the folded columns, and what an open one without cards says."""
        shown: set[int] = set()
        for column, box in enumerate(self._layout.columns):
            strip = QRect(box.left - self.horizontalOffset(), 0, box.width, self.viewport().height() - 8)
            if box.folded and strip.intersects(dirty) and column < len(self._facts):
                under = 0 if self._grouping is Lanes.NONE else LANE_HEADER_HEIGHT + 6
                draw_folded_column(
                    painter, strip, self._facts[column], under=under, theme=self._theme, type_=self._type
                )
                shown.add(column)
        for cell in self._layout.cells.values():
            column = cell.key[1]
            rect = self._in_view(cell.rect)
            repeated = column in shown or self._layout.order[column]
            if cell.rows or self._layout.columns[column].folded or not rect.intersects(dirty):
                continue
            if len(self._layout.lanes) > _EMPTY_IN_LANES and repeated:
                continue
            shown.add(column)
            room = rect.adjusted(4, 6, -4, 0)
            lines = self._type.wrapped(self.empty_line(self._columns[column]), "small", room.width(), 3)
            self._type.draw_lines(painter, room, lines=lines, role="small", color=self._theme.color("t3"))

    # Movement

    def _animate_moves(self) -> None:
        """Animate cards in view that changed their column, starting from where they were in view."""
        moved: dict[Hashable, QPoint] = {}
        for row, rect in self._rows_in_view():
            card = self._cards[row]
            old = self._last_positions.get(card.key)
            if old is not None and old[0] is not card.column_in(self._columns):
                moved[card.key] = old[1].topLeft() - rect.topLeft()
        self._last_positions = {}
        if not self._theme.reduce_motion and self.isVisible():
            self._movement.start(moved)

    @Slot()
    def _on_stepped(self) -> None:
        """Repaint only where a card moves or came to rest, and where it was before."""
        region = QRegion(self._painted_moving)
        for row, rect in self._rows_in_view():
            key = self._cards[row].key
            if key in self._moving_keys or self._movement.is_moving(key):
                region += self._movement.shifted(key, rect)
        self.viewport().update(region)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._heights.clear()
        self.scheduleDelayedItemsLayout()
        self._header.update()


def _with_hint(header: ColumnHeader, below: int) -> ColumnHeader:
    """What waits for the pointer comes before what is below the view, and both before the fact."""
    if header.late:
        fact = tr_count("{n} new, last", "{n} new, last", header.late)
        return replace(header, fact=fact, short=f"+{figure(header.late)}")
    if below:
        return replace(header, fact=tr("{count:,} below", count=below), short=f"{figure(below)} ↓")
    return header


@contextmanager
def _clipped(painter: QPainter, rect: QRect) -> Iterator[None]:
    """Paint only inside of a rectangle."""
    painter.setClipRect(rect)
    try:
        yield
    finally:
        painter.setClipping(False)


def _no_fact(_column: BoardColumn, _cards: Sequence[Card]) -> str:
    return ""


def _no_line(_column: BoardColumn) -> str:
    return ""
