"""Read what happened while the user was away in the background: a long night takes longer than a frame."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.panels.dashboard.away_summary import AwaySummary, away_summary
from state.database_errors import DatabaseError
from state.span_queries import span_records

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader


class AwayQuery(QObject):
    """Reads one summary at a time, with a database connection of its own.

    Signals:
        read: (AwaySummary) what was requested last.
    """

    read = Signal(object)

    def __init__(self, reader: "DatabaseReader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._background = BackgroundTasks(self)

    @property
    def busy(self) -> bool:
        """Whether a summary is being read."""
        return self._background.is_busy

    def request(self, since: float, until: float) -> None:
        """Read the summary of this span instead of everything requested before."""
        self._background.run_latest(lambda: _read(self._reader, since, until), self._on_read)

    def forget(self) -> None:
        """Emit nothing of what was requested."""
        self._background.forget()

    def _on_read(self, summary: AwaySummary | None) -> None:
        if summary is not None:
            self.read.emit(summary)


def _read(other: "DatabaseReader", since: float, until: float) -> AwaySummary | None:
    try:
        reader = other.another()
        try:
            return away_summary(reader.read(span_records, since, until), since, until)
        finally:
            reader.close()
    except DatabaseError:
        return None  # locked or missing for now: the card stays as it is
