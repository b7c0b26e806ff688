"""Lay out the board: cards in columns and lanes over a flat model. Scrolls, paints and handles nothing."""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gui.data.card import NARROW, WIDE, BoardColumn, Card
from gui.data.cards_model import CardFilter
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
    WIDE_FROM,
    BoardCell,
    BoardLayout,
    CardPlacement,
    CellKey,
    Room,
    lay_out,
)
from gui.panels.board.card_delegate import CardDelegate
from gui.panels.board.column_header import HEADER_HEIGHT
from gui.panels.board.lanes import BoardLane, Lanes, lane_key, lanes_of
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.accessible_rows import WithPaintedButtons, install_rows
from state.records import Run

Index = QModelIndex | QPersistentModelIndex
Select = QItemSelectionModel.SelectionFlag


class LaidOutBoard(WithPaintedButtons):
    """Places the cards of its model. Qt sees a list, so a screen reader finds every card; the layout is our own.

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
        install_rows()
        self._theme, self._type, self._clock = theme, type_, clock
        self._card_delegate = CardDelegate(theme, type_, self)
        self.setItemDelegate(self._card_delegate)
        self._layout = BoardLayout()
        self._cards: list[Card] = []
        self._members: Mapping[BoardColumn, list[Card]] = {}
        self._heights: dict[tuple[tuple[str, str], int], tuple[Card, int]] = {}
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

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._heights.clear()
        self.scheduleDelayedItemsLayout()

    def _lay_out(self) -> None:
        held = self._anchors()
        known = {self._cards[row].key for row in self._ranked_under_pointer()}
        model = self.model()
        cards = self._cards = model.cards() if isinstance(model, CardFilter) else []
        lanes = lanes_of(cards, self._grouping, self.runs)
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
        late = self._late
        self._late = set()
        numbers = {column: number for number, column in enumerate(self._columns)}
        members: dict[BoardColumn, list[Card]] = {column: [] for column in self._columns}
        placed: list[CardPlacement] = []
        for row, card in enumerate(self._cards):
            column = card.column_in(self._columns)
            members[column].append(card)
            lane, number = lane_key(card, self._grouping), numbers[column]
            is_new = bool(known) and card.key not in known
            if self._pointer_in == (lane, number) and (is_new or card.key in late):
                self._late.add(card.key)
            rank = (float(card.key in self._late), *card.rank, row)
            placed.append(CardPlacement(row=row, lane=lane, column=number, rank=rank))
        self._members = members
        return placed

    def _room(self) -> Room:
        counts = Counter({column: len(self._members[column]) for column in self._columns})
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
        found = self._heights.get((card.key, width))
        if found is None or found[0] is not card:
            found = self._heights[card.key, width] = (card, self._card_delegate.height(card, width))
        return found[1]

    def _first_to_decide(self) -> tuple[str, str] | None:
        column = next(one for one in (BoardColumn.NEEDS_YOU, BoardColumn.DECIDE) if one in self._columns)
        rows = self._layout.order[self._columns.index(column)]
        return self._cards[rows[0]].key if rows else None

    # The scroll position of each cell

    def _scroll_key(self, key: CellKey) -> ScrollKey:
        return (key[0], self._columns[key[1]])

    def offset_of(self, cell: BoardCell) -> int:
        """How far a cell is scrolled."""
        return self._offsets.get(self._scroll_key(cell.key), 0)

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

    @Slot()
    def _on_model_changed(self) -> None:
        self.scheduleDelayedItemsLayout()
