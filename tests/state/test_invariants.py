"""Each invariant of the database: no complaint after any legal walk, and a breach where rows were altered."""

import re
import sqlite3

import pytest

from state import invariants
from state.job_changes import prioritising
from state.ledger import AttemptOutcome, Following
from state.records import AttemptStatus, HoldCause, HoldKind, JobHold, JobStatus, ReviewState, Run, Workstream
from state.worktree_records import SeenWorkstream, Worktree
from tests.state.conftest import ME, Room, make_job

ENDED = AttemptOutcome(status=AttemptStatus.FAILED, result={"success": False}, exit_code=1)
DONE = AttemptOutcome(status=AttemptStatus.COMPLETED, result={"success": True}, exit_code=0)


def found(room: Room) -> list[tuple[str, str]]:
    with room.reader.connection() as connection:
        return [(breach.code, breach.sentence) for breach in invariants.breaches(connection)]


def codes(room: Room) -> set[str]:
    return {code for code, _ in found(room)}


def lived_in(room: Room) -> Room:
    """A queue in which every kind of thing has happened once."""
    room.add(
        make_job("done"), make_job("tried", max_attempts=2),
        make_job("held", status=JobStatus.HELD, hold_cause=HoldCause.PERSON),
        make_job("runs", ws_id="w2"), make_job("dropped"), make_job("given back"), make_job("waits", run_id="r2"),
    )  # fmt: skip
    ledger = room.ledger
    _, first = ledger.attempts.claim_one("done", ME, runner="local", now=1_001)
    ledger.attempts.end(first, DONE, Following(status=JobStatus.COMPLETED), now=1_002)
    _, second = ledger.attempts.claim_one("tried", ME, runner="local", now=1_003)
    ledger.attempts.end(second, ENDED, Following(status=JobStatus.QUEUED, not_before=2_000.0), now=1_004)
    _, third = ledger.attempts.claim_one("tried", ME, runner="local", now=2_001)
    ledger.attempts.end(third, ENDED, Following(status=JobStatus.FAILED, quarantined=True), now=2_002)
    ledger.attempts.claim_one("runs", ME, runner="local", now=2_003)
    ledger.commands.request_cancel("runs", "")
    ledger.commands.request_cancel("dropped", "")
    ledger.commands.skip("dropped", "")
    _, fourth = ledger.attempts.claim_one("given back", ME, runner="local", now=2_004)
    ledger.attempts.unclaim(fourth, "never started", now=2_005)
    ledger.commands.apply(["given back"], prioritising(10))
    ledger.commands.release("held")
    ledger.commands.hold("held", JobHold(HoldCause.PERSON, "again"))
    ledger.attempts.start_external("waits")
    ledger.record_event("job.note", "A program of another's making notes something.")
    ledger.holds.lift(HoldKind.ENGINE, "")
    return room


def alter(room: Room, *statements: str) -> None:
    """Write behind the ledger's back, as a broken engine would."""
    with room.database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_empty_database_keeps_every_invariant(room: Room) -> None:
    assert found(room) == []


def test_a_queue_in_which_everything_has_happened_keeps_every_invariant(room: Room) -> None:
    assert found(lived_in(room)) == []


FINAL_AGAIN = "DROP TRIGGER step_attempts_ended_is_final"
NEVER_CHANGE = "DROP TRIGGER events_never_change"
AS_BEFORE = (
    "CREATE TRIGGER step_attempts_ended_is_final BEFORE UPDATE ON step_attempts BEGIN SELECT 1; END",
    "CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT 1; END",
)


