"""Tells the projection which files the inbox has refused; the disk is read in the background."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from engine.intake.refusals import Refusal, refusals_in
from engine.system.home import Home
from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers, inbox_of
from state.database_errors import DatabaseError

_EVENTS = ("inbox.", "setting.changed")


class RefusalWatch(QObject):
    """Lists the refused files at the start, and again when something has happened to the inbox."""

    def __init__(self, projection: Projection, readers: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._readers = projection, readers
        self._tasks = BackgroundTasks(self)
        projection.reset.connect(self._read)
        projection.folded.connect(self._on_folded)

    def stop(self) -> None:
        """Read nothing more."""
        self._tasks.stop()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if any(event.event_type.startswith(_EVENTS) for event in changes.events):
            self._read()

    @Slot()
    def _read(self) -> None:
        try:
            stored = self._readers.stored_settings()
        except DatabaseError:  # the database has a banner of its own
            return
        read = partial(_refusals, stored, self._readers.home)
        self._tasks.run_latest(read, self._projection.observe_refusals)


def _refusals(stored: Mapping[str, str], home: Home) -> Sequence[Refusal]:
    return refusals_in(inbox_of(stored, home))
