"""Tells the projection which accounts the tools have, which is a setting; knows nothing about their quotas."""

from PySide6.QtCore import QObject, Slot

from engine.tool_defaults import account_pools
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from state.database_errors import DatabaseError


class AccountWatch(QObject):
    """Reads the accounts of the tools at the start, and again when a setting has changed."""

    def __init__(self, projection: Projection, readers: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._readers = projection, readers
        projection.reset.connect(self._read)
        projection.folded.connect(self._on_folded)

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if any(event.event_type == "setting.changed" for event in changes.events):
            self._read()

    @Slot()
    def _read(self) -> None:
        try:
            tools = self._readers.settings().tools
        except DatabaseError:  # the database has a banner of its own
            return
        self._projection.observe_accounts(account_pools(tools))