@pytest.mark.parametrize(
    ("code", "statements", "told"),
    [
        ("I2", ["UPDATE jobs SET status = 'lost' WHERE job_id = 'waits'"], "Job waits is lost"),
        ("I2", ["UPDATE jobs SET cancel_requested_at = 1 WHERE job_id = 'done'"], "completed and still has a request"),
        ("I2", ["UPDATE runs SET status = 'completed' WHERE run_id = 'r1'"], "Run r1 is completed, but .* running"),
        ("I2", ["UPDATE workstreams SET status = 'held' WHERE ws_id = 'w1' AND run_id = 'r1'"], "Workstream r1/w1"),
        ("I2", ["UPDATE jobs SET hold_cause = NULL WHERE job_id = 'held'"], "Job held is held without a cause"),
        ("I2", ["UPDATE jobs SET hold_cause = 'quota' WHERE job_id = 'done'"], "has the cause quota of a hold"),
        ("I3", ["UPDATE jobs SET status = 'running' WHERE job_id = 'done'"], "done is running and has 0 running"),
        ("I3", ["UPDATE jobs SET status = 'queued' WHERE job_id = 'runs'"], "runs is queued and has 1 running"),
        ("I3", ["UPDATE jobs SET attempts = 3 WHERE job_id = 'tried'"], "tried counts 3 attempts and has 2"),
        ("I3", ["UPDATE jobs SET tree = '/t', status = 'running' WHERE job_id IN ('runs', 'waits')"], "2 running jobs"),
        ("I5", [FINAL_AGAIN, "UPDATE step_attempts SET status = 'gone' WHERE id = 1"], "1 of done is gone"),
        ("I5", [FINAL_AGAIN, "UPDATE step_attempts SET result_json = NULL WHERE id = 1"], "no end or no result"),
        ("I5", ["UPDATE step_attempts SET completed_at = 5 WHERE job_id = 'runs'"], "runs and has an end already"),
        ("I6", ["DELETE FROM events WHERE id = 5"], "1 are missing"),
        ("I6", ["DELETE FROM events WHERE id = (SELECT max(id) FROM events)"], "is the last one"),
        ("I6", ["UPDATE jobs SET status = 'skipped' WHERE job_id = 'done'"], "done is skipped, .* end with completed"),
        ("I7", ["DROP TRIGGER events_never_change"], "events_never_change is gone"),
        ("I7", ["UPDATE alembic_version SET version_num = '9999'"], "schema version is 9999"),
    ],
)  # fmt: skip
def test_a_row_altered_behind_the_ledger_is_found(
    room: Room, code: str, statements: list[str], told: str
) -> None:
    alter(lived_in(room), *statements)
    if FINAL_AGAIN in statements:
        alter(room, AS_BEFORE[0])
    assert code in codes(room)
    assert any(re.search(told, sentence) for _, sentence in found(room))


@pytest.mark.parametrize(
    ("statement", "breach"),
    [
        ("UPDATE merges SET state = 'withdrawn'", "r1/w1 is approved, and it has 0 places in merge queues"),
        ("UPDATE workstreams SET review = 'waiting', status = 'review'", "is waiting, and it has 1 places"),
    ],
)
def test_v6_an_approval_without_a_place_in_the_merge_queue_is_found(
    room: Room, statement: str, breach: str
) -> None:
    ledger = room.ledger
    stream = Workstream(run_id="r1", ws_id="w1", review=ReviewState.WORKING)
    ledger.jobs.create_run(Run(run_id="r1"), [stream])
    ledger.worktrees.enter(
        Worktree(run_id="r1", ws_id="w1", repo="/src", path="/tree", branch="b", target="main", head="a" * 40)
    )
    room.add(make_job("a"))
    ledger.commands.skip("a", "")
    ledger.reviews.approve(SeenWorkstream("r1", "w1"))
    assert found(room) == []
    alter(room, statement, "UPDATE runs SET status = 'review' WHERE status = 'merging' AND run_id IN "
          "(SELECT run_id FROM workstreams WHERE review = 'waiting')")  # fmt: skip
    assert any(code == "I2" and breach in sentence for code, sentence in found(room))


def test_a_move_the_lifecycle_does_not_have_is_found_among_the_events(room: Room) -> None:
    lived_in(room)
    alter(
        room,
        NEVER_CHANGE,
        "UPDATE events SET payload_json = json_set(payload_json, '$.status', 'completed') "
        "WHERE job_id = 'held' AND event_type = 'job.queued'",
        AS_BEFORE[1],
    )
    assert ("I2", "Job held went from held to completed, which is no legal move.") in found(room)


def test_an_attempt_whose_end_no_event_tells_is_found(room: Room) -> None:
    lived_in(room)
    alter(
        room,
        "UPDATE step_attempts SET status = 'completed', completed_at = 1, result_json = '{}' WHERE id = 4",
    )
    assert ("I6", "Attempt 4 of runs is ended; events report 1 starts and 0 ends.") in found(room)


def test_a_reference_to_a_row_that_is_not_there_is_found(room: Room) -> None:
    lived_in(room)
    careless = sqlite3.connect(room.database.path)  # a connection of another program does not mind references
    careless.execute("DELETE FROM jobs WHERE job_id = 'done'")
    careless.commit()
    careless.close()
    assert codes(room) == {"I7"}


def test_events_pruned_from_the_beginning_are_no_gap(room: Room) -> None:
    alter(lived_in(room), "DELETE FROM events WHERE id <= 10")
    assert found(room) == []


def test_attempts_that_have_ended_are_told_from_those_that_run(room: Room) -> None:
    lived_in(room)
    with room.reader.connection() as connection:
        rows = connection.exec_driver_sql("SELECT id, token, status FROM step_attempts").fetchall()
        asked = {(number, token) for number, token, _ in rows} | {(1, "another token"), (99, "none")}
        ended = invariants.ended_among(connection, asked)
    assert ended == {(number, token) for number, token, status in rows if status != "running"}
