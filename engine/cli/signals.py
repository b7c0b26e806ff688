"""Requests to stop by signal: the first one is noted, the second one exits at once. Decides nothing."""

import os
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import NoReturn, Self

from engine.cli.interrupts import INTERRUPTED
from engine.system.inherited_signals import is_ignored

_BOUNCE_S = 0.3
"""Signals this close together are one request: a closing terminal hangs up twice, and some send five TERMs."""
_STOP_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":
    _STOP_SIGNALS.append(signal.SIGHUP)


class ExitImmediately(BaseException):
    """A second signal arrived: exit without waiting. Not an Exception, so that no error handler catches it."""


class StopRequests:
    """Listens while its context is open. A loop checks `requested`; a second signal raises `ExitImmediately` in it."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._number = 0
        self._is_exiting = False
        self._before: dict[int, object] = {}

    @property
    def requested(self) -> bool:
        """Whether a signal has arrived."""
        return self._first is not None

    @property
    def from_keyboard(self) -> bool:
        """Whether the first signal was Ctrl-C: a person at the terminal, not the system that ends a session."""
        return self._number == signal.SIGINT

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Only take a note: setting a threading.Event here could wait for a lock that this very thread holds.
        del frame
        now = time.monotonic()
        if self._first is None:
            self._first, self._number = now, number
        elif now - self._first > _BOUNCE_S and not self._is_exiting:
            self._is_exiting = True
            raise ExitImmediately

    def __enter__(self) -> Self:
        for number in _STOP_SIGNALS:
            if not is_ignored(number):  # nohup stays nohup
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            if (
                kind is ExitImmediately
            ):  # a third signal must not kill what is about to exit with its own code
                signal.signal(number, signal.SIG_IGN)
                continue
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal itself gave


def exit_immediately() -> NoReturn:
    """End this process now: its locks are released with it, and the next engine adopts the running jobs."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
