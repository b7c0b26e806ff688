"""Collects Python's garbage in the GUI thread and nowhere else: often a little, everything only while nobody looks.

Python's own collector runs in whichever thread happens to allocate: a widget that dies in the engine's thread takes
the program with it, and a pass over all that a full window holds stops every thread for half a second.
"""

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

_LOOK_MS = 200
_YOUNG = 2_000
_HEAP = 50_000
"""Fewer new containers than this are looked through within 10 ms; so many at once are records, and they stay."""
_OLDER_AFTER = 4
_WHOLE_AFTER_S = 900.0
_WHOLE_AT_LAST_S = 4 * 3600.0


class GcScheduler(QObject):
    """Takes the place of Python's collector from `start` to `stop`.

    What is alive at the start, and what comes in heaps later on, is set aside; only the pass over everything sees it.
    """

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._whole_at = 0.0
        self._passes = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Collect here from now on."""
        gc.disable()
        gc.freeze()
        self._whole_at = self._clock()
        self._timer.start()

    def stop(self) -> None:
        """Collect everything once more, then leave it to Python: what is garbage by now may be widgets."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        fresh = gc.get_count()[0]
        if self._whole_due():
            self._whole_at = self._clock()
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif fresh > _HEAP:
            gc.freeze()
        elif fresh > _YOUNG:
            self._passes += 1
            gc.collect(0 if self._passes % _OLDER_AFTER else 1)

    def _whole_due(self) -> bool:
        waited = self._clock() - self._whole_at
        looked_at = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        return waited >= (_WHOLE_AT_LAST_S if looked_at else _WHOLE_AFTER_S)
