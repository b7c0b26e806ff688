"""The field above the action bar for words about all of the work: a comment, or what to do next."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.panels.review.comment_editor import CommentEditor
from gui.panels.review.drafts import too_long
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import push_button, set_usable
from gui.widgets.label import PlainLabel
from gui.widgets.painted_button import ExplainsButtons

_HINT = translatable("For the next prompt")


class WordsField(ExplainsButtons, Guarded, QWidget):
    """Asks for words; what was written stays until it is sent or dropped.

    Signals:
        submitted: (text) send, or add, these words.
        text_changed: (text) the text changed.
        left: the field was closed; its text stays.
    """

    submitted = Signal(str)
    text_changed = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._is_possible = theme, False
        self.title = PlainLabel(tr("What to do next"), theme=theme, role="smallstrong")
        self.editor = CommentEditor(theme, tr("What to do next"))
        self.cancel = push_button(tr("Cancel"), kind="quiet", small=True)
        self.send = push_button(tr("Send back"), small=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.hint = PlainLabel(tr(_HINT), theme=theme, role="small", color="t2")
        row.addWidget(self.hint)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.editor)
        column.addLayout(row)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.submitted.connect(self._on_submitted)
        self.editor.left.connect(self._on_left)
        self.send.clicked.connect(self._on_submitted)
        self.cancel.clicked.connect(self._on_cancelled)
        self.hide()

    def open(self, title: str, verb: str, text: str) -> None:
        """Ask for words with this title, on a button with this verb."""
        self.title.setText(title)
        self.editor.setAccessibleName(title)
        self.editor.setPlaceholderText(title)
        self.send.setText(verb)
        if text != self.editor.toPlainText():
            self.editor.setPlainText(text)
        self._on_text_changed()
        self.show()
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_reasons(self) -> None:
        """Let the words be written, but not be sent, while nothing can be."""
        reason = self.why_not("review_send_back")
        set_usable(self.send, reason, tip=tr("Ctrl+Enter"), possible=self._is_possible)

    def close_field(self) -> None:
        """Hide it without its text."""
        self.hide()
        self.editor.blockSignals(True)  # noqa: FBT003  # Qt's own signature
        self.editor.clear()
        self.editor.blockSignals(False)  # noqa: FBT003  # as above

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg3"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line2"))

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.editor.toPlainText()
        problem = too_long(text)
        self.hint.setText(problem or tr(_HINT))
        self._is_possible = bool(text.strip()) and not problem
        self.show_reasons()
        self.text_changed.emit(text)

    @Slot()
    def _on_submitted(self) -> None:
        if self.send.isEnabled():
            self.submitted.emit(self.editor.toPlainText().strip())

    @Slot()
    def _on_left(self) -> None:
        self.hide()
        self.left.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        self.editor.clear()
        self.hide()
        self.left.emit()
