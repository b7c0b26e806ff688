"""Show lines over time as bars, with errors and warnings coloured at their base."""

import time
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.system.formatting import clock_minute, clock_second
from gui.data.captions import time_span
from gui.guarded import Guarded
from gui.panels.logs.line_store import BIN_S, Bin, LineStore
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr

HEIGHT = 50
_AXIS = 14
_BAR = 9
_FOOT, _FOOT_WIDTH = 5, 24
_LEFT, _RIGHT = 8, 8
_STEPS_S = (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


class LogHistogram(Guarded, QWidget):
    """A histogram of the stored lines, 50 pixels high.

    Signals:
        time_selected: (epoch seconds as object) a point in time was clicked, or reached with the arrows.
    """

    time_selected = Signal(object)

    def __init__(self, store: LineStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logHistogram")
        self.setAccessibleName(tr("Lines over time"))
        self._store, self._theme = store, theme
        self._view: tuple[float, float] | None = None
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Go to a time: click, or Left and Right, Home and End"))
        theme.changed.connect(self.update)

    def show_view(self, first: float | None, last: float | None) -> None:
        """Frame the period in view."""
        view = (first, last) if first is not None and last is not None else None
        if view != self._view:
            self._view = view
            times = "" if view is None else tr("In view: {span}", span=time_span(*view))
            self.setAccessibleDescription(times)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The fixed height."""
        return QSize(400, HEIGHT)

    def bars(self) -> list[Bin]:
        """The bins summed up into as many bars as fit; a bar is at least as long as a bin."""
        span = self._span()
        if span is None:
            return []
        start, end = span
        number = min(max(1, (self.width() - _LEFT - _RIGHT) // _BAR), max(1, round((end - start) / BIN_S)))
        found = [[0, 0, 0] for _ in range(number)]
        for slot, one in list(self._store.bins.items()):
            bar = min(number - 1, int((slot * BIN_S - start) / (end - start) * number))
            for part, value in enumerate(one):
                found[max(0, bar)][part] += value
        return [Bin(*counts) for counts in found]

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint bars, their bases, times, and the frame of the view."""
        painter = QPainter(self)
        color = self._theme.color
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        bars, floor = self.bars(), self.height() - _AXIS - 1
        top = max((one.lines for one in bars), default=0)
        wide = (self.width() - _LEFT - _RIGHT) / max(1, len(bars))
        for number, one in enumerate(bars):
            if not one.lines:
                continue
            high = max(2, round((one.lines / top) ** 0.5 * (floor - 6)))
            left, right = round(_LEFT + number * wide), round(_LEFT + (number + 1) * wide) - 1
            painter.fillRect(left, floor - high, right - left, high, color("line2"))
            if one.errors or one.warnings:
                foot = color("failed.fill" if one.errors else "timeout.fill")
                base = min(right - left, _FOOT_WIDTH)
                painter.fillRect((left + right - base) // 2, floor - _FOOT, base, _FOOT, foot)
        self._paint_hours(painter, floor)
        self._paint_view(painter, floor)
        if self.hasFocus():
            rounded(painter, self.rect(), radius=2, edge=color("focus"), width=2)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the time under the pointer."""
        span = self._span()
        if span is not None:
            share = (event.position().x() - _LEFT) / max(1, self.width() - _LEFT - _RIGHT)
            self.time_selected.emit(span[0] + min(1.0, max(0.0, share)) * (span[1] - span[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go on or back by one bar with the arrows, to the first or the last line with Home and End."""
        span = self._span()
        at = None if span is None else self._time_of(event.key(), span)
        if at is None:
            super().keyPressEvent(event)
        else:
            self.time_selected.emit(at)

    def _time_of(self, key: int, span: tuple[float, float]) -> float | None:
        start, end = span
        bar = max(BIN_S, (end - start) * _BAR / max(_BAR, self.width() - _LEFT - _RIGHT))
        here, until = self._view if self._view is not None else (end, end)
        match key:
            case Qt.Key.Key_Left:
                return max(start, here - bar)
            case Qt.Key.Key_Right:
                return min(end, until + bar)
            case Qt.Key.Key_Home:
                return start
            case Qt.Key.Key_End:
                return end
        return None

    def _span(self) -> tuple[float, float] | None:
        bins = self._store.bins
        if not bins:
            return None
        return min(bins) * BIN_S, (max(bins) + 1) * BIN_S

    def _x(self, at: float, span: tuple[float, float]) -> float:
        return _LEFT + (at - span[0]) / (span[1] - span[0]) * (self.width() - _LEFT - _RIGHT)

    def _paint_hours(self, painter: QPainter, floor: int) -> None:
        span = self._span()
        if span is None:
            return
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("t3"))
        wide = QFontMetricsF(painter.font()).horizontalAdvance("00:00") + 2
        room = max(1, (self.width() - _LEFT - _RIGHT) / 260)
        step = next((one for one in _STEPS_S if (span[1] - span[0]) / one <= room), _STEPS_S[-1])
        offset = time.localtime(span[0]).tm_gmtoff
        first = ((span[0] + offset) // step + 1) * step - offset
        marks = [span[0], *(first + number * step for number in range(int((span[1] - first) / step) + 1))]
        positions = [(at, self._x(at, span)) for at in marks]
        shown = positions[:1] + [two for one, two in pairwise(positions) if two[1] - one[1] > wide + 8]
        for at, x in shown:
            if x + wide <= self.width():
                box = QRectF(x, floor, wide, _AXIS)
                label = clock_minute(at)
                if step < 60:  # noqa: PLR2004 - a minute
                    box.setWidth(wide * 2)
                    label = clock_second(at)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, label)

    def _paint_view(self, painter: QPainter, floor: int) -> None:
        span = self._span()
        if span is None or self._view is None:
            return
        left = self._x(max(self._view[0], span[0]), span)
        right = self._x(min(self._view[1] + BIN_S, span[1]), span)
        wide = max(12.0, right - left)
        left = min(left, self.width() - _RIGHT - wide)
        ground = QColor(self._theme.color("t2"))
        ground.setAlphaF(0.14)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("t3"), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(left + 0.5, 2.5, wide - 1, floor - 2), 2, 2)
