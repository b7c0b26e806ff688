"""Mouse, keyboard and drag handling of the board: select cards, press their buttons, fold lanes, drag to Waiting.

Every request leaves as a signal with its cards; nothing is decided here.
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
from gui.panels.board.board_view_base import BoardViewBase
from gui.panels.board.lanes import Lanes
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.label import plain_tip


class BoardView(BoardViewBase):
    """The Kanban board.

    The panel provides `command_of`, the command of a key press, and `waiting_command`, the command that moves a card to
    Waiting.

    Signals:
        command_requested: (command id, list of cards) by a button, a key, a double click or a drop.
        menu_requested: (list of cards, QPoint on the screen).
        preview_requested: (card) by the space bar.
        folded_changed: a lane was folded or unfolded.
    """

    command_requested = Signal(str, object)
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
        self._drop_here = False
        self.command_of: Callable[[QKeyEvent], str | None] = _no_command
        self.waiting_command: Callable[[Card], str | None] = _no_target
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the board, and a frame around Waiting while a drop is possible there."""
        super().paintEvent(event)
        if self._drop_here:
            left = self._layout.lefts[0] - self.horizontalOffset()
            room = QRect(left - 4, 0, self._layout.column_width + 8, self.viewport().height() - 2)
            rounded(QPainter(self.viewport()), room, radius=6, edge=self._theme.color("accent"), width=2)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Press a button, fold a lane or select a card."""
        at = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._button_at(at)
            if self._pressed is None and not self.indexAt(at).isValid() and self._fold_at(at):
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the button under the pointer."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._highlight_button(self._button_at(at))
        self.hover(self.indexAt(at).row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Request the command of a button pressed and released."""
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        if pressed is not None and pressed == self._button_at(event.position().toPoint()):
            index = self.indexAt(event.position().toPoint())
            self.command_requested.emit(pressed[1], [self._card(index.row())])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the details of a card; on a button it is only a second press."""
        at = event.position().toPoint()
        if self._button_at(at) is not None or event.button() is not Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(at)
        if index.isValid():
            self.command_requested.emit("show_details", [self._card(index.row())])

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the highlight when the pointer leaves."""
        super().leaveEvent(event)
        self._highlight_button(None)
        self.hover(-1)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space previews, command keys act on the selected cards, all other keys navigate."""
        cards = self.selected_cards() or self._focused_card()
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if cards:
                self.preview_requested.emit(cards[0])
            return
        command = self.command_of(event)
        if command is not None and cards:
            self.command_requested.emit(command, cards)
            return
        super().keyPressEvent(event)

    def _focused_card(self) -> list[Card]:
        """The card with the focus ring, which keys act on when nothing is selected."""
        current = self.currentIndex()
        return [self._card(current.row())] if self.hasFocus() and current.isValid() else []

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the full texts of a card in its tool tip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            card: Card | None = index.data(CARD_ROLE) if index.isValid() else None
            text = "\n".join(part for part in (card.ws_id, card.title, card.sentence) if part) if card else ""
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
            return True
        return super().viewportEvent(event)

    # Dragging: only to a column that a command leads to

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept only cards of this board; files are for the window."""
        self._answer_drag(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Accept a drag only over Waiting, and only with cards that may go there."""
        self._answer_drag(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the frame."""
        self._show_drop(here=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Request the command that moves each card to Waiting."""
        self._show_drop(here=False)
        cards = self._dragged_cards(event)
        if not cards or not self._over_waiting(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would remove rows from the model
        event.accept()
        for command in dict.fromkeys(self.waiting_command(card) for card in cards):
            if command is not None:
                self.command_requested.emit(
                    command, [card for card in cards if self.waiting_command(card) == command]
                )

    def _answer_drag(self, event: QDragMoveEvent) -> None:
        mine = bool(self._dragged_cards(event))
        here = mine and self._over_waiting(event)
        self._show_drop(here=here)
        if here or (mine and isinstance(event, QDragEnterEvent)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def _dragged_cards(self, event: QDropEvent) -> list[Card]:
        if not event.mimeData().hasFormat(CARDS_MIME):
            return []
        text = bytes(event.mimeData().data(CARDS_MIME).data()).decode(errors="replace")
        keys = {tuple(line.split("\t")) for line in text.splitlines()}
        return [card for card in self._cards if card.key in keys and self.waiting_command(card) is not None]

    def _over_waiting(self, event: QDropEvent) -> bool:
        return self._layout.column_at(round(event.position().x()) + self.horizontalOffset()) == 0

    def _show_drop(self, *, here: bool) -> None:
        if here is not self._drop_here:
            self._drop_here = here
            self.viewport().update()

    def _fold_at(self, at: QPoint) -> bool:
        found = next((box.key for box in self._layout.lanes if self._lane_rect(box).contains(at)), None)
        if found is None or self._grouping is Lanes.NONE:
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

    def _highlight_button(self, button: tuple[tuple[str, str], str] | None) -> None:
        if button != self._card_delegate.hot:
            self._card_delegate.hot = button
            self.viewport().update()


def _no_command(_event: QKeyEvent) -> str | None:
    return None


def _no_target(_card: Card) -> str | None:
    return None
