"""Mouse, keyboard and drag handling of the board: open and select cards, press their buttons, scroll, fold, drag.

Every request leaves as a signal with its cards; nothing is decided here.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from gui.data.card import Card
from gui.data.cards_model import CARD_ROLE
from gui.panels.board.board_facts import card_tip
from gui.panels.board.board_layout import BoardCell
from gui.panels.board.drop_board import DropBoard
from gui.panels.board.lanes import Lanes
from gui.panels.board.scrolled_board import STEP
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.label import plain_tip
from gui.widgets.painted_button import PaintedButton

_WHEEL_NOTCH = 120
_NOTCH_STEPS = 3
_GRIP = 14
"""The right edge of a cell that takes its scroll handle, which is narrower."""


class BoardView(DropBoard):
    """The Kanban board.

    The panel provides `command_of`, the command of a key press.

    Signals:
        opened: (card) by a click on it that selects nothing else.
        command_requested: (command id, list of cards) by a button, a key, a double click or a drop.
        menu_requested: (list of cards, QPoint on the screen).
        preview_requested: (card) by the space bar.
        folded_changed: a lane was folded or unfolded.
    """

    opened = Signal(object)
    menu_requested = Signal(object, object)
    preview_requested = Signal(object)
    folded_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        type_: Typesetter,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(theme, type_, parent, clock=clock)
        self._pressed: tuple[tuple[str, str], str] | None = None
        self._clicked: tuple[tuple[str, str], QPoint] | None = None
        self._gripped: tuple[BoardCell, int, int] | None = None
        self.command_of: Callable[[QKeyEvent], str | None] = _no_command
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._set_up()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Press a button, hold a scroll handle, fold a lane or select a card."""
        at = event.position().toPoint()
        self._clicked = None
        if event.button() is Qt.MouseButton.LeftButton:
            if self._grip(at):
                return
            self._pressed = self._button_at(at)
            index = self.indexAt(at)
            if self._pressed is None and not index.isValid() and self._fold_at(at):
                return
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._select_through(index):
                return
            if self._pressed is None and index.isValid() and not event.modifiers():
                self._clicked = (self._cards[index.row()].key, at)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by a handle that is held, else highlight what is under the pointer."""
        at = event.position().toPoint()
        if self._gripped is not None:
            cell, grabbed, offset = self._gripped
            track = max(1, cell.rect.height() - 4 - self._handle_length(cell))
            self.scroll_cell(cell, offset + (at.y() - grabbed) * cell.most // track)
            return
        if self._pressed is None:
            super().mouseMoveEvent(event)
        self._highlight_button(self._button_at(at))
        self._point_at(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Request the command of a button pressed and released, or open the card that was clicked."""
        pressed, self._pressed = self._pressed, None
        clicked, self._clicked = self._clicked, None
        if self._gripped is not None:
            self._gripped = None
            return
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        card = self._cards[index.row()] if index.isValid() else None
        if card is None:
            return
        if pressed is not None and pressed == self._button_at(at):
            if not self.reason_at(at):
                self.command_requested.emit(pressed[1], [card])
        elif clicked is not None and clicked[0] == card.key and _is_near(clicked[1], at):
            self.opened.emit(card)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the details of a card and go there; on a button it is only a second press."""
        at = event.position().toPoint()
        if self._button_at(at) is not None or event.button() is not Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(at)
        if index.isValid():
            self.command_requested.emit("show_details", [self._cards[index.row()]])

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the highlight when the pointer leaves."""
        super().leaveEvent(event)
        self._highlight_button(None)
        self._point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll the column under the pointer; at its end the page, where there are lanes."""
        cell = self._cell_at(event.position().toPoint())
        down = event.pixelDelta().y() or event.angleDelta().y() * STEP * _NOTCH_STEPS // _WHEEL_NOTCH
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if cell is None or not down or sideways or not self.scroll_cell(cell, self.offset_of(cell) - down):
            super().wheelEvent(event)
            return
        self._point_at(event.position().toPoint())
        event.accept()

    def _point_at(self, at: QPoint | None) -> None:
        """Follow the pointer: highlight its card, and keep the order of its column."""
        cell = None if at is None else self._cell_at(at)
        index = QModelIndex() if at is None else self.indexAt(at)
        key = self._cards[index.row()].key if index.isValid() else None
        if key != self._hovered:
            for row, rect in self._rows_in_view():
                if self._cards[row].key in {key, self._hovered}:
                    self.viewport().update(rect)
            self._hovered = key
        inside = None if cell is None else cell.key
        if inside != self._pointer_in:
            self._pointer_in = inside
            if self._late:
                self._late.clear()
                self.scheduleDelayedItemsLayout()

    def _grip(self, at: QPoint) -> bool:
        """Hold the scroll handle at a point, or bring it there; False where there is none."""
        cell = self._cell_at(at)
        if cell is None or not cell.most or self._in_view(cell.rect).right() - at.x() > _GRIP:
            return False
        handle = cell.handle(self.offset_of(cell))
        if handle is not None and not (
            self._in_view(handle).top() <= at.y() <= self._in_view(handle).bottom()
        ):
            page = cell.rect.height() - STEP
            above = at.y() < self._in_view(handle).top()
            self.scroll_cell(cell, self.offset_of(cell) + (-page if above else page))
        self._gripped = (cell, at.y(), self.offset_of(cell))
        return True

    @staticmethod
    def _handle_length(cell: BoardCell) -> int:
        handle = cell.handle(0)
        return 0 if handle is None else handle.height()

    def _select_through(self, index: QModelIndex) -> bool:
        """Select everything from the current card to another one of its column; False for other columns."""
        here, there = self._layout.position(self.currentIndex().row()), self._layout.position(index.row())
        if here is None or there is None or here[0] != there[0]:
            return False
        first, last = sorted((here[1], there[1]))
        selection = QItemSelection()
        for row in self._layout.order[here[0]][first : last + 1]:
            one = self.model().index(row, 0)
            selection.select(one, one)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Request the menu of the selected cards, at the pointer or at the current card."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            position = self.viewport().mapToGlobal(rect.center() if rect.isValid() else QPoint(0, 0))
        else:
            position = event.globalPos()
        cards = self.selected_cards()
        if cards:
            self.menu_requested.emit(cards, position)
        event.accept()

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space previews, - and + fold lanes, command keys act on the selected cards, all other keys navigate."""
        cards = self.selected_cards() or self._focused_card()
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if cards:
                self.preview_requested.emit(cards[0])
            return
        command = self.command_of(event)
        if command is not None and cards:
            self.command_requested.emit(command, cards)
            return
        if event.text() in {"-", "+"} and self._grouping is not Lanes.NONE:
            self._fold_by_key(fold=event.text() == "-")
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_End} and not event.modifiers() and self._go_to_more():
            return
        super().keyPressEvent(event)

    def _fold_by_key(self, *, fold: bool) -> None:
        """Fold the lane of the current card, or open every lane."""
        cell, _number = self._layout.places.get(self.currentIndex().row(), (("", -1), -1))
        self.fold(self._folded | {cell[0]} - {""} if fold else frozenset())
        self.folded_changed.emit()

    def _go_to_more(self) -> bool:
        """Move from the last card of a column to the button that shows more of it."""
        row = self.currentIndex().row()
        key, number = self._layout.places.get(row, (("", -1), -1))
        button = self._more.get(key)
        if button is None or number != len(self._layout.cells[key].rows) - 1:
            return False
        self.scroll_cell(self._layout.cells[key], self._layout.cells[key].most)
        button.setVisible(True)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        return True

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
        move, layout = QAbstractItemView.CursorAction, self._layout
        match action:
            case move.MoveLeft | move.MoveRight:
                step = -1 if action is move.MoveLeft else 1
                return layout.beside(here, step, middle=lambda row: self.card_rect(row).center().y())
            case move.MovePageUp | move.MovePageDown:
                cards = max(1, self.viewport().height() // (self.card_rect(here).height() + 1))
                return layout.along(here, -cards if action is move.MovePageUp else cards)
            case move.MoveHome | move.MoveEnd:
                return layout.along(here, len(layout.places) * (-1 if action is move.MoveHome else 1))
            case _:
                return layout.along(here, -1 if action in {move.MoveUp, move.MovePrevious} else 1)

    def _focused_card(self) -> list[Card]:
        """The card with the focus ring, which keys act on when nothing is selected."""
        current = self.currentIndex()
        return [self._cards[current.row()]] if self.hasFocus() and current.isValid() else []

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the full texts of a card, or of a folded column, in a tool tip."""
        is_tip = event.type() is QEvent.Type.ToolTip
        if is_tip and isinstance(event, QHelpEvent) and not self.reason_at(event.pos()):
            QToolTip.showText(event.globalPos(), plain_tip(self._tip_at(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _tip_at(self, at: QPoint) -> str:
        index = self.indexAt(at)
        card: Card | None = index.data(CARD_ROLE) if index.isValid() else None
        if card is not None:
            return card_tip(card)
        column = self._layout.column_at(at.x() + self.horizontalOffset())
        if column is None or not self._layout.columns[column].folded:
            return ""
        return f"{self._facts[column].name}: {self._facts[column].line}"

    # Parts of cards and lanes

    def _fold_at(self, at: QPoint) -> bool:
        found = next((box.key for box in self._layout.lanes if self._lane_rect(box).contains(at)), None)
        if found is None or self._grouping is Lanes.NONE:
            return False
        self.fold(self._folded ^ {found})
        self.folded_changed.emit()
        return True

    def painted_buttons(self, index: QModelIndex) -> list[PaintedButton]:
        """The buttons of a card."""
        rect = self.card_rect(index.row())
        return self._card_delegate.buttons(self._cards[index.row()], rect) if rect.isValid() else []

    def beside_rows(self) -> list[QWidget]:
        """The buttons that show more of a column."""
        return [button for button in self._more.values() if button.isVisible()]

    def _button_at(self, at: QPoint) -> tuple[tuple[str, str], str] | None:
        index = self.indexAt(at)
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        command = self._card_delegate.button_at(card, self.card_rect(index.row()), at)
        return None if command is None else (card.key, command)

    def _highlight_button(self, button: tuple[tuple[str, str], str] | None) -> None:
        if button != self._card_delegate.hot:
            self._card_delegate.hot = button
            self.viewport().update()


def _is_near(one: QPoint, other: QPoint) -> bool:
    """Whether the pointer has hardly moved: further away it was the beginning of a drag."""
    return (one - other).manhattanLength() < QApplication.startDragDistance()


def _no_command(_event: QKeyEvent) -> str | None:
    return None
