"""Reads finished work that the first snapshot has left out: in parts, in the background, as far as is needed."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection, ProjectionChanges, WorkstreamKey
from gui.data.selection import Selection
from gui.data.short_turns import short_turns
from state import older_work
from state.database_errors import DatabaseError
from state.older_work import ReadWorkstreams

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader

READ_AT_START = 2_000
"""So many jobs are read by themselves; more would only take memory."""
MORE_AT_ONCE = 2_000
"""So many more where a person scrolls to the end of what there is."""
_PART = 40
"""The jobs that one turn of the window takes in, unless one workstream has more."""
_AGAIN_MS = 1_000
"""When a database that could not be read is read again."""


class OlderReading(QObject):
    """Has older workstreams read, newest first; those that something happens to, or that a filter needs, before."""

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        *,
        reader: "DatabaseReader",
        read_at_start: int = READ_AT_START,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read_at_start = read_at_start
        self._projection, self._selection, self._reader = projection, selection, reader
        self._own: DatabaseReader | None = None
        self._tasks = BackgroundTasks(self)
        self._requested: dict[WorkstreamKey, None] = {}
        self._read: ReadWorkstreams | None = None
        self._left = 0
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._go_on)
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)
        projection.older_requested.connect(self._on_requested)
        selection.changed.connect(self._on_selection_changed)

    def stop(self) -> None:
        """Read nothing more; for the end of the program."""
        self._again.stop()
        self._tasks.stop()
        self._read = None
        if self._own is not None:
            self._own.close()

    @Slot()
    def _on_reset(self) -> None:
        self._tasks.forget()
        self._read, self._left = None, self._read_at_start
        self._requested.clear()
        self._on_selection_changed()
        self._go_on()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if touched := changes.workstreams & self._projection.older.keys():
            self._requested = {**dict.fromkeys(touched), **self._requested}
            self._go_on()

    @Slot(object, bool)
    def _on_requested(self, run_id: str | None, whole: bool) -> None:  # noqa: FBT001 - of a signal
        if whole:
            self._requested.update(
                dict.fromkeys(one.workstream.key for one in self._projection.older_of(run_id))
            )
        else:
            self._left = max(self._left, MORE_AT_ONCE)
        self._go_on()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Read all that the filter of all panels may keep."""
        if limits := self._selection.filter:
            self._projection.request_older(limits.run_id, whole=True)

    def _next(self) -> Collection[WorkstreamKey]:
        """The workstreams to read now, of about as many jobs as fit a turn."""
        older, number = self._projection.older, 0
        found: list[WorkstreamKey] = []
        requested = [key for key in self._requested if key in older]
        for key in requested or (older if self._left > 0 else ()):
            found.append(key)
            number += older[key].number
            if number >= _PART:
                break
        return found

    @Slot()
    def _go_on(self) -> None:
        if self._tasks.is_busy or self._read is not None or self._again.isActive():
            return
        if keys := self._next():
            self._tasks.run_in_background(partial(self._read_in_background, keys), self._on_read)

    def _read_in_background(self, keys: Collection[WorkstreamKey]) -> ReadWorkstreams | None:
        if self._own is None:
            self._own = self._reader.another()
        try:
            return self._own.read(older_work.read_workstreams, keys)
        except DatabaseError:
            return None  # locked or damaged, which the feed reports

    def _on_read(self, read: ReadWorkstreams | None) -> None:
        if read is None:
            self._again.start()
            return
        self._read = read
        short_turns().soon(self._take_in)

    def _take_in(self) -> None:
        read, self._read = self._read, None
        if read is None:
            return  # everything was reloaded meanwhile
        self._left -= len(read.jobs)
        self._projection.take_in(read)
        for key in read.keys - self._projection.older.keys():
            self._requested.pop(key, None)
        self._go_on()
