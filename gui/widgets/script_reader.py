"""Reads the script a job would run on a pool thread, so that a person can see it; runs nothing and judges nothing."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.errors import JobFileError
from engine.guarded_file import read_bytes
from engine.trust import print_of
from engine.trust_words import escaped

_SHOWN = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Script:
    """A file and what is shown of it."""

    path: str
    text: str


class ScriptReader(QObject):
    """One file at a time.

    Signals:
        read: (Script) what was asked for last.
    """

    read = Signal(object)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._turn = 0
        self._done.connect(self._on_done)

    def ask(self, path: str, was: str) -> None:
        """Read a file whose contents had the print `was` when they were looked at."""
        self.forget()
        self._pool.start(_Reading(self._turn, path, was, self))

    def forget(self) -> None:
        """Want no answer any more."""
        self._turn += 1
        self._pool.clear()

    def wait(self) -> None:
        """Forget, and wait until nothing is read any more."""
        self.forget()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_done(self, turn: int, script: Script) -> None:
        if turn == self._turn:
            self.read.emit(script)


class _Reading(QRunnable):
    def __init__(self, turn: int, path: str, was: str, reader: ScriptReader) -> None:
        super().__init__()
        self._turn, self._path, self._was, self._reader = turn, path, was, reader

    def run(self) -> None:
        script = Script(path=self._path, text=_shown(self._path, self._was))
        self._reader._done.emit(self._turn, script)  # noqa: SLF001 - the other half of one thing


def _shown(path: str, was: str) -> str:
    try:
        data = read_bytes(Path(path), guarded=False)
    except JobFileError as error:
        return f"It cannot be shown: {error.reason}."
    if was and print_of(data) != was:
        return "It changed since it was looked at. Close this and look again."
    text = data[:_SHOWN].decode("utf-8", "backslashreplace")
    more = f"\n[{len(data) - _SHOWN:,} bytes more; open it in an editor]" if len(data) > _SHOWN else ""
    return "\n".join(escaped(line.expandtabs(4)) for line in text.split("\n")) + more
