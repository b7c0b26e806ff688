"""Shared painting of the Dashboard charts: area, hairlines, labels, bars, lines and tool tips."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QMargins, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.guarded import Guarded
from gui.theme.paint import dpr_of, hairline, rounded
from gui.theme.text_layout import CENTER, LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value
from gui.widgets.label import plain_tip

PLOT_HEIGHT, LEAST_PLOT_HEIGHT, MOST_PLOT_HEIGHT = 118, 62, 240
_LABEL_GAP = 4
_BETWEEN_LABELS = 8
_LABEL_WIDTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Maps values to an area: from `first` to `last` across, from 0 to `top` upwards."""

    area: QRectF
    first: float
    last: float
    top: float

    def x(self, position: float) -> float:
        """The x coordinate of a position."""
        return self.area.left() + (position - self.first) / (self.last - self.first) * self.area.width()

    def y(self, value: float) -> float:
        """The y coordinate of a value."""
        return self.area.bottom() - value / self.top * self.area.height()

    def point(self, position: float, value: float) -> QPointF:
        """The point of a value at a position."""
        return QPointF(self.x(position), self.y(value))

    def position(self, x: float) -> float:
        """The position at an x coordinate."""
        return self.first + (x - self.area.left()) / max(self.area.width(), 1.0) * (self.last - self.first)


