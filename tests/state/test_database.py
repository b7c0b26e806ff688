"""Opening, migrating and protecting a database file."""

import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, create_engine, inspect

from state import event_queries, hold_queries, invariants, queries, queue_queries, snapshot_query
from state.compaction import INCREMENTAL
from state.database import Database
from state.database_errors import DatabaseBusyError, DatabaseError, ForeignDatabaseError, ViewOnlyError
from state.database_reader import DatabaseReader
from state.migrations import REVISIONS
from state.records import JobStatus
from state.sqlite_engines import STATEMENTS
from state.tables import metadata
from tests.helpers.patience import PATIENCE_S
from tests.state.conftest import Room, make_job

SCHEMAS = Path(__file__).parent / "schemas"


def shape(path: Path) -> dict[str, object]:
    engine = create_engine(f"sqlite:///{path}")
    try:
        with warnings.catch_warnings():
            # The line is an index over an expression; indexes are compared below, by name.
            warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
            return _shape(inspect(engine))
    finally:
        engine.dispose()


def _shape(looks: Inspector) -> dict[str, object]:
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in looks.get_columns(name)],
            looks.get_pk_constraint(name)["constrained_columns"],
            sorted(str(key["constrained_columns"]) for key in looks.get_foreign_keys(name)),
            sorted(str(key["column_names"]) for key in looks.get_unique_constraints(name)),
        )
        for name in looks.get_table_names()
        if name != "alembic_version"
    }


def index_names(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='index' AND name LIKE 'ix_%'"
        ).fetchall()
    connection.close()
    return {name for (name,) in found}


