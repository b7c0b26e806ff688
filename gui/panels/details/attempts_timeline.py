"""Paint all attempts of a job as bars on one time axis, with dotted waits between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.system.formatting import clock_second, exact_duration
from gui.data.attempts_model import attempt_display, pauses
from gui.data.captions import time_span
from gui.guarded import Guarded
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, uncapitalized
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value
from gui.widgets.label import plain_tip
from state.records import Attempt, AttemptStatus

_BAR = 18
_LEAST = 20
_GAP = 3


@dataclass(frozen=True)
class Bar:
    """The rectangle of an attempt."""

    attempt: Attempt
    rect: QRect


class AttemptsTimeline(WithAccessibleRole, Guarded, QWidget):
    """The attempts side by side in time; a press selects one, and so do the arrows, Home and End.

    Signals:
        selected: (attempt id) a bar was chosen.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List

    selected = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._theme = theme
        self._type = Typesetter(theme, self)
        self._attempts: Sequence[Attempt] = ()
        self._now = 0.0
        self._bars: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Attempts on a time axis"))
        theme.changed.connect(self.update)

    def show_attempts(self, attempts: Sequence[Attempt], now: float) -> None:
        """Draw these as of `now`."""
        self._attempts, self._now = tuple(attempts), now
        self._bars = self._positioned_bars()
        self.setAccessibleDescription("; ".join(self._description(attempt) for attempt in attempts))
        self.setVisible(bool(attempts))
        self.updateGeometry()
        self.update()

    def show_current(self, attempt_id: int) -> None:
        """Mark the attempt that is shown elsewhere."""
        if attempt_id != self._current:
            self._current = attempt_id
            report_value(self)
            self.update()

    def accessible_value(self) -> str:
        """The current attempt in words."""
        bar = self._current_bar()
        return "" if bar is None else self._description(bar.attempt)

    def span(self) -> str:
        """The start and end of the axis."""
        if not self._attempts:
            return ""
        start, end = self._range()
        return time_span(start, end)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Higher if a wait is described below the bars."""
        return QSize(200, _BAR + (18 if pauses(self._attempts) else 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width is enough."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Recompute the bars."""
        super().resizeEvent(event)
        self._bars = self._positioned_bars()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the attempt under the pointer."""
        bar = self._bar_at(event.position().toPoint())
        if bar is not None:
            self._choose(bar)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to another attempt."""
        bar = self._current_bar()
        at = self._bars.index(bar) if bar is not None else len(self._bars)
        to = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._bars) - 1,
        }.get(Qt.Key(event.key()))
        if to is None or not self._bars:
            super().keyPressEvent(event)
        else:
            self._choose(self._bars[min(max(0, to), len(self._bars) - 1)])

    def event(self, event: QEvent) -> bool:
        """Name the attempt under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self._bar_at(event.pos())
            QToolTip.showText(
                event.globalPos(), plain_tip(self._description(bar.attempt)) if bar else "", self
            )
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the waits first, then the bars over them."""
        painter = QPainter(self)
        self._draw_waits(painter)
        for bar in self._bars:
            self._draw_bar(painter, bar)
        current = self._current_bar()
        if self.hasFocus() and current is not None:
            rounded(painter, current.rect, radius=3, edge=self._theme.color("focus"), width=2)

    def _choose(self, bar: Bar) -> None:
        self.show_current(bar.attempt.id)
        self.selected.emit(bar.attempt.id)

    def _current_bar(self) -> Bar | None:
        return next((bar for bar in self._bars if bar.attempt.id == self._current), None)

    def _range(self) -> tuple[float, float]:
        start = self._attempts[0].started_at
        return start, max(*(_end(one, self._now) for one in self._attempts), start + 1)

    def _positioned_bars(self) -> list[Bar]:
        """The bars true to time, but each wide enough to be seen and none over another."""
        if not self._attempts:
            return []
        start, end = self._range()
        count = len(self._attempts)
        least = min(_LEAST, max(4, (self.width() - _GAP * count) // count))
        bars: list[Bar] = []
        scale = max(1, self.width()) / (end - start)
        for attempt in self._attempts:
            left = round((attempt.started_at - start) * scale)
            right = max(round((_end(attempt, self._now) - start) * scale), left + least)
            if bars:
                left = max(left, bars[-1].rect.right() + 1 + _GAP)
            bars.append(Bar(attempt, QRect(left, 0, max(right - left, least), _BAR)))
        return self._moved_inside(bars)

    def _moved_inside(self, bars: list[Bar]) -> list[Bar]:
        """Move bars beyond the right edge back, and the ones before them if needed."""
        edge = self.width()
        moved: list[Bar] = []
        for bar in reversed(bars):
            rect = QRect(bar.rect)
            if rect.right() >= edge:
                rect.moveRight(edge - 1)
            edge = rect.left() - _GAP
            moved.append(Bar(bar.attempt, rect))
        return moved[::-1]

    def _draw_waits(self, painter: QPainter) -> None:
        pen = QPen(self._theme.color("ctl"), 1.2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1, 2.4])
        by_start = {pause.start: pause for pause in pauses(self._attempts)}
        widest: tuple[int, QRect, str] | None = None
        for first, second in pairwise(self._bars):
            left, right = first.rect.right() + 3, second.rect.left() - 2
            pause = by_start.get(first.attempt.completed_at or 0.0)
            if pause is None or right - left < 4:  # noqa: PLR2004 - no room for two dots
                continue
            painter.setPen(pen)
            painter.drawLine(left, _BAR // 2, right, _BAR // 2)
            room = QRect(left, _BAR, right - left, 18)
            if widest is None or room.width() > widest[0]:
                widest = (room.width(), room, pause.reason)
        if widest is not None:
            self._draw_reason(painter, widest[1], widest[2])

    def _draw_reason(self, painter: QPainter, room: QRect, reason: str) -> None:
        """Draw the reason below the longest wait, moved inside if it is wider than the wait."""
        width = min(self._type.width(reason, "caption") + 2, self.width())
        centre = min(max(room.center().x(), width // 2), self.width() - width // 2)
        below = QRect(centre - width // 2, room.top() + 2, width, 16)
        self._type.draw(
            painter, below, text=reason, role="caption", color=self._theme.color("t2"), align=CENTER
        )

    def _draw_bar(self, painter: QPainter, bar: Bar) -> None:
        state = attempt_display(bar.attempt)[0]
        look = self._theme.state(state)
        rounded(
            painter, bar.rect, radius=3, ground=look.tint, edge=look.fg if state == "running" else look.fill
        )
        mark = self._theme.glyph(state, 10, dpr_of(painter))
        label = f"{bar.attempt.number} {bar.attempt.tool}"
        room = bar.rect.adjusted(22, 0, -4, 0)
        if room.width() < self._type.width(str(bar.attempt.number), "caption"):
            glyph(painter, bar.rect, mark)
            return
        glyph(painter, QRect(bar.rect.left() + 3, 0, 18, _BAR), mark)
        fits = self._type.width(label, "caption") <= room.width()
        text = label if fits else str(bar.attempt.number)
        self._type.draw(painter, room, text=text, role="caption", color=self._theme.color("t1"))

    def _bar_at(self, point: QPoint) -> Bar | None:
        return next((bar for bar in self._bars if QRectF(bar.rect).contains(point.toPointF())), None)

    def _description(self, attempt: Attempt) -> str:
        end = None if attempt.status is AttemptStatus.RUNNING else attempt.completed_at
        length = exact_duration((end or self._now) - attempt.started_at)
        word = uncapitalized(attempt_display(attempt)[1])
        return tr(
            "attempt {number}, {tool}, {word}, {at}, {length}",
            number=attempt.number,
            tool=attempt.tool,
            word=word,
            at=clock_second(attempt.started_at),
            length=length,
        )


def _end(attempt: Attempt, now: float) -> float:
    return max(attempt.started_at, now if attempt.completed_at is None else attempt.completed_at)
