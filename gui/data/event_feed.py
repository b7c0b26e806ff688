"""The bridge from the database to the models: reads the events after a cursor and publishes them in batches.

Lives in the GUI thread and only reads. A hint (from the engine, the file watcher on the write-ahead log, or the
poll) carries no data: the cursor is the truth, so a lost or needless hint does no harm.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal, Slot

from gui.data.batch_size import BatchSize
from gui.data.short_turns import short_turns
from gui.translation import tr
from state import event_queries, snapshot_query
from state.database import Connection
from state.database_errors import DatabaseBusyError, DatabaseError
from state.records import Event, Snapshot

COALESCE_MS = 50
"""The longest pause after events were read: under a flood the window has most of its time for other work."""
_PAUSE_FACTOR = 3
"""A shorter pause is this many times what reading and showing them took."""
_RETRY_MS = 5  # the hint may come while the writer still writes: its commit is there a moment later
_LATE_MS = (5, 10, 25, 60)
"""No file changes at the commit, which follows the last write by the time of a sync: looked for after these times."""
POLL_MS = 250
WATCHED_POLL_MS = 2_000
"""While the log is watched the poll only catches what the watcher missed: each poll wakes the processor."""
BATCH = 500
_SMALLEST_BATCH = 100
_TURN_S = 0.008
"""The time one batch, with everything it triggers, may take of a frame; the next batch is sized accordingly."""
PRUNED = "run.pruned"
FIRST_ENDED = 200
"""Of finished workstreams so many jobs are read at once, for a first look; the others are read in the background."""
_READ_S = 0.003
"""Reading that took longer than this is followed up in a turn of its own: the panels take as long again, or longer."""
_NEXT_BATCH_MS = 5  # long enough for a repaint and a key press between two full batches


P = ParamSpec("P")
R = TypeVar("R")


class FeedReader(Protocol):
    """What the feed needs of the database: answers within 20 ms, or DatabaseBusyError, or DatabaseError."""

    def read(
        self, query: Callable[Concatenate[Connection, P], R], /, *arguments: P.args, **named: P.kwargs
    ) -> R:
        """The answer to one query of `state`."""

    def data_version(self) -> int:
        """A number that changes when another connection has written."""


class SnapshotReader(Protocol):
    """What reads a snapshot beside the window's thread and hands it over in it."""

    def read(
        self, then: Callable[[Snapshot], None], failed: Callable[[Exception], None], *, most_ended: int
    ) -> None:
        """Call `then` with a snapshot soon, or `failed` with the reason why there is none."""


