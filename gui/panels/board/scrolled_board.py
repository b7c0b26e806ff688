"""Lay out and scroll the board: cards in columns and lanes over a flat model, each cell with a scroll of its own.

Painting is in `painted_board`, mouse and keyboard in `board_view`.
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
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.data.card import NARROW, WIDE, BoardColumn, Card
from gui.data.cards_model import CARD_ROLE
from gui.guarded import Guarded
from gui.panels.board.board_columns import (
    Anchor,
    ColumnFolds,
    ScrollKey,
    ShownLimits,
    anchors,
    done_today,
    kept_offset,
)
from gui.panels.board.board_layout import (
    CARD_GAP,
    WIDE_FROM,
    BoardLayout,
    CardPlacement,
    Cell,
    CellKey,
    LaneBox,
    Room,
    lay_out,
)
from gui.panels.board.card_delegate import CardDelegate
from gui.panels.board.column_header import HEADER_HEIGHT
from gui.panels.board.lanes import BoardLane, Lanes, lane_key, lanes_of
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.records import Run

Index = QModelIndex | QPersistentModelIndex
Select = QItemSelectionModel.SelectionFlag
STEP = 32


class ScrolledBoard(Guarded, QListView):
    """Places the cards of its model. Qt sees a list, so a screen reader finds every card; the layout is our own.

    Signals:
        form_changed: the board became wide or narrow.
        scrolled: other cards are in view.
    """

    form_changed = Signal()
    scrolled = Signal()

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
        self._layout = BoardLayout()
        self._cards: list[Card] = []
        self._members: Mapping[BoardColumn, list[Card]] = {}
        self._heights: dict[tuple[str, str], tuple[Card, int, int]] = {}
        self._lanes: dict[str, BoardLane] = {}
        self._columns: tuple[BoardColumn, ...] = NARROW
        self._grouping = Lanes.NONE
        self._folded: frozenset[str] = frozenset()
        self._folds, self._limits = ColumnFolds(), ShownLimits()
        self._offsets: dict[ScrollKey, int] = {}
        self._opened: int | None = None
        self._hovered: tuple[str, str] | None = None
        self._pointer_in: CellKey | None = None
        self._late: set[tuple[str, str]] = set()
        self.runs: Mapping[str, Run] = {}
        self._fold_due = QTimer(self, singleShot=True)
        self._fold_due.timeout.connect(self.scheduleDelayedItemsLayout)
        self._is_built = False

    def _set_up(self) -> None:
        """Begin to lay out: a class that is built on this one has made all its parts."""
        self._is_built = True
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setViewportMargins(0, HEADER_HEIGHT, 0, 0)

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

    @property
    def folded_columns(self) -> frozenset[BoardColumn]:
        """The empty columns that are folded."""
        self.executeDelayedItemsLayout()
        found = zip(self._columns, self._layout.columns, strict=False)
        return frozenset(column for column, box in found if box.folded)

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

    def fold_empty(self) -> None:
        """Fold the empty columns without waiting: a person has changed what is shown."""
        self._folds.fold_all_empty()
        self.scheduleDelayedItemsLayout()

    def card_rect(self, row: int) -> QRect:
        """The rectangle of a row's card in the viewport; null where it is not laid out."""
        self.executeDelayedItemsLayout()
        found = self._layout.places.get(row)
        if found is None:
            return QRect()
        cell = self._layout.cells[found[0]]
        return cell.card(found[1]).translated(self._origin(cell))

    def cards_in_view(self) -> list[tuple[Card, QRect]]:
        """The cards at least partly in view, with their rectangles in the viewport."""
        self.executeDelayedItemsLayout()
        return [(self._cards[row], rect) for row, rect in self._rows_in_view()]

    def selected_cards(self) -> list[Card]:
        """The selected cards, the current one first."""
        current = self.currentIndex()
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        if current.isValid() and current.row() in rows:
            rows.remove(current.row())
            rows.insert(0, current.row())
        return [self._cards[row] for row in rows]

    # Layout

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Lay everything out again; what is in view stays there."""
        if not self._is_built:
            return
        wide = self.width() >= WIDE_FROM
        if wide is not self.wide:
            self._columns = WIDE if wide else NARROW
            self._card_delegate.columns = self._columns
            self._offsets.clear()
            self.form_changed.emit()
        self._lay_out()
        QAbstractItemView.doItemsLayout(self)  # skips the layout of QListView
        self._on_laid_out()

    def _on_laid_out(self) -> None:
        """Follow a new layout."""

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Connect the model; changes that arrive together cause one layout."""
        super().setModel(model)
        if model is not None:
            for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
                signal.connect(self._on_model_changed)
            model.modelReset.connect(self._on_model_changed)

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Fit the scroll bars of the page; without lanes it is as high as the viewport."""
        room = self.viewport().size()
        for bar, content, page in (
            (self.verticalScrollBar(), self._layout.height, room.height()),
            (self.horizontalScrollBar(), self._layout.width, room.width()),
        ):
            bar.setSingleStep(STEP)
            bar.setPageStep(page)
            bar.setRange(0, max(0, content - page))
        QAbstractItemView.updateGeometries(self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _lay_out(self) -> None:
        model = self.model()
        count = model.rowCount() if model else 0
        held = self._anchors()
        known = {self._cards[row].key for row in self._ranked_under_pointer()}
        cards = self._cards = [model.index(row, 0).data(CARD_ROLE) for row in range(count)]
        lanes = lanes_of(cards, self._grouping, self.runs) if cards else []
        self._lanes = {lane.key: lane for lane in lanes}
        placed = self._placements(known)
        self._layout = lay_out(
            placed,
            [lane.key for lane in lanes] or [""],
            room=self._room(),
            height=self._height,
            limit=self._limit,
        )
        self._keep_offsets(held)
        self._card_delegate.primary = self._first_to_decide()

    def _placements(self, known: set[tuple[str, str]]) -> list[CardPlacement]:
        """Where each card belongs; what comes into the cell under the pointer comes last until the pointer leaves."""
        numbers = {column: number for number, column in enumerate(self._columns)}
        members: dict[BoardColumn, list[Card]] = {column: [] for column in self._columns}
        placed: list[CardPlacement] = []
        for row, card in enumerate(self._cards):
            column = card.column_in(self._columns)
            members[column].append(card)
            lane, number = lane_key(card, self._grouping), numbers[column]
            if self._pointer_in == (lane, number) and known and card.key not in known:
                self._late.add(card.key)
            late = float(card.key in self._late)
            placed.append(CardPlacement(row=row, lane=lane, column=number, rank=(late, *card.rank, row)))
        self._members = members
        return placed

    def _room(self) -> Room:
        counts = {column: len(self._members[column]) for column in self._columns}
        now = self._clock()
        folded = self._folds.folded(counts, now)
        due = self._folds.next_fold(now)
        if due is not None:
            self._fold_due.start(round(due * 1000) + 100)
        return Room(
            width=self.viewport().width(),
            height=self.viewport().height(),
            folded_columns=[
                column in folded and number != self._opened for number, column in enumerate(self._columns)
            ],
            headers=self._grouping is not Lanes.NONE,
            folded_lanes=self._folded,
        )

    def _limit(self, key: CellKey) -> int:
        column = self._columns[key[1]]
        lanes = self._grouping is not Lanes.NONE
        today = 0
        if column is BoardColumn.DONE and not lanes:
            today = done_today(self._members[column], self._clock())
        return self._limits.limit((key[0], column), today, lanes=lanes)

    def _height(self, row: int, width: int) -> int:
        """The height of a card, which is measured once for each width."""
        card = self._cards[row]
        found = self._heights.get(card.key)
        if found is None or found[0] is not card or found[1] != width:
            found = self._heights[card.key] = (card, width, self._card_delegate.height(card, width))
        return found[2]

    def _first_to_decide(self) -> tuple[str, str] | None:
        column = next(one for one in (BoardColumn.NEEDS_YOU, BoardColumn.DECIDE) if one in self._columns)
        rows = self._layout.order[self._columns.index(column)]
        return self._cards[rows[0]].key if rows else None

    # The scroll position of each cell

    def _scroll_key(self, key: CellKey) -> ScrollKey:
        return (key[0], self._columns[key[1]])

    def offset_of(self, cell: Cell) -> int:
        """How far a cell is scrolled."""
        return self._offsets.get(self._scroll_key(cell.key), 0)

    def scroll_cell(self, cell: Cell, offset: int) -> bool:
        """Scroll one cell; False if it is there already."""
        offset = min(max(0, offset), cell.most)
        if offset == self.offset_of(cell):
            return False
        self._offsets[self._scroll_key(cell.key)] = offset
        self.viewport().update(self._in_view(cell.rect))
        self._on_scrolled()
        return True

    def show_more(self, cell: Cell) -> None:
        """Show another batch of the cards of a cell."""
        self._limits.show_more(self._scroll_key(cell.key), len(cell.rows))
        self.scheduleDelayedItemsLayout()

    def _on_scrolled(self) -> None:
        self.scrolled.emit()

    def _anchors(self) -> Mapping[ScrollKey, Sequence[Anchor]]:
        """What should stay in view, for each cell of the present layout."""
        if not self._layout.cells or len(self._layout.columns) != len(self._columns):
            return {}
        return {
            self._scroll_key(cell.key): anchors(
                cell,
                self.offset_of(cell),
                held=self._hovered,
                name_of=lambda row: self._cards[row].key,
            )
            for cell in self._layout.cells.values()
        }

    def _keep_offsets(self, held: Mapping[ScrollKey, Sequence[Anchor]]) -> None:
        for cell in self._layout.cells.values():
            key = self._scroll_key(cell.key)
            offset = self._offsets.get(key, 0)
            if not offset and not held.get(key):
                continue
            places: dict[Hashable, int] = {self._cards[row].key: n for n, row in enumerate(cell.rows)}
            self._offsets[key] = kept_offset(cell, held.get(key, ()), offset, places=places)

    def _ranked_under_pointer(self) -> Sequence[int]:
        cell = None if self._pointer_in is None else self._layout.cells.get(self._pointer_in)
        return () if cell is None else cell.ranked

    # Places in the viewport

    def _page(self) -> QPoint:
        """How far the page is scrolled."""
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    def _in_view(self, rect: QRect) -> QRect:
        return rect.translated(-self._page())

    def _origin(self, cell: Cell) -> QPoint:
        """Where the contents of a cell begin in the viewport."""
        return cell.rect.topLeft() - self._page() - QPoint(0, self.offset_of(cell))

    def _rows_in_view(self) -> list[tuple[int, QRect]]:
        shown = self.viewport().rect()
        found: list[tuple[int, QRect]] = []
        for cell in self._layout.cells.values():
            if not self._in_view(cell.rect).intersects(shown):
                continue
            offset, origin = self.offset_of(cell), self._origin(cell)
            found += [
                (cell.rows[number], cell.card(number).translated(origin))
                for number in cell.between(offset, offset + cell.rect.height())
            ]
        return found

    def _cell_at(self, at: QPoint) -> Cell | None:
        return self._layout.cell_at(at + self._page())

    def _lane_rect(self, box: LaneBox) -> QRect:
        """The header of a lane; it spans the viewport regardless of horizontal scrolling."""
        return QRect(
            0, box.header.top() - self.verticalOffset(), self.viewport().width(), box.header.height()
        )

    # What Qt asks of a view

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Move the page."""
        self.viewport().update()
        self._on_scrolled()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """The rectangle of a card in the viewport."""
        return self.card_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """The card at a point of the viewport."""
        self.executeDelayedItemsLayout()
        cell = self._cell_at(point)
        if cell is None:
            return QModelIndex()
        inside = point - self._origin(cell)
        number = cell.at(inside.y())
        if number is None or inside.x() >= cell.card_width:
            return QModelIndex()
        return self.model().index(cell.rows[number], 0)

    def scrollTo(  # noqa: N802 - Qt's name
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll the column of a card, and the page where it has lanes, just far enough to show the whole card."""
        if not index.isValid() or not self._lay_out_row(index.row()):
            return
        key, number = self._layout.places[index.row()]
        cell = self._layout.cells[key]
        card = cell.card(number).adjusted(0, -CARD_GAP, 0, CARD_GAP)
        at_top = hint is QAbstractItemView.ScrollHint.PositionAtTop
        self.scroll_cell(
            cell,
            _shown_from(self.offset_of(cell), card.top(), card.bottom(), cell.rect.height(), at_top=at_top),
        )
        rect, room = self.card_rect(index.row()), self.viewport().rect()
        for bar, start, end, length in (
            (self.verticalScrollBar(), rect.top() - CARD_GAP, rect.bottom() + CARD_GAP, room.height()),
            (self.horizontalScrollBar(), rect.left() - CARD_GAP, rect.right() + CARD_GAP, room.width()),
        ):
            place = bar.value()
            bar.setValue(_shown_from(place, place + start, place + end, length, at_top=False))

    def _lay_out_row(self, row: int) -> bool:
        """Lay out a card that is beyond the limit of its cell; False where its lane is folded."""
        self.executeDelayedItemsLayout()
        if row in self._layout.places:
            return True
        found = next((cell for cell in self._layout.cells.values() if row in cell.ranked), None)
        if found is None:
            return False
        self._limits.reach(self._scroll_key(found.key), list(found.ranked).index(row))
        self.doItemsLayout()
        return row in self._layout.places

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """How far the page is scrolled sideways."""
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """How far the page is scrolled down."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a card is in a folded lane, or beyond what its column shows."""
        return index.row() not in self._layout.places

    def setSelection(self, rect: QRect, command: Select) -> None:  # noqa: N802 - Qt's name
        """Select the cards a rectangle of the viewport touches."""
        self.executeDelayedItemsLayout()
        around = rect.normalized()
        selection = QItemSelection()
        for row in self._layout.places:
            if self.card_rect(row).intersects(around):
                index = self.model().index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """The area of the selected cards."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region

    @Slot()
    def _on_model_changed(self) -> None:
        self.scheduleDelayedItemsLayout()


def _shown_from(place: int, start: int, end: int, length: int, *, at_top: bool) -> int:
    """Where to scroll to from `place` so that everything between two points is in view, or at least its start."""
    if start < place or at_top:
        return start
    return place + min(end - place - length, start - place) if end > place + length else place
