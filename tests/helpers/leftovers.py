"""What a test leaves running: threads, Qt timers and child processes, each with the line that started it.

Only notices what was started from Python; threads and timers that Qt makes for itself are not ours to stop.
"""

import gc
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer

REPOSITORY = Path(__file__).resolve().parents[2]
GRACE_S = 3.0
"""How long a test's leftovers may take to end by themselves before they count."""
_COLLECT_AFTER_S = 0.01
"""Most end within a few milliseconds; to look for garbage in all that the suite has loaded takes longer."""


def starting_line() -> str:
    """The innermost line of this repository on the stack, tests included, as ``file:line``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if place := _in_repository(frame.f_code.co_filename):
            return f"{place}:{frame.f_lineno}"
        frame = frame.f_back
    return "a line outside this repository"


@cache
def _in_repository(name: str) -> str:
    """The file as the repository names it, or nothing; kept, as each look of a wait asks it of every frame."""
    file = Path(name)
    if file.is_relative_to(REPOSITORY) and ".venv" not in file.parts and file != Path(__file__):
        return str(file.relative_to(REPOSITORY))
    return ""


class Started:
    """Remembers which line started each thread and timer, while `recording`."""

    def __init__(self) -> None:
        self._objects: list[tuple[weakref.ref[Any], str]] = []

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record every start until the context ends."""
        with pytest.MonkeyPatch.context() as patch:
            for kind in (threading.Thread, QThread, QTimer):
                patch.setattr(kind, "start", self._recorded(kind.start))
            yield

    def of_kind(self, kind: type[Any]) -> list[tuple[Any, str]]:
        """The objects of that kind which still exist, with their lines."""
        known = ((ref(), line) for ref, line in self._objects)
        return [(thing, line) for thing, line in known if isinstance(thing, kind)]

    def line_of(self, thing: object) -> str:
        """The line that started this object."""
        return next((line for ref, line in self._objects if ref() is thing), "an unknown line")

    def _recorded(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(thing: Any, *args: Any) -> Any:
            self._objects.append((weakref.ref(thing), starting_line()))
            return start(thing, *args)

        return recorded


@contextmanager
def nothing_left_over(*, grace_s: float = GRACE_S) -> Iterator[None]:
    """Fail the test if a thread, timer or child started inside is still there after the grace time."""
    started = Started()
    threads, processes = set(threading.enumerate()), set(children())
    with started.recording():
        yield
    deadline = time.monotonic() + grace_s
    pause = 0.001
    while left := _left(started, threads, processes):
        if time.monotonic() > deadline:
            _kill(set(children()) - processes)
            pytest.fail("The test left something running:\n  " + "\n  ".join(left), pytrace=False)
        if pause > _COLLECT_AFTER_S:
            gc.collect()
        time.sleep(pause)
        pause = min(pause * 2, 0.1)


def _left(started: Started, threads: set[threading.Thread], processes: set[int]) -> list[str]:
    deliver_deletions()
    return [
        *(f"thread {one.name!r}, started by {started.line_of(one)}" for one in _threads_besides(threads)),
        *(f"QThread {one}, started by {line}" for one, line in started.of_kind(QThread) if _runs(one)),
        *(
            f"QTimer of {one.interval()} ms in {one.parent()}, started by {line}"
            for one, line in started.of_kind(QTimer)
            if shiboken6.isValid(one) and one.isActive()
        ),
        *(f"process {pid}: {_command_line(pid)}" for pid in sorted(set(children()) - processes)),
        *_busy_pool(),
    ]


def _threads_besides(known: set[threading.Thread]) -> Iterator[threading.Thread]:
    for one in threading.enumerate():
        # A QThread that ran Python stays listed as a dummy for ever; it is looked at as a QThread.
        ours = one not in known and not isinstance(one, threading._DummyThread)
        if ours and not one.name.startswith("pytest_timeout"):
            yield one


def _runs(thread: QThread) -> bool:
    return shiboken6.isValid(thread) and thread.isRunning()


def _busy_pool() -> list[str]:
    busy = QThreadPool.globalInstance().activeThreadCount()
    return [f"{busy} tasks in the global QThreadPool"] if busy else []


def deliver_deletions() -> None:
    """Delete what is to be deleted later, as the event loop does when it ends.

    Before a second window opens this spares styling all widgets of the first anew.
    """
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def children() -> Iterator[int]:
    """The children of this process; Linux alone tells them cheaply enough for every test."""
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            yield from map(int, task.read_text().split())
        except OSError:  # the thread has ended meanwhile
            continue


def _command_line(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return "(ended)"
    return b" ".join(words).decode(errors="replace")[:200] or "(ended, but nobody has waited for it)"


def _kill(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, ChildProcessError):  # it ended, or was waited for, meanwhile
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