class EventFeed(QObject):
    """Follows the events of all engines on one database.

    Signals:
        restarted: (Snapshot) reload everything: at the start, and after history was pruned.
        arrived: (list of Event) one batch in order of id, at most `BATCH` events, fewer if a batch took long.
        failed: (sentence) the database cannot be read; it is retried at each poll.
        recovered: the database can be read again.
        written: something was written since the last look, by whomever: an engine at rest should look.
    """

    restarted = Signal(object)
    arrived = Signal(object)
    failed = Signal(str)
    recovered = Signal()
    written = Signal()

    def __init__(
        self,
        reader: FeedReader,
        database: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        effort: Callable[[], float] = time.thread_time,
        snapshots: SnapshotReader | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Follow the file `database` through `reader`; `clock` is monotonic, `effort` the CPU time of this thread.

        All snapshots but the first come from `snapshots`, where that is given.
        """
        super().__init__(parent)
        self._snapshots, self._is_restarting = snapshots, False
        self._reader, self._clock = reader, clock
        self._log = str(database) + "-wal"
        self._cursor: int | None = None
        self._version: int | None = None
        self._read_at = float("-inf")
        self._interval_ms = COALESCE_MS
        self._batch = BatchSize(most=BATCH, least=_SMALLEST_BATCH, budget_s=_TURN_S, effort=effort)
        self._found: Sequence[Event] = ()
        """What was read and is still to be published."""
        self._reading_s = 0.0
        self._problem = ""
        self._coalescing = QTimer(self)
        self._coalescing.setSingleShot(True)
        self._coalescing.setTimerType(Qt.TimerType.PreciseTimer)
        self._coalescing.timeout.connect(self._on_coalesced)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._on_poll)
        self._late = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._late.timeout.connect(self._on_late)
        self._looks_left: list[int] = []
        """The times after which a commit is looked for that was written while it was read."""
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_log_written)

    @property
    def cursor(self) -> int:
        """The id of the last event published."""
        return self._cursor or 0

    def start(self) -> None:
        """Take a snapshot now and follow from there."""
        self._watch()
        self._poll.start()
        self._read()

    def stop(self) -> None:
        """Stop reading."""
        self._poll.stop()
        self._coalescing.stop()
        self._late.stop()
        self._found = ()
        watched = self._watcher.files()
        if watched:
            self._watcher.removePaths(watched)

    @Slot()
    def hint(self) -> None:
        """Read soon, since something was written; after many events only after a pause, at most `COALESCE_MS` long."""
        if not self._poll.isActive() or self._coalescing.isActive():
            return
        remaining = self._interval_ms - (self._clock() - self._read_at) * 1000
        self._coalescing.start(max(0, round(remaining)))

    @Slot()
    def _on_coalesced(self) -> None:
        short_turns().soon(self._look)

    def _look(self) -> None:
        if not self._poll.isActive():
            return  # stopped meanwhile
        was_written = self._was_written()  # first: what is written meanwhile is new at the next look
        self._read()
        if was_written and not self._problem:
            self.written.emit()

    @Slot(str)
    def _on_log_written(self, _path: str) -> None:
        self._watch()
        self.hint()
        if self._poll.isActive():
            self._looks_left = list(_LATE_MS)
            self._late.start(self._looks_left.pop(0))

    @Slot()
    def _on_late(self) -> None:
        self._look_for_commit()
        if self._looks_left:
            self._late.start(self._looks_left.pop(0))

    @Slot()
    def _on_poll(self) -> None:
        self._watch()
        if self._cursor is None or self._problem:
            self._read()
        else:
            self._look_for_commit()

    def _look_for_commit(self) -> None:
        if self._was_written():
            self.hint()
            self.written.emit()

    def _was_written(self) -> bool:
        """Whether anybody has written since this was called before."""
        before = self._version
        try:
            self._version = self._reader.data_version()
        except DatabaseBusyError:
            return False
        except (DatabaseError, OSError) as error:
            self._set_problem(error)
            return False
        return self._version != before

    def _watch(self) -> None:
        """Watch the log again: a checkpoint at the last close deletes it, and the next writer creates a new one."""
        if not self._watcher.files() and Path(self._log).exists():
            self._watcher.addPath(self._log)
        self._set_pace()

    def _set_pace(self) -> None:
        """Poll slowly while there is nothing that only a poll would notice."""
        is_calm = bool(self._watcher.files()) and self._cursor is not None and not self._problem
        pace = WATCHED_POLL_MS if is_calm else POLL_MS
        if self._poll.interval() != pace:
            self._poll.setInterval(pace)

    def _read(self) -> None:
        if self._is_restarting:
            return
        if self._found:
            self._coalescing.start(COALESCE_MS)  # until they are published the cursor stands before them
            return
        self._read_at, before = self._clock(), self._batch.effort()
        try:
            if self._was_pruned():
                self._restart()
                return
            limit = self._batch.items
            events = self._reader.read(event_queries.events_after, self.cursor, limit)
            if any(event.event_type == PRUNED for event in events):
                self._restart()  # no event reports each pruned row
                return
        except (DatabaseError, OSError) as error:
            self._on_not_read(error)
            return
        self._set_problem(None)
        self._interval_ms = _RETRY_MS
        if events:
            self._found, self._reading_s = events, self._batch.effort() - before
            if self._reading_s > _READ_S:
                short_turns().soon(self._publish)
            else:
                self._publish()

    def _publish(self) -> None:
        events, before = self._found, self._batch.effort()
        if not events:
            return  # a snapshot has them, or nobody listens any more
        self._found, limit = (), self._batch.items
        self._cursor = events[-1].id
        self.arrived.emit(events)
        took_s = self._reading_s + self._batch.effort() - before
        self._interval_ms = min(COALESCE_MS, max(_RETRY_MS, round(_PAUSE_FACTOR * took_s * 1000)))
        if len(events) == limit:
            self._batch.adapt(limit, took_s)
            self._coalescing.start(_NEXT_BATCH_MS)

    def _was_pruned(self) -> bool:
        """Whether events between the cursor and the oldest kept one are gone."""
        if self._cursor is None:
            return True
        oldest = self._reader.read(event_queries.oldest_event_id)
        return oldest > self._cursor + 1

    def _restart(self) -> None:
        self._found = ()
        if self._cursor is None or self._snapshots is None:
            self._begin_with(self._reader.read(snapshot_query.snapshot, most_ended=FIRST_ENDED))
        else:
            self._is_restarting = True
            self._snapshots.read(self._on_snapshot, self._on_no_snapshot, most_ended=FIRST_ENDED)

    def _begin_with(self, snapshot: Snapshot) -> None:
        self._cursor = snapshot.cursor
        self._set_problem(None)
        self.restarted.emit(snapshot)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._is_restarting = False
        if self._poll.isActive():
            self._begin_with(snapshot)
            self.hint()

    def _on_no_snapshot(self, error: Exception) -> None:
        self._is_restarting = False
        if not isinstance(error, DatabaseError | OSError):
            raise error
        if self._poll.isActive():
            self._on_not_read(error)

    def _on_not_read(self, error: Exception) -> None:
        """Try again soon where others write at the moment; a problem is tried again at each poll."""
        if isinstance(error, DatabaseBusyError):
            self._coalescing.start(COALESCE_MS)
        else:
            self._set_problem(error)

    def _set_problem(self, error: Exception | None) -> None:
        problem = "" if error is None else tr("The database cannot be read: {error}", error=error)
        if problem == self._problem:
            return
        self._problem = problem
        self._set_pace()
        if problem:
            self.failed.emit(problem)
        else:
            self.recovered.emit()
