"""Keeps the machine from falling asleep while jobs run, by a child process that ends with us; decides nothing else.

On Linux logind is asked (``systemd-inhibit``), on macOS ``caffeinate``, on Windows the system itself. Where there is
none of these the machine sleeps when it likes, and `problem` says so.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

from engine.interfaces import Pool

AGAIN_AFTER_S = 600.0
"""How long to leave it where it did not work."""
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001


def command() -> list[str] | None:
    """What keeps this machine awake for as long as it runs; None where nothing is known to."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if sys.platform.startswith("linux") and shutil.which("systemd-inhibit"):
        why = ["--who=Signalbox", "--why=Jobs are running", "--mode=block"]
        return ["systemd-inhibit", "--what=idle:sleep", *why, "cat"]  # cat ends when our end of its pipe does
    return None


class Awake:
    """Holds the machine awake from one call to another.

    Args:
        pool: where the child is started, which takes longer than a turn of the engine may.
        argv: what to run, as `command` tells.
        monotonic: seconds by which to try again where it failed.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        argv: Sequence[str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool, self._argv, self._monotonic = pool, argv or command(), monotonic
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._not_before = 0.0
        self.problem = ""
        """Why the machine may fall asleep although jobs run; empty where it will not."""

    @property
    def is_held(self) -> bool:
        """Whether the child lives."""
        return self._child is not None and self._child.poll() is None

    def want(self, *, awake: bool) -> None:
        """Say how it should be; costs nothing where it is so already."""
        if sys.platform == "win32":
            self._tell_windows(awake=awake)
            return
        if self._child is not None and self._child.poll() is not None:  # it gave up
            self.problem = f"{self._argv[0] if self._argv else 'Nothing'} does not keep this machine awake."
            self._not_before = self._monotonic() + AGAIN_AFTER_S
            _end(self._child)
            self._child, self._wanted = None, False
        if awake != self._wanted and (not awake or self._monotonic() >= self._not_before):
            self._wanted = awake
            self._pool.submit(self._carry_out)

    def close(self) -> None:
        """Let the machine sleep again."""
        self._wanted = False
        self._carry_out()

    def _carry_out(self) -> None:
        with self._lock:
            if self._wanted and self._child is None and self._argv is not None:
                nothing = subprocess.DEVNULL
                try:
                    self._child = subprocess.Popen(
                        self._argv,
                        stdin=subprocess.PIPE,
                        stdout=nothing,
                        stderr=nothing,
                        start_new_session=True,
                    )
                except OSError as error:
                    self.problem = f"{self._argv[0]} cannot be started: {error.strerror}."
                    self._not_before = self._monotonic() + AGAIN_AFTER_S
            elif not self._wanted and self._child is not None:
                child, self._child = self._child, None
                _end(child)

    def _tell_windows(self, *, awake: bool) -> None:
        if sys.platform == "win32" and awake != self._wanted:
            import ctypes  # noqa: PLC0415 - there alone

            self._wanted = awake
            wanted = _CONTINUOUS | (_SYSTEM_REQUIRED if awake else 0)
            ctypes.windll.kernel32.SetThreadExecutionState(wanted)


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin is not None:
        child.stdin.close()
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(2)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