def auto_vacuum(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA auto_vacuum").fetchone()[0])


def test_the_migrations_make_exactly_the_tables_the_code_maps(tmp_path: Path) -> None:
    Database(tmp_path / "migrated.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'mapped.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert shape(tmp_path / "migrated.db") == shape(tmp_path / "mapped.db")
    assert index_names(tmp_path / "migrated.db") == index_names(tmp_path / "mapped.db")


def contents(path: Path) -> list[str]:
    """Every definition and every row of a file that nothing was done with yet, however its text is laid out."""
    with sqlite3.connect(path) as connection:
        dump = list(connection.iterdump())
    connection.close()
    return sorted(" ".join(statement.split()) for statement in dump)


def test_a_new_database_is_what_all_migrations_make_to_the_last_trigger_and_row(tmp_path: Path) -> None:
    Database(tmp_path / "new.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    config = Config()
    config.set_main_option("script_location", "state:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    assert contents(tmp_path / "new.db") == contents(tmp_path / "migrated.db"), (
        "state/migrations/newest.sql must say what the migrations make; they make\n"
        + "\n".join(contents(tmp_path / "migrated.db"))
    )


def test_making_a_new_database_does_without_alembic(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, state.database as d; d.Database(pathlib.Path(sys.argv[1]));"
        "print('alembic' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "new.db"], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "False"


def test_the_known_revisions_are_those_beside_the_code() -> None:
    config = Config()
    config.set_main_option("script_location", "state:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS


def test_every_released_schema_has_a_fixture() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.sql")} == set(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_release_opens_with_its_jobs_and_ends_at_the_newest_schema(
    tmp_path: Path, revision: str
) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as old:
        old.executescript((SCHEMAS / f"{revision}.sql").read_text(encoding="utf-8"))
        before = old.execute("SELECT * FROM events").fetchall()
    old.close()
    database = Database(path, backups=tmp_path)
    reader = DatabaseReader(database)
    assert [job.status for job in reader.read(queries.jobs_of_run, "r1")] == [
        JobStatus.COMPLETED,
        JobStatus.QUEUED,
    ]
    assert [event.event_type for event in reader.read(event_queries.events_after, 0)] == [
        row[2] for row in before
    ]
    with reader.connection() as connection:
        assert list(map(tuple, connection.exec_driver_sql("SELECT * FROM events"))) == before
        assert invariants.damage(connection) == []
    reader.close()
    database.close()
    Database(tmp_path / "new.db").close()
    assert auto_vacuum(path) == auto_vacuum(tmp_path / "new.db") == INCREMENTAL
    assert shape(path) == shape(tmp_path / "new.db")
    assert index_names(path) == index_names(tmp_path / "new.db")


def test_holds_of_an_older_release_get_the_cause_their_reason_tells(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    reasons = {
        "needs trust: it came in through the inbox; review it.": "inbox",
        "needs trust: it runs a command of its own; review it.": "trust",
        "This release cannot read what its file said: tool.": "unreadable",
        "Interrupted, and its outcome is unknown; look at it.": "interrupted",
        "Held by you; release it to queue it.": "person",
    }
    holds = [
        ("engine", "", "draining", None, "drain"), ("tool", "aider", "quota used up", 2_000.0, "quota"),
        ("tool", "codex", "5 attempts in a row could not start", None, "breaker"),
        ("account", "b", "5 attempts in a row were refused, the last one: no key", None, "breaker"),
        ("tool", "claude", "5 attempts in a row are enough for today", None, "person"),
        ("group", "night", "5 attempts in a row are enough", None, "person"), ("account", "a", "", None, "person"),
    ]  # fmt: skip
    with sqlite3.connect(path) as old:
        old.executescript((SCHEMAS / "0003.sql").read_text(encoding="utf-8"))
        columns = [row[1] for row in old.execute("PRAGMA table_info(jobs)")][2:]
        names = ", ".join(columns)
        old.execute("DELETE FROM holds")
        for kind, key, why, until, _ in holds:
            old.execute("INSERT INTO holds VALUES (?, ?, ?, 1000.0, ?)", [kind, key, why, until])
        for reason, cause in reasons.items():
            copied = f"INSERT INTO jobs (job_id, {names}) SELECT ?, {names} FROM jobs WHERE job_id = 'b'"  # noqa: S608 - our own names
            old.execute(copied, [cause])
            failure = "interrupted" if cause == "interrupted" else None
            held = [reason, failure, cause]
            old.execute(
                "UPDATE jobs SET status = 'held', hold_reason = ?, failure_class = ? WHERE job_id = ?", held
            )
    old.close()
    database = Database(path, backups=tmp_path)
    with database.write() as connection:
        jobs = {job.job_id: job.hold_cause for job in queries.open_jobs(connection)}
        found = {(hold.kind, hold.key): hold.cause for hold in hold_queries.all_holds(connection)}
    database.close()
    assert jobs == {**{cause: cause for cause in reasons.values()}, "b": None}
    assert found == {(kind, key): cause for kind, key, _, _, cause in holds}


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the number of the revision, and what later revisions have added.

    A revision adds columns at the end, so the rows of an older one are the beginnings of those of a newer one.
    """
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 - names of tables
    connection.close()
    return {
        name: found
        for name, found in rows.items()
        if name not in {"alembic_version", "callbacks", "owner", "sqlite_stat1"}
    }


def test_the_places_of_an_older_release_are_the_queue_positions_of_this_one(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as old:
        old.executescript((SCHEMAS / "0004.sql").read_text(encoding="utf-8"))
        old.execute("UPDATE jobs SET place = 0.25 WHERE job_id = 'b'")
    old.close()
    before = rows_of(path)
    database = Database(path, backups=tmp_path)
    with database.write() as connection:
        assert [job.queue_position for job in queue_queries.movable_jobs(connection)] == [0.25]
        assert invariants.damage(connection) == []
    database.close()
    after = rows_of(path)
    assert {
        name: [row[: len(old)] for row, old in zip(after[name], rows, strict=True)]
        for name, rows in before.items()
    } == before
    with sqlite3.connect(path) as migrated:
        [[index]] = migrated.execute("SELECT sql FROM sqlite_master WHERE name = 'ix_jobs_queue'")
    migrated.close()
    assert "coalesce(queue_position, seq)" in index


def test_a_newer_database_is_only_looked_at_and_not_one_byte_of_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    Database(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
        newer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    newer.close()
    before = hashlib.sha256(path.read_bytes()).digest()
    database = Database(path)
    assert database.view_only_because is not None
    assert "newer" in database.view_only_because
    reader = DatabaseReader(database)
    assert reader.read(snapshot_query.snapshot).jobs == ()
    with pytest.raises(ViewOnlyError, match="9999"), database.write():
        pass
    reader.close()
    database.close()
    assert hashlib.sha256(path.read_bytes()).digest() == before


@pytest.mark.parametrize(
    "content",
    [b"this is no database, but a text of more than a hundred bytes" * 4, b"SQLite format 3\0" + b"x" * 4080],
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    with pytest.raises(ForeignDatabaseError, match="left as it is"):
        Database(path)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError, match="another program"):
        Database(path)
    assert path.read_bytes() == before


def test_a_folder_at_the_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForeignDatabaseError, match="folder"):
        Database(tmp_path)


def test_files_are_for_the_owner_alone_even_under_an_open_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database(tmp_path / "home" / "signalbox.db")
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO settings (key, value_json) VALUES ('a', '1')")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home").iterdir()}
        assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
        database.close()
    finally:
        os.umask(before)
    assert modes
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}


def test_the_writer_syncs_each_commit_and_keeps_foreign_keys(room: Room) -> None:
    with room.database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_reader_can_write_nothing(room: Room) -> None:
    with pytest.raises(DatabaseError, match="readonly"), room.reader.connection() as connection:
        connection.exec_driver_sql("DELETE FROM limits")


def test_a_transaction_inside_a_transaction_is_all_or_nothing_with_it(room: Room) -> None:
    def add_and_fail() -> None:
        with room.ledger.transaction():
            room.add(make_job("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert room.reader.read(queries.find_job, "a") is None
    assert room.reader.read(event_queries.latest_event_id) == 0


def test_a_write_waits_for_another_process_and_then_says_that_it_is_busy(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = sqlite3.connect(room.database.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("state.writing_connection.WRITER_BUSY_MS", 50)
    second = Database(room.database.path)
    try:
        with pytest.raises(DatabaseBusyError, match="nothing was changed"), second.write():
            pass
    finally:
        holder.execute("ROLLBACK")
        holder.close()
        second.close()


def test_two_processes_that_open_a_new_home_at_once_both_find_it_ready(tmp_path: Path) -> None:
    code = "import sys, pathlib; from state.database import Database; Database(pathlib.Path(sys.argv[1])).close()"
    argv = [sys.executable, "-c", code, str(tmp_path / "new.db")]
    both = [subprocess.Popen(argv, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate(timeout=PATIENCE_S)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors


def test_a_file_that_was_replaced_while_open_is_noticed(room: Room, tmp_path: Path) -> None:
    assert not room.database.was_replaced()
    room.database.path.rename(tmp_path / "moved.db")
    assert room.database.was_replaced()
    Database(room.database.path).close()
    assert room.database.was_replaced()


def test_a_backup_holds_what_is_committed_and_is_for_the_owner_alone(room: Room, tmp_path: Path) -> None:
    room.add(make_job("a"))
    target = tmp_path / "copy.db"
    room.database.backup(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copy = Database(target)
    reader = DatabaseReader(copy)
    assert [job.job_id for job in reader.read(queries.jobs_of_run, "r1")] == ["a"]
    reader.close()
    copy.close()


def test_migrating_an_older_database_leaves_a_backup_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    Database(path).close()
    monkeypatch.setattr("state.database.REVISIONS", (*REVISIONS, "of-the-future"))
    Database(path, backups=tmp_path)._writer.dispose()
    backups = list(tmp_path.glob("old-schema-*.db"))
    assert len(backups) == 1
    with sqlite3.connect(backups[0]) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISIONS[-1],)
    copy.close()


LADDERED = {"tool": "aider", "metadata": {"escalate_to": ["codex", "claude"]}}


@pytest.mark.parametrize(
    ("tool", "file", "rung"),
    [
        ("aider", LADDERED, 0),
        ("claude", LADDERED, 2),
        ("gemini", LADDERED, 0),
        ("gemini", {"tool": "aider"}, 1),
        ("claude", {"tool": "codex"}, 0),
        ("aider", {"tool": "aider", "metadata": {"escalate_to": "no list"}}, 0),
        ("codex", ["no job"], 0),
    ],
)
def test_a_job_of_an_earlier_release_stands_on_the_rung_of_its_tool(
    tmp_path: Path, tool: str, file: object, rung: int
) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        connection.executescript((SCHEMAS / "0007.sql").read_text(encoding="utf-8"))
        connection.execute("INSERT INTO settings VALUES ('ladders', '{\"aider\": [\"gemini\"]}')")
        connection.execute(
            "INSERT INTO runs (run_id, title, status, created_at, metadata_json)"
            " VALUES ('ladders', '', 'queued', 1, '{}')"
        )
        connection.execute(
            "INSERT INTO workstreams (run_id, ws_id, title, status, position, created_at)"
            " VALUES ('ladders', 'w', '', 'queued', 0, 1)"
        )
        connection.execute(
            "INSERT INTO jobs (job_id, run_id, ws_id, step_name, position, tool, stage, status, priority, group_name,"
            " files_scope_json, origin, digest, quarantined, attempts, max_attempts, interruptions, created_at,"
            " summary, spec_json) VALUES ('j', 'ladders', 'w', '', 0, ?, 'edit', 'queued', 0, 'default', '[]', 'api',"
            " '', 0, 1, 2, 0, 1, '', ?)",
            (tool, json.dumps(file)),
        )
    connection.close()
    Database(path).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT rung FROM jobs WHERE job_id = 'j'").fetchone() == (rung,)
    connection.close()


def test_a_second_database_of_a_process_compiles_no_statement_anew(tmp_path: Path) -> None:
    compiled = []
    for name in ("first", "second"):
        database = Database(tmp_path / f"{name}.db")
        reader = DatabaseReader(database)
        assert reader.read(snapshot_query.snapshot).jobs == ()
        compiled.append(len(STATEMENTS))
        reader.close()
        database.close()
    assert compiled[0] == compiled[1] > 0
