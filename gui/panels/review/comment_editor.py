"""The field in which a comment is written: two lines that grow to eight; Ctrl+Enter adds, Esc leaves and keeps."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme

_LEAST, _MOST = 2, 8
_PADDING = 16


class CommentEditor(Guarded, QPlainTextEdit):
    """A field for plain text.

    Signals:
        submitted: Ctrl+Enter was pressed.
        left: Esc was pressed; the text stays as a draft.
        grown: it needs another height.
    """

    submitted = Signal()
    left = Signal()
    grown = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = _LEAST
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(5)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def height_needed(self) -> int:
        """The height of the text, from two lines to eight."""
        return self._lines * QFontMetrics(self.font()).lineSpacing() + _PADDING

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its text."""
        return QSize(200, self.height_needed())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its text."""
        return QSize(60, self.height_needed())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Submit with Ctrl+Enter, leave with Esc."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_size_changed(self) -> None:
        lines = max(_LEAST, min(_MOST, round(self.document().size().height())))
        if lines != self._lines:
            self._lines = lines
            self.setFixedHeight(self.height_needed())
            self.grown.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFont(self._theme.font("small"))
        self.setFixedHeight(self.height_needed())
