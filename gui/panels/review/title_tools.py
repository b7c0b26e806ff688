"""What stands in the title bar of the review: the keys, and the field that filters the queue."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gui.guarded import Guarded
from gui.panels.review.key_hint import KeyHint
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.label import PlainLabel
from gui.widgets.lens import add_lens

_FILTER_WIDTH = 170
_HINTS = (
    (("J", "K"), translatable("hunk")),
    (("N", "P"), translatable("file")),
    (("C",), translatable("comment")),
)


class KeyHints(QWidget):
    """Shows the keys that move in a review."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(5)
        for keys, word in _HINTS:
            for key in keys:
                row.addWidget(KeyHint(key, theme))
            row.addWidget(PlainLabel(tr(word), theme=theme, role="caption", color="t3"))


class FilterField(Guarded, QLineEdit):
    """The field that filters the queue.

    Signals:
        left: Esc was pressed in the empty field.
    """

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(tr("Filter reviews"))
        self.setAccessibleName(tr("Filter reviews"))
        self._lens = add_lens(self, QIcon())
        self.setProperty("small", True)  # noqa: FBT003  # Qt takes a value
        self.setFixedWidth(_FILTER_WIDTH)
        self.setAcceptDrops(False)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Clear the field with Esc, and with another one leave it."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear()
        else:
            self.left.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._lens.setIcon(self._theme.qicon("search"))
