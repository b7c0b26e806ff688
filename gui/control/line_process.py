"""A helper process of the window that speaks JSON lines: starts it, sends requests, emits answers, ends it.

It starts with the first request and ends with its owner. Each answer is acknowledged as it is taken up, and one is
taken up a turn of the event loop, so that a busy window is never flooded.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

_ROOT = Path(__file__).resolve().parents[2]
_END_MS = 1000


class LineProcess(QObject):
    """Runs one module as a helper process.

    Signals:
        answered: (dict) an answer.
        ended: () the process has ended although nobody ended it; the next request starts it again.
    """

    answered = Signal(object)
    ended = Signal()

    def __init__(self, module: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._module = module
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._on_turn)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """The id of the process, 0 where there is none."""
        return 0 if self._process is None else int(self._process.processId())

    def start(self) -> None:
        """Start the process where it does not run, so that the first request need not wait for it."""
        if self._process is not None:
            return
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = [str(_ROOT), environment.value("PYTHONPATH", "")]
        environment.insert("PYTHONPATH", os.pathsep.join(path for path in paths if path))
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        if sys.platform != "win32":  # Ctrl-C in the terminal is meant for the window, which ends its helpers
            process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        process.readyReadStandardOutput.connect(self._on_ready)
        process.finished.connect(self._on_finished)
        # Qt kills a process that outlives its QProcess and prints a warning, so it is ended before.
        self.destroyed.connect(partial(_end, process))
        # -P keeps the current folder out of sys.path: it may contain a `gui` package of its own.
        process.start(sys.executable, ["-P", "-m", self._module])
        self._process = process

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; starts the process where it does not run."""
        self.start()
        assert self._process is not None  # noqa: S101 - `start` has set it
        self._process.write(QByteArray(json.dumps(request).encode() + b"\n"))

    def close(self) -> None:
        """End the process, and wait for that, and for those that were left."""
        self._process = None
        self._next_turn.stop()
        self._buffer.clear()
        for process in self.findChildren(QProcess):
            _end(process)
            process.deleteLater()

    def leave(self) -> None:
        """Close the input of the process, which ends it, without waiting for that; what it still answers is dropped."""
        process, self._process = self._process, None
        self._next_turn.stop()
        self._buffer.clear()
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._on_ready)
            process.finished.disconnect(self._on_finished)
            process.finished.connect(process.deleteLater)
            process.closeWriteChannel()

    @Slot()
    def _on_ready(self) -> None:
        if self._process is not None:
            self._buffer += self._process.readAllStandardOutput().data()
            self._take_up()

    @Slot()
    def _on_turn(self) -> None:
        self._take_up()

    def _take_up(self) -> None:
        """Emit one answer; its acknowledgement requests the next one."""
        end = self._buffer.find(b"\n")
        if end < 0:
            return
        answer = json.loads(bytes(self._buffer[:end]))
        del self._buffer[: end + 1]
        self.send({"do": "ack"})
        if b"\n" in self._buffer:
            self._next_turn.start(0)
        self.answered.emit(answer)

    @Slot()
    def _on_finished(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        self._buffer.clear()
        self.ended.emit()


def _end(process: QProcess) -> None:
    """Close its input, which ends it; kill it if it does not end within a second."""
    if not shiboken6.isValid(process) or process.state() is QProcess.ProcessState.NotRunning:
        return
    process.blockSignals(True)  # noqa: FBT003 - Qt's own signature
    process.closeWriteChannel()
    if not process.waitForFinished(_END_MS):
        process.kill()
        process.waitForFinished(_END_MS)
