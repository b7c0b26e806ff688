"""A window that is open while history is pruned: it shows what is there, whichever way it learns of it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gui.control.snapshot_reading import SnapshotReading
from gui.data.event_feed import EventFeed
from gui.data.projection import Projection
from state import event_queries, snapshot_query
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Following, Ledger, NewJob
from state.records import AttemptStatus, Engine, Job, JobStatus, Run, Workstream
from state.write_pruning import prunable

Wait = Callable[[Callable[[], bool]], None]
OLD, NEW, NOW = 1_000.0, 2_000.0, 3_000.0


class NotingReader(DatabaseReader):
    """Notes which queries the thread of the window has waited for."""

    def read(self, query: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        vars(self).setdefault("queries", []).append(query)
        return super().read(query, *arguments, **named)


class Window:
    """A projection that follows a real database."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.now = OLD
        self.ledger = Ledger(self.database, clock=lambda: self.now)
        self.reader = NotingReader(self.database, busy_ms=2_000)
        self.snapshots = SnapshotReading(self.reader)
        self.projection = Projection()
        self.feed = EventFeed(self.reader, path, snapshots=self.snapshots)
        self.feed.restarted.connect(self.projection.load)
        self.feed.arrived.connect(self.projection.fold)
        self.restarts = 0
        self.feed.restarted.connect(self._count)

    def _count(self, _snapshot: object) -> None:
        self.restarts += 1

    def done(self, job_id: str, at: float) -> None:
        """A job that ran to its end in a run of its own."""
        self.now = at
        self.ledger.jobs.create_run(Run(run_id=job_id), [Workstream(run_id=job_id, ws_id="w")])
        self.ledger.jobs.accept([NewJob(job=Job(job_id=job_id, run_id=job_id, ws_id="w"), spec={})])
        me = Engine(engine_id="me", home_id="home", host="here", pid=1)
        _, attempt = self.ledger.attempts.claim_one(job_id, me, runner="local", now=at)
        outcome = AttemptOutcome(status=AttemptStatus.COMPLETED, result={})
        self.ledger.attempts.end(attempt, outcome, Following(status=JobStatus.COMPLETED), now=at)

    def prune(self) -> None:
        self.now = NOW
        with closing(DatabaseReader(self.database)) as reader, reader.connection() as connection:
            old = prunable(connection, NEW)
        for _step in Ledger(self.database, clock=lambda: NOW).history.prune(old, before=NEW):
            pass


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    made = Window(tmp_path / "signalbox.db")
    made.done("old", OLD)
    made.done("new", NEW)
    yield made
    made.feed.stop()
    made.snapshots.stop()
    made.reader.close()
    made.database.close()


def test_a_window_that_is_up_to_date_drops_what_was_pruned(window: Window, soon: Wait) -> None:
    window.feed.start()
    assert set(window.projection.jobs) == {"old", "new"}
    window.prune()
    soon(lambda: set(window.projection.jobs) == {"new"})
    assert set(window.projection.runs) == {"new"}
    assert window.restarts == 2
    of_snapshots = vars(window.reader)["queries"].count(snapshot_query.snapshot)
    assert of_snapshots == 1, "only at the start does the window wait for one"


def test_a_window_whose_cursor_is_older_than_the_oldest_event_takes_a_snapshot_again(
    window: Window, soon: Wait
) -> None:
    window.feed.start()
    window.feed.stop()  # asleep
    window.done("newer", NEW)
    window.prune()
    window.done("newest", NOW)
    assert window.reader.read(event_queries.oldest_event_id) > 1
    window.feed.start()
    soon(lambda: set(window.projection.jobs) == {"new", "newer", "newest"})


def test_a_window_follows_on_after_pruning_as_before(window: Window, soon: Wait) -> None:
    window.feed.start()
    window.prune()
    soon(lambda: window.restarts == 2)
    window.done("newest", NOW)
    soon(lambda: "newest" in window.projection.jobs)
    assert window.restarts == 2
