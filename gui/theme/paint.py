"""Painting functions shared by several delegates: hairlines, rounded rectangles, glyphs."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Keep the painter's pen, font, clip and position as they are, even where the painting fails."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


def dpr_of(painter: QPainter) -> float:
    """The device pixels per logical pixel of the paint device."""
    device = painter.device()
    return float(device.devicePixelRatio()) if device is not None else 1.0


def hairline(painter: QPainter, y: int, *, left: int, right: int, color: QColor) -> None:
    """Draw a horizontal line of one pixel."""
    painter.fillRect(left, y, right - left + 1, 1, color)


def outline(painter: QPainter, rect: QRect, color: QColor) -> None:
    """Draw an edge of one pixel inside a rectangle; a pen would be half a pixel outside it at other scales than 1."""
    for line in (
        QRect(rect.left(), rect.top(), rect.width(), 1),
        QRect(rect.left(), rect.bottom(), rect.width(), 1),
        QRect(rect.left(), rect.top(), 1, rect.height()),
        QRect(rect.right(), rect.top(), 1, rect.height()),
    ):
        painter.fillRect(line, color)


def rounded(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    radius: float,
    ground: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Draw a rounded rectangle whose edge lies inside `rect`."""
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = width / 2
        painter.setPen(QPen(edge, width) if edge is not None else Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(ground) if ground is not None else Qt.BrushStyle.NoBrush)
        around = QRectF(rect)
        if edge is not None:
            around.adjust(inset, inset, -inset, -inset)
        painter.drawRoundedRect(around, radius, radius)


def glyph(painter: QPainter, rect: QRect, pixmap: QPixmap) -> None:
    """Draw a pixmap in the centre of a rectangle, aligned to whole pixels."""
    size = pixmap.deviceIndependentSize().toSize()
    painter.drawPixmap(_centred(rect, size), pixmap)


def _centred(rect: QRect, size: QSize) -> QPoint:
    return QPoint(
        rect.left() + (rect.width() - size.width()) // 2,
        rect.top() + (rect.height() - size.height()) // 2,
    )
