"""Read in the background what the projection does not hold: attempts, waits and quotas of the last hours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from gui.control.background_tasks import BackgroundTasks
from gui.panels.timeline.night_rows import grouped
from gui.panels.timeline.past_waits import HoldPeriod, hold_periods
from state import timeline_queries
from state.database_errors import DatabaseError
from state.records import Attempt
from state.timeline_queries import TimelineEvent, TimelinePast

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class IndexedPast:
    """What was read, by jobs and workstreams."""

    past: TimelinePast
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    moves: dict[str, list[TimelineEvent]] = field(default_factory=dict)
    stream_moves: dict[tuple[str, str], list[TimelineEvent]] = field(default_factory=dict)
    holds: list[HoldPeriod] = field(default_factory=list)


NO_PAST = IndexedPast(past=TimelinePast(since=float("inf")))


class NightHistory(QObject):
    """Reads one stretch of time at a time, with a database connection of its own.

    Signals:
        read: (IndexedPast) what was requested.
        last_start_found: (float or None) when the last attempt before a moment began.
    """

    read = Signal(object)
    last_start_found = Signal(object)

    def __init__(self, reader: "DatabaseReader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._background = BackgroundTasks(self)
        self._past: TimelinePast | None = None
        self._forgotten = 0
        """How often everything was forgotten: what was being read meanwhile is not the past any more."""

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._background.is_busy

    def request(self, since: float) -> None:
        """Read everything since a moment; only what is new where that was read before."""
        past, reader, on_read = self._past, self._reader, partial(self._on_read, self._forgotten)
        if past is not None and past.since <= since:
            self._background.run_latest(
                lambda: _read(reader, lambda one: one.read(timeline_queries.past_after, past)), on_read
            )
        else:
            self._background.run_latest(
                lambda: _read(reader, lambda one: one.read(timeline_queries.past_since, since)), on_read
            )

    def forget(self) -> None:
        """Read everything again at the next request: the history was pruned, or the home is another one."""
        self._past = None
        self._forgotten += 1

    def find_last_start(self, before: float) -> None:
        """Find when the last attempt before a moment began."""
        reader = self._reader
        self._background.run_in_background(
            lambda: _with_reader(reader, lambda one: one.read(timeline_queries.last_start, before)),
            self.last_start_found.emit,
        )

    def _on_read(self, forgotten: int, found: IndexedPast | None) -> None:
        if found is not None and forgotten == self._forgotten:
            self._past = found.past
            self.read.emit(found)


def indexed(past: TimelinePast) -> IndexedPast:
    """What was read, by jobs and workstreams."""
    attempts: dict[str, list[Attempt]] = {}
    for attempt in sorted(past.attempts, key=lambda one: one.id):
        attempts.setdefault(attempt.job_id, []).append(attempt)
    streams: dict[tuple[str, str], list[TimelineEvent]] = {}
    for event in past.events:
        if event.event_type.startswith("workstream.") and event.run_id and event.ws_id:
            streams.setdefault((event.run_id, event.ws_id), []).append(event)
    return IndexedPast(
        past=past,
        attempts=attempts,
        moves=grouped(past.events),
        stream_moves=streams,
        holds=hold_periods(past.events),
    )


def _read(reader: "DatabaseReader", query: Callable[["DatabaseReader"], TimelinePast]) -> IndexedPast | None:
    found = _with_reader(reader, query)
    return None if found is None else indexed(found)


def _with_reader(other: "DatabaseReader", query: Callable[["DatabaseReader"], T]) -> T | None:
    try:
        reader = other.another()
        try:
            return query(reader)
        finally:
            reader.close()
    except DatabaseError:
        return None  # locked or missing for now: what is shown stays, and the next request tries again
