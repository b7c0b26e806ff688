"""A headed part of a panel: a name, a fact at the end of the line, and what stands below. Knows nothing of it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel

_HEAD = 28


class Section(QWidget):
    """A head over widgets; `inset` is the one among them that keeps the panel's margin."""

    def __init__(
        self,
        name: str,
        theme: Theme,
        *widgets: QWidget,
        inset: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fact = PlainLabel(theme=theme, role="small", color="t2")
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(PlainLabel(name, theme=theme, role="strong"), 1)
        row.addWidget(self._fact)
        head = QWidget()
        head.setFixedHeight(_HEAD)
        head.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(0)
        column.addWidget(head)
        for widget in widgets:
            if widget is inset:
                held = QHBoxLayout()
                held.setContentsMargins(12, 4, 12, 4)
                held.addWidget(widget)
                column.addLayout(held)
            else:
                column.addWidget(widget)

    def say(self, fact: str) -> None:
        """Write a fact at the end of the head."""
        self._fact.setText(fact)
