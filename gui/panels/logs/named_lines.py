"""Has the lines loaded that a filter names by job, run or workstream, however many newer lines of others there are."""

from PySide6.QtCore import QObject, QTimer, Slot

from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView


class NamedLines(QObject):
    """Narrows the feed to what the query names while not everything fits, and returns to where somebody was reading."""

    def __init__(self, lines: LogTableModel, table: LogTableView, feed: LogFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._lines, self._table, self._feed = lines, table, feed
        self._reads_at: float | None = None
        """The time of the line to return to once it is loaded again."""
        self._soon = QTimer(self)  # not while the feed hands on what it has loaded
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._on_loaded)
        for changed in (feed.changed, feed.totals.changed, lines.filtered):
            changed.connect(self._soon.start)

    def follow(self) -> None:
        """Load what the query names now."""
        named, feed = self._lines.query.named, self._feed
        if named == feed.named or feed.mode is Mode.CLOSED:
            return
        is_open = feed.mode in {Mode.LIVE, Mode.OLDER}
        if feed.named is None and not (is_open and feed.may_lack):
            return
        row, _ = self._table.rows_in_view()
        is_reading = feed.named is None and not self._table.following and row < self._lines.rowCount()
        self._reads_at = self._lines.store.at(self._lines.serial(row)) if is_reading else None
        if not is_reading:
            self._table.follow(on=True)
        feed.narrow(named)

    @Slot()
    def _on_loaded(self) -> None:
        self.follow()
        if self._reads_at is None or self._lines.searching or self._feed.mode is not Mode.LIVE:
            return
        store = self._lines.store
        if self._table.following:
            self._reads_at = None
        elif len(store) and store.at(store.base) > self._reads_at and self._feed.has_older:
            self._feed.load_older()
        else:
            row, self._reads_at = self._lines.row_at(self._reads_at), None
            self._table.scroll_to(row)
