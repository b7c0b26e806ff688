"""Lay out, scroll and paint the board: cards in columns and lanes over a flat model.

Mouse and keyboard handling is in `board_view`.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from gui.data.card import NARROW, WIDE, BoardColumn, Card
from gui.data.cards_model import CARD_ROLE
from gui.guarded import Guarded
from gui.panels.board.board_layout import CARD_GAP, WIDE_FROM, BoardLayout, CardPlacement, LaneBox, lay_out
from gui.panels.board.card_delegate import CardDelegate
from gui.panels.board.column_header import HEADER_HEIGHT, BoardHeader, ColumnHeader
from gui.panels.board.lane_header import draw_lane_header
from gui.panels.board.lanes import BoardLane, Lanes, lane_key, lanes_of
from gui.theme.animation import Animation
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.records import Run

Index = QModelIndex | QPersistentModelIndex
Select = QItemSelectionModel.SelectionFlag
_NAMES: Mapping[BoardColumn, tuple[str, str]] = {
    BoardColumn.WAITING: ("queued", "Waiting"),
    BoardColumn.RUNNING: ("running", "Running"),
    BoardColumn.NEEDS_YOU: ("needsyou", "Needs you"),
    BoardColumn.DECIDE: ("needsyou", "To decide"),
    BoardColumn.REVIEW: ("needsyou", "To review"),
    BoardColumn.DONE: ("completed", "Done"),
}
_STEP = 32
_EMPTY_IN_LANES = 3
"""With more lanes than this, an empty column shows its text only once."""


class BoardViewBase(Guarded, QListView):
    """Shows the cards of its model. Qt sees a list, so a screen reader finds every card; the layout is our own.

    The panel provides `runs`, `fact_of` (for a column with its cards) and `empty_line` (for a column).

    Signals:
        form_changed: the board became wide or narrow.
    """

    form_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        type_: Typesetter,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._theme, self._type, self._clock = theme, type_, clock
        self._card_delegate = CardDelegate(theme, type_, self)
        self.setItemDelegate(self._card_delegate)
        self._header = BoardHeader(theme, type_, self)
        self._movement = Animation(self)
        self._movement.stepped.connect(self._on_stepped)
        self._moving_keys: set[tuple[str, str]] = set()
        self._painted_moving = QRegion()
        self._layout = BoardLayout()
        self._cards: list[Card] = []
        self._lanes: dict[str, BoardLane] = {}
        self._columns: tuple[BoardColumn, ...] = NARROW
        self._grouping = Lanes.NONE
        self._folded: frozenset[str] = frozenset()
        self._last_positions: dict[tuple[str, str], tuple[BoardColumn, QRect]] = {}
        self._hovered = -1
        self.runs: Mapping[str, Run] = {}
        self.fact_of: Callable[[BoardColumn, Sequence[Card]], str] = _no_fact
        self.empty_line: Callable[[BoardColumn], str] = _no_line
        self._set_up()

    def _set_up(self) -> None:
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Board of workstreams")
        self.setViewportMargins(0, HEADER_HEIGHT, 0, 0)
        self._theme.changed.connect(self._on_theme_changed)

    # State shown

    @property
    def card_delegate(self) -> CardDelegate:
        """The delegate that paints the cards."""
        return self._card_delegate

    @property
    def columns(self) -> tuple[BoardColumn, ...]:
        """The columns shown at this width."""
        return self._columns

    @property
    def wide(self) -> bool:
        """Whether the board has five columns."""
        return self._columns is WIDE

    @property
    def folded(self) -> frozenset[str]:
        """The keys of the folded lanes."""
        return self._folded

    def headers(self) -> Sequence[ColumnHeader]:
        """The contents of the column headers."""
        return self._header.headers()

    def lanes(self) -> list[BoardLane]:
        """The lanes from top to bottom."""
        self.executeDelayedItemsLayout()
        return list(self._lanes.values())

    def fold(self, lanes: frozenset[str]) -> None:
        """Fold exactly these lanes: only their headers are shown."""
        if lanes != self._folded:
            self._folded = lanes
            self.scheduleDelayedItemsLayout()

    def group_by(self, lanes: Lanes) -> None:
        """Group the cards into lanes."""
        if lanes is not self._grouping:
            self._grouping = lanes
            self.scheduleDelayedItemsLayout()

    def card_rect(self, row: int) -> QRect:
        """The rectangle of a row's card in the viewport; null while its lane is folded."""
        self.executeDelayedItemsLayout()
        found = self._layout.cards.get(row)
        return (
            QRect() if found is None else found.translated(-self.horizontalOffset(), -self.verticalOffset())
        )

    def cards_in_view(self) -> list[tuple[Card, QRect]]:
        """The cards at least partly in view, with their rectangles in the viewport."""
        self.executeDelayedItemsLayout()
        shown, dx, dy = self.viewport().rect(), -self.horizontalOffset(), -self.verticalOffset()
        placed = ((row, box.translated(dx, dy)) for row, box in self._layout.cards.items())
        return [(self._cards[row], rect) for row, rect in placed if rect.intersects(shown)]

    def moving(self, key: tuple[str, str]) -> bool:
        """Whether a card is moving to another column."""
        return self._movement.is_moving(key)

    def selected_cards(self) -> list[Card]:
        """The selected cards, the current one first."""
        current = self.currentIndex()
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        if current.isValid() and current.row() in rows:
            rows.remove(current.row())
            rows.insert(0, current.row())
        return [self._card(row) for row in rows]

    # Layout

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Lay everything out again; cards that changed column glide there."""
        wide = self.width() >= WIDE_FROM
        if wide is not self.wide:
            self._columns = WIDE if wide else NARROW
            self._card_delegate.columns = self._columns
            self._last_positions.clear()
            self.form_changed.emit()
        self._lay_out()
        QAbstractItemView.doItemsLayout(self)  # skips the layout of QListView
        self.show_headers()
        self._animate_moves()

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Connect the model; changes that arrive together cause one layout."""
        super().setModel(model)
        if model is not None:
            for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
                signal.connect(self._on_model_changed)
            model.modelReset.connect(self._on_model_changed)

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Fit the scroll bars to the size of the board."""
        room = self.viewport().size()
        for bar, content, page in (
            (self.verticalScrollBar(), self._layout.height, room.height()),
            (self.horizontalScrollBar(), self._layout.width, room.width()),
        ):
            bar.setSingleStep(_STEP)
            bar.setPageStep(page)
            bar.setRange(0, max(0, content - page))
        self._header.setGeometry(0, 0, self.width(), HEADER_HEIGHT)
        QAbstractItemView.updateGeometries(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._movement.stop()
        self._last_positions.clear()
        self.scheduleDelayedItemsLayout()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Move the cards; the headers stay and recount the cards below the view."""
        self.viewport().scroll(dx, dy)
        if self._movement.active:
            self.viewport().update()
        self.show_headers()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """The rectangle of a card in the viewport."""
        return self.card_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """The card at a point of the viewport."""
        self.executeDelayedItemsLayout()
        at = point + QPoint(self.horizontalOffset(), self.verticalOffset())
        for row, rect in self._layout.cards.items():
            if rect.contains(at):
                return self.model().index(row, 0)
        return QModelIndex()

    def scrollTo(  # noqa: N802 - Qt's name
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll just far enough to show the whole card."""
        rect, room = self.visualRect(index), self.viewport().rect()
        if rect.isNull():
            return
        for bar, start, end, length in (
            (self.verticalScrollBar(), rect.top() - CARD_GAP, rect.bottom() + CARD_GAP, room.height()),
            (self.horizontalScrollBar(), rect.left() - CARD_GAP, rect.right() + CARD_GAP, room.width()),
        ):
            if start < 0 or hint is QAbstractItemView.ScrollHint.PositionAtTop:
                bar.setValue(bar.value() + start)
            elif end > length:
                bar.setValue(bar.value() + min(end - length, start))

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """How far the board is scrolled sideways."""
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """How far the board is scrolled down."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a card is hidden in a folded lane."""
        return index.row() not in self._layout.cards

    def moveCursor(  # noqa: N802 - Qt's name
        self,
        action: QAbstractItemView.CursorAction,
        _modifiers: Qt.KeyboardModifier,
    ) -> QModelIndex:
        """Move up and down within a column, left and right to the nearest card of the next column with cards."""
        self.executeDelayedItemsLayout()
        layout, here = self._layout, self.currentIndex().row()
        if layout.position(here) is None:
            first = layout.first()
            return QModelIndex() if first is None else self.model().index(first, 0)
        return self.model().index(self._towards(action, here), 0)

    def _towards(self, action: QAbstractItemView.CursorAction, here: int) -> int:
        move, layout, page = QAbstractItemView.CursorAction, self._layout, self.viewport().height()
        match action:
            case move.MoveLeft | move.MoveRight:
                return layout.beside(here, -1 if action is move.MoveLeft else 1)
            case move.MovePageUp | move.MovePageDown:
                return layout.further(here, -page if action is move.MovePageUp else page)
            case move.MoveHome | move.MoveEnd:
                return layout.along(here, len(layout.cards) * (-1 if action is move.MoveHome else 1))
            case _:
                return layout.along(here, -1 if action in {move.MoveUp, move.MovePrevious} else 1)

    def setSelection(self, rect: QRect, command: Select) -> None:  # noqa: N802 - Qt's name
        """Select the cards a rectangle of the viewport touches."""
        self.executeDelayedItemsLayout()
        around = rect.normalized().translated(self.horizontalOffset(), self.verticalOffset())
        selection = QItemSelection()
        for row, box in self._layout.cards.items():
            if box.intersects(around):
                index = self.model().index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """The area of the selected cards."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint lanes, empty cells and the cards in view; moving cards come last."""
        self.executeDelayedItemsLayout()
        painter = QPainter(self.viewport())
        self._card_delegate.now = self._clock()
        dirty, torn = event.rect(), event.region()
        painter.fillRect(dirty, self._theme.color("bg1"))
        self._paint_lanes(painter, dirty)
        self._paint_empty(painter, dirty)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        moving = []
        dx, dy = -self.horizontalOffset(), -self.verticalOffset()
        for row, box in self._layout.cards.items():
            rect = box.translated(dx, dy)
            if self._movement.active and self._movement.is_moving(self._cards[row].key):
                moving.append((row, self._movement.shifted(self._cards[row].key, rect)))
            elif torn.intersects(rect):
                self._paint_card(painter, option, row, rect)
        self._moving_keys = {self._cards[row].key for row, _ in moving}
        self._painted_moving = QRegion()
        for row, rect in moving:
            self._paint_card(painter, option, row, rect)
            self._painted_moving += rect

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, row: int, rect: QRect) -> None:
        index = self.model().index(row, 0)
        flag = QStyle.StateFlag
        state = flag.State_Enabled
        if self.selectionModel().isSelected(index):
            state |= flag.State_Selected
        if index == self.currentIndex() and self.hasFocus():
            state |= flag.State_HasFocus
        if row == self._hovered:
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
        shown: set[int] = set()
        for column, cell in self._layout.empty:
            rect = cell.translated(-self.horizontalOffset(), -self.verticalOffset())
            repeated = column in shown or self._layout.order[column]
            if (len(self._layout.lanes) > _EMPTY_IN_LANES and repeated) or not rect.intersects(dirty):
                continue
            shown.add(column)
            room = rect.adjusted(4, 4, -4, 0)
            lines = self._type.wrapped(self.empty_line(self._columns[column]), "small", room.width(), 3)
            self._type.draw_lines(painter, room, lines=lines, role="small", color=self._theme.color("t3"))

    def hover(self, row: int) -> None:
        """Highlight the card of a row; -1 for none."""
        if row != self._hovered:
            for one in (self._hovered, row):
                self.viewport().update(self.card_rect(one))
            self._hovered = row

    # Derived from the cards

    def _lay_out(self) -> None:
        model = self.model()
        count = model.rowCount() if model else 0
        cards = self._cards = [model.index(row, 0).data(CARD_ROLE) for row in range(count)]
        lanes = lanes_of(cards, self._grouping, self.runs) if cards else []
        self._lanes = {lane.key: lane for lane in lanes}
        width = self.viewport().width()
        each = lay_out([], [], columns=len(self._columns), width=width, headers=False).column_width
        placed = [
            CardPlacement(
                row=row,
                lane=lane_key(card, self._grouping),
                column=self._columns.index(card.column_in(self._columns)),
                rank=(*card.rank, row),
                height=self._card_delegate.height(card, each),
            )
            for row, card in enumerate(cards)
        ]
        self._layout = lay_out(
            placed,
            [lane.key for lane in lanes],
            columns=len(self._columns),
            width=width,
            headers=self._grouping is not Lanes.NONE,
            folded=self._folded,
        )
        deciding = next(
            column for column in (BoardColumn.NEEDS_YOU, BoardColumn.DECIDE) if column in self._columns
        )
        rows = self._layout.order[self._columns.index(deciding)]
        self._card_delegate.primary = cards[rows[0]].key if rows else None

    def show_headers(self) -> None:
        """Refresh the headers: their facts also age without any change to the cards."""
        bottom = self.verticalOffset() + self.viewport().height()
        members: dict[BoardColumn, list[Card]] = {column: [] for column in self._columns}
        for card in self._cards:
            members[card.column_in(self._columns)].append(card)
        headers = []
        for number, column in enumerate(self._columns):
            state, name = _NAMES[column]
            fact = self.fact_of(column, members[column])
            if column is BoardColumn.WAITING:
                rows = self._layout.order[number] if self._layout.order else ()
                below = sum(self._layout.cards[row].top() > bottom - 24 for row in rows)
                fact = f"{below:,} more below" if below else fact
            headers.append(ColumnHeader(state, name, len(members[column]), fact))
        self._header.show_headers(
            headers,
            lefts=self._layout.lefts,
            column_width=self._layout.column_width,
            shift=self.horizontalOffset(),
            line=self._grouping is not Lanes.NONE,
        )

    def _animate_moves(self) -> None:
        """Animate cards that changed column, starting from their old position."""
        before, self._last_positions = self._last_positions, {}
        moved: dict[Hashable, QPoint] = {}
        for row, rect in self._layout.cards.items():
            card = self._card(row)
            column = card.column_in(self._columns)
            self._last_positions[card.key] = (column, rect)
            old = before.get(card.key)
            if old is not None and old[0] is not column:
                moved[card.key] = old[1].topLeft() - rect.topLeft()
        if not self._theme.reduce_motion and self.isVisible():
            self._movement.start(moved)

    def _card(self, row: int) -> Card:
        """The card of a row as laid out; the model may be ahead until the next layout."""
        return self._cards[row]

    def _lane_rect(self, box: LaneBox) -> QRect:
        """The header of a lane; it spans the viewport regardless of horizontal scrolling."""
        return QRect(
            0, box.header.top() - self.verticalOffset(), self.viewport().width(), box.header.height()
        )

    @Slot()
    def _on_model_changed(self) -> None:
        self.scheduleDelayedItemsLayout()

    @Slot()
    def _on_stepped(self) -> None:
        """Repaint only where a card moves or came to rest, and where it was before."""
        dx, dy = -self.horizontalOffset(), -self.verticalOffset()
        region = QRegion(self._painted_moving)
        for row, box in self._layout.cards.items():
            key = self._cards[row].key
            if key in self._moving_keys or self._movement.is_moving(key):
                region += self._movement.shifted(key, box.translated(dx, dy))
        self.viewport().update(region)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self._header.update()


def _no_fact(_column: BoardColumn, _cards: Sequence[Card]) -> str:
    return ""


def _no_line(_column: BoardColumn) -> str:
    return ""
