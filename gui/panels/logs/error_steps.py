"""Go from error to error, among those too that are not loaded yet."""

from PySide6.QtCore import QObject, Signal, Slot

from gui.panels.logs.log_feed import LogFeed, Mode
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView


class ErrorSteps(QObject):
    """Steps through the errors in order of time; after the last one comes the first of all.

    Signals:
        noted: (sentence) what it waits for; empty when it has arrived.
    """

    noted = Signal(str)

    def __init__(self, lines: LogTableModel, table: LogTableView, feed: LogFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._lines, self._table, self._feed = lines, table, feed
        self._step = 0
        """The step that waits for older lines: 1, -1, or 0 for none."""
        feed.changed.connect(self._on_loaded)
        lines.filtered.connect(self._on_loaded)

    def go(self, step: int) -> None:
        """Go to the next error, or to the previous one with -1, once it is loaded."""
        row = self._lines.next_error(self._table.current_row(), step, wrap=False)
        if row is not None:
            self._arrive(row)
        elif self._may_come():
            self._step = step
            self.noted.emit("Looking for an earlier error in older lines…")
            self._feed.load_older()
        else:
            self._arrive(self._lines.next_error(self._table.current_row(), step))

    def _arrive(self, row: int | None) -> None:
        waited, self._step = self._step, 0
        if waited:
            self.noted.emit("")
        if row is not None:
            self._table.go_to(row)

    def _may_come(self) -> bool:
        """Whether older lines are loaded or searched, or can be."""
        return self._feed.mode in {Mode.OPENING, Mode.OLDER} or self._lines.searching or self._feed.has_older

    @Slot()
    def _on_loaded(self) -> None:
        if self._step and self._feed.mode is Mode.LIVE and not self._lines.searching:
            self.go(self._step)
