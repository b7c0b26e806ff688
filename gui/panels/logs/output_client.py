"""The client of the helper process that reads output: sends requests and emits the answers as signals.

The process starts with the first request and ends with its owner. If it crashes, it is restarted and continues after
the last line it sent.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from engine.streams.raw_lines import NOWHERE

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[3]
_MAX_RESTARTS = 3
_END_MS = 1000


class OutputLine(NamedTuple):
    """One sentence or cleaned line of output; `at` is epoch seconds, `level` the number of a `Level`.

    `place` is where its raw line begins, see `engine.streams.raw_lines`.
    """

    at: float
    attempt: int
    level: int
    text: str
    place: int = NOWHERE


@dataclass(frozen=True, slots=True)
class Loaded:
    """The end of a load: whether older lines were left out, and how many lines were read."""

    cut: bool
    seen: int


class OutputClient(QObject):
    """Follows attempts and loads older output.

    Signals:
        lines_arrived: (list of OutputLine) new lines of followed attempts, in order of time.
        lines_loaded: (load id as object, list of OutputLine) a part of a load, oldest lines first.
        load_ended: (load id as object, Loaded) all parts of the load were emitted.
        folder_gone: (attempt id as object) the output of a followed attempt was removed.
        failed: (sentence) the process keeps crashing.
    """

    lines_arrived = Signal(object)
    lines_loaded = Signal(object, object)
    load_ended = Signal(object, object)
    folder_gone = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._followed: dict[int, tuple[Path, str, int]] = {}
        self._paused = False
        self._restarts = 0
        self._load: dict[str, Any] | None = None
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._on_turn)

    def follow(self, attempt: int, folder: Path, tool: str, *, since: float) -> None:
        """Emit the lines of a running attempt printed since then (epoch seconds)."""
        if attempt not in self._followed:
            self._followed[attempt] = (folder, tool, int(since * 1e9))
            self._send_follow(attempt)

    def _send_follow(self, attempt: int) -> None:
        folder, tool, since = self._followed[attempt]
        self._send({"do": "follow", "attempt": attempt, "folder": str(folder), "tool": tool, "since": since})

    def finish(self, attempt: int) -> None:
        """Emit the remaining lines of an attempt that has ended."""
        if self._followed.pop(attempt, None) is not None:
            self._send({"do": "finish", "attempt": attempt})

    def drop(self) -> None:
        """Stop following, and discard answers that were not sent yet."""
        self._followed.clear()
        self._load = None
        if self._process is not None:
            self._send({"do": "drop"})

    def followed(self) -> frozenset[int]:
        """The followed attempts."""
        return frozenset(self._followed)

    def pause(self) -> None:
        """Read nothing until `resume`."""
        self._paused = True
        if self._process is not None:
            self._send({"do": "pause"})

    def resume(self) -> None:
        """Continue where `pause` stopped."""
        self._paused = False
        if self._process is not None:
            self._send({"do": "resume"})

    def load(
        self,
        number: int,
        attempts: Sequence[tuple[int, Path, str, bool]],
        *,
        since: float,
        until: float,
        limit: int,
        needle: str = "",
    ) -> None:
        """Request the newest lines between two times; `attempts` are (attempt, folder, tool, has ended)."""
        self._load = {
            "do": "load",
            "id": number,
            "attempts": [[attempt, str(folder), tool, ended] for attempt, folder, tool, ended in attempts],
            "since": int(since * 1e9),
            "until": int(until * 1e9),
            "limit": limit,
            "needle": needle,
        }
        self._send(self._load)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        self._next_turn.stop()
        self._followed.clear()
        if process is not None:
            process.finished.disconnect(self._on_finished)
            _end(process)
            process.deleteLater()

    def _send(self, request: dict[str, Any]) -> None:
        if self._process is None:
            self._start()
        assert self._process is not None  # noqa: S101 - `_start` has set it
        self._process.write(QByteArray(json.dumps(request).encode() + b"\n"))

    def _start(self) -> None:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = [str(_ROOT), environment.value("PYTHONPATH", "")]
        environment.insert("PYTHONPATH", os.pathsep.join(path for path in paths if path))
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._on_ready)
        process.finished.connect(self._on_finished)
        # Qt kills a process that outlives its QProcess and prints a warning, so it is ended before.
        self.destroyed.connect(partial(_end, process))
        # -P keeps the current folder out of sys.path: it may contain a `gui` package of its own.
        process.start(sys.executable, ["-P", "-m", "gui.panels.logs.output_server"])
        self._process = process

    @Slot()
    def _on_ready(self) -> None:
        if self._process is not None:
            self._buffer += self._process.readAllStandardOutput().data()
            self._handle_next()

    @Slot()
    def _on_turn(self) -> None:
        self._handle_next()

    def _handle_next(self) -> None:
        """Emit one answer; its acknowledgement requests the next one."""
        end = self._buffer.find(b"\n")
        if end < 0:
            return
        answer = json.loads(bytes(self._buffer[:end]))
        del self._buffer[: end + 1]
        self._send({"do": "ack"})
        self._emit_answer(answer)
        if b"\n" in self._buffer:
            self._next_turn.start(0)

    def _emit_answer(self, answer: dict[str, Any]) -> None:
        if "gone" in answer:
            self._followed.pop(answer["gone"], None)
            self.folder_gone.emit(answer["gone"])
            return
        lines = [OutputLine(ns / 1e9, *rest) for ns, *rest in answer["lines"]]
        number = answer["id"]
        if number is None:
            for attempt, last in {line[1]: line[0] for line in answer["lines"]}.items():
                if attempt in self._followed:  # where to continue if the process crashes
                    self._followed[attempt] = (*self._followed[attempt][:2], last + 1)
            self.lines_arrived.emit(lines)
            return
        if lines:
            self.lines_loaded.emit(number, lines)
        if answer["done"]:
            self._load = None
            self.load_ended.emit(number, Loaded(answer["cut"], answer["seen"]))

    @Slot()
    def _on_finished(self) -> None:
        """Restart the crashed process, at most a few times."""
        self._process = None
        self._buffer.clear()
        self._restarts += 1
        if self._restarts > _MAX_RESTARTS:
            self._followed.clear()
            self.failed.emit("The process that reads output keeps crashing; restart Signalbox to see output.")
            return
        _log.warning("The process that reads output ended unexpectedly; it is started again.")
        if self._paused:
            self._send({"do": "pause"})
        for attempt in self._followed:
            self._send_follow(attempt)
        if self._load is not None:
            self._send(self._load)


def _end(process: QProcess) -> None:
    """Close its input, which ends it; kill it if it does not end within a second."""
    if not shiboken6.isValid(process) or process.state() is QProcess.ProcessState.NotRunning:
        return
    process.blockSignals(True)  # noqa: FBT003 - Qt's own signature
    process.closeWriteChannel()
    started = time.monotonic()
    if not process.waitForFinished(_END_MS):
        process.kill()
        process.waitForFinished(_END_MS)
        _log.debug("the process that reads output was killed after %.1f s", time.monotonic() - started)
