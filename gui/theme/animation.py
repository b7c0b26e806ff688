"""Compute the positions of items that glide once from their old position to their new one. Paints nothing."""

import time
from collections.abc import Callable, Hashable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPoint, QRect, QTimer, Signal, Slot

DURATION_S = 0.22
MAX_MOVING = 12
_FRAME_MS = 33


class Animation(QObject):
    """The offsets of everything in motion; the timer runs only while something moves.

    Signals:
        stepped: another frame is due.
    """

    stepped = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._curve = QEasingCurve(QEasingCurve.Type.OutCubic)
        self._from: dict[Hashable, tuple[QPoint, float]] = {}
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._on_frame)

    @property
    def active(self) -> bool:
        """Whether anything moves."""
        return bool(self._from)

    def start(self, moved: Mapping[Hashable, QPoint]) -> None:
        """Start these at an offset from their new position; more than a dozen at once jump."""
        if not moved or len(moved) > MAX_MOVING:
            return
        now = self._clock()
        self._from |= {name: (offset, now) for name, offset in moved.items()}
        self._timer.start()

    def stop(self) -> None:
        """End all movement; everything is at its new position."""
        self._from.clear()
        self._timer.stop()

    def shifted(self, name: Hashable, rect: QRect) -> QRect:
        """The current rectangle of an item whose new position is `rect`."""
        found = self._from.get(name)
        if found is None:
            return rect
        offset, began = found
        left = 1.0 - self._curve.valueForProgress(min(1.0, max(0.0, (self._clock() - began) / DURATION_S)))
        return rect.translated(round(offset.x() * left), round(offset.y() * left))

    def is_moving(self, name: Hashable) -> bool:
        """Whether an item is still moving."""
        return name in self._from

    @Slot()
    def _on_frame(self) -> None:
        now = self._clock()
        self._from = {name: start for name, start in self._from.items() if now - start[1] < DURATION_S}
        if not self._from:
            self._timer.stop()
        self.stepped.emit()
