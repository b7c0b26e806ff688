"""How many events and lines of output exist beyond those that are loaded; counted in the background."""

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from engine.streams.entries import Level
from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from gui.panels.logs.filter import levels_of
from gui.panels.logs.line_store import LineStore
from gui.panels.logs.output_client import ALL_ERRORS, Counted, LoadFilter, OutputClient
from gui.panels.logs.stored_reading import stored_attempts
from state import event_queries
from state.database_errors import DatabaseError
from state.named_work import NamedWork, count_of_work
from state.records import Attempt, AttemptStatus


class LogTotals(QObject):
    """Counts what is older than the first loaded line, once after the Logs were opened, and follows what is loaded.

    Signals:
        changed: `unloaded` or `unloaded_errors` changed.
        attempts_read: (list of Attempt) every attempt that has output, so that it is loaded, too.
    """

    changed = Signal()
    attempts_read = Signal(object)

    def __init__(
        self,
        store: LineStore,
        client: OutputClient,
        sources: Readers,
        *,
        folder_of: Callable[[Attempt], Path],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._client, self._sources, self._folder_of = store, client, sources, folder_of
        self._background = BackgroundTasks(self)
        self._older: int | None = None
        self._errors = self._events = self._error_events = 0
        self._loaded = self._loaded_errors = 0
        self._is_whole = self._is_of_search = False
        self._levels: frozenset[Level] = frozenset()
        """The levels of the lines that alone are counted; none of them where all are, and the errors among them."""
        self.found: Counted | None = None
        """How many lines of all output have what is searched for, as far as they are counted; None without a search."""
        client.counted.connect(self._on_counted)

    @property
    def unloaded(self) -> int | None:
        """How many lines and events are not loaded; None while they are being counted."""
        if self._is_whole:
            return self._store.trimmed
        if self._older is None:
            return None
        return max(0, self._older - self._loaded) + self._store.trimmed

    @property
    def unloaded_errors(self) -> int:
        """How many of them are errors, as far as they are counted."""
        older = 0 if self._is_whole else max(0, self._errors - self._loaded_errors)
        return older + self._store.trimmed_errors

    def clear(self) -> None:
        """Forget the count: everything is loaded anew."""
        self._background.forget()
        self._older, self._errors, self._loaded, self._loaded_errors = None, 0, 0, 0
        self._is_whole = self._is_of_search = False
        self.found = None

    def count(
        self, *, event_id: int, before: int, held_back: Collection[int], named: NamedWork | None = None
    ) -> None:
        """Count events before this one and lines before this time (ns), of `named` work those alone.

        `held_back` are the levels of events read.
        """
        self._background.run_in_background(
            lambda: _read(self._sources, event_id, named),
            lambda found: self._on_read(found, before=before, held_back=held_back, named=named),
        )

    def count_found(
        self, attempts: Sequence[tuple[int, Path, str, bool]], *, before: int, only: LoadFilter
    ) -> None:
        """Count the lines of a search in all output; until then what is loaded is all that is known."""
        self._is_of_search = True
        self._client.count(attempts, before=before, only=only)

    def take(self, levels: Collection[int]) -> None:
        """Note that older lines with these levels were loaded."""
        self._loaded += len(levels)
        self._loaded_errors += _errors_in(levels)
        self.changed.emit()

    def end(self) -> None:
        """Note that nothing older is left."""
        self._is_whole = True
        self.changed.emit()

    def stop(self) -> None:
        """Wait for what is being read."""
        self._background.stop()

    def _on_read(
        self,
        found: tuple[int, int, Sequence[Attempt]] | None,
        *,
        before: int,
        held_back: Collection[int],
        named: NamedWork | None,
    ) -> None:
        if found is None:
            return  # the database is busy; what is loaded is shown without a total
        events, errors, attempts = found
        self._levels = frozenset() if named is None else levels_of(named)
        self._events, self._error_events = events + len(held_back), errors + _errors_in(held_back)
        self.attempts_read.emit(attempts)
        begun = [one for one in attempts if one.token and one.started_at * 1e9 < before]
        self._client.count(
            [
                (one.id, self._folder_of(one), one.tool, one.status is not AttemptStatus.RUNNING)
                for one in begun
            ],
            before=before,
            only=LoadFilter(levels=self._levels) if self._levels else ALL_ERRORS,
        )

    @Slot(object)
    def _on_counted(self, counted: Counted) -> None:
        if self._is_of_search:
            self.found = counted
        elif counted.is_whole:
            lines = counted.found if self._levels else counted.lines
            errors = counted.found if self._levels in {frozenset(), ALL_ERRORS.levels} else 0
            self._older, self._errors = self._events + lines, self._error_events + errors
        else:
            return
        self.changed.emit()


def _errors_in(levels: Collection[int]) -> int:
    return sum(level == Level.ERROR for level in levels)


def _read(
    sources: Readers, event_id: int, named: NamedWork | None
) -> tuple[int, int, Sequence[Attempt]] | None:
    """The number of events and errors before an event, and all attempts whose output is there."""
    try:
        with closing(sources.reader.another()) as reader:
            if named is None:
                events, errors = reader.read(event_queries.count_before, event_id)
            else:
                events, errors = reader.read(count_of_work, named, before=event_id)
            return events, errors, stored_attempts(reader, sources, named)
    except DatabaseError:
        return None
