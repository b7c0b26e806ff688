"""Reads the figures of the charts beside the window: a long history takes longer than a frame. Draws nothing."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.panels.dashboard.trends import Trends, read_trends
from state.database_errors import DatabaseError

if TYPE_CHECKING:
    from state.reader import Reader


class TrendReader(QObject):
    """Reads one set of figures at a time, with a database connection of its own.

    Signals:
        read: (Trends) the figures as of the moment they were requested for.
    """

    read = Signal(object)

    def __init__(self, reader: "Reader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._background = BackgroundTasks(self)
        self._began = 0.0
        self.took_s = 0.0
        """How long the last figures took."""

    @property
    def busy(self) -> bool:
        """Whether figures are on their way."""
        return self._background.is_busy

    def ask(self, now: float) -> None:
        """Read the figures as of `now`, unless others are on their way already."""
        if not self.busy:
            self._began = time.monotonic()
            self._background.run_in_background(lambda: _read(self._reader, now), self._on_read)

    def stop(self) -> None:
        """Return once nothing is read any more; nothing is emitted then."""
        self._background.stop()

    def _on_read(self, trends: Trends | None) -> None:
        self.took_s = time.monotonic() - self._began
        if trends is not None:
            self.read.emit(trends)


def _read(beside: "Reader", now: float) -> Trends | None:
    try:
        reader = beside.another()
        try:
            return read_trends(reader, now)
        finally:
            reader.close()
    except DatabaseError:
        return None  # locked or gone for the moment: the charts keep what they show, and the next request tries again
