"""Queries that are text read every column there is, on whatever connection."""

import sqlite3
from pathlib import Path

import pytest

from state import attempt_queries, queries
from state.database import Database
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.job_select import ATTEMPT_COLUMNS, JOB_COLUMNS
from state.plain_reader import PlainReader
from state.sql_text import as_list, column, driver, first, marks, value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Database(tmp_path / "signalbox.db").close()
    return tmp_path / "signalbox.db"


def test_jobs_and_attempts_are_read_with_every_column(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        jobs = [each[0] for each in connection.execute(queries.JOBS).description]
        attempts = [each[0] for each in connection.execute(attempt_queries.ATTEMPTS).description]
    assert jobs == [each.name for each in JOB_COLUMNS]
    assert attempts == [each.name for each in ATTEMPT_COLUMNS]


def test_a_query_reads_in_the_transaction_that_is_open(path: Path) -> None:
    database = Database(path)
    with database.write() as connection:
        driver(connection).execute("INSERT INTO settings VALUES ('one', '1')")
        assert queries.all_settings(connection) == {"one": "1"}
        assert first(connection, "SELECT * FROM settings") == {"key": "one", "value_json": "1"}
    reader = DatabaseReader(database)
    assert reader.read(queries.all_settings) == {"one": "1"}
    reader.close()
    database.close()


def test_text_that_is_no_utf_8_is_looked_for_as_it_is_stored(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        of_list = "SELECT ? IN (SELECT value FROM json_each(?))"
        assert value(connection, of_list, ("half \ud800", as_list(["half \ud800"]))) == 1
        assert column(connection, f"SELECT 2 IN ({marks((1, 2, 3))})", (1, 2, 3)) == [1]


def test_the_plain_reader_writes_nothing_and_says_what_is_wrong(path: Path) -> None:
    reader = PlainReader(path, backups=path.parent, busy_ms=100)
    with pytest.raises(DatabaseError, match="readonly"), reader.connection() as connection:
        connection.execute("DELETE FROM settings")
    assert reader.read(queries.all_settings) == {}
    reader.close()


def test_a_new_and_an_old_file_are_made_current_before_the_plain_reader_reads(tmp_path: Path) -> None:
    made = PlainReader(tmp_path / "new.db", backups=tmp_path, busy_ms=100)
    assert made.read(queries.open_engines) == []
    made.close()
