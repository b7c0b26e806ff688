"""Reads what the Logs need of the database for a search of all output, and for the lines of named work.

For the search that is every attempt, and the events that are errors; of named work its attempts and events.

Beside the window's thread, a page at a time: between two pages the window has its turn.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from state import attempt_queries, event_queries
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.named_work import NamedWork, attempts_of_work, events_of_work
from state.records import Attempt, Event

PAGE = 500
Records = TypeVar("Records")


class StoredReading(QObject):
    """Reads for one owner; a further start replaces the one before.

    Signals:
        attempts_read: (list of Attempt) some attempts.
        errors_read: (list of Event) some events that are errors, older than those before.
        ended: (whether all was read) nothing more comes.
        page_read: (list of Event, None if the database is busy) a page of events of named work.
    """

    attempts_read = Signal(object)
    errors_read = Signal(object)
    ended = Signal(bool)
    page_read = Signal(object)

    def __init__(self, sources: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self._sources, self._background = sources, BackgroundTasks(self)
        self._errors_left = 0

    def start(self, *, errors: int) -> None:
        """Read all attempts, then at most so many errors, the newest."""
        self.drop()
        self._errors_left = errors
        self._read_attempts(None)

    def read_page(self, named: NamedWork, *, before: int, with_attempts: bool) -> None:
        """Read the newest events of named work before an id, and first its attempts if they are not known."""

        def page(reader: DatabaseReader) -> tuple[Sequence[Attempt], Sequence[Event]]:
            attempts = stored_attempts(reader, self._sources, named) if with_attempts else []
            return attempts, reader.read(events_of_work, named, before=before, limit=PAGE)

        def take(found: tuple[Sequence[Attempt], Sequence[Event]]) -> None:
            self.attempts_read.emit(found[0])
            self.page_read.emit(found[1])

        def fail(error: Exception) -> None:
            _refuse_others(error)
            self.page_read.emit(None)

        self._read(page, take, failed=fail)

    def drop(self) -> None:
        """Read no further, and deliver nothing more."""
        self._background.forget()

    def stop(self) -> None:
        """Drop everything, and return once no thread reads."""
        self._background.stop()

    def _read(
        self,
        page: Callable[[DatabaseReader], Records],
        then: Callable[[Records], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def read() -> Records:
            with closing(self._sources.reader.another()) as reader:
                return page(reader)

        self._background.run_in_background(read, then, failed=failed or self._fail)

    def _fail(self, error: Exception) -> None:
        _refuse_others(error)
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


def stored_attempts(reader: DatabaseReader, sources: Readers, named: NamedWork | None) -> Sequence[Attempt]:
    """The attempts whose output is there, all or those of named work; for a background thread."""
    there = _ids_in(sources.home.attempts)
    if named is None or not named.is_of_work:
        return reader.read(attempt_queries.attempts_with_ids, there)
    known = frozenset(there)
    return [one for one in reader.read(attempts_of_work, named) if one.id in known]


def _ids_in(folder: Path) -> list[int]:
    """The attempts whose folders are there: of a long past, many were pruned."""
    try:
        names = [entry.name.partition("-")[0] for entry in os.scandir(folder)]
    except OSError:
        return []
    return [int(name) for name in names if name.isdecimal()]


def _refuse_others(error: Exception) -> None:
    """Raise what is no error of the database."""
    if not isinstance(error, DatabaseError):
        raise error
