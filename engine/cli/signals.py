"""Being asked to stop: the first signal is noted, the next one ends at once. Decides nothing."""

import os
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import NoReturn, Self

_BOUNCE_S = 0.3
"""Signals that come so close together are one wish: a closing terminal hangs up twice, and some send five TERMs."""
_ASKING = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":
    _ASKING.append(signal.SIGHUP)


INTERRUPTED = 130


class AtOnce(BaseException):
    """A second signal came: leave without waiting. No error, so nothing that handles errors catches it."""


class StopRequests:
    """Listens while its context is open. A loop looks at `asked`; a second signal raises `AtOnce` in it."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._before: dict[int, object] = {}

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return self._first is not None

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Only notes: setting a threading.Event here could wait for a lock this very thread holds.
        del number, frame
        now = time.monotonic()
        if self._first is None:
            self._first = now
        elif now - self._first > _BOUNCE_S:
            raise AtOnce

    def __enter__(self) -> Self:
        for number in _ASKING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal itself gave


def leave_at_once() -> NoReturn:
    """End this process now: its locks go with it, and what runs is found by the next engine."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
