"""The Fusion style with our own check marks, arrows and focus ring in the colours of the theme."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QTabBar, QWidget

from gui.guarded import Guarded
from gui.theme.paint import saved

_RADIUS = 6.0
_AROUND_TAB = (-7, -6, 7, 6)
"""Qt puts the ring of a tab on its text; it stands around it."""

_METRICS = (
    (QStyle.PixelMetric.PM_FocusFrameHMargin, 3),
    (QStyle.PixelMetric.PM_FocusFrameVMargin, 3),
    (QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, 4),
    (QStyle.PixelMetric.PM_IndicatorWidth, 14),
    (QStyle.PixelMetric.PM_IndicatorHeight, 14),
)


class SignalboxStyle(Guarded, QProxyStyle):
    """Draws what a style sheet cannot: a rounded focus ring, ticks and chevrons in the colours of the theme.

    `colors` is the live table of the theme, so a change of theme needs no new style.
    """

    def __init__(self, colors: Mapping[str, QColor]) -> None:
        super().__init__("Fusion")
        self._colors = colors

    def drawPrimitive(  # noqa: N802  # Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw focus ring, check box and arrows; leave the rest to Fusion."""
        kind = QStyle.PrimitiveElement
        match element:
            case kind.PE_FrameFocusRect if widget is not None and widget.property("focusRing"):
                pass  # the theme draws a ring around the widget
            case kind.PE_FrameFocusRect if isinstance(widget, QTabBar):
                self._draw_ring(QRectF(option.rect).adjusted(*_AROUND_TAB), painter)
            case kind.PE_FrameFocusRect:
                self._draw_ring(QRectF(option.rect), painter)
            case kind.PE_IndicatorCheckBox | kind.PE_IndicatorItemViewItemCheck:
                self._draw_check_box(option, painter)
            case kind.PE_IndicatorArrowDown | kind.PE_IndicatorArrowUp | kind.PE_IndicatorArrowRight:
                self._draw_chevron(element, option, painter)
            case _:
                super().drawPrimitive(element, option, painter, widget)

    def drawControl(  # noqa: N802  # Qt's name
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the focus frame around a button; leave the rest to Fusion."""
        if element == QStyle.ControlElement.CE_FocusFrame:
            self._draw_ring(QRectF(option.rect), painter)
        else:
            super().drawControl(element, option, painter, widget)

    def pixelMetric(  # noqa: N802  # Qt's name
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Put the focus frame 3 px outside its button, and make dock separators 4 px wide."""
        for (
            own,
            size,
        ) in _METRICS:  # thousands of times in a turn: a dictionary would ask Python for each hash
            if metric is own:
                return size
        return super().pixelMetric(metric, option, widget)

    def _draw_ring(self, rect: QRectF, painter: QPainter) -> None:
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._colors["focus"], 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), _RADIUS + 1, _RADIUS + 1)

    def _draw_check_box(self, option: QStyleOption, painter: QPainter) -> None:
        state = option.state
        box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        on = bool(state & QStyle.StateFlag.State_On)
        partial = bool(state & QStyle.StateFlag.State_NoChange)
        filled = enabled and (on or partial)
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = self._colors["accentfill" if filled else "ctl" if enabled else "line2"]
            painter.setPen(QPen(edge, 1))
            painter.setBrush(self._colors["accentfill" if filled else "field" if enabled else "bg3"])
            painter.drawRoundedRect(box, 3, 3)
            ink = self._colors["onaccent" if enabled else "t3"]
            painter.setPen(
                QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            if on:
                unit = box.width() / 14
                tick = [QPointF(3.2, 7.2), QPointF(5.9, 9.8), QPointF(10.8, 4.4)]
                painter.drawPolyline(QPolygonF([box.topLeft() + point * unit for point in tick]))
            elif partial:
                painter.drawLine(
                    QPointF(box.left() + 3.5, box.center().y()),
                    QPointF(box.right() - 3.5, box.center().y()),
                )

    def _draw_chevron(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter
    ) -> None:
        centre = QRectF(option.rect).center()
        match element:
            case QStyle.PrimitiveElement.PE_IndicatorArrowUp:
                points = [QPointF(-3, 1.5), QPointF(0, -1.5), QPointF(3, 1.5)]
            case QStyle.PrimitiveElement.PE_IndicatorArrowRight:
                points = [QPointF(-1.5, -3), QPointF(1.5, 0), QPointF(-1.5, 3)]
            case _:
                points = [QPointF(-3, -1.5), QPointF(0, 1.5), QPointF(3, -1.5)]
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self._colors["t2" if enabled else "line2"]
            painter.setPen(
                QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            painter.drawPolyline(QPolygonF([centre + point for point in points]))
