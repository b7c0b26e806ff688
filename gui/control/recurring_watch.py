"""Gives the projection the recurring runs and what came of them; the disk is read in the background."""

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Slot

from engine.system.home import SCHEDULES
from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.loading import LOADING

if TYPE_CHECKING:
    from pathlib import Path

    from engine.recurring.recurring_rows import RecurringRow

_REST_MS = 300
"""Files are written in several steps, and one reading shows all of them."""
_AHEAD = 24
"""How many due times of each are worked out."""
_AGAIN_MS = 3_600_000
"""When more of them are worked out, though nothing was due: no engine may run."""


class RecurringWatch(QObject):
    """Lists the recurring runs at the start, and again when one was due or a file was changed by anybody."""

    def __init__(self, projection: Projection, readers: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._home = projection, readers.home.root
        self._tasks = BackgroundTasks(self)
        self._watcher = QFileSystemWatcher(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._read)
        self._watcher.directoryChanged.connect(self.read_soon)
        self._watcher.fileChanged.connect(self.read_soon)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._read)
        projection.reset.connect(self._read)
        projection.folded.connect(self._on_folded)

    def stop(self) -> None:
        """Read nothing more."""
        self._rest.stop()
        self._again.stop()
        self._tasks.stop()

    @Slot()
    def read_soon(self) -> None:
        """Read them again: something may have changed."""
        self._rest.start()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if any(event.event_type.startswith("recurring.") for event in changes.events):
            self.read_soon()

    @Slot()
    def _read(self) -> None:
        self._tasks.run_latest(partial(_rows_in, self._home), self._on_read)

    def _on_read(self, rows: "Sequence[RecurringRow]") -> None:
        """Watch what was read; a folder that does not exist yet is watched once something is in it."""
        known = {*self._watcher.directories(), *self._watcher.files()}
        paths = {str(self._home / SCHEDULES), *(str(row.path) for row in rows)} if rows else set()
        if rows:
            self._again.start()
        if new := sorted(paths - known):
            self._watcher.addPaths(new)
        self._projection.observe_recurring(rows)


def _rows_in(home: "Path") -> "Sequence[RecurringRow]":
    """Read them, and load what reads them only where there are some; for a background thread."""
    if not (home / SCHEDULES).exists():
        return ()
    with LOADING:
        from engine.recurring.recurring_rows import recurring_rows  # noqa: PLC0415 - slow to load
    return recurring_rows(home, time.time(), ahead=_AHEAD)
