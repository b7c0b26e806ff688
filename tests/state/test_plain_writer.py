"""Commands write the same through SQLite's own driver as through SQLAlchemy, as durably, and are refused alike."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from state import event_queries, job_changes, queries
from state.change_counts import ChangeCounts
from state.change_writer import ChangeWriter
from state.database import Database
from state.database_errors import DatabaseBusyError, DatabaseError, ViewOnlyError
from state.hold_queries import all_holds, all_limits
from state.job_ledger import JobLedger
from state.plain_writer import PlainWriter
from state.records import (
    CallbackStatus,
    Hold,
    HoldCause,
    HoldKind,
    JobHold,
    Limit,
    LimitKind,
    ReviewState,
    Workstream,
)
from state.sql_text import driver, value
from state.worktree_records import Worktree
from state.write_holds import HoldWriter
from state.write_limits import LimitWriter
from state.write_settings import SettingWriter
from tests.state.conftest import Room, make_job

HELD = JobHold(HoldCause.PERSON, "Look at it first.")


def plain(room: Room) -> tuple[PlainWriter, JobLedger]:
    """What writes to the room's database without SQLAlchemy."""
    writer = PlainWriter(room.database.path, backups=room.database.path.parent)
    return writer, JobLedger(ChangeWriter(writer, clock=room.clock))


def command(ledger: JobLedger, *job_ids: str) -> None:
    """Hold, release, cancel, retry and skip jobs."""
    for plan in (
        job_changes.holding(HELD),
        job_changes.releasing,
        job_changes.cancelling(": enough", 5.0),
        job_changes.retrying(None),
        job_changes.cancelling("", 6.0),
        job_changes.skipping("", 7.0),
    ):
        assert not ledger.commands.apply(job_ids, plan).refused


def test_the_same_rows_and_events_are_written_with_and_without_sqlalchemy(room: Room) -> None:
    room.ledger.settings.change("callback", ["true"])
    room.add(make_job("a", run_id="r1"), make_job("b", run_id="r2"))
    before = room.database.change_stamp()
    writer, ledger = plain(room)
    command(ledger, "b")
    assert room.database.change_stamp() != before
    command(room.ledger, "a")
    writer.close()
    jobs = room.reader.read(queries.find_jobs, ["a", "b"])
    assert replace(jobs["b"], job_id="a", run_id="r1", seq=1) == jobs["a"]
    events = [room.reader.read(event_queries.events_of_job, job_id, 20) for job_id in ("a", "b")]
    assert [(one.event_type, one.message) for one in events[0]] == [
        (one.event_type, one.message.replace("b was", "a was").replace("b is", "a is")) for one in events[1]
    ]
    ends = "SELECT count(*) FROM callbacks WHERE job_id = ? AND status = ?"
    with room.reader.connection() as connection:
        promised = [value(connection, ends, (job_id, CallbackStatus.WAITING)) for job_id in ("a", "b")]
        statuses = [queries.find_run(connection, run_id) for run_id in ("r1", "r2")]
    assert promised == [2, 2]
    assert len({run.status for run in statuses if run is not None}) == 1


def test_what_follows_the_review_of_a_workstream_follows_without_sqlalchemy_too(room: Room) -> None:
    room.add(make_job("a"))
    room.ledger.worktrees.enter(
        Worktree(run_id="r1", ws_id="w1", repo="/r", path="/t", branch="b", target="main")
    )
    with room.database.write() as connection:
        driver(connection).execute("UPDATE workstreams SET review = ?", (ReviewState.WORKING,))
    writer, ledger = plain(room)
    ledger.commands.skip("a", "")
    assert review(room) is ReviewState.WAITING
    room.ledger.worktrees.change("r1", "w1", head="1234567")
    ledger.commands.retry("a")
    writer.close()
    assert review(room) is ReviewState.WORKING
    with room.reader.connection() as connection:
        assert value(connection, "SELECT head FROM worktrees") is None


def review(room: Room) -> ReviewState:
    """Where the review of the only workstream stands."""
    found = room.reader.read(queries.find_workstream, "w1", "r1")
    assert isinstance(found, Workstream)
    return found.review


