"""Keeps what somebody reads in the list: new lines wait on the disk rather than push it out.

While the list has room they come as ever. Where they would take the room of the first line in view, following pauses
until that line is far enough from the oldest one again, or the end is followed.
"""

from PySide6.QtCore import QObject, Signal, Slot

from gui.panels.logs.output_client import OutputClient
from gui.panels.logs.table_model import LogTableModel


class HeldLines(QObject):
    """Pauses the helper process for the feed.

    Signals:
        released: new lines may come again.
    """

    released = Signal()

    def __init__(self, model: LogTableModel, client: OutputClient, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._client = model, client
        self.is_on = False
        """Whether new lines wait."""
        model.kept_changed.connect(self._on_kept_changed)

    def hold(self, number: int) -> bool:
        """Whether so many new lines have to wait; from then on no more are read."""
        if not self.is_on and not self._model.has_room_for(number):
            self.is_on = True
            self._client.pause()
        return self.is_on

    def end(self) -> None:
        """Read new lines again, whatever is in view."""
        if self.is_on:
            self.is_on = False
            self._client.resume()

    @Slot()
    def _on_kept_changed(self) -> None:
        if self.is_on and self._model.has_room_for(self._model.store.trimmed_at_once):
            self.released.emit()
