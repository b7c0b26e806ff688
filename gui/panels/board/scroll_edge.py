"""The fading edge of a board that goes on to the right: what is cut there is not the end of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme

_WIDTH = 36


class ScrollEdge(Guarded, QWidget):
    """Lies over the right edge of a view and its heads while there is more to scroll to; takes no press."""

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def follow(self) -> None:
        """Show or hide it as the view is scrolled now."""
        bar, room = self._view.horizontalScrollBar(), self._view.viewport().geometry()
        self.setGeometry(room.right() + 1 - _WIDTH, 0, _WIDTH, room.bottom() + 1)
        self.setVisible(bar.value() < bar.maximum())
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Fade into the ground."""
        ground = self._theme.color("bg1")
        clear = self._theme.color("bg1")
        clear.setAlpha(0)
        fade = QLinearGradient(0, 0, self.width(), 0)
        fade.setColorAt(0, clear)
        fade.setColorAt(1, ground)
        QPainter(self).fillRect(self.rect(), fade)
