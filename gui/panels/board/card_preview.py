"""A read-only preview of one card: its full sentence, its steps and the end of its output."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.data.card import Card
from gui.data.cost_captions import cost_caption
from gui.guarded import Guarded
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr_count
from state.records import Job

_WIDTH = 440
_PADDING = 12
_ROW = 22
_MAX_STEPS = 9
_MAX_REASON_LINES = 6


class CardPreview(Guarded, QWidget):
    """A popup beside the card; any key or a click elsewhere closes it."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("cardPreview")
        self._theme, self._type = theme, type_
        self._card = Card(run_id="", ws_id="")
        self._jobs: Sequence[Job] = ()
        self._output: Sequence[str] = ()

    def show_card(self, card: Card, jobs: Sequence[Job], output: Sequence[str], *, beside: QRect) -> None:
        """Show a card with its jobs and the end of its output beside a rectangle on the screen."""
        self._card, self._jobs, self._output = card, jobs, output
        self.setAccessibleName(f"{card.distinct_name}, {card.word}. {card.sentence}")
        self.resize(_WIDTH, self._height())
        self.move(self._position(beside))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close on any key; the key has no other effect."""
        self.close()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the preview from top to bottom."""
        painter, theme, type_ = QPainter(self), self._theme, self._type
        painter.fillRect(self.rect(), theme.color("bg3"))
        rounded(painter, self.rect(), radius=0, edge=theme.color("line2"))
        room = self.rect().adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        top = self._paint_title(painter, room)
        for line in self._reason():
            box = QRect(room.left(), top, room.width(), type_.height("small"))
            type_.draw(painter, box, text=line, role="small", color=theme.color("t2"))
            top += box.height()
        top += 6
        for number, job in enumerate(self._jobs[:_MAX_STEPS]):
            self._paint_step(painter, QRect(room.left(), top, room.width(), _ROW), number, job)
            top += _ROW
        if len(self._jobs) > _MAX_STEPS:
            more = tr_count("{n} more step", "{n} more steps", len(self._jobs) - _MAX_STEPS)
            box = QRect(room.left() + 22, top, room.width(), _ROW)
            type_.draw(painter, box, text=more, role="small", color=theme.color("t2"))
            top += _ROW
        top += 6 if self._output else 0
        for line in self._output:
            box = QRect(room.left(), top, room.width(), type_.height("mono"))
            type_.draw(painter, box, text=line, role="mono", color=theme.color("t1"))
            top += box.height()

    def _paint_title(self, painter: QPainter, room: QRect) -> int:
        theme, type_, card = self._theme, self._type, self._card
        line = QRect(room.left(), room.top(), room.width(), type_.height("title"))
        glyph(
            painter,
            QRect(line.left(), line.top(), 16, line.height()),
            theme.glyph(card.state, 14, dpr_of(painter)),
        )
        word = type_.width(card.word, "small")
        type_.draw(painter, line, text=card.word, role="small", color=theme.color("t2"), align=RIGHT)
        name = line.adjusted(22, 0, -(word + 8), 0)
        type_.draw(painter, name, text=card.name, role="title", color=theme.color("t1"))
        return line.bottom() + 7

    def _paint_step(self, painter: QPainter, line: QRect, number: int, job: Job) -> None:
        theme, type_ = self._theme, self._type
        state = self._card.steps[number] if number < len(self._card.steps) else job.status.value
        glyph(
            painter,
            QRect(line.left(), line.top(), 16, line.height()),
            theme.glyph(state, 12, dpr_of(painter)),
        )
        detail = f"{job.tool}   {job.attempts}/{max(job.max_attempts, job.attempts)}"
        cost = cost_caption(job.cost)
        detail = f"{detail}   {cost}" if cost else detail
        width = type_.width(detail, "small")
        type_.draw(painter, line, text=detail, role="small", color=theme.color("t2"), align=RIGHT)
        name = line.adjusted(22, 0, -(width + 8), 0)
        strong = "name" if job is self._card.focus else "base"
        type_.draw(painter, name, text=job.step_name or job.tool, role=strong, color=theme.color("t1"))

    def _reason(self) -> tuple[str, ...]:
        width = _WIDTH - 2 * _PADDING
        texts = (self._card.apart, self._card.sentence, self._card.session)
        return tuple(
            line
            for text in texts
            if text
            for line in self._type.wrapped(text, "small", width, _MAX_REASON_LINES)
        )

    def _height(self) -> int:
        rows = min(len(self._jobs), _MAX_STEPS) + (len(self._jobs) > _MAX_STEPS)
        output = len(self._output) * self._type.height("mono") + (6 if self._output else 0)
        reason = len(self._reason()) * self._type.height("small")
        return 2 * _PADDING + self._type.height("title") + 7 + reason + 6 + rows * _ROW + output

    def _position(self, beside: QRect) -> QPoint:
        """Right of the card if there is room, else left of it, and always on the screen."""
        screen = QGuiApplication.screenAt(beside.center()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = beside.right() + 8
        if left + self.width() > room.right():
            left = beside.left() - 8 - self.width()
        top = min(beside.top(), room.bottom() - self.height())
        return QPoint(max(room.left(), left), max(room.top(), top))
