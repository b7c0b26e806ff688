"""One thread that reports when processes have ended; what that means is decided elsewhere.

Where the system has descriptors for processes, it sleeps until one ends. Everything else is checked five times a
second: a child of ours by waiting for it without blocking, anything else by asking.
"""

import contextlib
import logging
import os
import selectors
import signal
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.runners.process_tree import Process, start_time
from engine.types import AttemptRef

LOOK_EVERY_S = 0.2
Look = Callable[[AttemptRef, int | None], bool]
"""Called with what was watched and its exit code, if known; False asks to be called again soon."""
_log = logging.getLogger(__name__)


@dataclass
class _Watched:
    ref: AttemptRef
    pid: int | None = None
    """A child of ours that has not been waited for."""
    descriptor: int = -1
    code: int | None = None
    complained: bool = False


class ExitWatcher:
    """Watches until `close`; the thread runs from the first `begin` or `add` on."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._new: deque[_Watched] = deque()
        self._polled: list[_Watched] = []
        self._descriptors: dict[AttemptRef, int] = {}
        """Of the processes that have not ended; read and changed under `_changing`, so that none is closed in use."""
        self._selector = selectors.DefaultSelector()
        self._closing = False
        self._bell, self._rope = os.pipe()
        for end in (self._bell, self._rope):
            os.set_blocking(end, False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._changing = threading.RLock()
        """Held while something is added and while the watch closes, so that nothing is added to a closed one."""
        self._thread = threading.Thread(target=self._run, name="signalbox-exits", daemon=True)

    def begin(self) -> None:
        """Start the thread now.

        Raises:
            RuntimeError: the system allows no further thread, or the watch is closed.
        """
        with self._changing:
            if self._closing:
                raise RuntimeError("the watch is closed")
            if self._thread.ident is None:
                self._thread.start()

    def add_child(self, ref: AttemptRef, pid: int) -> None:
        """Watch a child of this process that nobody else waits for."""
        self._add(_Watched(ref, pid, _descriptor(pid)))

    def add(self, ref: AttemptRef, process: Process | None) -> None:
        """Watch somebody else's process; None where it is not known yet and `look` has to find out by itself."""
        descriptor = -1 if process is None else _descriptor(process[0])
        if descriptor >= 0 and process is not None and start_time(process[0]) != process[1]:
            os.close(descriptor)  # it has ended, and its number now names another
            descriptor = -1
        self._add(_Watched(ref, None, descriptor))

    def close(self) -> None:
        """Stop watching; returns when the thread is gone. Doing so twice is no error."""
        with self._changing:
            if self._closing:
                return
            self._closing = True
            self._ring()
        if self._thread.ident is not None:
            self._thread.join()
        for watched in (*self._new, *(key.data for key in self._selector.get_map().values())):
            if watched is not None and watched.descriptor >= 0:
                os.close(watched.descriptor)
        self._selector.close()
        os.close(self._bell)
        os.close(self._rope)

    def send(self, ref: AttemptRef, number: int) -> bool:
        """Send a signal to the process watched for an attempt; False where there is no descriptor of it."""
        with self._changing:
            descriptor = self._descriptors.get(ref)
            if descriptor is None or self._closing:
                return False
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                signal.pidfd_send_signal(descriptor, number)
            return True

    def _add(self, watched: _Watched) -> None:
        with self._changing:
            if not self._closing:
                self.begin()
                if watched.descriptor >= 0:
                    self._descriptors[watched.ref] = watched.descriptor
                self._new.append(watched)
                self._ring()
            elif watched.descriptor >= 0:  # what runs goes on, and the next engine adopts it
                os.close(watched.descriptor)

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is ringing already
            os.write(self._rope, b"!")

    def _run(self) -> None:
        while not self._closing:
            ended = []
            for key, _ in self._selector.select(LOOK_EVERY_S if self._polled else None):
                if key.data is None:
                    os.read(self._bell, 4096)
                else:
                    ended.append(self._collected(key.data))
            due = ended + self._polled
            self._polled = []
            for watched in due:
                if not self._closing and not self._is_done(watched):
                    self._polled.append(watched)
            self._take_new()

    def _take_new(self) -> None:
        while self._new:
            watched = self._new.popleft()
            if watched.descriptor >= 0:
                self._selector.register(watched.descriptor, selectors.EVENT_READ, watched)
            else:
                self._polled.append(watched)

    def _collected(self, watched: _Watched) -> _Watched:
        """The watched process, ended now and no zombie of ours any more."""
        try:
            found = os.waitid(os.P_PIDFD, watched.descriptor, os.WEXITED | os.WNOHANG)
        except ChildProcessError:
            found = None  # somebody else's child
        if found is not None:
            killed = found.si_code in {os.CLD_KILLED, os.CLD_DUMPED}
            watched.code = -found.si_status if killed else found.si_status
        self._selector.unregister(watched.descriptor)
        with self._changing:
            self._descriptors.pop(watched.ref, None)
            os.close(watched.descriptor)
        watched.pid, watched.descriptor = None, -1
        return watched

    def _is_done(self, watched: _Watched) -> bool:
        if watched.pid is not None:
            try:
                pid, status = os.waitpid(watched.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = watched.pid, 0
            if pid == 0:
                return False
            watched.pid, watched.code = None, os.waitstatus_to_exitcode(status)
        try:
            return self._look(watched.ref, watched.code)
        except Exception:  # noqa: BLE001  # the top of this thread: one attempt must not end the watch over the others
            if not watched.complained:
                _log.exception("Attempt %s cannot be checked; it is tried again.", watched.ref.folder_name)
            watched.complained = True
            return False


def _descriptor(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1  # no such thing here, too many descriptors, or the process is gone
