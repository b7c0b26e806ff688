"""Fits the window to the screens there are. Pure: knows rectangles and no window."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

SMALLEST = QSize(1024, 680)
_FIRST = QSize(1600, 1000)
_FRAME = QSize(8, 40)
"""What a window manager puts around the window: the status bar is to be on the screen."""
_GRIP = QSize(120, 24)
"""So much of the upper edge has to be on a screen that a person can move the window."""


def smallest_size(available: QRect) -> QSize:
    """How small the window may become: never higher than its screen, or the status bar could not be reached."""
    return QSize(SMALLEST.width(), min(SMALLEST.height(), available.height()))


def first_geometry(available: QRect) -> QRect:
    """Where the window opens for the first time: in the middle of the screen, and as a whole on it."""
    return _centred(_FIRST, available)


def on_screen(geometry: QRect, screens: Sequence[QRect]) -> QRect:
    """A remembered geometry, moved and made smaller where its screen is gone; `screens` has the first one first."""
    home = max(screens, key=lambda screen: _area(screen & geometry))
    edge = QRect(geometry.topLeft(), QSize(geometry.width(), _GRIP.height()))
    shown = edge & home
    size = _fitted(geometry.size(), home)
    if shown.width() >= _GRIP.width() and shown.height() >= _GRIP.height() // 2 and size == geometry.size():
        return geometry
    if not _area(home & geometry):
        return _centred(size, screens[0])
    return _pushed_in(QRect(geometry.topLeft(), size), home)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0


def _fitted(size: QSize, available: QRect) -> QSize:
    """Small enough for the screen with the frame around the window; without it where the window needs all of it."""
    return size.boundedTo(available.size() - _FRAME).expandedTo(SMALLEST.boundedTo(available.size()))


def _centred(size: QSize, available: QRect) -> QRect:
    size = _fitted(size, available)
    spare = available.size() - size
    head = min(_FRAME.height(), spare.height())
    left, top = spare.width() // 2, (spare.height() - head) // 2 + head
    return QRect(available.topLeft() + QPoint(left, top), size)


def _pushed_in(rect: QRect, screen: QRect) -> QRect:
    highest = screen.top() + min(_FRAME.height(), screen.height() - rect.height())
    left = max(screen.left(), min(rect.left(), screen.right() + 1 - rect.width()))
    top = max(highest, min(rect.top(), screen.bottom() + 1 - rect.height()))
    return QRect(QPoint(left, top), rect.size())
