"""Scroll the board: each cell by itself, and the page with all lanes. Paints nothing.

Painting is in `painted_board`, mouse and keyboard in `board_view`.
"""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView

from gui.data.card import Card
from gui.data.cards_model import CardFilter
from gui.panels.board.board_layout import (
    CARD_GAP,
    BoardCell,
    LaneBox,
)
from gui.panels.board.laid_out_board import LaidOutBoard

Index = QModelIndex | QPersistentModelIndex
Select = QItemSelectionModel.SelectionFlag
STEP = 32
_ONE_BY_ONE = 40
"""More selected cards than this are repainted with everything in view."""


class ScrolledBoard(LaidOutBoard):
    """Places what is laid out in the viewport, and answers what Qt asks of a view.

    Signals:
        scrolled: other cards are in view.
    """

    scrolled = Signal()

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
        model, current = self.model(), self.currentIndex()
        if not isinstance(model, CardFilter):
            return []
        cards, ranges = model.cards(), self.selectionModel().selection()
        rows = sorted({row for one in ranges.toList() for row in range(one.top(), one.bottom() + 1)})
        if current.isValid() and self.selectionModel().isSelected(current):
            rows.remove(current.row())
            rows.insert(0, current.row())
        return [cards[row] for row in rows]

    # Scrolling

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
        # Said outright: as needed, a bar once stayed with nothing to scroll, since the layout follows the resize.
        on, off = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(on if self._layout.width > room.width() else off)
        self.setVerticalScrollBarPolicy(on if self._layout.height > room.height() else off)
        QAbstractItemView.updateGeometries(self)

    def scroll_cell(self, cell: BoardCell, offset: int) -> bool:
        """Scroll one cell; False if it is there already."""
        offset = min(max(0, offset), cell.most)
        if offset == self.offset_of(cell):
            return False
        self._offsets[self._scroll_key(cell.key)] = offset
        self.viewport().update(self._in_view(cell.rect))
        self._on_scrolled()
        return True

    def show_more(self, cell: BoardCell) -> None:
        """Show another batch of the cards of a cell."""
        self._limits.show_more(self._scroll_key(cell.key), len(cell.rows))
        self.scheduleDelayedItemsLayout()

    def _on_scrolled(self) -> None:
        self.scrolled.emit()

    # Places in the viewport

    def _page(self) -> QPoint:
        """How far the page is scrolled."""
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    def _in_view(self, rect: QRect) -> QRect:
        return rect.translated(-self._page())

    def _origin(self, cell: BoardCell) -> QPoint:
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

    def _cell_at(self, at: QPoint) -> BoardCell | None:
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
        if sum(one.height() for one in selection.toList()) > _ONE_BY_ONE:
            return QRegion(self.viewport().rect())
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region


def _shown_from(place: int, start: int, end: int, length: int, *, at_top: bool) -> int:
    """Where to scroll to from `place` so that everything between two points is in view, or at least its start."""
    if start < place or at_top:
        return start
    return place + min(end - place - length, start - place) if end > place + length else place
