"""Loads the plotting library beside the running window: its import takes half a second. Draws nothing."""

import threading
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_LOOK_MS = 40
_LIBRARY = "pyqtgraph"


class ChartLibrary(QObject):
    """Imports in a thread of its own, so that the window goes on answering.

    A timer looks whether the thread is done, rather than the thread telling: this object may be gone by then.

    Signals:
        loaded: the library can be imported at no cost.
        failed: (what went wrong) it cannot be used here.
    """

    loaded = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._problem: list[str] = []
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def load(self) -> None:
        """Begin, once; `loaded` or `failed` follows."""
        if self._thread is None:
            self._thread = threading.Thread(target=_load, args=(self._problem,), name="chart library")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Return once nothing is imported any more; nothing is told then."""
        self._timer.stop()
        if self._thread is not None:
            self._thread.join()

    @Slot()
    def _on_timeout(self) -> None:
        if self._thread is None or self._thread.is_alive():
            return
        self._timer.stop()
        if self._problem:
            self.failed.emit(self._problem[0])
        else:
            self.loaded.emit()


def _load(problem: list[str]) -> None:
    try:
        import_module(_LIBRARY)
    except ImportError as error:
        problem.append(f"The charts cannot be drawn: {error}.")