class Plot(WithAccessibleRole, Guarded, QWidget):
    """The painted part of a chart; with the focus, the arrows, Home and End go from figure to figure and say each."""

    ACCESSIBLE_ROLE = QAccessible.Role.Chart

    margins = QMargins(26, 6, 6, 16)
    """The space around the area, for labels at the usual text size."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self.theme = theme
        self.type_ = Typesetter(theme, self)
        self.setFixedHeight(PLOT_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._at: int | None = None
        theme.changed.connect(self.update)

    def figure_points(self) -> Sequence[QPointF]:
        """A point of each figure, in the order in which they are read."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the figures."""
        raise NotImplementedError

    def tip_at(self, at: QPointF) -> tuple[str, QRectF] | None:
        """The text for the figure at this point, and the part of the plot it describes."""
        raise NotImplementedError

    @property
    def area(self) -> QRectF:
        """The area figures are painted in."""
        return QRectF(self.rect().marginsRemoved(self.room))

    @property
    def room(self) -> QMargins:
        """The margins at the present text size."""
        at, wide = self.margins, self.theme.widened
        return QMargins(wide(at.left()), wide(at.top()), wide(at.right()), wide(at.bottom()))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow, with the height of the visual language."""
        return QSize(120, PLOT_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the figures, antialiased."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found = self._current() if self.hasFocus() else None
        if found is not None:
            painter.fillRect(found[1], self.theme.color("sel"))
        self.draw(painter)
        if self.hasFocus():
            rounded(painter, self.rect(), radius=3, edge=self.theme.color("focus"), width=2)

    def accessible_value(self) -> str:
        """The figure the keys are at, or the newest one."""
        found = self._current()
        return "" if found is None else found[0]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to another figure, and show it in a tool tip."""
        last = len(self.figure_points()) - 1
        at = last if self._at is None else min(self._at, last)
        to = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Up: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Down: at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None or last < 0:
            super().keyPressEvent(event)
            return
        self._at = min(max(0, to), last)
        report_value(self)
        self._show_tip()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Begin at the newest figure."""
        super().focusInEvent(event)
        self._at = None
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the tool tip of the figure."""
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.update()

    def _current(self) -> tuple[str, QRectF] | None:
        points = self.figure_points()
        if not points:
            return None
        return self.tip_at(points[-1 if self._at is None else min(self._at, len(points) - 1)])

    def _show_tip(self) -> None:
        self.update()
        found = self._current()
        if found is not None:
            at = self.mapToGlobal(found[1].bottomRight().toPoint())
            QToolTip.showText(at, plain_tip(found[0]), self)

    def event(self, event: QEvent) -> bool:
        """Show a tool tip for the figure under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.tip_at(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(found[0]), self, found[1].toAlignedRect())
            return True
        return super().event(event)

    def draw_levels(self, painter: QPainter, scale: Scale, levels: Sequence[tuple[float, str]]) -> None:
        """Draw hairlines at these values, with labels on the left."""
        area, height = scale.area, self.type_.height("caption")
        for value, text in levels:
            y = round(scale.y(value))
            line = self.theme.color("line")
            hairline(painter, y, left=round(area.left()), right=round(area.right()), color=line)
            room = QRect(0, y - height // 2, round(area.left()) - _LABEL_GAP, height)
            self._draw_label(painter, room, text, RIGHT)

    def draw_positions(self, painter: QPainter, scale: Scale, positions: Sequence[tuple[float, str]]) -> None:
        """Draw labels below these positions; where they would touch, the last ones."""
        top = round(scale.area.bottom()) + 1
        for position, text in self._apart(scale, positions):
            width = self.theme.widened(_LABEL_WIDTH)
            room = QRect(round(scale.x(position)) - width // 2, top, width, self.height() - top)
            self._draw_label(painter, room, text, CENTER)

    def _apart(self, scale: Scale, positions: Sequence[tuple[float, str]]) -> Sequence[tuple[float, str]]:
        """Every, or every second, or only the last of these labels: as many as do not touch each other."""
        for step in range(1, len(positions)):
            kept = positions[::-1][::step][::-1]
            if all(
                scale.x(right[0]) - scale.x(left[0])
                >= self.type_.width(right[1], "caption") + _BETWEEN_LABELS
                for left, right in pairwise(kept)
            ):
                return kept
        return positions[-1:]

    def draw_row_label(self, painter: QPainter, room: QRect, text: str) -> None:
        """Draw the name of a row on its left."""
        self.type_.draw(painter, room, text=text, role="small", color=self.theme.color("t2"), align=LEFT)

    def draw_row_value(self, painter: QPainter, room: QRect, text: str) -> None:
        """Draw the latest value of a row on its right."""
        self.type_.draw(painter, room, text=text, role="small+", color=self.theme.color("t1"), align=RIGHT)

    def _draw_label(self, painter: QPainter, room: QRect, text: str, align: Qt.AlignmentFlag) -> None:
        self.type_.draw(painter, room, text=text, role="caption", color=self.theme.color("t3"), align=align)


def draw_bar(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Draw a bar whose edges lie on whole device pixels."""
    dpr = dpr_of(painter)
    left, right = round(rect.left() * dpr) / dpr, round(rect.right() * dpr) / dpr
    top, bottom = round(rect.top() * dpr) / dpr, round(rect.bottom() * dpr) / dpr
    painter.fillRect(QRectF(left, top, max(right - left, 1 / dpr), bottom - top), color)


def draw_line(
    painter: QPainter, points: Sequence[QPointF], color: QColor, *, ground: float | None = None
) -> None:
    """Draw a line through these points; with `ground`, shade the area down to that y coordinate."""
    if ground is not None:
        below = QColor(color)
        below.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(below)
        ends = (QPointF(points[-1].x(), ground), QPointF(points[0].x(), ground))
        painter.drawPolygon(QPolygonF([*points, *ends]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.5))
    painter.drawPolyline(QPolygonF(points))


def draw_dot(painter: QPainter, at: QPointF, color: QColor, *, radius: float) -> None:
    """Draw a dot, for the latest value of a line."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(at, radius, radius)


def draw_dashed(painter: QPainter, scale: Scale, value: float, color: QColor) -> None:
    """Draw a dashed line across the area at a value."""
    pen = QPen(color, 1.0, Qt.PenStyle.DashLine)
    y = round(scale.y(value)) + 0.5
    painter.setPen(pen)
    painter.drawLine(QPointF(scale.area.left(), y), QPointF(scale.area.right(), y))
