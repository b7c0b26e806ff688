"""The drawing of a key beside what it does."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.theme import Theme

_HEIGHT = 16


class KeyHint(Guarded, QWidget):
    """Shows one key; it says nothing to screen readers, which know the shortcut of the action."""

    def __init__(self, key: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._theme = key, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The text with a little room around it."""
        wide = QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._key)
        return QSize(max(_HEIGHT, wide + 8), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the key."""
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=3, edge=self._theme.color("line2"))
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("t3"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._key)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
