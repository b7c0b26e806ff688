"""Whether a database was written to, as far as its files say; where they do not, it has to be asked."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from state.written_files import SETTLING_S, WrittenFiles


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A database with a write-ahead log, which has been left alone for a while."""
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.commit()
        leave_alone(path)
        yield path


def leave_alone(path: Path, seconds: float = SETTLING_S + 1) -> None:
    for each in (path, path.with_name(f"{path.name}-wal")):
        os.utime(each, (time.time() - seconds,) * 2)


def write(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO t VALUES (1)")
        other.commit()


def test_files_that_nobody_writes_to_are_as_noted_until_somebody_does(database: Path) -> None:
    files = WrittenFiles(database)
    assert not files.are_as_noted(), "nothing is known before the first look"
    files.note()
    assert files.are_as_noted()
    write(database)
    assert not files.are_as_noted()


def test_files_that_were_written_to_just_now_say_nothing(database: Path) -> None:
    files = WrittenFiles(database)
    leave_alone(database, SETTLING_S / 2)
    files.note()
    assert not files.are_as_noted(), "a second write may have the time of the first"
    leave_alone(database, 5)
    files.note()
    assert not files.are_as_noted(), "a busy disk may still sync a write that nobody has seen"
    leave_alone(database, -3600)
    files.note()
    assert not files.are_as_noted(), "the clock was set back meanwhile"


def test_without_a_log_the_database_has_to_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()
    files = WrittenFiles(path)
    os.utime(path, (0, 0))
    files.note()
    assert not files.are_as_noted()


def test_a_log_that_begins_anew_is_noticed(database: Path) -> None:
    files = WrittenFiles(database)
    files.note()
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not files.are_as_noted()
