"""Rows, columns and tables that are not what any release writes: each is named with its place, and nothing breaks."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.host.engine_service import EngineService
from engine.maintenance import home_invariants
from state.backup_check import problem_of
from state.tables import metadata
from tests.helpers.command_line import CommandLine, python

COMMANDS = (
    ("status", "--json"), ("jobs",), ("show", "bad"), ("logs",), ("limits", "list", "--json"), ("hold", "waits"),
    ("retry", "bad"), ("prune", "--older-than", "1h"),
)  # fmt: skip
FILLED = (
    "runs", "workstreams", "jobs", "job_dependencies", "step_attempts", "events", "errors", "engines", "callbacks",
    "settings", "holds", "limits",
)  # fmt: skip
WORDS = (  # columns of words that this release knows, and of JSON
    ("runs", "status"), ("runs", "metadata_json"), ("workstreams", "status"), ("jobs", "status"), ("jobs", "stage"),
    ("jobs", "origin"), ("jobs", "hold_cause"), ("jobs", "files_scope_json"), ("jobs", "spec_json"),
    ("step_attempts", "status"), ("step_attempts", "result_json"), ("events", "payload_json"), ("holds", "kind"),
    ("holds", "cause"), ("limits", "kind"), ("callbacks", "status"), ("callbacks", "job_status"),
    ("settings", "value_json"),
)  # fmt: skip


@pytest.fixture(scope="module")
def signalbox(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A home with a row in each table: a job that failed, one that waits for it, a hold, a limit and a setting."""
    signalbox = CommandLine(tmp_path_factory.mktemp("damaged"))
    signalbox("settings", "set", "callback", "true")
    signalbox("limits", "set", "tool", "shell", "3")
    signalbox("run", signalbox.file("bad.json", python("raise SystemExit(3)", "bad")), code=1)
    signalbox("submit", signalbox.file("waits.json", python("", "waits", metadata={"depends_on": ["bad"]})))
    signalbox("pause", "--tool", "claude")
    return signalbox


@contextmanager
def altered(signalbox: CommandLine, *statements: str) -> Iterator[None]:
    """The home with its database changed behind the program, and put back afterwards."""
    file = signalbox.home.database
    with closing(sqlite3.connect(":memory:")) as before:
        with closing(sqlite3.connect(file)) as connection:
            connection.backup(before)
            _alter(connection, statements)
            connection.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            )  # else a connection still open leaves it to the log
        try:
            yield
        finally:
            with closing(sqlite3.connect(file)) as connection:
                before.backup(connection)


def _alter(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    triggers = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    connection.executescript("DROP TRIGGER step_attempts_ended_is_final; DROP TRIGGER events_never_change;")
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for sql in triggers:
        if sql.split(" ON ")[1].split()[0] in tables:
            connection.execute(sql)
    connection.commit()


def on_row(table: str, column: str, value: str) -> str:
    return f"UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})"  # noqa: S608 - made here


def damage_found(signalbox: CommandLine) -> str:
    breaches = home_invariants.breaches(signalbox.home)
    return "\n".join(breach.sentence for breach in breaches if breach.code == "I7")


def ends_with_a_sentence(signalbox: CommandLine, *words: str) -> None:
    """Whatever it finds, a command ends by itself; `CommandLine` raises what would be a traceback."""
    result = signalbox.result_of(*words)
    assert result.code in {0, 1, 2}, (words, result)
    assert result.code == 0 or result.err or result.out


@pytest.mark.parametrize("table", FILLED)
def test_a8_a_value_of_another_type_is_named_with_its_place_in_every_column(
    signalbox: CommandLine, table: str
) -> None:
    for column in metadata.tables[table].columns:
        if column.primary_key and table in {"jobs", "step_attempts", "events", "callbacks"}:
            continue  # the number of a row can be nothing else
        with altered(signalbox, on_row(table, column.name, "x'ff00'")):
            found = damage_found(signalbox)
        assert (column.name in found and table in found) or "refers to a row" in found, (column, found)


@pytest.mark.parametrize("value", ["'nonsense'", "'{'", "'5'"])
def test_a8_a_word_that_no_release_knows_is_named_by_the_doctor(signalbox: CommandLine, value: str) -> None:
    for table, column in WORDS:
        if value == "'5'" and table == "settings":
            continue  # this is JSON: what it may be is checked with the settings
        with altered(signalbox, on_row(table, column, value)):
            found = damage_found(signalbox)
        assert column in found or table == "settings", (table, column, found)
        assert found


@pytest.mark.parametrize(("table", "column"), WORDS)
def test_a8_every_command_says_what_is_damaged(signalbox: CommandLine, table: str, column: str) -> None:
    with altered(signalbox, on_row(table, column, "'nonsense'")):
        for words in COMMANDS:
            ends_with_a_sentence(signalbox, *words)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("jobs", "priority", "'urgent'"), ("jobs", "job_id", "x'ff00'"), ("jobs", "tool", "x'ff00'"),
        ("jobs", "attempts", "1e300"), ("limits", "value", "'many'"), ("limits", "key", "x'ff00'"),
        ("holds", "reason", "x'ff00'"), ("events", "message", "x'ff00'"), ("events", "payload_json", "'[1]'"),
        ("step_attempts", "summary", "x'ff00'"), ("step_attempts", "number", "'first'"),
        ("engines", "engine_id", "x'ff00'"), ("engines", "pid", "'x'"), ("jobs", "summary", "CAST(x'ff' AS TEXT)"),
    ],
)  # fmt: skip
def test_a8_no_command_breaks_on_a_value_of_another_type(
    signalbox: CommandLine, table: str, column: str, value: str
) -> None:
    with altered(signalbox, on_row(table, column, value)):
        for words in (*COMMANDS, ("doctor", "--strict")):
            ends_with_a_sentence(signalbox, *words)


