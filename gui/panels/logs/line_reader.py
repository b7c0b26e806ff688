"""Show one whole line, wrapped, below the list: for lines wider than the list. Plain text only."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from gui.theme.theme import Theme
from gui.translation import tr

_MAX_LINES = 5


class LineReader(QPlainTextEdit):
    """Shows one line; lines have at most two thousand characters, so wrapping is cheap."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logReader")
        self.setAccessibleName(tr("The whole line"))
        self._theme = theme
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setUndoRedoEnabled(False)
        self.hide()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_line(self, text: str) -> None:
        """Show a line; an empty text hides the reader."""
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(text))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFont(self._theme.font("mono"))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _MAX_LINES + 12)
