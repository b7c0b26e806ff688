"""The placeholder of an empty panel: a glyph, a line, a smaller line, and at most one button."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel


class EmptyState(Guarded, QWidget):
    """Says that there is nothing to show, and what would change that; over lines, on a `ground` of its own.

    Signals:
        action_requested: its button was pressed.
    """

    action_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icon: str,
        line: str,
        detail: str = "",
        *,
        action: str = "",
        ground: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._ground = theme, icon, ground
        self._glyph = QLabel()
        self._line = PlainLabel(line, theme=theme, role="strong")
        self._detail = PlainLabel(detail, theme=theme, role="small", color="t2")
        self.button = push_button(action, self)  # of no parent it would be shown as a window of its own
        self.button.setVisible(bool(action))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addStretch()
        for widget in (self._glyph, self._line, self._detail):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        self._detail.setWordWrap(True)
        column.addSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.button.clicked.connect(self.action_requested)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def line(self) -> str:
        """The first line shown."""
        return self._line.text()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the ground, if it has one."""
        super().paintEvent(event)
        if self._ground:
            QPainter(self).fillRect(self.rect(), self._theme.color(self._ground))

    def show_message(self, line: str, detail: str = "", *, action: str = "") -> None:
        """Show another message."""
        self._line.setText(line)
        self._detail.setText(detail)
        self.button.setText(action)
        self.button.setVisible(bool(action))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._glyph.setPixmap(self._theme.icon(self._icon, "t3", 20, self.devicePixelRatioF()))