def test_holds_limits_and_settings_are_written_alike_with_and_without_sqlalchemy(room: Room) -> None:
    writer = PlainWriter(room.database.path, backups=room.database.path.parent)
    changes = ChangeWriter(writer, clock=room.clock)
    ways = [
        (HoldWriter(changes), LimitWriter(changes), SettingWriter(changes)),
        (room.ledger.holds, room.ledger.limits, room.ledger.settings),
    ]
    seen: list[tuple[list[Any], list[Any], list[Any]]] = []
    for holds, limits, settings in ways:
        before = room.reader.read(event_queries.latest_event_id)
        for reason in ("first", "second"):
            holds.set(Hold(kind=HoldKind.TOOL, key="aider", reason=reason, since=room.clock()))
            limits.set(Limit(kind=LimitKind.TOOL, key="aider", value=len(reason)))
            settings.change("callback", [reason])
        stored = [room.reader.read(query) for query in (all_holds, all_limits, queries.all_settings)]
        assert (holds.lift(HoldKind.TOOL, "aider"), limits.remove(LimitKind.TOOL, "aider")) == (True, True)
        assert (holds.lift(HoldKind.TOOL, "aider"), limits.remove(LimitKind.TOOL, "aider")) == (False, False)
        settings.change("callback", None)
        left = [room.reader.read(query) for query in (all_holds, all_limits, queries.all_settings)]
        events = room.reader.read(event_queries.events_after, before)
        seen.append((stored, left, [(one.event_type, one.message, one.payload) for one in events]))
    writer.close()
    assert seen[0] == seen[1]
    assert [len(found) for found in seen[0][0]] == [1, 2, 1]
    assert "callback" not in seen[0][1][2]


def test_a_lifted_hold_ends_the_wait_for_its_quota_without_sqlalchemy_too(room: Room) -> None:
    waiting = make_job("a", tool="aider", not_before=1e10, waits_for="quota")
    other = make_job("b", tool="claude", not_before=1e10, waits_for="quota")
    mine = make_job("c", tool="aider", account="work", not_before=1e10, waits_for="quota")
    room.add(waiting, other, mine)
    writer = PlainWriter(room.database.path, backups=room.database.path.parent)
    holds = HoldWriter(ChangeWriter(writer, clock=room.clock))
    holds.set(Hold(kind=HoldKind.TOOL, key="aider", reason="", since=1.0))
    assert holds.lift(HoldKind.TOOL, "aider")
    jobs = room.reader.read(queries.find_jobs, ["a", "b", "c"])
    assert {job_id: job.waits_for for job_id, job in jobs.items()} == {"a": None, "b": "quota", "c": "quota"}
    holds.set(Hold(kind=HoldKind.ACCOUNT, key="work", reason="", since=1.0))
    assert holds.lift(HoldKind.ACCOUNT, "work")
    assert room.reader.read(queries.find_jobs, ["c"])["c"].not_before is None
    writer.close()


def test_both_ways_to_write_sync_and_check_references_alike(room: Room) -> None:
    writer, _ = plain(room)
    pragmas = ("synchronous", "journal_mode", "foreign_keys", "journal_size_limit", "busy_timeout")
    with room.database.write() as connection:
        ours = [value(connection, f"PRAGMA {name}") for name in pragmas]
    with writer.write() as connection:
        assert [value(connection, f"PRAGMA {name}") for name in pragmas] == ours
    assert ours[:3] == [2, "wal", 1]
    writer.close()


def test_a_transaction_of_the_plain_writer_is_all_or_nothing(room: Room) -> None:
    room.add(make_job("a"), make_job("b"))
    writer, ledger = plain(room)

    def hold_both_and_fail() -> None:
        with ledger.transaction():
            ledger.commands.hold("a", HELD)
            ledger.commands.hold("b", HELD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hold_both_and_fail()
    assert room.reader.read(queries.find_job, "a") == room.reader.read(queries.find_jobs, ["a"])["a"]
    assert {job.hold_reason for job in room.reader.read(queries.open_jobs)} == {None}
    ledger.commands.hold("a", HELD)
    assert ChangeCounts.has_written
    writer.close()


def test_the_plain_writer_waits_for_another_process_and_then_says_that_it_is_busy(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.add(make_job("a"))
    monkeypatch.setattr("state.writing_connection.WRITER_BUSY_MS", 50)
    writer, ledger = plain(room)
    holder = sqlite3.connect(room.database.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusyError, match="nothing was changed"):
        ledger.commands.hold("a", HELD)
    holder.execute("ROLLBACK")
    holder.close()
    ledger.commands.hold("a", HELD)
    writer.close()


def test_a_newer_and_a_damaged_database_are_refused_by_the_plain_writer(tmp_path: Path) -> None:
    path = tmp_path / "signalbox.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = PlainWriter(path, backups=tmp_path)
    with pytest.raises(ViewOnlyError, match="newer Signalbox"), newer.write():
        pass
    newer.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM alembic_version")
    with pytest.raises(DatabaseError, match="schema version is gone"):
        PlainWriter(path, backups=tmp_path)
