"""The feed against a real database: batches, restarts, other processes, and what it costs to wait."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.data.event_feed import BATCH, COALESCE_MS, EventFeed
from state import queries
from state.database import Database
from state.database_errors import DatabaseBusyError, DatabaseError
from state.database_reader import DatabaseReader
from state.records import Event, Snapshot
from tests.gui.conftest import Clock
from tests.helpers.patience import PATIENCE_S

Wait = Callable[[Callable[[], bool]], None]


class Shelf:
    """A reader over a list, beside the real one, to show what only rarely happens: pruning, locks, a lost disk."""

    def __init__(self, last: int = 0) -> None:
        self.events = [Event(id=number, at=0.0, event_type="note.added") for number in range(1, last + 1)]
        self.version = 0
        self.trouble: Exception | None = None
        self.reads: list[int] = []

    def write(self, count: int) -> None:
        first = self.events[-1].id if self.events else 0
        self.events += [
            Event(id=first + number, at=0.0, event_type="note.added") for number in range(1, count + 1)
        ]
        self.version += 1

    def read(self, query: Callable[..., Any], /, *arguments: Any, **_: Any) -> Any:
        answers: dict[Callable[..., Any], Callable[..., Any]] = {
            queries.snapshot: self._snapshot,
            queries.events_after: self._events_after,
            queries.oldest_event_id: self._oldest_event_id,
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
        if self.trouble is not None:
            raise self.trouble


class Heard:
    """Everything a feed has said, in order."""

    def __init__(self, feed: EventFeed) -> None:
        self.ids: list[int] = []
        self.batches: list[int] = []
        self.said: list[str] = []
        feed.arrived.connect(self._arrived)
        feed.restarted.connect(lambda snapshot: self.said.append(f"restarted at {snapshot.cursor}"))
        feed.failed.connect(self.said.append)
        feed.recovered.connect(lambda: self.said.append("recovered"))

    def _arrived(self, events: list[Event]) -> None:
        self.batches.append(len(events))
        self.ids += [event.id for event in events]


@pytest.fixture
def follow(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., tuple[EventFeed, Heard]]]:
    assert qtbot is not None
    feeds: list[EventFeed] = []

    def start(reader: object, database: Path = tmp_path / "none.db") -> tuple[EventFeed, Heard]:
        feed = EventFeed(reader, database)  # type: ignore[arg-type]
        feeds.append(feed)
        heard = Heard(feed)
        feed.start()
        return feed, heard

    yield start
    for feed in feeds:
        feed.stop()


Follow = Callable[..., tuple[EventFeed, Heard]]


def test_it_starts_with_a_snapshot_and_tells_only_what_comes_after(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(7)
    feed, heard = follow(shelf)
    assert heard.said == ["restarted at 7"]
    shelf.write(2)
    feed.hint()
    soon(lambda: heard.ids == [8, 9])


def test_a_lost_hint_does_no_harm(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    _feed, heard = follow(shelf)
    shelf.write(3)
    soon(lambda: heard.ids == [1, 2, 3])


def test_a_writer_heard_of_too_early_is_looked_for_again_at_once(tmp_path: Path, soon: Wait) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", clock=lambda: 0.0)
    heard = Heard(feed)
    feed.start()
    feed.hint()
    soon(lambda: shelf.reads == [0])
    shelf.write(1)
    feed.hint()
    assert feed._coalescing.interval() < COALESCE_MS / 2
    soon(lambda: heard.ids == [1])
    feed.hint()
    assert feed._coalescing.interval() == COALESCE_MS
    feed.stop()


def test_many_hints_are_one_read(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    feed, heard = follow(shelf)
    for _ in range(100):
        shelf.write(1)
        feed.hint()
    soon(lambda: len(heard.ids) == 100)
    assert heard.batches == [100]


def test_a_flood_comes_in_whole_batches_in_order(tmp_path: Path, soon: Wait) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=lambda: 0.0)
    heard = Heard(feed)
    feed.start()
    shelf.write(2 * BATCH + 30)
    feed.hint()
    soon(lambda: len(heard.ids) == 2 * BATCH + 30)
    feed.stop()
    assert heard.batches == [BATCH, BATCH, 30]
    assert heard.ids == list(range(1, 2 * BATCH + 31))


def test_a_flood_that_is_slow_to_take_in_comes_in_batches_that_fit_a_turn_of_the_window(
    tmp_path: Path, soon: Wait, clock: Clock
) -> None:
    shelf = Shelf()
    feed = EventFeed(shelf, tmp_path / "none.db", effort=clock)
    feed.arrived.connect(lambda events: clock.go_on(len(events) * 0.00004))
    heard = Heard(feed)
    feed.start()
    shelf.write(1_000)
    feed.hint()
    soon(lambda: len(heard.ids) == 1_000)
    feed.stop()
    assert heard.batches == [BATCH, 200, 200, 100]
    assert heard.ids == list(range(1, 1_001))


def test_it_starts_anew_where_pruning_overtook_it(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(5)
    feed, heard = follow(shelf)
    shelf.write(100)
    shelf.events = shelf.events[50:]
    feed.hint()
    soon(lambda: heard.said == ["restarted at 5", "restarted at 105"])
    assert heard.ids == []
    shelf.write(1)
    soon(lambda: heard.ids == [106])


def test_pruning_up_to_the_cursor_is_no_reason_to_start_anew(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(5)
    _feed, heard = follow(shelf)
    shelf.write(2)
    shelf.events = shelf.events[5:]
    soon(lambda: heard.ids == [6, 7])
    assert heard.said == ["restarted at 5"]


def test_a_locked_database_is_asked_again_and_nobody_is_told(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    feed, heard = follow(shelf)
    shelf.trouble = DatabaseBusyError(Path("x.db"))
    shelf.write(1)
    feed.hint()
    shelf.trouble = None
    soon(lambda: heard.ids == [1])
    assert heard.said == ["restarted at 0"]


def test_an_unreadable_database_is_told_once_and_so_is_its_return(follow: Follow, soon: Wait) -> None:
    shelf = Shelf()
    _feed, heard = follow(shelf)
    shelf.trouble = DatabaseError("disk I/O error")
    soon(lambda: len(heard.said) == 2)
    assert heard.said[1] == "The database cannot be read: disk I/O error"
    shelf.write(1)
    shelf.trouble = None
    soon(lambda: heard.ids == [1])
    assert heard.said == ["restarted at 0", "The database cannot be read: disk I/O error", "recovered"]


def test_a_database_that_is_unreadable_at_the_start_is_tried_again(follow: Follow, soon: Wait) -> None:
    shelf = Shelf(3)
    shelf.trouble = DatabaseError("gone")
    _feed, heard = follow(shelf)
    assert heard.said == ["The database cannot be read: gone"]
    shelf.trouble = None
    soon(lambda: "restarted at 3" in heard.said)


def test_nothing_is_read_after_stop(follow: Follow, qtbot: QtBot) -> None:
    shelf = Shelf()
    feed, heard = follow(shelf)
    feed.hint()
    feed.stop()
    shelf.write(1)
    feed.hint()
    qtbot.wait(3 * COALESCE_MS)
    assert heard.ids == []


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
    _feed, heard = follow(reader, file)
    child = (
        "import sys; from engine.state_store.job_state_store import JobStateStore as S; "
        "s = S(sys.argv[1]); [s.record_event('note.added', {'text': str(n)}) for n in range(5)]; s.close()"
    )
    subprocess.run([sys.executable, "-c", child, str(file)], check=True, timeout=PATIENCE_S)
    soon(lambda: len(heard.ids) >= 5)
    assert heard.ids == sorted(heard.ids)
    reader.close()
    database.close()
