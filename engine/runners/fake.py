"""A runner without processes, for tests: what it starts runs until the test, or the command itself, ends it.

It keeps the contract of the real one and leaves the same files, so that adapters and panels can be tried on it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from engine.errors import SpawnError
from engine.runners import layout
from engine.runners.capture import Capture
from engine.runners.results import read_result, write_result
from engine.system.home import Home
from engine.types import AttemptEnd, AttemptProblem, AttemptRef, EndReason, Invocation, Recovery


class FakeProcesses:
    """What runs at this moment. Give it to the next `FakeRunner` of the home, and the attempts outlive their engine."""

    def __init__(self) -> None:
        self.alive: dict[AttemptRef, Capture] = {}
        self.watchers: list[Callable[[AttemptRef], None]] = []


class FakeRunner:
    """Reads a command as words: ``print TEXT``, ``error TEXT``, ``exit CODE``, ``spawn_failed WHY``.

    Without ``exit`` the attempt runs until `finish`, `kill` or `stop`. Words it does not know are passed over.
    """

    name = "fake"

    def __init__(self, home: Home, *, processes: FakeProcesses | None = None) -> None:
        self._home = home
        self._processes = processes or FakeProcesses()
        self._processes.watchers.append(self._on_gone)
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._running: set[AttemptRef] = set()
        self._ends: deque[AttemptEnd] = deque()
        self.invocations: dict[AttemptRef, Invocation] = {}

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` when `ended` has something new."""
        self._wake = wake

    def folder(self, ref: AttemptRef) -> Path:
        """Where the attempt's files lie."""
        return self._home.attempts / ref.folder_name

    def make_folder(self, ref: AttemptRef) -> Path:
        """Make the attempt's folder; raises SpawnError where it is there already."""
        try:
            self.folder(ref).mkdir(mode=0o700)
        except FileExistsError as error:
            raise SpawnError(f"{self.folder(ref)} is there already.") from error
        return self.folder(ref)

    def begin(self, last_attempt_id: int) -> None:
        """Its notes of starts outlive everything."""

    def start(self, ref: AttemptRef, invocation: Invocation) -> None:
        """Start the attempt and do what its words say."""
        folder = self.folder(ref)
        self.invocations[ref] = invocation
        streams = [str(folder / name) for name in layout.STREAMS]
        capture = Capture((streams[0], streams[1]), str(folder / layout.INDEX), cap=invocation.output_cap)
        self._processes.alive[ref] = capture
        with self._lock:
            self._running.add(ref)
        if (folder / layout.STOP).exists():
            reason = EndReason((folder / layout.STOP).read_text(encoding="utf-8"))
            self._end(ref, AttemptEnd(ref=ref, reason=reason))
            return
        self._started(ref).touch(mode=0o600)
        words = iter(invocation.argv)
        for word in words:
            match word:
                case "print" | "error":
                    self.write(ref, next(words).encode(), stream=int(word == "error"))
                case "exit":
                    self.finish(ref, int(next(words)))
                case "spawn_failed":
                    self._end(ref, AttemptEnd(ref=ref, reason=EndReason.SPAWN_FAILED, detail=next(words)))

    def write(self, ref: AttemptRef, data: bytes, *, stream: int = 0) -> None:
        """Let a running attempt print on stdout (0) or stderr (1)."""
        self._processes.alive[ref].keep(stream, data, time.time_ns())

    def finish(
        self,
        ref: AttemptRef,
        exit_code: int | None = 0,
        *,
        stdout: bytes = b"",
        stderr: bytes = b"",
        reason: EndReason = EndReason.EXITED,
        duration_s: float = 0.0,
    ) -> None:
        """End a running attempt."""
        self.write(ref, stdout)
        self.write(ref, stderr, stream=1)
        self._end(ref, AttemptEnd(ref=ref, reason=reason, exit_code=exit_code, duration_s=duration_s))

    def _started(self, ref: AttemptRef) -> Path:
        return self._home.started / ref.folder_name

    def kill(self, ref: AttemptRef) -> None:
        """Let a running attempt vanish without a word, as a killed shim does."""
        self._end(ref, None)

    def stop(self, ref: AttemptRef, reason: EndReason = EndReason.CANCELLED) -> None:
        """End it for this reason, at once."""
        if ref in self._processes.alive:
            self._end(ref, AttemptEnd(ref=ref, reason=reason, exit_code=-15))
        elif self.folder(ref).exists():
            (self.folder(ref) / layout.STOP).write_text(reason.value, encoding="utf-8")

    def recover(self, ref: AttemptRef, *, is_foreign: bool = False) -> tuple[Recovery, AttemptEnd | None]:
        """Adopt what `FakeProcesses` still has, or say how it ended."""
        if ref in self._processes.alive:
            with self._lock:
                self._running.add(ref)
            return Recovery.ADOPTED, None
        self.folder(ref).mkdir(mode=0o700, exist_ok=True)
        if (end := read_result(self.folder(ref), ref)) is not None:
            return Recovery.ENDED, end
        if is_foreign:
            return Recovery.INTERRUPTED, AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED)
        (self.folder(ref) / layout.ABANDONED).touch(mode=0o600)
        if not self._started(ref).exists():
            return Recovery.NEVER_STARTED, None
        return Recovery.INTERRUPTED, AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED)

    def ended(self) -> list[AttemptEnd]:
        """Ends seen since the last call."""
        ends = []
        while self._ends:
            ends.append(self._ends.popleft())
        return ends

    def problems(self) -> list[AttemptProblem]:
        """Its files refuse nothing."""
        return []

    def running(self) -> frozenset[AttemptRef]:
        """Attempts started or adopted here that have not ended."""
        with self._lock:
            return frozenset(self._running)

    def close(self) -> None:
        """Stop watching; what runs goes on and can be adopted."""
        if self._on_gone in self._processes.watchers:
            self._processes.watchers.remove(self._on_gone)

    def _end(self, ref: AttemptRef, end: AttemptEnd | None) -> None:
        self._processes.alive.pop(ref).close()
        if end is not None:
            write_result(self.folder(ref), end)
        for watcher in list(self._processes.watchers):
            watcher(ref)

    def _on_gone(self, ref: AttemptRef) -> None:
        with self._lock:
            if ref not in self._running:
                return
            self._running.discard(ref)
        _, end = self.recover(ref)
        self._ends.append(end or AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED))
        self._wake()