def test_a8_the_sentence_names_row_column_value_and_the_way_out(signalbox: CommandLine) -> None:
    with altered(signalbox, "UPDATE jobs SET status = 'lost' WHERE job_id = 'waits'"):
        error = signalbox("jobs", code=2).err
    for part in (
        "job_id 'waits'",
        "status is 'lost'",
        "held, queued",
        "signalbox doctor --strict",
        "--restore FILE",
    ):
        assert part in " ".join(error.split()), error


def test_a8_an_engine_on_a_damaged_row_starts_nothing_and_says_why(signalbox: CommandLine) -> None:
    damage = "UPDATE jobs SET stage = 'nonsense' WHERE job_id = 'waits'"
    with altered(signalbox, damage, "DELETE FROM job_dependencies"):
        service = EngineService(signalbox.home)
        try:
            report = service.step()
            assert "stage is 'nonsense'" in report.problem, report
            assert not report.idle
        finally:
            service.close()


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a8_a_table_that_is_gone_is_named_and_no_command_breaks(signalbox: CommandLine, table: str) -> None:
    with altered(signalbox, f"ALTER TABLE {table} RENAME TO gone"):
        assert f"The table {table} is gone." in damage_found(signalbox)
        assert f"the table {table} is gone" in problem_of(signalbox.home.database)
        for words in COMMANDS:
            ends_with_a_sentence(signalbox, *words)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP INDEX ix_jobs_queue", "The index ix_jobs_queue is gone."),
        ("ALTER TABLE holds DROP COLUMN cause", "The column holds.cause is gone."),
        ("CREATE TRIGGER own BEFORE UPDATE ON jobs BEGIN SELECT raise(ABORT, 'no'); END", "The trigger own"),
        ("INSERT INTO owner VALUES ('a'), ('b')", "The table owner names"),
        ("INSERT INTO job_dependencies VALUES ('waits', 'waits', 1)", "Jobs wait for one another: waits."),
        ("INSERT INTO alembic_version VALUES ('0003')", "names 2 schema versions"),
    ],
)
def test_a8_what_else_is_not_as_it_was_made_is_named(
    signalbox: CommandLine, statement: str, named: str
) -> None:
    with altered(signalbox, statement):
        assert named in damage_found(signalbox)


def test_a8_a_database_without_its_schema_version_is_damaged_and_not_foreign(signalbox: CommandLine) -> None:
    with altered(signalbox, "DROP TABLE alembic_version"):
        error = " ".join(signalbox("status", code=2).err.split())
    assert "is damaged (its schema version is gone)" in error
    assert "another program" not in error


def test_a8_a_job_ends_although_the_setting_of_its_command_is_damaged(signalbox: CommandLine) -> None:
    with altered(signalbox, "UPDATE settings SET value_json = '{' WHERE key = 'callback'"):
        signalbox("run", signalbox.file("ok.json", python("", "ok")))


def test_a8_a_backup_with_a_damaged_row_is_no_good_one_and_is_not_restored(signalbox: CommandLine) -> None:
    good = signalbox("backup").out.strip()
    with altered(signalbox, "UPDATE jobs SET stage = 'nonsense' WHERE job_id = 'waits'"):
        bad = signalbox("backup").out.strip()
        assert good in signalbox("doctor", code=1).out
        assert good in signalbox("doctor", "--strict", code=1).err.replace("\n", "")
    assert "stage is 'nonsense'" in signalbox("backup", "--restore", bad, code=2).err
    assert home_invariants.breaches(signalbox.home) == []


@pytest.mark.parametrize("kind", ["fifo", "folder", "nothing"])
def test_a8_what_is_no_file_is_not_restored_and_never_waited_for(
    signalbox: CommandLine, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "backup.db"
    if kind == "fifo":
        os.mkfifo(target)
    elif kind == "folder":
        target.mkdir()
    assert "file" in signalbox("backup", "--restore", target, code=2).err
