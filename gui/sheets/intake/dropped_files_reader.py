"""Reads files that came in on a pool thread and tells the GUI thread, batch by batch; judges nothing."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from gui.sheets.intake.dropped_files import Arrival, find_files, read_all
from state.records import NOTHING


@dataclass(frozen=True, kw_only=True)
class ReadingProgress:
    """How far the reading is: `read` of `found` files; `note` says what was left out or went wrong."""

    read: int = 0
    found: int = 0
    note: str = ""
    done: bool = False


class ArrivalsReader(QObject):
    """One reading after the other, each in its own thread of a private pool.

    Signals:
        arrived: (tuple of Arrival) files that were read, in their order.
        progressed: (Progress) how far it is; the last one is `done`.
    """

    arrived = Signal(object)
    progressed = Signal(object)
    _read = Signal(int, object)
    _went = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._stop = threading.Event()
        self._turn = 0
        self._open = 0
        self._progress = ReadingProgress()
        self._read.connect(self._on_read)
        self._went.connect(self._on_went)

    @property
    def is_busy(self) -> bool:
        """Whether files are still being read."""
        return self._open > 0

    def read(self, paths: Sequence[Path], tool_paths: Mapping[str, str] = NOTHING) -> None:
        """Read these files and folders after those asked for before; `tool_paths` are the user's settings."""
        if not self.is_busy:
            self._progress = ReadingProgress()
        self._open += 1
        self._pool.start(_Reading(self._turn, tuple(paths), self._stop, self, tool_paths))

    def stop(self) -> None:
        """Forget what is still to be read; nothing of it arrives any more."""
        self._stop.set()
        self._stop = threading.Event()
        self._turn += 1
        self._open = 0
        self._pool.clear()

    def wait(self) -> None:
        """Stop, and wait until no thread reads any more."""
        self.stop()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_read(self, turn: int, arrivals: tuple[Arrival, ...]) -> None:
        if turn == self._turn:
            self.arrived.emit(arrivals)
            self._tell(read=self._progress.read + len(arrivals))

    @Slot(int, object)
    def _on_went(self, turn: int, news: "_News") -> None:
        if turn != self._turn:
            return
        self._open -= news.done
        note = " ".join(dict.fromkeys(filter(None, (self._progress.note, news.note))))
        self._tell(found=self._progress.found + news.found, note=note)

    def _tell(self, *, read: int | None = None, found: int | None = None, note: str | None = None) -> None:
        last = self._progress
        self._progress = ReadingProgress(
            read=last.read if read is None else read,
            found=last.found if found is None else found,
            note=last.note if note is None else note,
            done=not self.is_busy,
        )
        self.progressed.emit(self._progress)


@dataclass(frozen=True, kw_only=True)
class _News:
    found: int = 0
    note: str = ""
    done: bool = False


class _Reading(QRunnable):
    """One reading; only emits signals of its reader, which arrive in the thread the reader lives in."""

    def __init__(
        self,
        turn: int,
        paths: tuple[Path, ...],
        stop: threading.Event,
        reader: ArrivalsReader,
        tool_paths: Mapping[str, str],
    ) -> None:
        super().__init__()
        self._turn, self._paths, self._stop, self._reader = turn, paths, stop, reader
        self._tool_paths = tool_paths

    def run(self) -> None:
        note = ""
        try:
            found = find_files(self._paths)
            self._reader._went.emit(self._turn, _News(found=len(found.files), note=found.note))  # noqa: SLF001
            read_all(found, self._take, self._stop, tool_paths=self._tool_paths)
        except ChildProcessError as error:
            note = str(error)
        self._reader._went.emit(self._turn, _News(note=note, done=True))  # noqa: SLF001

    def _take(self, arrivals: Sequence[Arrival]) -> None:
        self._reader._read.emit(self._turn, tuple(arrivals))  # noqa: SLF001 - the other half of one thing
