"""Read dropped files in the background and publish them in batches. Checks nothing."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gui.control.background_tasks import BackgroundTasks
from gui.data.short_turns import short_turns
from gui.sheets.intake.dropped_files import (
    DroppedFile,
    FoundFiles,
    SearchNote,
    TrustChecker,
    find_files,
    read_all,
)
from gui.translation import tr


@dataclass(frozen=True, kw_only=True)
class ReadingProgress:
    """Progress of the reading: `read` of `found` files; `note` says what was left out or failed."""

    read: int = 0
    found: int = 0
    note: str = ""
    done: bool = False


class DroppedFilesReader(QObject):
    """Reads one batch of paths after the other, and hands over what it read in turns of their own.

    Signals:
        files_read: (tuple of DroppedFile) files that were read, in order.
        progressed: (ReadingProgress) the progress so far; the last one is `done`.
    """

    files_read = Signal(object)
    progressed = Signal(object)
    # From the reading thread; the event identifies the reading, and says whether it was stopped meanwhile.
    _found = Signal(object, object)
    _read = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = BackgroundTasks(self)
        self._stopped = threading.Event()
        self._progress = ReadingProgress(done=True)
        self._arrived: deque[tuple[DroppedFile, ...]] = deque()
        self._found.connect(self._on_found)
        self._read.connect(self._on_read)

    @property
    def is_busy(self) -> bool:
        """Whether files are still being read, or handed over."""
        return self._background.is_busy or bool(self._arrived)

    def read(self, paths: Sequence[Path], checker: Callable[[], TrustChecker] = TrustChecker) -> None:
        """Read these files and folders after those requested earlier; `checker` makes what previews their jobs."""
        if not self.is_busy:
            self._progress = ReadingProgress()
        selected, stopped = tuple(paths), self._stopped
        self._background.run_in_background(
            lambda: self._read_files(selected, stopped, checker),
            self._show_progress,
        )

    def forget(self) -> None:
        """Drop what is still to be read; none of it is published any more."""
        self._stopped.set()
        self._stopped = threading.Event()
        self._background.forget()
        self._arrived.clear()

    def stop(self) -> None:
        """Drop what is still to be read, and return once no thread reads."""
        self.forget()
        self._background.stop()

    def _read_files(
        self, paths: tuple[Path, ...], stopped: threading.Event, checker: Callable[[], TrustChecker]
    ) -> str:
        """Read them on the pool thread; return the problem that ended the reading, or an empty text."""

        def hand_over(files: Sequence[DroppedFile]) -> None:
            self._read.emit(stopped, tuple(files))

        found = find_files(paths)
        self._found.emit(stopped, found)
        try:
            read_all(found, hand_over, stopped, trust=checker())
        except ChildProcessError:
            return tr("The process that reads job files ended early; add the files again.")
        return ""

    @Slot(object, object)
    def _on_found(self, stopped: threading.Event, found: FoundFiles) -> None:
        if not stopped.is_set():
            self._progress = replace(self._progress, found=self._progress.found + len(found.files))
            self._show_progress(_note_of(found))

    @Slot(object, object)
    def _on_read(self, stopped: threading.Event, files: tuple[DroppedFile, ...]) -> None:
        if not stopped.is_set():
            self._arrived.append(files)
            short_turns().soon(self._hand_over)

    def _hand_over(self) -> None:
        if self._arrived:
            files = self._arrived.popleft()
            self.files_read.emit(files)
            self._progress = replace(self._progress, read=self._progress.read + len(files))
            self._show_progress("")
        if self._arrived:
            short_turns().soon(self._hand_over)

    def _show_progress(self, note: str) -> None:
        notes = " ".join(dict.fromkeys(filter(None, (self._progress.note, note))))
        self._progress = replace(self._progress, note=notes, done=not self.is_busy)
        self.progressed.emit(self._progress)


def _note_of(found: FoundFiles) -> str:
    """Why not everything that was dropped is listed; empty if it is."""
    match found.note:
        case SearchNote.TOO_MANY:
            return tr(
                "Only the first {most:,} files are shown; add the rest afterwards.", most=len(found.files)
            )
        case SearchNote.NO_JOB_FILE:
            return tr("There is no job file (.json, .yaml) in {names}.", names=", ".join(found.searched))
        case SearchNote.NOTHING_DROPPED:
            return tr("No files were dropped.")
        case None:
            return ""
