"""Drag cards to a column that a command leads to; what the drop would do is said at the column, or why it does not."""

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gui.data.card import BoardColumn, Card
from gui.data.cards_model import CARDS_MIME
from gui.panels.board.card_drop import CardDrop, drop_on
from gui.panels.board.painted_board import PaintedBoard
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.command_table import JobCommand

_HINT_LINES = 4
_HINT_ICON = 22


class DropBoard(PaintedBoard):
    """The board as the target of a drag.

    The panel provides `drop_command`, the command that a drop of a card on a column gives.

    Signals:
        command_requested: (command id, list of cards).
    """

    command_requested = Signal(str, object)

    def __init__(
        self,
        theme: Theme,
        type_: Typesetter,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(theme, type_, parent, clock=clock)
        self._drop: tuple[int, CardDrop] | None = None
        self.drop_command: Callable[[Card, BoardColumn], JobCommand | None] = _no_command
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the board, and at the column under a drag what a drop there would do."""
        super().paintEvent(event)
        if self._drop is not None and self._drop[0] < len(self._layout.columns):
            self._paint_drop(QPainter(self.viewport()), *self._drop)

    def _paint_drop(self, painter: QPainter, number: int, drop: CardDrop) -> None:
        theme, type_, column = self._theme, self._type, self._layout.columns[number]
        left = column.left - self.horizontalOffset()
        if drop.is_possible:
            frame = QRect(left - 4, 0, column.width + 8, self.viewport().height() - 2)
            rounded(painter, frame, radius=6, edge=theme.color("accent"), width=2)
        lines = type_.wrapped(drop.words, "small", column.width - 24 - _HINT_ICON, _HINT_LINES)
        height = len(lines) * type_.height("small")
        box = QRect(left + 4, 8, column.width - 8, height + 16)
        edge = theme.color("accent" if drop.is_possible else "ctl")
        rounded(painter, box, radius=6, ground=theme.color("bg3"), edge=edge)
        icon, ink = ("drop", "accent") if drop.is_possible else ("cancel", "t2")
        mark = theme.icon(icon, ink, 16, dpr_of(painter))
        glyph(painter, QRect(box.left() + 6, box.top(), 16, box.height()), mark)
        room = QRect(box.left() + 6 + _HINT_ICON, box.top() + 8, box.width() - 12 - _HINT_ICON, height)
        type_.draw_lines(painter, room, lines=lines, role="small", color=theme.color("t1"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept only cards of this board; files are for the window."""
        self._answer_drag(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Accept a drag only over a column that a command leads to; elsewhere say why not."""
        self._answer_drag(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Say nothing any more."""
        self._show_drop(None)
        self._open(None)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Request what the drop does."""
        found = self._drop_at(event)
        self._show_drop(None)
        self._open(None)
        if found is None or not found[1].is_possible:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would remove rows from the model
        event.accept()
        for command, cards in found[1].commands:
            self.command_requested.emit(command.value, list(cards))

    def _answer_drag(self, event: QDragMoveEvent) -> None:
        cards = self._dragged_cards(event)
        found = self._drop_at(event)
        self._show_drop(found)
        if cards:
            self._open(self._column_under(event))
        if (found is not None and found[1].is_possible) or (cards and isinstance(event, QDragEnterEvent)):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def _drop_at(self, event: QDropEvent) -> tuple[int, CardDrop] | None:
        cards, number = self._dragged_cards(event), self._column_under(event)
        if not cards or number is None:
            return None
        column = self._columns[number]
        drop = drop_on(cards, column, columns=self._columns, command_of=self.drop_command)
        if drop is not None and drop.is_possible and (reason := self.why_not(drop.commands[0][0].value)):
            drop = CardDrop(reason)
        return None if drop is None else (number, drop)

    def _column_under(self, event: QDropEvent) -> int | None:
        return self._layout.column_at(round(event.position().x()) + self.horizontalOffset())

    def _dragged_cards(self, event: QDropEvent) -> list[Card]:
        if not event.mimeData().hasFormat(CARDS_MIME):
            return []
        text = bytes(event.mimeData().data(CARDS_MIME).data()).decode(errors="replace")
        keys = {tuple(line.split("\t")) for line in text.splitlines()}
        return [card for card in self._cards if card.key in keys]

    def _show_drop(self, drop: tuple[int, CardDrop] | None) -> None:
        if drop != self._drop:
            self._drop = drop
            self.viewport().update()

    def _open(self, number: int | None) -> None:
        """Open a folded column while cards are dragged over it; it stays open until they are over another one."""
        folded = number is not None and self._layout.columns[number].folded
        if (folded and number != self._opened) or (number is None and self._opened is not None):
            self._opened = number
            self.scheduleDelayedItemsLayout()


def _no_command(_card: Card, _column: BoardColumn) -> JobCommand | None:
    return None
