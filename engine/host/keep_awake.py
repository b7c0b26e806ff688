"""Keep the machine awake while jobs run, by a child process that ends with this one.

Uses ``systemd-inhibit`` on Linux, ``caffeinate`` on macOS, and a system call on Windows. Without any of these the
machine may fall asleep, and `problem` says so.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

from engine.interfaces import Pool

RETRY_AFTER_S = 600.0
"""How long to wait before the next attempt after a failure."""
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001


def command() -> list[str] | None:
    """The command that keeps this machine awake while it runs, or None."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if sys.platform.startswith("linux") and shutil.which("systemd-inhibit"):
        options = ["--who=Signalbox", "--why=Jobs are running", "--mode=block"]
        return [
            "systemd-inhibit",
            "--what=idle:sleep",
            *options,
            "cat",
        ]  # cat ends when our end of its pipe closes
    return None


class Awake:
    """Keeps the machine awake from one call to the next.

    Args:
        pool: where the child is started, which takes longer than a step of the engine may.
        argv: the command to run; by default that of `command`.
        monotonic: seconds that never jump, for the pause after a failure.
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
        self._requested = False
        self._not_before = 0.0
        self.problem = ""
        """Why the machine may fall asleep although jobs run; empty when it will not."""

    @property
    def is_held(self) -> bool:
        """Whether the child is alive."""
        return self._child is not None and self._child.poll() is None

    def request(self, *, awake: bool) -> None:
        """Request the machine to stay awake, or let it sleep; costs nothing when nothing changes."""
        if sys.platform == "win32":
            self._request_windows(awake=awake)
            return
        if self._child is not None and self._child.poll() is not None:  # it has ended by itself
            self.problem = f"{self._argv[0] if self._argv else 'Nothing'} does not keep this machine awake."
            self._not_before = self._monotonic() + RETRY_AFTER_S
            _end(self._child)
            self._child, self._requested = None, False
        if awake != self._requested and (not awake or self._monotonic() >= self._not_before):
            self._requested = awake
            self._pool.submit(self._carry_out)

    def close(self) -> None:
        """Let the machine sleep again."""
        self._requested = False
        self._carry_out()

    def _carry_out(self) -> None:
        with self._lock:
            if self._requested and self._child is None and self._argv is not None:
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
                    self._not_before = self._monotonic() + RETRY_AFTER_S
            elif not self._requested and self._child is not None:
                child, self._child = self._child, None
                _end(child)

    def _request_windows(self, *, awake: bool) -> None:
        if sys.platform == "win32" and awake != self._requested:
            import ctypes  # noqa: PLC0415 - needed only on Windows

            self._requested = awake
            state = _CONTINUOUS | (_SYSTEM_REQUIRED if awake else 0)
            ctypes.windll.kernel32.SetThreadExecutionState(state)


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
