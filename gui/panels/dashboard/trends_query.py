"""Reads the figures of the charts beside the window: a long history takes longer than a frame. Draws nothing."""

import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.panels.dashboard.trends import Trends, read_trends
from state.database_errors import DatabaseError

if TYPE_CHECKING:
    from state.reader import Reader

_LOOK_MS = 20


class TrendReader(QObject):
    """Answers one question at a time, in a thread with a connection of its own.

    A timer looks whether the answer is there, rather than the thread telling: this object may be gone by then.

    Signals:
        read: (Trends) the figures as of the moment they were asked for.
    """

    read = Signal(object)

    def __init__(self, reader: "Reader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._thread: threading.Thread | None = None
        self._answer: list[Trends] = []
        self._began = 0.0
        self.took_s = 0.0
        """How long the last answer took."""
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._thread is not None

    def ask(self, now: float) -> None:
        """Read the figures as of `now`, unless an answer is on its way already."""
        if self._thread is None:
            self._answer, self._began = [], time.monotonic()
            told = (self._reader, now, self._answer)
            self._thread = threading.Thread(target=_read, args=told, name="trends")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Return once nothing is read any more; nothing is told then."""
        self._timer.stop()
        if self._thread is not None:
            self._thread.join()

    @Slot()
    def _on_timeout(self) -> None:
        if self._thread is None or self._thread.is_alive():
            return
        self._timer.stop()
        self._thread = None
        self.took_s = time.monotonic() - self._began
        if self._answer:
            self.read.emit(self._answer[0])


def _read(beside: "Reader", now: float, answer: list[Trends]) -> None:
    try:
        reader = beside.another()
        try:
            answer.append(read_trends(reader, now))
        finally:
            reader.close()
    except DatabaseError:
        return  # locked or gone for the moment: the charts keep what they show, and the next question tries again
