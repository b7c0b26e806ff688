"""Pages back through the stored events, from where the live ones begin, as entries of the Logs."""

from collections.abc import Sequence

from gui.data.readers import Readers
from gui.panels.logs.line_store import LogEntry
from gui.panels.logs.log_entries import LogEntries
from state import attempt_queries, event_queries
from state.records import Event

_PAGE = 100
_MAX_ATTEMPTS = 300


class EventPages:
    """The place in the stored events of one owner, who names where it begins."""

    def __init__(self, sources: Readers, entries: LogEntries) -> None:
        self._sources, self._entries = sources, entries
        self.before = 0
        """The events from this id on were read."""
        self.has_more = True
        self._looked_for_attempts = False

    def begin(self, before: int) -> None:
        """Begin before this event."""
        self.before, self.has_more, self._looked_for_attempts = before, True, False

    def read(self) -> list[LogEntry]:
        """The next older page, in order of time; the first call takes up the newest attempts and no page.

        Raises:
            DatabaseError: nothing was read; call it again.
        """
        reader = self._sources.reader
        if not self._looked_for_attempts:
            for attempt in reader.read(attempt_queries.recent_attempts, _MAX_ATTEMPTS):
                self._entries.attempts[attempt.id] = attempt
            self._looked_for_attempts = True
            return []
        page = reader.read(event_queries.events_before, self.before, _PAGE)
        return self.take(page, most=_PAGE)

    def take(self, page: Sequence[Event], *, most: int) -> list[LogEntry]:
        """Go on behind a page that was read of at most so many events."""
        self.has_more = len(page) == most
        if page:
            self.before = page[0].id
            self._entries.add_attempts(page)
        return [self._entries.of_event(event) for event in page]
