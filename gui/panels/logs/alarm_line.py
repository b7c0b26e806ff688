"""Go to the line that an alarm matched, also where it is not loaded yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from gui.data.readers import Readers
from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.panels.logs.text_match import TextPattern
from gui.translation import tr, translatable
from state import event_queries
from state.database_errors import DatabaseError
from state.records import Event, Job

_LOOKING = translatable("Looking for the line of the alarm in older lines…")
_GONE = translatable("The line of the alarm is not kept any more.")
_NEAR_S = 0.001


@dataclass(frozen=True, slots=True)
class _Line:
    """What an alarm has matched; `text` is its beginning, empty where it was not recorded."""

    attempt: int | None
    at: float
    text: str


class AlarmLine(QObject):
    """Finds the line among the loaded ones, then among older ones, then in all stored output.

    Signals:
        noted: (sentence) what it waits for, or why there is no such line; empty when it has arrived.
    """

    noted = Signal(str)

    def __init__(
        self, lines: LogTableModel, table: LogTableView, feed: LogFeed, *, sources: Readers, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._lines, self._table, self._feed, self._sources = lines, table, feed, sources
        self._found: _Line | None = None
        self._goes = False
        feed.changed.connect(self._on_loaded)
        lines.filtered.connect(self._on_loaded)

    def find(self, job: Job, siblings: Sequence[str]) -> str:
        """The job that printed the line which holds this one, itself or a sibling; empty if there is none."""
        self._goes = False
        try:
            events = self._sources.reader.read(event_queries.alarms_of, siblings)
        except DatabaseError as error:
            self.noted.emit(tr("The alarm cannot be read right now: {error}", error=error))
            return ""
        event = next((one for one in reversed(events) if one.message == job.hold_reason), None)
        self._found = None if event is None else _line_of(event)
        if event is None or event.job_id is None:
            self.noted.emit(tr(_GONE))
            return ""
        return event.job_id

    def go(self) -> None:
        """Go to the line, once it is loaded."""
        self._goes = True
        if self._feed.is_searching_all:
            self._feed.open()
        self._step()

    def _step(self) -> None:
        line, feed = self._found, self._feed
        if not self._goes or line is None or self._lines.searching:
            return
        row = self._row_of(line)
        if row is not None:
            self._arrive("")
            self._table.go_to(row)
        elif feed.mode is Mode.LIVE and feed.has_older:
            self.noted.emit(tr(_LOOKING))
            feed.load_older()
        elif feed.mode is Mode.LIVE and line.text:
            self.noted.emit(tr(_LOOKING))
            feed.search_all(TextPattern(line.text, is_case=True))
        elif feed.mode is Mode.LIVE or (feed.is_searching_all and feed.is_complete):
            self._arrive(tr(_GONE))

    def _arrive(self, sentence: str) -> None:
        self._goes = False
        self.noted.emit(sentence)

    def _row_of(self, line: _Line) -> int | None:
        store = self._lines.store
        for row in range(self._lines.row_at(line.at - _NEAR_S), self._lines.rowCount()):
            serial = self._lines.serial(row)
            if store.at(serial) > line.at + _NEAR_S:
                return None
            is_output = not store.ref(serial) and line.attempt in {None, store.source(serial).attempt}
            if is_output and store.text(serial).startswith(line.text):
                return row
        return None

    @Slot()
    def _on_loaded(self) -> None:
        self._step()


def _line_of(event: Event) -> _Line:
    payload = event.payload
    return _Line(payload.get("of_attempt"), float(payload["printed_at"]), str(payload.get("text", "")))
