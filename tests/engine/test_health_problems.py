"""What a failed use of the database is called depends on SQLite's result code, never on words in a message."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.health_problems import HealthProblemKind, database_problem
from state.database_errors import DamagedDatabaseError, DatabaseBusyError, DatabaseFailure, translated

PATH = Path("/srv/fuller/readonly malformed/locked/signalbox.db")


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("the words of SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_FULL, "The database is not writable: the disk is full. "),
        (sqlite3.SQLITE_READONLY_DBMOVED, "The database is not writable: it is on a read-only disk. "),
        (sqlite3.SQLITE_CORRUPT, f"The database is damaged: {PATH}: "),
        (sqlite3.SQLITE_NOTADB, f"The database is damaged: {PATH}: "),
        (sqlite3.SQLITE_IOERR_FSYNC, f"The database cannot be used: {PATH}: "),
        (sqlite3.SQLITE_CANTOPEN, f"The database cannot be used: {PATH}: "),
    ],
)
def test_a_problem_is_named_by_the_code_of_sqlite_whatever_the_path_says(code: int, sentence: str) -> None:
    problem = database_problem(translated(sqlite_error(code), PATH))
    assert problem.kind is HealthProblemKind.DATABASE
    assert problem.sentence.startswith(sentence)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_LOCKED])
def test_a_lock_of_another_program_is_no_fault_of_the_database(code: int) -> None:
    error = translated(sqlite_error(code), PATH)
    assert isinstance(error, DatabaseBusyError)
    assert database_problem(error).kind is HealthProblemKind.BUSY


def test_a_home_whose_path_says_full_is_not_a_full_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "full.db")) as connection, pytest.raises(sqlite3.Error) as caught:
        connection.execute("SELECT * FROM locked")
    error = translated(caught.value, tmp_path / "full.db")
    assert not isinstance(error, DatabaseBusyError)
    assert error.failure is DatabaseFailure.UNKNOWN
    assert "is full" not in database_problem(error).sentence


def test_a_database_found_damaged_at_its_opening_is_called_damaged() -> None:
    assert "is damaged" in database_problem(DamagedDatabaseError(PATH, "it is empty")).sentence
