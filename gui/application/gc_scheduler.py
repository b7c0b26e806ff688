"""Collect Python's garbage in the GUI thread only: young objects often, everything only while the window is idle.

Python's own collector runs in whichever thread happens to allocate. What the engine's thread collects of timers,
animations, models and watched files stays known to the window's event loop, which crashes at its next turn; and a full
collection of a busy window stops every thread for half a second.
"""

import gc
import time
from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from gui.data.short_turns import short_turns

_CHECK_MS = 200
_CALM_CHECK_MS = 1_000
"""While little is allocated: each look wakes the processor."""
_YOUNG = 2_000
_HEAP = 50_000
"""Fewer new containers than this are collected within 10 ms; more at once are records, which stay alive."""
_OLDER_AFTER = 4
_FULL_AFTER_S = 900.0
_FULL_AT_LATEST_S = 4 * 3600.0


_OFF_FOR_GOOD = Event()


def disable_for_good() -> None:
    """Leave all collections of this process to its schedulers, also those between two windows."""
    _OFF_FOR_GOOD.set()
    gc.disable()


class GcScheduler(QObject):
    """Replaces Python's collector from `start` to `stop`.

    Objects alive at the start, and later those that come in large numbers, are frozen for all but full collections.
    """

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._was_enabled = False
        self._full_at = 0.0
        self._passes = 0
        self._timer = QTimer(self, interval=_CHECK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Collect garbage here from now on."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()
        self._full_at = self._clock()
        self._timer.start()

    def keep(self) -> None:
        """Freeze what is alive now as well: a window that has just been shown is no garbage."""
        gc.freeze()

    def stop(self) -> None:
        """Collect everything once more, as the garbage may be widgets, and leave Python's collector as it was found.

        In the program, where no other thread ever collects, nothing is collected: looking at everything would hold the
        closing window for a tenth of a second.
        """
        self._timer.stop()
        gc.unfreeze()
        if not _OFF_FOR_GOOD.is_set():
            gc.collect()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        young = gc.get_count()[0]
        pace = _CHECK_MS if young > _YOUNG else _CALM_CHECK_MS
        if self._timer.interval() != pace:
            self._timer.setInterval(pace)
        if self._is_full_due():
            self._full_at = self._clock()
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif young > _HEAP:
            gc.freeze()
        elif young > _YOUNG:
            short_turns().soon(self._collect_young)

    def _collect_young(self) -> None:
        self._passes += 1
        gc.collect(0 if self._passes % _OLDER_AFTER else 1)

    def _is_full_due(self) -> bool:
        waited = self._clock() - self._full_at
        if waited < _FULL_AFTER_S:
            return False
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        return waited >= (_FULL_AT_LATEST_S if active else _FULL_AFTER_S)
