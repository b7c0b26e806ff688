"""Ends what tests have started, by the folder they work in: what is killed, or given up, cleans up nothing itself.

``python sweeper.py PID FOLDER`` waits, as a child of pytest, until pytest (PID) is gone, and ends then every process
whose environment or working folder names FOLDER. Linux alone tells that of other processes.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SWEEP_S = 10.0
"""How long it is looked for processes that start others meanwhile."""
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that comes about."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def working_in(folder: Path) -> Iterator[int]:
    """Every process, but for this one, whose environment or working folder names the folder or one below."""
    name = os.fsencode(folder)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):  # it has ended, or is another user's
                cwd = os.fsencode(os.readlink(entry / "cwd"))  # noqa: PTH115 - a deleted folder is no path
                environment = (entry / "environ").read_bytes()
                if (cwd + b"/").startswith(name + b"/") or name + b"/" in environment.replace(b"\0", b"/\0"):
                    yield int(entry.name)


def sweep(folder: Path, *, longest_s: float = SWEEP_S) -> None:
    """Kill what works in the folder until nothing does."""
    deadline = time.monotonic() + longest_s
    while found := list(working_in(folder)):
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return
        time.sleep(0.02)


def main() -> None:
    """Wait for the end of pytest, and sweep."""
    pytest_pid, folder = int(sys.argv[1]), Path(sys.argv[2])
    with suppress(ProcessLookupError):  # it is gone already
        ended = select.poll()
        ended.register(os.pidfd_open(pytest_pid), select.POLLIN)
        while os.getppid() == pytest_pid:
            ended.poll()
    sweep(folder)


if __name__ == "__main__":
    main()
