"""Merge events and output in order of time: first the stored ones when the panel opens, then live ones.

Events come from the projection and the reader, lines from the helper process; the model decides which are shown.
Each turn adds as many lines as it has time for, so that the window stays responsive.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from heapq import merge
from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.streams.entries import Level
from gui.data.batch_size import BatchSize
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.data.short_turns import short_turns
from gui.panels.logs.attempt_requests import AttemptRequests
from gui.panels.logs.event_pages import EventPages
from gui.panels.logs.filter import levels_of
from gui.panels.logs.held_lines import HeldLines
from gui.panels.logs.line_store import MAX_LINES, LogEntry
from gui.panels.logs.log_entries import LogEntries
from gui.panels.logs.log_mode import OF_ALL_OUTPUT, Mode
from gui.panels.logs.log_totals import LogTotals
from gui.panels.logs.merged_load import MergedLoad
from gui.panels.logs.output_client import (
    ALL_ERRORS,
    ALL_LINES,
    Loaded,
    LoadFilter,
    OutputClient,
    OutputLine,
    Passed,
)
from gui.panels.logs.stored_reading import PAGE, StoredReading
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.text_match import TextPattern
from gui.translation import tr, tr_count
from state.database_errors import DatabaseError
from state.named_work import NamedWork
from state.records import Attempt, Event

EVENTS_AT_ONCE = 2_000
LINES_AT_ONCE = 20_000
_BATCH, _SMALLEST_BATCH, _BATCH_S = 500, 50, 0.004
"""How many lines a turn adds, at most and at least, and how long that may take."""
_TICK_MS = 250
_RETRY_MS = 250
_OLDER_MS = 50
_SEARCH_LIMIT = 5_000
_SEARCH_PAGE = 500
"""What a search finds first is shown at once."""
_MAX_UNSEEN = 5_000
_LOADED_BY_ITSELF = 20_000
"""More lines are loaded where somebody scrolls up to them: hours of a long past would take memory for nothing."""
_MIN_ROOM = 5_000


def _ns(at: float) -> int:
    return int(at * 1e9)


class LogFeed(QObject):
    """Feeds a `LogTableModel`.

    Signals:
        changed: the mode has changed, or older lines were loaded.
        noted: (sentence) a problem with reading the output.
    """

    changed = Signal()
    noted = Signal(str)

    def __init__(
        self,
        model: LogTableModel,
        projection: Projection,
        *,
        sources: Readers,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._projection, self._sources, self._clock = model, projection, sources, clock
        self.search = OutputClient(self)
        self.totals = LogTotals(model.store, self.search, sources, folder_of=self._folder, parent=self)
        self._mode = Mode.CLOSED
        self.named: NamedWork | None = None
        """The work and levels whose lines alone are loaded; None for all."""
        self.levels: frozenset[Level] = frozenset()
        """The levels among them; none of them for all."""
        self._shown = False
        self._stale = False
        self._entries = LogEntries(projection, model.store.sources)
        self._events = EventPages(sources, self._entries)
        self._held = HeldLines(model, self.search, self)
        self._requests = AttemptRequests(self.search, self._entries.attempts, self._folder)
        self._arrived = self._is_complete = self._goes_on = False
        self._live_from = 0
        self._waiting: list[LogEntry] = []
        self._outgoing: deque[LogEntry] = deque()
        self._history: list[LogEntry] = []
        self._lines: list[LogEntry] = []
        self._held_back: list[LogEntry] = []
        self._incoming: MergedLoad | None = None
        self._batch = BatchSize(most=_BATCH, least=_SMALLEST_BATCH, budget_s=_BATCH_S)
        self._load = 0
        self._cut = False
        self._until = self._loaded_since = 0
        """The period that is being loaded, and the time from which on everything is loaded; nanoseconds."""
        self._older = self._timer(self.load_older)
        self._pages = self._timer(self._on_page)
        self._page_due = False
        self._feed = self._timer(self._on_feed)
        self._tick = self._timer(self._on_tick)
        self._stored = StoredReading(sources, self)
        self._only, self._limit = ALL_LINES, 0
        self._connect()

    def _connect(self) -> None:
        self.search.lines_arrived.connect(self._on_lines_arrived)
        self.search.lines_loaded.connect(self._on_lines_loaded)
        self.search.load_ended.connect(self._on_load_ended)
        self.search.lines_passed.connect(self._on_lines_passed)
        self.search.folder_gone.connect(self._on_folder_gone)
        self.search.failed.connect(self.noted)
        self._stored.errors_read.connect(self._on_errors_read)
        self._stored.ended.connect(self._on_stored_ended)
        self._stored.page_read.connect(self._on_page_read)
        for reading in (self.totals, self._stored):
            reading.attempts_read.connect(self._on_attempts_read)
        self._held.released.connect(self._on_released)
        self._projection.folded.connect(self._on_folded)
        self._projection.reset.connect(self._on_reset)

    @property
    def mode(self) -> Mode:
        """What is shown or being loaded."""
        return self._mode

    @property
    def has_older(self) -> bool:
        """Whether older lines exist and fit."""
        return (
            self._events.has_more or self._cut or bool(self._held_back)
        ) and self._model.store.room > _MIN_ROOM

    @property
    def has_unloaded(self) -> bool:
        """Whether there is anything stored that is not among the loaded lines."""
        return self.has_older or bool(self.totals.unloaded)

    @property
    def may_lack(self) -> bool:
        """Whether lines are stored that are not loaded, or soon are not: new ones take the room of the oldest."""
        return self.has_unloaded or self._model.store.room <= _MIN_ROOM

    @property
    def is_searching_all(self) -> bool:
        """Whether lines of all stored output are shown instead of the live ones."""
        return self._mode in OF_ALL_OUTPUT

    @property
    def is_complete(self) -> bool:
        """Whether what was requested is loaded."""
        return self._is_complete

    @property
    def is_all_found(self) -> bool:
        """Whether everything that was searched for is loaded."""
        return self._is_complete and not self._cut

    def show(self) -> None:
        """The panel is shown: open, or catch up with what happened while hidden."""
        self._shown = True
        if not self._held.is_on:
            self.search.resume()
        if self._mode is Mode.CLOSED or self._stale:
            self.open()
        else:
            self._flush_soon()
            self._load_older_soon()

    def hide(self) -> None:
        """The panel is hidden: read nothing until `show`."""
        self._shown = False
        if self._mode in {Mode.OPENING, Mode.OLDER}:
            self._stale = True  # a partial load starts again
            for timer in (self._pages, self._feed, self._tick):
                timer.stop()
            self._stored.drop()
        self._older.stop()
        self.search.pause()

    def close(self) -> None:
        """End the helper process; `show` starts again."""
        self._mode, self._shown = Mode.CLOSED, False
        for timer in (self._pages, self._feed, self._tick, self._older):
            timer.stop()
        self.totals.stop()
        self._stored.stop()
        self.search.close()

    def open(self) -> None:
        """Load the newest events and lines, then continue live."""
        if self.is_searching_all:
            self.noted.emit("")  # what was noted is of the lines that were searched
        self._reset()
        self._mode, self._stale = Mode.OPENING, False
        self._live_from = self._projection.cursor
        self._events.begin(self._live_from + 1)
        self._requests.opened_at = self._clock()
        self._until = _ns(self._requests.opened_at)
        self._pages.start(0)
        self.changed.emit()

    def narrow(self, named: NamedWork | None) -> None:
        """Load and follow what is named alone, from its own end back; all lines with None."""
        self.named, self.levels = named, frozenset() if named is None else levels_of(named)
        self._on_reset()

    @Slot()
    def load_older(self) -> None:
        """Load older lines before the first one."""
        if self._mode is not Mode.LIVE or not self.has_older:
            return
        self._mode = Mode.OLDER
        self._until = self._loaded_since
        self._history, self._lines = self._held_back, []
        self._held_back = []
        self._pages.start(0)
        self.changed.emit()

    def search_all(self, pattern: TextPattern) -> None:
        """Show all lines with this text from all stored output instead of the live lines, of the levels that pass."""
        only = LoadFilter(pattern, levels=self._model.query.levels)
        self._load_all(Mode.SEARCH, only, limit=_SEARCH_LIMIT)

    def show_errors(self) -> None:
        """Show all errors there are, in output and events, instead of the live lines."""
        self._load_all(Mode.ERRORS, ALL_ERRORS, limit=MAX_LINES)

    def _load_all(self, mode: Mode, only: LoadFilter, *, limit: int) -> None:
        self._mode = mode  # first: clearing the model makes its owner look at the mode
        self._reset()
        self._events.has_more = True
        self._only, self._limit = only, limit
        self._stored.start(errors=MAX_LINES if mode is Mode.ERRORS else 0)
        self.changed.emit()

    @Slot(object)
    def _on_errors_read(self, events: Sequence[Event]) -> None:
        self._history[:0] = [self._entries.of_event(event) for event in events if self._is_of_work(event)]

    @Slot(bool)
    def _on_stored_ended(self, is_whole: bool) -> None:  # noqa: FBT001 - Qt's signal
        if not is_whole:
            self.noted.emit(tr("The database is busy, so not all lines may be listed; search again."))
        now = _ns(self._clock())
        self._request_lines(0, now, limit=_SEARCH_PAGE, only=self._only)
        if self._mode is Mode.SEARCH:
            requests = self._requests.of_period(0, now, opens=False)
            self.totals.count_found(requests, before=now, only=self._only)

    def _reset(self) -> None:
        for timer in (self._pages, self._feed, self._tick, self._older):
            timer.stop()
        self._page_due = False
        self.search.drop()
        self._held.end()
        self._stored.drop()
        self.totals.clear()
        for queue in (self._waiting, self._history, self._lines, self._held_back, self._outgoing):
            queue.clear()
        self._incoming = None
        self._entries.clear()
        self._requests.clear()
        self._arrived = self._is_complete = self._goes_on = False
        self._cut = False
        self._load += 1
        self._model.clear()

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    @Slot()
    def _on_page(self) -> None:
        """Read one more page of older events in a turn of its own: at the start the other panels work, too."""
        self._page_due = True
        short_turns().soon(self._read_page)

    def _read_page(self) -> None:
        if not self._page_due:
            return
        self._page_due = False
        if self.named is not None:
            is_new = not self._entries.attempts
            self._stored.read_page(self.named, before=self._events.before, with_attempts=is_new)
            return
        try:
            self._history[:0] = self._events.read()
        except DatabaseError:
            self._pages.start(_RETRY_MS)
            return
        self._page_or_lines()

    @Slot(object)
    def _on_page_read(self, events: Sequence[Event] | None) -> None:
        if events is None:
            self._pages.start(_RETRY_MS)
            return
        self._history[:0] = filter(self._has_level, self._events.take(events, most=PAGE))
        self._page_or_lines()

    def _page_or_lines(self) -> None:
        """Read a further page of events; once there are enough, request the lines of that period."""
        if self._events.has_more and len(self._history) < EVENTS_AT_ONCE:
            self._pages.start(0)
            return
        self._history.sort(key=attrgetter("at"))  # an imported run brings older times with newer ids
        since = _ns(self._history[0].at) if self._events.has_more and self._history else 0
        limit = min(LINES_AT_ONCE, max(_BATCH, self._model.store.room))
        self._request_lines(since, self._until, limit=limit, only=LoadFilter(levels=self.levels))

    def _request_lines(self, since: int, until: int, *, limit: int, only: LoadFilter = ALL_LINES) -> None:
        self._loaded_since = since
        self._load += 1
        requests = self._requests.of_period(since, until, opens=self._mode is Mode.OPENING)
        self._lines = []
        self.search.load(self._load, requests, since=since, until=until, limit=limit, only=only)

    @Slot(object, object)
    def _on_lines_loaded(self, number: int, lines: Sequence[OutputLine]) -> None:
        if number == self._load:
            self._lines += [self._entries.of_line(line) for line in lines]

    @Slot(object, object)
    def _on_load_ended(self, number: int, end: Loaded) -> None:
        """Merge everything of this period, and pass it to the model in pieces."""
        if number != self._load:
            return
        self._cut = end.cut
        self._held_back = []
        if self._cut:
            self._loaded_since = end.first or 0
            first = self._loaded_since / 1e9
            self._held_back = [entry for entry in self._history if entry.at < first]
        young = self._history[len(self._held_back) :]
        is_older = self._mode is Mode.OLDER or self._goes_on
        self._incoming = MergedLoad(young, self._lines, room=self._model.store.room, newest_first=is_older)
        self._history, self._lines = [], []
        self._arrived = True
        self._feed.start(0)

    @Slot()
    def _on_feed(self) -> None:
        """Pass on as many lines as a turn may take: first the loaded ones, then those that arrived meanwhile."""
        if self._incoming is not None:
            self._add_loaded(self._incoming)
        elif self._outgoing and not self._holds():
            batch = [self._outgoing.popleft() for _ in range(min(self._batch.items, len(self._outgoing)))]
            with self._batch.measured(len(batch)):
                self._model.append(sorted(batch, key=attrgetter("at")))
        if self._arrived and self._incoming is None:
            self._arrived = False
            self._finish_load()
        if self._incoming is not None or (self._outgoing and not self._held.is_on):
            self._feed.start(0)

    def _holds(self) -> bool:
        """Whether new lines wait, since they would push out those that somebody reads."""
        held = self._held.is_on
        if self._held.hold(min(self._batch.items, len(self._outgoing))) and not held:
            self.noted.emit(tr("List full: new lines wait until you scroll down."))
            self.changed.emit()
        return self._held.is_on

    @Slot()
    def _on_released(self) -> None:
        """Go on with the lines that waited, or load anew where too much has happened."""
        self.noted.emit("")
        if self._stale and self._shown:
            self.open()
            return
        self._held.end()
        if not self._shown:
            self.search.pause()
        self._feed.start(0)
        self._flush_soon()

    def _add_loaded(self, loaded: MergedLoad) -> None:
        """Pass on as much of what was loaded as a turn may take."""
        before = self._batch.effort()
        part = loaded.take(self._batch.items)
        if part and self._goes_on:
            self._model.prepend(part)
        elif part and self._mode is Mode.OLDER:
            self._model.prepend(part)
            self.totals.take([entry.level for entry in part])
        elif part:
            self._model.append(part)
        self._batch.adapt(len(part), self._batch.effort() - before)
        self._incoming = None if loaded.is_over else loaded

    def _finish_load(self) -> None:
        if self.is_searching_all and self._cut and len(self._model.store) < self._limit:
            self._search_on()
            return
        self._is_complete = True
        if not self.is_searching_all:
            opened, self._mode = self._mode is Mode.OPENING, Mode.LIVE
            if opened:
                self._requests.follow_all()
                levels = [entry.level for entry in self._held_back]
                self.totals.count(
                    event_id=self._events.before,
                    before=self._loaded_since,
                    held_back=levels,
                    named=self.named,
                )
            if not (self._events.has_more or self._cut or self._held_back):
                self.totals.end()
            self._flush_soon()
            self._load_older_soon()
        self.changed.emit()

    def _search_on(self) -> None:
        """Search what is older than all that was searched."""
        self._goes_on = True
        self._history = self._held_back
        limit = min(_SEARCH_LIMIT, self._limit - len(self._model.store))
        self._request_lines(0, self._loaded_since, limit=limit, only=self._only)
        self.changed.emit()

    def _load_older_soon(self) -> None:
        """Go on loading in the background until all is loaded, or as much as anybody scrolls through."""
        store = self._model.store
        is_enough = store.end - store.base >= _LOADED_BY_ITSELF
        if self._shown and self._mode is Mode.LIVE and self.has_older and not is_enough:
            self._older.start(_OLDER_MS)

    @Slot(object)
    def _on_attempts_read(self, attempts: Sequence[Attempt]) -> None:
        for attempt in attempts:
            if self._is_of_work(attempt):
                self._entries.attempts.setdefault(attempt.id, attempt)

    @Slot()
    def _on_reset(self) -> None:
        if self._shown:
            self.open()
        else:
            self._stale = True

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if self._mode is Mode.CLOSED or self.is_searching_all or self._stale:
            return
        for event in changes.events:
            if event.id > self._live_from and self._is_of_work(event):
                self._waiting += filter(self._has_level, [self._entries.of_event(event)])
        if (self._held.is_on or not self._shown) and len(self._waiting) > _MAX_UNSEEN:
            self._stale = True
            self._waiting.clear()
            return
        for number in changes.attempts:
            if not self._is_of_work(self._projection.attempts[number]):
                continue
            self._entries.attempts[number] = self._projection.attempts[number]
            if self._mode in {Mode.LIVE, Mode.OLDER}:
                self._requests.follow(self._entries.attempts[number])
        self._flush_soon()

    def _has_level(self, entry: LogEntry) -> bool:
        return not self.levels or entry.level in self.levels

    def _is_of_work(self, one: Event | Attempt) -> bool:
        return self.named is None or self.named.has(one.run_id, one.ws_id, one.job_id)

    @Slot(object)
    def _on_lines_arrived(self, lines: Sequence[OutputLine]) -> None:
        """Merge new lines with the waiting events up to their time."""
        if self._mode not in {Mode.LIVE, Mode.OLDER}:
            return
        levels = self.levels
        found = [self._entries.of_line(line) for line in lines if not levels or line.level in levels]
        if lines:
            last = lines[-1].at
            due = [entry for entry in self._waiting if entry.at <= last]
            self._waiting = [entry for entry in self._waiting if entry.at > last]
            if self._tick.isActive():
                self._tick.start(_TICK_MS)  # what waits is younger than the lines that come: they may go on
            self._outgoing.extend(merge(due, found, key=attrgetter("at")))
        if not self._feed.isActive():
            self._feed.start(0)

    @Slot(object, object)
    def _on_lines_passed(self, attempt: int, passed: Passed) -> None:
        text = tr_count(
            "{n} line came faster than lines can be listed; Search all output finds it.",
            "{n} lines came faster than lines can be listed; Search all output finds them.",
            passed.lines,
        )
        self._outgoing += filter(self._has_level, [self._entries.warning(attempt, text, at=passed.at)])
        self._model.store.leave_out(passed.errors if self.levels else passed.lines, errors=passed.errors)

    @Slot(object)
    def _on_folder_gone(self, attempt: int) -> None:
        text = tr("The output of this attempt was removed from the disk.")
        self._waiting.append(self._entries.warning(attempt, text, at=self._clock()))
        self._flush_soon()

    @Slot()
    def _on_tick(self) -> None:
        """Pass on events that no output line followed within a quarter of a second."""
        if not self._held.is_on and self._mode in {Mode.LIVE, Mode.OLDER}:
            self._outgoing.extend(self._waiting)
            self._waiting = []
            if not self._feed.isActive():
                self._feed.start(0)

    def _flush_soon(self) -> None:
        is_due = (
            self._shown and self._waiting and not self._held.is_on and self._mode in {Mode.LIVE, Mode.OLDER}
        )
        if is_due and not self._tick.isActive():
            self._tick.start(_TICK_MS if self.search.is_reading else 0)

    def folder_of(self, attempt: int) -> Path | None:
        """The folder of the output of an attempt whose lines are listed."""
        found = self._entries.attempts.get(attempt)
        return None if found is None else self._folder(found)

    def _folder(self, attempt: Attempt) -> Path:
        return self._sources.home.attempts / attempt.folder_name
