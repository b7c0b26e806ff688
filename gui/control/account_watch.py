"""Tells the projection which accounts the tools have, which is a setting; knows nothing about their quotas."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers, accounts_of
from state.database_errors import DatabaseError


class AccountWatch(QObject):
    """Reads the accounts of the tools at the start, and again when a setting has changed, in the background."""

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
        if any(event.event_type == "setting.changed" for event in changes.events):
            self._read()

    @Slot()
    def _read(self) -> None:
        try:
            stored = self._readers.stored_settings()
        except DatabaseError:  # the database has a banner of its own
            return
        self._tasks.run_latest(partial(accounts_of, stored), self._projection.observe_accounts)
