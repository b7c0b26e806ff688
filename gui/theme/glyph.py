"""A widget that shows the glyph of a state."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QWidget,
)

from gui.guarded import Guarded
from gui.theme.theme import Theme


class Glyph(Guarded, QWidget):
    """One state glyph, 14 px by default."""

    def __init__(self, theme: Theme, state: str = "queued", size: int = 14) -> None:
        super().__init__()
        self._theme, self._state, self._size = theme, state, size
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def show_state(self, state: str) -> None:
        """Show another state."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the cached pixmap."""
        glyph = self._theme.glyph(self._state, self._size, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, glyph)
