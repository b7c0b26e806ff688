"""What a person can do with the board: choose cards, press their buttons, fold lanes, use keys, drag. Decides nothing.

Every wish leaves as a signal with the cards it is about.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QWidget

from gui.data.card import Card
from gui.data.cards_model import CARD_ROLE, CARDS_MIME
from gui.panels.board.board_view_base import BoardCanvas
from gui.panels.board.lanes import Lanes
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.label import plain_tip


class BoardView(BoardCanvas):
    """The Kanban board.

    `command_of` names the command of a key press, `may_wait` the command that takes a card to Waiting; both are
    given by the panel.

    Signals:
        asked: (command id, list of cards) for a button, a key, a double click or a drop.
        menu_wanted: (list of cards, QPoint on the screen).
        preview_wanted: (card) for the space bar.
        folded_changed: a lane was folded or unfolded.
    """

    asked = Signal(str, object)
    menu_wanted = Signal(object, object)
    preview_wanted = Signal(object)
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
        self._drop_here = False
        self.command_of: Callable[[QKeyEvent], str | None] = _no_command
        self.may_wait: Callable[[Card], str | None] = _no_way
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The board, and a frame around Waiting while what is dragged may go there."""
        super().paintEvent(event)
        if self._drop_here:
            left = self._layout.lefts[0] - self.horizontalOffset()
            room = QRect(left - 4, 0, self._layout.column_width + 8, self.viewport().height() - 2)
            rounded(QPainter(self.viewport()), room, radius=6, edge=self._theme.color("accent"), width=2)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A button is pressed, a lane is folded, or a card is chosen."""
        at = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._button_at(at)
            if self._pressed is None and not self.indexAt(at).isValid() and self._fold_at(at):
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The button under the pointer lights up."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._heat(self._button_at(at))
        self.hover(self.indexAt(at).row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A button that was pressed and let go asks for its command."""
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        if pressed is not None and pressed == self._button_at(event.position().toPoint()):
            index = self.indexAt(event.position().toPoint())
            self.asked.emit(pressed[1], [self._card(index.row())])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A card opens its details; on a button it is only a second press."""
        at = event.position().toPoint()
        if self._button_at(at) is not None or event.button() is not Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(at)
        if index.isValid():
            self.asked.emit("show_details", [self._card(index.row())])

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._heat(None)
        self.hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """The menu of the chosen cards, by mouse or by key."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            where = self.viewport().mapToGlobal(rect.center() if rect.isValid() else QPoint(0, 0))
        else:
            where = event.globalPos()
        cards = self.chosen()
        if cards:
            self.menu_wanted.emit(cards, where)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space looks, the keys of the commands act on the chosen cards, the rest moves about."""
        cards = self.chosen() or self._at_the_ring()
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if cards:
                self.preview_wanted.emit(cards[0])
            return
        command = self.command_of(event)
        if command is not None and cards:
            self.asked.emit(command, cards)
            return
        super().keyPressEvent(event)

    def _at_the_ring(self) -> list[Card]:
        """The card with the ring of the focus, which is meant by a key where none is chosen."""
        current = self.currentIndex()
        return [self._card(current.row())] if self.hasFocus() and current.isValid() else []

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """What is cut short on a card is told whole in its tool tip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            card: Card | None = index.data(CARD_ROLE) if index.isValid() else None
            told = "\n".join(part for part in (card.ws_id, card.title, card.line) if part) if card else ""
            QToolTip.showText(event.globalPos(), plain_tip(told), self)
            return True
        return super().viewportEvent(event)

    # Dragging: only to where a command leads

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Only cards of this board; files are the window's."""
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Only over Waiting, and only what may go there."""
        self._consider(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """The line goes away."""
        self._show_drop(here=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the command that takes each card to Waiting."""
        self._show_drop(here=False)
        cards = self._carried(event)
        if not cards or not self._over_waiting(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # nothing is taken out of the model
        event.accept()
        for command in dict.fromkeys(self.may_wait(card) for card in cards):
            if command is not None:
                self.asked.emit(command, [card for card in cards if self.may_wait(card) == command])

    def _consider(self, event: QDragMoveEvent) -> None:
        mine = bool(self._carried(event))
        here = mine and self._over_waiting(event)
        self._show_drop(here=here)
        if here or (mine and isinstance(event, QDragEnterEvent)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def _carried(self, event: QDropEvent) -> list[Card]:
        if not event.mimeData().hasFormat(CARDS_MIME):
            return []
        told = bytes(event.mimeData().data(CARDS_MIME).data()).decode(errors="replace")
        keys = {tuple(line.split("\t")) for line in told.splitlines()}
        return [card for card in self._cards if card.key in keys and self.may_wait(card) is not None]

    def _over_waiting(self, event: QDropEvent) -> bool:
        return self._layout.column_at(round(event.position().x()) + self.horizontalOffset()) == 0

    def _show_drop(self, *, here: bool) -> None:
        if here is not self._drop_here:
            self._drop_here = here
            self.viewport().update()

    def _fold_at(self, at: QPoint) -> bool:
        found = next((box.key for box in self._layout.lanes if self._lane_rect(box).contains(at)), None)
        if found is None or self._by is Lanes.NONE:
            return False
        self.fold(self._folded ^ {found})
        self.folded_changed.emit()
        return True

    def _button_at(self, at: QPoint) -> tuple[tuple[str, str], str] | None:
        index = self.indexAt(at)
        if not index.isValid():
            return None
        card = self._card(index.row())
        command = self._card_delegate.button_at(card, self.card_rect(index.row()), at)
        return None if command is None else (card.key, command)

    def _heat(self, button: tuple[tuple[str, str], str] | None) -> None:
        if button != self._card_delegate.hot:
            self._card_delegate.hot = button
            self.viewport().update()


def _no_command(_event: QKeyEvent) -> str | None:
    return None


def _no_way(_card: Card) -> str | None:
    return None
