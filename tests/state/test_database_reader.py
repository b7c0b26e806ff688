"""One connection for one thread: single queries, and several about one moment."""

import pytest

from state import event_queries, queries, statistics
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.records import JobStatus
from tests.state.conftest import Room, make_job


def test_a_query_is_answered_with_its_own_types_and_sees_what_was_written_before(room: Room) -> None:
    assert room.reader.read(queries.find_job, "a") is None
    room.add(make_job("a"))
    job = room.reader.read(queries.find_job, "a")
    assert job is not None
    assert job.status is JobStatus.QUEUED
    assert room.reader.read(queries.list_jobs, status=[JobStatus.HELD]) == []
    assert room.reader.read(statistics.counts) == {JobStatus.QUEUED: 1}


def test_several_queries_on_one_connection_see_one_moment(room: Room) -> None:
    room.add(make_job("a"))
    with room.reader.connection() as connection:
        before = event_queries.latest_event_id(connection)
        room.add(make_job("b"))
        assert queries.find_job(connection, "b") is None
        assert event_queries.latest_event_id(connection) == before
    assert room.reader.read(queries.find_job, "b") is not None


def test_a_query_that_fails_says_so_without_a_word_of_the_library_beneath(room: Room) -> None:
    with room.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE errors")
    with pytest.raises(DatabaseError, match="no such table: errors"):
        room.reader.read(statistics.error_counts)


def test_another_thread_gets_a_reader_of_its_own(room: Room) -> None:
    other = room.reader.another()
    assert isinstance(other, DatabaseReader)
    other.close()
    assert room.reader.read(event_queries.latest_event_id) == 0
