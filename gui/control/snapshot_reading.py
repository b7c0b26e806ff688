"""Reads the snapshot that a feed begins with again, on a background thread and a connection of its own."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.control.background_tasks import BackgroundTasks
from state import snapshot_query
from state.records import Snapshot

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader


class SnapshotReading(QObject):
    """Reads one snapshot at a time; `stop` at its end."""

    def __init__(self, reader: "DatabaseReader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._own: DatabaseReader | None = None
        self._tasks = BackgroundTasks(self)

    def read(
        self, then: Callable[[Snapshot], None], failed: Callable[[Exception], None], *, most_ended: int
    ) -> None:
        """Call `then` with a snapshot soon, or `failed` with the reason why there is none."""
        work = partial(self._read_in_background, most_ended)
        self._tasks.run_in_background(work, then, failed=failed)

    def stop(self) -> None:
        """Read nothing more; for the end of the program."""
        self._tasks.stop()
        if self._own is not None:
            self._own.close()

    def _read_in_background(self, most_ended: int) -> Snapshot:
        if self._own is None:
            self._own = self._reader.another()
        return self._own.read(snapshot_query.snapshot, most_ended=most_ended)
