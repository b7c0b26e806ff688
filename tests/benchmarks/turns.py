"""How long one turn of the window's thread lasts, and, with ``SIGNALBOX_BENCH_WHERE=1``, what it did meanwhile."""

import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread, main_thread
from types import FrameType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

BEAT_MS = 5
LONG_MS = 16.0
"""A frame: a turn above this is listed with its stacks."""
WHERE = os.environ.get("SIGNALBOX_BENCH_WHERE", "") not in {"", "0"}
_SAMPLE_S = 0.001
_DEEPEST = 28
_LEAST_NS = 500_000
_HERE = f"{Path(__file__).resolve().parents[2]}/"


class Turns(QObject):
    """The longest turn and the longest gap between two beats of a timer, in milliseconds.

    A turn is the processor time of this thread between two beats: all of it is ours, on a busy machine as well. A gap
    is the time between two beats beyond their interval, whoever had the processor.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = self.gap = 0.0
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._stacks = _Stacks() if WHERE else None
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    def stop(self) -> None:
        """Count the turn that lasts until now, and no later one."""
        self._on_beat()
        self._timer.stop()
        if self._stacks is not None:
            self._stacks.stop()

    def _on_beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        worked = (used - self._used) * 1000
        self.gap = max(self.gap, (now - self._last) * 1000 - BEAT_MS)
        self.longest = max(self.longest, worked)
        if self._stacks is not None:
            self._stacks.end_turn(worked)
            used = time.thread_time()
        self._last, self._used = now, used


class FirstPaint(QObject):
    """Starts `Turns` at the first paint of a widget, and ends them when it goes off the screen."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.turns: Turns | None = None
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look for the first paint, and for the end."""
        if self.turns is None and event.type() is QEvent.Type.Paint:
            self.turns = Turns()
        elif self.turns is not None and event.type() is QEvent.Type.Hide:
            self.turns.stop()
            self._widget.removeEventFilter(self)
        return super().eventFilter(watched, event)


class _Stacks:
    """Samples the stack of the window's thread, weighed by the processor time it used since the sample before.

    By a signal: a thread that walks the frames of a running one crashes the interpreter.
    """

    def __init__(self) -> None:
        self._found: Counter[tuple[str, ...]] = Counter()
        self._over = Event()
        self._used = time.thread_time_ns()
        signal.signal(signal.SIGPROF, self._on_signal)
        self._sampler = Thread(target=self._sample, daemon=True)
        self._sampler.start()

    def stop(self) -> None:
        """End the sampler."""
        self._over.set()
        self._sampler.join()
        signal.signal(signal.SIGPROF, signal.SIG_IGN)

    def end_turn(self, worked: float) -> None:
        """Print the stacks of a long turn, the heaviest first, and begin the next one."""
        found, self._found = self._found, Counter()
        if worked > LONG_MS:
            print(f"\n--- a turn of {worked:.1f} ms", file=sys.stderr)
            _print_branches(found, "")
        self._used = time.thread_time_ns()

    def _sample(self) -> None:
        thread = main_thread().ident
        while thread is not None and not self._over.wait(_SAMPLE_S):
            signal.pthread_kill(thread, signal.SIGPROF)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        now = time.thread_time_ns()
        stack: list[str] = []
        while frame is not None and frame.f_code.co_name != "until":
            code = frame.f_code
            if not code.co_filename.endswith("guarded.py"):
                stack.append(f"{code.co_filename.removeprefix(_HERE)}:{frame.f_lineno} {code.co_name}")
            frame = frame.f_back
        self._found[tuple(reversed(stack))] += now - self._used
        self._used = time.thread_time_ns()


def _print_branches(found: Counter[tuple[str, ...]], indent: str) -> None:
    """Print what was called below each frame, as far as it took half a millisecond."""
    branches: dict[str, Counter[tuple[str, ...]]] = {}
    for stack, used in found.items():
        if stack:
            branches.setdefault(stack[0], Counter())[stack[1:]] += used
    for name, below in sorted(branches.items(), key=lambda branch: -branch[1].total()):
        if below.total() >= _LEAST_NS and len(indent) < _DEEPEST:
            print(f"{indent}{below.total() / 1e6:6.1f} ms  {name}", file=sys.stderr)
            _print_branches(below, f"{indent}  ")
