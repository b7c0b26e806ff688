"""Shares the window's thread out: what may wait for a moment is done piece by piece, each in a turn of its own."""

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QBasicTimer, QCoreApplication, QObject, QTimerEvent
from shiboken6 import isValid

from gui.guarded import Guarded

PAUSE_MS = 5
"""The least time between two pieces: what they have laid out is painted, and keys are answered, in between."""
Piece = Callable[[], object]


class ShortTurns(Guarded, QObject):
    """Runs pieces of work in the order they came, never two in one turn; one instance serves the whole window.

    Whoever has more to do than fits a few milliseconds asks for its next piece at the end of one.
    """

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._pieces: deque[Piece] = deque()
        self._free_at = 0.0
        self._timer = QBasicTimer()
        self._is_at_work = False

    def soon(self, piece: Piece) -> None:
        """Run `piece` once in a turn of its own; one that already waits is not run twice.

        A method of an object that is deleted by then is not called.
        """
        if piece not in self._pieces:
            self._pieces.append(piece)
        self._go_on()

    def timerEvent(self, _event: QTimerEvent) -> None:  # noqa: N802 - Qt's name
        """Run the next piece."""
        self._timer.stop()
        piece = self._pieces.popleft()
        self._is_at_work = True
        try:
            if _is_there(piece):
                piece()
        finally:
            self._is_at_work = False
            self._free_at = self._clock() + PAUSE_MS / 1000
            self._go_on()

    def _go_on(self) -> None:
        if self._pieces and not (self._timer.isActive() or self._is_at_work):
            self._timer.start(max(0, round((self._free_at - self._clock()) * 1000)), self)


def short_turns() -> ShortTurns:
    """The instance of this process; its pieces run in the thread of the window."""
    found = _OF_PROCESS[-1] if _OF_PROCESS else None
    if found is None or not isValid(found):
        found = ShortTurns(QCoreApplication.instance())
        _OF_PROCESS[:] = [found]
    return found


_OF_PROCESS: list[ShortTurns] = []


def _is_there(piece: Piece) -> bool:
    owner = getattr(piece, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
