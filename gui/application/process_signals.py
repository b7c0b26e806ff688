"""Signals of the operating system as Qt signals: Python alone handles them only when Qt happens to run Python code."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_HANDLED = tuple(
    number
    for number in (signal.SIGTERM, signal.SIGINT, signal.Signals.__members__.get("SIGHUP"))
    if number is not None
)


class ProcessSignals(QObject):
    """Handles SIGTERM, SIGINT and SIGHUP from now until the process ends; one that comes early waits for Qt's loop.

    Signals:
        stop_requested: (how many times so far) this process was requested to end.
    """

    stop_requested = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)  # noqa: FBT003  # the socket's own signature
        self._writing.setblocking(False)  # noqa: FBT003  # as above
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for number in _HANDLED:
            signal.signal(number, _ignore)

    @Slot()
    def _on_activated(self) -> None:
        try:
            numbers = self._reading.recv(64)
        except BlockingIOError:
            return
        requests = sum(1 for number in numbers if number in _HANDLED)
        if requests:
            self._count += requests
            self.stop_requested.emit(self._count)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The byte in the wake-up descriptor is the message; this handler only replaces the default, which kills."""
