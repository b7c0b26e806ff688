"""Go from error to error, among those too that are not loaded yet."""

import math

from PySide6.QtCore import QObject, Signal, Slot

from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.translation import tr, translatable

_LOOKING = translatable("Looking for an earlier error in older lines…")
_ALL_LISTED = translatable("Every error of all stored output is listed: more lines are stored than fit.")


class ErrorSteps(QObject):
    """Steps through the errors in order of time; after the last one comes the first of all.

    Where errors are stored that have no room among the loaded lines, all errors are listed instead of the live lines.

    Signals:
        noted: (sentence) what it waits for; empty when it has arrived.
    """

    noted = Signal(str)

    def __init__(self, lines: LogTableModel, table: LogTableView, feed: LogFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._lines, self._table, self._feed = lines, table, feed
        self._step = 0
        """The step that waits for lines: 1, -1, or 0 for none."""
        self._from = math.nan
        """The time of the line that it left when it had all errors listed."""
        feed.changed.connect(self._on_loaded)
        lines.filtered.connect(self._on_loaded)

    def go(self, step: int) -> None:
        """Go to the next error, or to the previous one with -1, once it is loaded."""
        row = self._lines.next_error(self._table.current_row(), step, wrap=False)
        if row is not None:
            self._arrive(row)
        elif self._may_come():
            self._step = step
            self.noted.emit(tr(_LOOKING))
            self._feed.load_older()
        elif self._feed.mode is Mode.LIVE and self._feed.totals.unloaded_errors:
            self._list_all(step)
        else:
            self._arrive(self._lines.next_error(self._table.current_row(), step))

    def _list_all(self, step: int) -> None:
        row = self._table.current_row()
        here = 0 <= row < self._lines.rowCount()
        self._from = self._lines.store.at(self._lines.serial(row)) if here else -step * math.inf
        self._step = step
        self.noted.emit(tr(_LOOKING))
        self._feed.show_errors()

    def _arrive(self, row: int | None) -> None:
        waited, self._step = self._step, 0
        if waited:
            self.noted.emit("")
        if row is not None:
            self._table.go_to(row)

    def _arrive_in_all(self) -> None:
        """Go on in the list of all errors from the time of the line that was left."""
        step, self._step = self._step, 0
        number = self._lines.rowCount()
        later = self._lines.row_at(math.nextafter(self._from, math.inf))
        row = later if step > 0 else self._lines.row_at(self._from) - 1
        self._from = math.nan
        if number:
            self._table.go_to(row % number)
        self.noted.emit(tr(_ALL_LISTED) if number else "")

    def _may_come(self) -> bool:
        """Whether older lines are loaded or searched, or can be."""
        return self._feed.mode in {Mode.OPENING, Mode.OLDER} or self._lines.searching or self._feed.has_older

    @Slot()
    def _on_loaded(self) -> None:
        if not self._step or self._lines.searching:
            return
        if self._feed.mode is Mode.LIVE:
            self.go(self._step)
        elif self._feed.mode is Mode.ERRORS and self._feed.is_complete and not math.isnan(self._from):
            self._arrive_in_all()
