"""Follow events, including those of other processes, by a cursor that is the truth and hints that carry nothing."""

import threading
from collections import deque
from collections.abc import Iterator
from typing import Self

from state import event_queries
from state.database_reader import DatabaseReader
from state.records import Event

POLL_S = 0.25
"""How often to check the database for writes of other processes; a write of this process wakes at once."""


class Subscription:
    """An iterator over events after a cursor; waits for the next one, and ends when `close` is called."""

    def __init__(self, reader: DatabaseReader, after_id: int | None) -> None:
        self._reader = reader
        self._cursor = reader.read(event_queries.latest_event_id) if after_id is None else after_id
        self._page: deque[Event] = deque()
        self._hint = threading.Event()
        self._closed = False

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        """The next event; blocks until there is one."""
        while not self._page:
            if self._closed:
                raise StopIteration
            self._hint.clear()
            version = (
                self._reader.data_version()
            )  # taken before reading, so that no write in between is missed
            self._page.extend(self._reader.read(event_queries.events_after, self._cursor))
            if not self._page:
                self._await_change(version)
        event = self._page.popleft()
        self._cursor = event.id
        return event

    def hint(self) -> None:
        """Report, from any thread, that something may have been written."""
        self._hint.set()

    def close(self) -> None:
        """End the iteration, even for a thread that waits in it."""
        self._closed = True
        self._hint.set()

    def _await_change(self, version: int) -> None:
        while not self._hint.wait(POLL_S) and self._reader.data_version() == version:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._reader.close()
