"""The menus of the Logs and what their entries do: to a line, and to the filters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from engine.streams.entries import NOWHERE
from gui.control.actions import Actions
from gui.data.selection import Selection
from gui.panels.logs.facets import Facet, facets
from gui.panels.logs.filter import Chip
from gui.panels.logs.line_store import Source
from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_layout import LogView
from gui.panels.logs.log_limits import LogLimits
from gui.panels.logs.log_menus import (
    CopyRequest,
    FoldRequest,
    JobRequest,
    MarkRequest,
    RawLineRequest,
    SavedRequest,
    SetsRequest,
    SwitchRequest,
    filter_menu,
    line_menu,
)
from gui.panels.logs.table_model import LogTableModel
from gui.translation import tr

if TYPE_CHECKING:
    from engine.filters.filter_folder import FoundFilters, SavedFilter


class LineCommands(QObject):
    """Opens the menus and carries out their entries.

    Signals:
        chip_requested: (Chip) add this filter, or remove it.
        saved_requested: (FilterSet) filter as this set does.
        sets_requested: look after the saved filter sets.
    """

    chip_requested = Signal(object)
    saved_requested = Signal(object)
    sets_requested = Signal()

    def __init__(
        self,
        view: LogView,
        lines: LogTableModel,
        feed: LogFeed,
        *,
        selection: Selection,
        actions: Actions,
        limits: LogLimits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._lines, self._feed = view, lines, feed
        self._selection, self._actions, self._limits = selection, actions, limits
        self._saved: Sequence[SavedFilter] = ()
        view.table.job_name = limits.job_name
        view.table.line_opened.connect(self._on_line_opened)
        view.table.customContextMenuRequested.connect(self._on_menu_requested)

    def facets(self) -> list[Facet]:
        """Everything the lines can be filtered by, with the states and names of now."""
        store, limits = self._lines.store, self._limits
        states = limits.states_of(store.sources)
        chips, loaded = self._lines.query.chips, self._feed.levels
        return facets(store, chips, states, distinct=limits.distinct, loaded=loaded)

    @Slot(object)
    def show_saved(self, found: "FoundFilters") -> None:
        """Offer these filter sets in the menu."""
        self._saved = found.filters

    def open_filter_menu(self, button: QToolButton) -> None:
        """Show what the lines can be filtered by, below a button."""
        field = self._view.bar.field
        menu = filter_menu(
            self._view,
            self.facets(),
            folds_events=self._lines.is_folding,
            switches=(field.regex, field.case),
            saved=self._saved,
        )
        menu.triggered.connect(self._on_triggered)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    @Slot(QPoint)
    def _on_menu_requested(self, point: QPoint) -> None:
        table, store = self._view.table, self._lines.store
        index = table.indexAt(point)
        if not index.isValid():
            return
        serial = self._lines.serial(index.row())
        raw = RawLineRequest(serial) if store.place(serial) != NOWHERE else None
        source = store.source(serial)
        name = self._limits.job_name(source.job_id)
        menu = line_menu(self._view, source, raw, serial=serial, at=store.at(serial), job_name=name)
        menu.triggered.connect(self._on_triggered)
        menu.popup(table.viewport().mapToGlobal(point))

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        match action.data():
            case Chip() as chip:
                self.chip_requested.emit(chip)
            case RawLineRequest(serial=serial):
                self._show_raw_line(serial)
            case MarkRequest(serial=serial):
                self._lines.toggle_mark(self._lines.row_of(serial))
            case JobRequest(source=source):
                self._show_job(source)
            case SwitchRequest(switch=switch):
                switch.toggle()
            case SavedRequest(content=content):
                self.saved_requested.emit(content)
            case SetsRequest():
                self.sets_requested.emit()
            case FoldRequest(on=on):
                self._lines.fold_events(on=on)
            case CopyRequest(text_only=text_only):
                self._view.table.copy(text_only=text_only)

    @Slot(object)
    def _on_line_opened(self, serial: int) -> None:
        """List folded events; show the job of any other line."""
        if not self._lines.unfold(serial):
            self._show_job(self._lines.store.source(serial))

    def _show_job(self, source: Source) -> None:
        if source.job_id:
            self._selection.select_job(source.job_id, (source.run_id, source.ws_id))
            self._actions.run("show_details", (source.job_id,))

    def _show_raw_line(self, serial: int) -> None:
        """Show what the tool printed below the list; it stays until another line is selected."""
        if serial < self._lines.store.base:
            return  # dropped while the menu was open
        self._view.table.go_to(self._lines.row_of(serial))
        folder = self._feed.folder_of(self._lines.store.source(serial).attempt)
        from engine.streams.raw_lines import raw_line  # noqa: PLC0415 - once a line is opened

        text = "" if folder is None else raw_line(folder, self._lines.store.place(serial))
        self._view.reader.show_line(text or tr("The raw line is not kept any more."))
