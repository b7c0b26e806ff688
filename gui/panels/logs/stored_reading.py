"""Reads what a search of all output needs of the database: every attempt, and the events that are errors.

Beside the window's thread, a page at a time: between two pages the window has its turn.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from state import attempt_queries, event_queries
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.records import Attempt, Event

PAGE = 500
Records = TypeVar("Records")


class StoredReading(QObject):
    """Reads for one owner; a further start replaces the one before.

    Signals:
        attempts_read: (list of Attempt) some attempts.
        errors_read: (list of Event) some events that are errors, older than those before.
        ended: (whether all was read) nothing more comes.
    """

    attempts_read = Signal(object)
    errors_read = Signal(object)
    ended = Signal(bool)

    def __init__(self, sources: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self._sources, self._background = sources, BackgroundTasks(self)
        self._errors_left = 0

    def start(self, *, errors: int) -> None:
        """Read all attempts, then at most so many errors, the newest."""
        self.drop()
        self._errors_left = errors
        self._read_attempts(None)

    def drop(self) -> None:
        """Read no further, and deliver nothing more."""
        self._background.forget()

    def stop(self) -> None:
        """Drop everything, and return once no thread reads."""
        self._background.stop()

    def _read(self, page: Callable[[DatabaseReader], Records], then: Callable[[Records], None]) -> None:
        def read() -> Records:
            with closing(self._sources.reader.another()) as reader:
                return page(reader)

        self._background.run_in_background(read, then, failed=self._fail)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, DatabaseError):
            raise error
        self.ended.emit(False)  # noqa: FBT003 - a signal

    def _read_attempts(self, before: int | None) -> None:
        def take(attempts: Sequence[Attempt]) -> None:
            self.attempts_read.emit(attempts)
            if len(attempts) == PAGE:
                self._read_attempts(attempts[0].id)
            else:
                self._read_errors(None)

        self._read(lambda reader: reader.read(attempt_queries.recent_attempts, PAGE, before=before), take)

    def _read_errors(self, before: int | None) -> None:
        def take(events: Sequence[Event]) -> None:
            self._errors_left -= len(events)
            self.errors_read.emit(events)
            if len(events) == limit:
                self._read_errors(events[0].id)
            else:
                self.ended.emit(True)  # noqa: FBT003 - a signal

        limit = min(PAGE, self._errors_left)
        if limit > 0:
            self._read(lambda reader: reader.read(event_queries.error_events, limit, before=before), take)
        else:
            self.ended.emit(True)  # noqa: FBT003 - a signal
