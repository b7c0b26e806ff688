"""Read the figures of the charts in the background: with a long history that takes longer than a frame."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.panels.dashboard.trends import Trends, read_trends
from state.database_errors import DatabaseError

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader


class TrendsQuery(QObject):
    """Reads one set of figures at a time, with a database connection of its own.

    Signals:
        read: (Trends) the figures as of the moment they were requested for.
    """

    read = Signal(object)

    def __init__(self, reader: "DatabaseReader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._background = BackgroundTasks(self)
        self._began = 0.0
        self.took_s = 0.0
        """The duration of the last read."""

    @property
    def busy(self) -> bool:
        """Whether figures are being read."""
        return self._background.is_busy

    def request(self, now: float) -> None:
        """Read the figures as of `now`, unless a read is already running."""
        if not self.busy:
            self._began = time.monotonic()
            self._background.run_in_background(lambda: _read(self._reader, now), self._on_read)

    def stop(self) -> None:
        """Wait for the current read; nothing is emitted afterwards."""
        self._background.stop()

    def _on_read(self, trends: Trends | None) -> None:
        self.took_s = time.monotonic() - self._began
        if trends is not None:
            self.read.emit(trends)


def _read(other: "DatabaseReader", now: float) -> Trends | None:
    try:
        reader = other.another()
        try:
            return read_trends(reader, now)
        finally:
            reader.close()
    except DatabaseError:
        return None  # locked or missing for now: the charts keep what they show, and the next request retries
