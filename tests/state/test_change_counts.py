"""What is kept in memory is read again once somebody may have changed it, and not for any other write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from state import hold_queries
from state.database import Database
from state.ledger import Ledger
from state.records import Hold, HoldKind, Limit, LimitKind

HOLD = Hold(kind=HoldKind.TOOL, key="aider", reason="", since=1.0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "signalbox.db")
    yield made
    made.close()


@pytest.fixture
def other(database: Database) -> Iterator[Ledger]:
    """The same file, opened by somebody else."""
    opened = Database(database.path)
    yield Ledger(opened)
    opened.close()


def held(database: Database) -> int:
    """How many holds there are, from memory if it can be."""
    with database.write() as connection:
        found = database.kept("holds", ("holds",), lambda: hold_queries.all_holds(connection))
    return len(found)


def set_in_vain(database: Database) -> None:
    """Set a hold in a transaction that is rolled back."""
    with database.write():
        Ledger(database).holds.set(HOLD)
        assert held(database) == 1
        raise RuntimeError


def test_a_stamp_differs_with_the_tables_that_it_is_of_and_no_others(database: Database) -> None:
    ledger = Ledger(database)
    of_limits, of_holds = database.change_stamp("limits"), database.change_stamp("holds")
    ledger.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=3))
    assert database.change_stamp("limits") != of_limits
    assert database.change_stamp("holds") == of_holds


def test_a_stamp_of_any_table_differs_once_another_connection_has_written(
    database: Database, other: Ledger
) -> None:
    before = database.change_stamp("holds")
    assert database.change_stamp("holds") == before
    other.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=3))
    assert database.change_stamp("holds") != before


def test_what_is_kept_is_read_again_after_a_write_of_ours_and_of_others(
    database: Database, other: Ledger
) -> None:
    assert held(database) == 0
    Ledger(database).holds.set(HOLD)
    assert held(database) == 1
    other.holds.lift(HOLD.kind, HOLD.key)
    assert held(database) == 0


def test_what_a_transaction_has_not_committed_is_seen_by_it_and_kept_by_nobody(database: Database) -> None:
    assert held(database) == 0
    with pytest.raises(RuntimeError):
        set_in_vain(database)
    assert held(database) == 0


def test_a_thread_that_looks_once_sees_the_writes_of_others_with_its_next_transaction(
    database: Database, other: Ledger
) -> None:
    with database.looked_once():
        before = database.change_stamp()
        other.holds.set(HOLD)
        assert database.change_stamp() == before
        assert held(database) == 1
        assert database.change_stamp() != before
