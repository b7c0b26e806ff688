"""The history of the selected file or workstream as a Qt list: time, glyph, sentence. Reads nothing itself."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.system.formatting import clock_minute
from gui.guarded import Guarded
from state.records import Event

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
TimeRole = int(Qt.ItemDataRole.UserRole) + 1
StateRole = TimeRole + 1
_STATE_OF = {
    "accepted": "queued",
    "released": "queued",
    "retried": "queued",
    "interrupted": "failed",
    "quota": "waiting",
}
_STATES = (
    "held",
    "queued",
    "running",
    "completed",
    "failed",
    "timeout",
    "cancelled",
    "skipped",
    "quarantined",
)


class EventHistoryModel(Guarded, QAbstractListModel):
    """Events in the order in which they happened.

    `shown` makes of the sentence of an event what is shown: with names in the place of ids.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: Sequence[Event] = ()
        self.shown: Callable[[str], str] = str

    def show_events(self, events: Sequence[Event]) -> None:
        """Show these events; those that continue the ones shown are appended."""
        known = len(self._events)
        ids = [event.id for event in self._events]
        if known and [event.id for event in events[:known]] == ids:
            if len(events) > known:
                self.beginInsertRows(QModelIndex(), known, len(events) - 1)
                self._events = tuple(events)
                self.endInsertRows()
            return
        self.beginResetModel()
        self._events = tuple(events)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One per event."""
        return 0 if parent.isValid() else len(self._events)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The sentence of an event, its time of day, and the state of its glyph."""
        if not index.isValid():
            return None
        event = self._events[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._sentence(event)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{clock_minute(event.at)}, {self._sentence(event)}"
            case _ if role == TimeRole:
                return clock_minute(event.at)
            case _ if role == StateRole:
                return _state_of(event)
            case _:
                return None

    def _sentence(self, event: Event) -> str:
        return self.shown(event.message) or event.event_type


def _state_of(event: Event) -> str:
    """The state whose glyph precedes an event; empty if it changes no state."""
    word = event.event_type.rpartition(".")[2]
    found = _STATE_OF.get(word, word)
    return found if found in _STATES else ""
