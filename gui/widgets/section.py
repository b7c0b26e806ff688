"""A titled section of a panel: a name, a fact at the end of the line, and widgets below."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel

_HEAD = 28


class Section(QWidget):
    """A header above widgets; `inset` is the one widget that keeps the margin of the panel."""

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
        self._row = row
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

    def show_fact(self, fact: str) -> None:
        """Show a fact at the end of the header."""
        self._fact.setText(fact)

    def add_tool(self, tool: QWidget) -> None:
        """Put a widget at the end of the header, behind the fact."""
        self._row.addWidget(tool)
