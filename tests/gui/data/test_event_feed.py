"""The feed against a real database: batches, restarts, other processes, and what it costs to wait."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from gui.data.event_feed import BATCH, COALESCE_MS, POLL_MS, WATCHED_POLL_MS, EventFeed
from state import event_queries, snapshot_query
from state.database import Database
from state.database_errors import DatabaseBusyError, DatabaseError
from state.database_reader import DatabaseReader
from state.records import Event, Snapshot
from tests.gui.conftest import Clock
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S

Wait = Callable[[Callable[[], bool]], None]


class Shelf:
    """A reader over a list, beside the real one, to show what only rarely happens: pruning, locks, a lost disk."""

    def __init__(self, last: int = 0) -> None:
        self.events = [Event(id=number, at=0.0, event_type="note.added") for number in range(1, last + 1)]
        self.version = 0
        self.problem: Exception | None = None
        self.reads: list[int] = []

    def write(self, count: int) -> None:
        first = self.events[-1].id if self.events else 0
        self.events += [
            Event(id=first + number, at=0.0, event_type="note.added") for number in range(1, count + 1)
        ]
        self.version += 1

    def read(self, query: Callable[..., Any], /, *arguments: Any, **_: Any) -> Any:
        answers: dict[Callable[..., Any], Callable[..., Any]] = {
            snapshot_query.snapshot: self._snapshot,
            event_queries.events_after: self._events_after,
            event_queries.oldest_event_id: self._oldest_event_id,
        }
        self._answer()
        return answers[query](*arguments)

    def _snapshot(self) -> Snapshot:
        return Snapshot(cursor=self.events[-1].id if self.events else 0)

    def _events_after(self, cursor: int, limit: int) -> list[Event]:
        found = [event for event in self.events if event.id > cursor][:limit]
        self.reads.append(len(found))
        return found

    def _oldest_event_id(self) -> int:
        return self.events[0].id if self.events else 0

    def data_version(self) -> int:
        self._answer()
        return self.version

    def _answer(self) -> None:
        if self.problem is not None:
            raise self.problem


class Published:
    """Everything a feed has published, in order."""

    def __init__(self, feed: EventFeed) -> None:
        self.ids: list[int] = []
        self.batches: list[int] = []
        self.messages: list[str] = []
        feed.arrived.connect(self._arrived)
        feed.restarted.connect(lambda snapshot: self.messages.append(f"restarted at {snapshot.cursor}"))
        feed.failed.connect(self.messages.append)
        feed.recovered.connect(lambda: self.messages.append("recovered"))

    def _arrived(self, events: list[Event]) -> None:
        self.batches.append(len(events))
        self.ids += [event.id for event in events]


@pytest.fixture
def follow(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., tuple[EventFeed, Published]]]:
    assert qtbot is not None
    feeds: list[EventFeed] = []

    def start(reader: object, database: Path = tmp_path / "none.db") -> tuple[EventFeed, Published]:
        feed = EventFeed(reader, database)  # type: ignore[arg-type]
        feeds.append(feed)
        published = Published(feed)
        feed.start()
        return feed, published

    yield start
    for feed in feeds:
        feed.stop()


Follow = Callable[..., tuple[EventFeed, Published]]


def test_it_starts_with_a_snapshot_and_publishes_only_what_comes_after(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(7)
    feed, published = follow(shelf)
    assert published.messages == ["restarted at 7"]
    shelf.write(2)
    feed.hint()
    soon(lambda: published.ids == [8, 9])


def test_a_lost_hint_does_no_harm(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    _feed, published = follow(shelf)
    shelf.write(3)
    soon(lambda: published.ids == [1, 2, 3])


def test_a_hint_that_comes_before_the_commit_is_followed_by_another_read_at_once(
    tmp_path: Path, soon: Wait
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", clock=lambda: 0.0)
    published = Published(feed)
    feed.start()
    feed.hint()
    soon(lambda: shelf.reads == [0])
    shelf.write(1)
    feed.hint()
    assert feed._coalescing.interval() < COALESCE_MS / 2
    soon(lambda: published.ids == [1])
    feed.stop()


def test_a_commit_that_follows_the_last_write_to_the_log_waits_for_no_poll(
    tmp_path: Path, soon: Wait
) -> None:
    shelf, log = Shelf(), tmp_path / "some.db-wal"
    log.touch()
    feed = EventFeed(shelf, tmp_path / "some.db")
    published, polls = Published(feed), list[None]()
    feed._poll.timeout.connect(lambda: polls.append(None))
    feed.start()
    found = shelf._events_after

    def read(cursor: int, limit: int) -> list[Event]:
        before = found(cursor, limit)
        if not shelf.events:
            shelf.write(1)  # no file changes any more: its frames are in the log
        return before

    shelf._events_after = read  # type: ignore[method-assign]
    log.write_bytes(b"frames")
    soon(lambda: published.ids == [1])
    feed.stop()
    assert polls == []


@pytest.mark.parametrize(("worked_s", "pause_ms"), [(0.0, 5), (0.004, 12), (0.1, COALESCE_MS)])
def test_the_pause_after_events_grows_with_what_they_cost(
    tmp_path: Path, soon: Wait, clock: Clock, worked_s: float, pause_ms: int
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", clock=lambda: 0.0, effort=clock)
    published = Published(feed)
    feed.arrived.connect(lambda _: clock.go_on(worked_s))
    feed.start()
    shelf.write(1)
    feed.hint()
    soon(lambda: published.ids == [1])
    feed.hint()
    assert feed._coalescing.interval() == pause_ms
    feed.stop()


def test_many_hints_are_one_read(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    feed, published = follow(shelf)
    for _ in range(100):
        shelf.write(1)
        feed.hint()
    soon(lambda: len(published.ids) == 100)
    assert published.batches == [100]


def test_whoever_writes_an_engine_at_rest_is_woken_once(tmp_path: Path, soon: Wait) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db")
    published = Published(feed)
    feed.start()
    feed._on_poll()
    woken: list[bool] = []
    feed.written.connect(lambda: woken.append(True))
    feed._on_poll()
    assert woken == []
    shelf.write(1)
    soon(lambda: len(published.ids) == 1)
    feed._on_poll()
    feed.stop()
    assert woken == [True]


def test_a_flood_comes_in_whole_batches_in_order(tmp_path: Path, soon: Wait) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=lambda: 0.0)
    published = Published(feed)
    feed.start()
    shelf.write(2 * BATCH + 30)
    feed.hint()
    soon(lambda: len(published.ids) == 2 * BATCH + 30)
    feed.stop()
    assert published.batches == [BATCH, BATCH, 30]
    assert published.ids == list(range(1, 2 * BATCH + 31))


def test_a_flood_that_is_slow_to_process_comes_in_batches_that_fit_a_frame(
    tmp_path: Path, soon: Wait, clock: Clock
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=clock)
    feed.arrived.connect(lambda events: clock.go_on(len(events) * 0.00004))
    published = Published(feed)
    feed.start()
    shelf.write(1_000)
    feed.hint()
    soon(lambda: len(published.ids) == 1_000)
    feed.stop()
    assert published.batches == [BATCH, 200, 200, 100]
    assert published.ids == list(range(1, 1_001))


def test_what_took_long_to_read_is_published_in_a_turn_of_its_own(
    tmp_path: Path, qtbot: QtBot, clock: Clock
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=clock)
    feed.start()
    order: list[str] = []

    def slow(cursor: int, limit: int) -> list[Event]:
        clock.go_on(0.004)
        order.append(f"read after {cursor}")
        QTimer.singleShot(0, lambda: order.append("keys"))
        feed.hint()  # what is written meanwhile is read once this is published
        return Shelf._events_after(shelf, cursor, limit)

    shelf._events_after = slow  # type: ignore[method-assign]
    feed.arrived.connect(lambda events: order.append(f"published {len(events)}"))
    shelf.write(2)
    feed.hint()
    qtbot.waitUntil(lambda: len(order) >= 4, timeout=PATIENCE_MS)
    feed.stop()
    assert order[:4] == ["read after 0", "keys", "published 2", "read after 2"]


def test_what_is_written_between_reading_and_publishing_is_read_after_a_restart_too(
    tmp_path: Path, soon: Wait, clock: Clock
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=clock)
    published = Published(feed)

    def slow(cursor: int, limit: int) -> list[Event]:
        clock.go_on(0.002)
        return Shelf._events_after(shelf, cursor, limit)

    shelf._events_after = slow  # type: ignore[method-assign]
    feed.start()
    feed._on_coalesced()  # this look comes between
    feed.stop()
    shelf.write(1)
    feed.start()
    shelf.write(1)
    soon(lambda: published.ids == [1, 2])
    feed.stop()


def test_it_restarts_after_pruning_overtook_it(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(5)
    feed, published = follow(shelf)
    shelf.write(100)
    shelf.events = shelf.events[50:]
    feed.hint()
    soon(lambda: published.messages == ["restarted at 5", "restarted at 105"])
    assert published.ids == []
    shelf.write(1)
    soon(lambda: published.ids == [106])


def test_pruning_up_to_the_cursor_is_no_reason_to_restart(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(5)
    _feed, published = follow(shelf)
    shelf.write(2)
    shelf.events = shelf.events[5:]
    soon(lambda: published.ids == [6, 7])
    assert published.messages == ["restarted at 5"]


def test_a_locked_database_is_retried_and_not_reported(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    feed, published = follow(shelf)
    shelf.problem = DatabaseBusyError(Path("x.db"))
    shelf.write(1)
    feed.hint()
    shelf.problem = None
    soon(lambda: published.ids == [1])
    assert published.messages == ["restarted at 0"]


def test_an_unreadable_database_is_reported_once_and_so_is_its_recovery(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    _feed, published = follow(shelf)
    shelf.problem = DatabaseError("disk I/O error")
    soon(lambda: len(published.messages) == 2)
    assert published.messages[1] == "The database cannot be read: disk I/O error"
    shelf.write(1)
    shelf.problem = None
    soon(lambda: published.ids == [1])
    assert published.messages == [
        "restarted at 0",
        "The database cannot be read: disk I/O error",
        "recovered",
    ]


def test_a_database_that_is_unreadable_at_the_start_is_retried(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(3)
    shelf.problem = DatabaseError("gone")
    _feed, published = follow(shelf)
    assert published.messages == ["The database cannot be read: gone"]
    shelf.problem = None
    soon(lambda: "restarted at 3" in published.messages)


def test_nothing_is_read_after_stop(follow: Follow, qtbot: QtBot) -> None:
    shelf = Shelf()
    feed, published = follow(shelf)
    feed.hint()
    feed.stop()
    shelf.write(1)
    feed.hint()
    qtbot.wait(3 * COALESCE_MS)
    assert published.ids == []


def test_the_first_hint_after_a_quiet_time_is_read_at_once(
    tmp_path: Path, qtbot: QtBot, clock: Clock
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", clock=clock)
    feed.start()
    clock.go_on(1.0)
    shelf.write(1)
    order: list[str] = []
    feed.arrived.connect(lambda _: order.append("read"))
    QTimer.singleShot(COALESCE_MS, lambda: order.append("later"))
    feed.hint()
    qtbot.waitUntil(lambda: len(order) == 2)
    feed.stop()
    assert order == ["read", "later"]


def test_what_another_process_writes_arrives(follow: Follow, soon: Wait, tmp_path: Path) -> None:
    file = tmp_path / "signalbox.db"
    database = Database(file)
    reader = DatabaseReader(database)
    _feed, published = follow(reader, file)
    child = (
        "import sys; from engine.state_store.job_state_store import JobStateStore as S; "
        "s = S(sys.argv[1]); [s.record_event('note.added', {'text': str(n)}) for n in range(5)]; s.close()"
    )
    subprocess.run([sys.executable, "-c", child, str(file)], check=True, timeout=PATIENCE_S)
    soon(lambda: len(published.ids) >= 5)
    assert published.ids == sorted(published.ids)
    reader.close()
    database.close()


def test_it_polls_slowly_only_while_the_watched_log_says_what_is_written(
    follow: Follow, soon: Wait, tmp_path: Path
) -> None:
    log = tmp_path / "any.db-wal"
    shelf = Shelf()
    feed, published = follow(shelf, tmp_path / "any.db")
    assert feed._poll.interval() == POLL_MS
    log.touch()
    soon(lambda: feed._poll.interval() == WATCHED_POLL_MS)
    shelf.problem = DatabaseError("disk I/O error")
    feed.hint()
    soon(lambda: len(published.messages) == 2)
    assert feed._poll.interval() == POLL_MS
    shelf.problem = None
    soon(lambda: feed._poll.interval() == WATCHED_POLL_MS)
    log.unlink()
    soon(lambda: feed._poll.interval() == POLL_MS)


def test_an_engine_at_rest_is_woken_by_what_another_writes_without_a_poll(
    follow: Follow, soon: Wait, tmp_path: Path
) -> None:
    database = Database(tmp_path / "signalbox.db")
    reader = DatabaseReader(database)
    feed, published = follow(reader, database.path)
    other = JobStateStore(database.path)
    woken: list[bool] = []
    feed.written.connect(lambda: woken.append(True))
    other.record_event("note.added", {"text": "first"})
    soon(lambda: feed._poll.interval() == WATCHED_POLL_MS and len(published.ids) == 1 and bool(woken))
    feed._poll.timeout.disconnect(feed._on_poll)
    woken.clear()
    other.record_event("note.added", {"text": "second"})
    soon(lambda: len(published.ids) == 2 and bool(woken))
    other.close()
    reader.close()
    database.close()
