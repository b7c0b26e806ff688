"""A predicted conflict is a row with events, and goes in the transaction that merges or discards one of its sides."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from state import conflict_queries, event_queries, queries, snapshot_query
from state.codec import record_from_json
from state.lifecycle import workstream_status
from state.records import Event, GroupStatus, ReviewState, Run, Workstream
from state.worktree_records import PredictedConflict, Worktree, WorktreeSnapshot
from tests.state.conftest import Room

FOUND = PredictedConflict(
    run_id="r1", ws_id="cart", other_run_id="r1", other_ws_id="prices", other_branch="signalbox/r1/prices",
    commit="a" * 40, other_commit="b" * 40, files=("totals.py",), places=2, checked_at=1_000.0,
)  # fmt: skip
WITH_TARGET = PredictedConflict(
    run_id="r1", ws_id="prices", other_branch="main", commit="b" * 40, other_commit="c" * 40, files=("a.py",),
    checked_at=1_000.0,
)  # fmt: skip


@pytest.fixture
def streams(room: Room) -> Room:
    names = ("cart", "prices", "docs")
    made = [Workstream(run_id="r1", ws_id=name, review=ReviewState.WAITING) for name in names]
    room.ledger.jobs.create_run(Run(run_id="r1"), made)
    return room


def predicted(room: Room) -> Sequence[PredictedConflict]:
    return room.reader.read(conflict_queries.predicted_conflicts)


def events(room: Room) -> list[Event]:
    found = room.reader.read(event_queries.events_after, 0)
    return [event for event in found if event.event_type.startswith("conflict.")]


def review(room: Room, ws_id: str, state: ReviewState) -> None:
    """Move a workstream's review there, by way of the merge queue where that leads to it."""
    writer = room.ledger.conflicts._writer
    for each in (ReviewState.APPROVED, state) if state is ReviewState.MERGED else (state,):
        stream = room.reader.read(queries.find_workstream, ws_id, "r1")
        assert stream is not None
        with writer.transaction() as connection:
            status = workstream_status(GroupStatus.COMPLETED, each)
            writer.write_workstream(connection, replace(stream, review=each), status)


def test_a_conflict_is_a_row_an_event_and_part_of_the_snapshot(streams: Room) -> None:
    streams.ledger.conflicts.record([FOUND, WITH_TARGET])
    assert predicted(streams) == [FOUND, WITH_TARGET]
    first, second = events(streams)
    assert (first.event_type, first.message) == (
        "conflict.predicted", "cart and prices would conflict in totals.py.",
    )  # fmt: skip
    assert second.message == "prices and main would conflict in a.py."
    assert record_from_json(PredictedConflict, first.payload["conflict"]) == FOUND
    assert streams.reader.read(snapshot_query.snapshot).conflicts == (FOUND, WITH_TARGET)


def test_a_conflict_in_other_files_replaces_the_row(streams: Room) -> None:
    streams.ledger.conflicts.record([FOUND])
    moved = replace(FOUND, commit="d" * 40, files=("rules.py", "totals.py"))
    streams.ledger.conflicts.record([moved])
    assert predicted(streams) == [moved]
    assert len(events(streams)) == 2


def test_what_is_gone_is_deleted_with_an_event(streams: Room) -> None:
    streams.ledger.conflicts.record([FOUND, WITH_TARGET])
    streams.ledger.conflicts.record([], gone=[FOUND.key])
    assert predicted(streams) == [WITH_TARGET]
    assert events(streams)[-1].event_type == "conflict.gone"
    assert record_from_json(PredictedConflict, events(streams)[-1].payload["conflict"]) == FOUND


def test_what_was_never_there_goes_without_an_event(streams: Room) -> None:
    streams.ledger.conflicts.record([], gone=[FOUND.key])
    assert events(streams) == []


@pytest.mark.parametrize("ws_id", ["cart", "prices"])
@pytest.mark.parametrize("state", [ReviewState.MERGED, ReviewState.DISCARDED])
def test_a_conflict_goes_when_one_side_is_merged_or_discarded(
    streams: Room, ws_id: str, state: ReviewState
) -> None:
    streams.ledger.conflicts.record([FOUND])
    review(streams, ws_id, state)
    assert predicted(streams) == []
    assert [event.event_type for event in events(streams)] == ["conflict.predicted", "conflict.gone"]


def test_a_conflict_stays_when_a_side_is_approved(streams: Room) -> None:
    streams.ledger.conflicts.record([FOUND])
    review(streams, "cart", ReviewState.APPROVED)
    assert predicted(streams) == [FOUND]


def test_a_rehearsal_that_ends_after_a_side_was_merged_predicts_nothing(streams: Room) -> None:
    review(streams, "cart", ReviewState.MERGED)
    streams.ledger.conflicts.record([FOUND])
    assert predicted(streams) == []


def test_unmerged_branches_are_those_with_a_base_and_an_open_review(streams: Room) -> None:
    for name in ("cart", "prices", "docs"):
        tree = Worktree(
            run_id="r1", ws_id=name, repo="/shop", path=f"/trees/{name}", branch=f"signalbox/r1/{name}",
            base_commit=None if name == "docs" else "e" * 40,
        )  # fmt: skip
        streams.ledger.worktrees.enter(tree)
    for number in (1, 2):
        streams.ledger.worktrees.add_snapshot(
            WorktreeSnapshot(run_id="r1", ws_id="cart", number=number, commit="f" * 40)
        )
    found = streams.reader.read(conflict_queries.unmerged_branches)
    assert [(each.worktree.ws_id, each.snapshot) for each in found] == [("cart", 2), ("prices", 0)]
    assert all(each.is_finished for each in found)
    review(streams, "cart", ReviewState.DISCARDED)
    found = streams.reader.read(conflict_queries.unmerged_branches)
    assert [each.worktree.ws_id for each in found] == ["prices"]
