"""Lay out the parts of the Logs: one column when docked; facets and histogram from a thousand pixels on."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.panels.logs.facets_view import FacetsView
from gui.panels.logs.filter_bar import LogFilterBar
from gui.panels.logs.footer import LogFooter
from gui.panels.logs.histogram import LogHistogram
from gui.panels.logs.line_reader import LineReader
from gui.panels.logs.minimap import LogMinimap
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.empty_state import EmptyState

FULL_FROM = 1000


class LogView(Guarded, QWidget):
    """Holds and lays out the parts; the panel connects them."""

    def __init__(self, model: LogTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = LogFilterBar(theme)
        self.table = LogTableView(model, theme)
        self.minimap = LogMinimap(model, self.table, theme)
        self.facets = FacetsView(theme)
        self.histogram = LogHistogram(model.store, theme)
        self.reader = LineReader(theme)
        self.footer = LogFooter(theme)
        icon = "logs"
        self.empty = EmptyState(
            theme, icon, tr("No output yet."), tr("Lines appear when the first job starts.")
        )
        self._lay_out()

    @property
    def lists(self) -> bool:
        """Whether the list is shown rather than the empty state."""
        return self._stack.currentIndex() == 1

    def show_list(self, on: bool) -> None:  # noqa: FBT001 - a switch, like setVisible
        """Show the list, or the empty state."""
        self._stack.setCurrentIndex(int(on))

    def show_footer(self) -> None:
        """Show the footer if there is room for it, or if it has something to say."""
        has_content = bool(self.footer.note.text() or self.footer.search.text())
        self.footer.setVisible(self.width() >= FULL_FROM or has_content)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Switch between the docked and the full form."""
        super().resizeEvent(event)
        self._shape()

    def _lay_out(self) -> None:
        room, listed = QWidget(), QWidget()
        row = QHBoxLayout(listed)
        self._stack = QStackedLayout(room)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(listed)
        lines, body, outer = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for layout in (row, lines, body, outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.addWidget(self.table, 1)
        row.addWidget(self.minimap)
        self._rule = QWidget()
        self._rule.setObjectName("rule")
        self._rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rule.setFixedWidth(1)
        lines.addWidget(self.histogram)
        lines.addWidget(room, 1)
        lines.addWidget(self.reader)
        lines.addWidget(self.footer)
        body.addWidget(self.facets)
        body.addWidget(self._rule)
        body.addLayout(lines, 1)
        outer.addWidget(self.bar)
        outer.addLayout(body, 1)
        self._shape()

    def _shape(self) -> None:
        full = self.width() >= FULL_FROM
        self.bar.set_full(full)
        self.table.set_full(full)
        for part in (self.facets, self._rule, self.histogram):
            part.setVisible(full)
        self.footer.show_form(full=full)
        self.show_footer()
