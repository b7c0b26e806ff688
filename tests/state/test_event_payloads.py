"""Events and results keep only what the rows do not say, and are read whole."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state import attempt_queries, event_queries, queries, rows
from state.attempt_results import stored_result, whole_result
from state.codec import record_from_json, record_to_json
from state.ledger import AttemptOutcome, Following
from state.records import Attempt, AttemptStatus, Event, Hold, HoldCause, HoldKind, Job, JobHold, JobStatus
from state.write_pruning import prunable
from tests.state.conftest import ME, Room, make_job

FILE: dict[str, Any] = {
    "step_name": "build it", "position": 4, "stage": "merge", "group_name": "night", "tree": "/src/repo",
    "files_scope": ("src/a.py",), "source_path": "/src/a.json", "digest": "f" * 64, "scope_root": "/src",
    "tool": "codex", "depends_on": ("x",), "priority": 7, "max_attempts": 3, "note": "look", "labels": ("flaky",),
}  # fmt: skip


def outcome(status: AttemptStatus, **more: Any) -> AttemptOutcome:
    whole = {
        "exit_code": more.get("exit_code"), "error_report_path": None, "duration_s": 2.5, "stdout": "", "stderr": "",
        "success": status is AttemptStatus.COMPLETED, "job_id": "a", "metadata": {"summary": more.get("summary", "")},
    }  # fmt: skip
    return AttemptOutcome(status=status, result=whole, duration_s=2.5, **more)


def newest(room: Room) -> Event:
    job_events = [one for one in room.reader.read(event_queries.events_after, 0) if "job" in one.payload]
    return job_events[-1]


def claim(room: Room, now: float) -> tuple[Job, Attempt]:
    return room.ledger.attempts.claim_one("a", ME, runner="local", now=now)


def check(room: Room, job: Job, attempt: Attempt | None = None) -> None:
    """The newest event has these very records, as records are written sparsely, and what is at the top."""
    event = newest(room)
    top = {"job_id": job.job_id, "ws_id": job.ws_id, "tool": job.tool, "status": job.status.value}
    assert event.payload["job"] == record_to_json(job, sparse=True)
    assert {name: event.payload[name] for name in top} == top
    if attempt is not None:
        whole = record_to_json(replace(attempt, result={}), sparse=True)
        assert {**whole, "runner": "local"} == {"runner": "local", **event.payload["attempt"]}
        assert (event.attempt_id, event.run_id) == (attempt.id, job.run_id)


def test_whatever_a_job_goes_through_each_event_is_read_with_the_whole_job_and_attempt(room: Room) -> None:
    ledger = room.ledger
    (job,) = room.add(make_job("a", **FILE))
    check(room, job)
    check(room, ledger.commands.hold("a", JobHold(HoldCause.PERSON, "wait")))
    check(room, ledger.commands.release("a"))
    check(room, *claim(room, 1_001.0))
    quota = Hold(kind=HoldKind.TOOL, key="codex", since=1.0, reason="No quota.", cause=HoldCause.QUOTA)
    again = Following(
        status=JobStatus.QUEUED, not_before=1_500.0, waits_for="quota", tool="claude", rung=1, hold=quota
    )
    attempt = room.reader.read(attempt_queries.running_attempts)[0]
    failed = outcome(
        AttemptStatus.QUOTA, exit_code=1, summary="No quota.", failure_class="quota", input_tokens=7
    )
    ended = ledger.attempts.end(attempt, failed, again, now=1_003.0)
    assert ended is not None
    assert newest(room).payload["job"]["tool"] == "claude"
    check(room, *ended)
    check(room, ledger.commands.release("a"))
    started = claim(room, 1_010.0)
    check(room, *started)
    check(room, ledger.commands.request_cancel("a", ""))
    heard = outcome(AttemptStatus.COMPLETED, exit_code=0, session_id="s1")
    done = ledger.attempts.end(started[1], heard, Following(status=JobStatus.COMPLETED), now=1_020.0)
    assert done is not None
    check(room, *done)
    assert (newest(room).payload["exit_code"], newest(room).payload["duration_s"]) == (0, 2.5)
    check(room, ledger.commands.retry("a"))


def test_the_events_of_a_usual_job_repeat_nothing_of_its_row(room: Room) -> None:
    room.add(make_job("a", step_name="build", position=4, source_path="/src/a.json", digest="f" * 64))
    started = claim(room, 1_001.0)
    done = outcome(AttemptStatus.COMPLETED, exit_code=0, summary="true succeeded.")
    room.ledger.attempts.end(started[1], done, Following(status=JobStatus.COMPLETED), now=1_002.0)
    with room.reader.connection() as connection:
        found = (
            connection.exec_driver_sql("SELECT payload_json FROM events WHERE job_id = 'a'").scalars().all()
        )
        result = connection.exec_driver_sql("SELECT result_json FROM step_attempts").scalar()
    assert all(len(payload) < 60 for payload in found)
    assert "digest" not in "".join(found)
    assert result == '{"_":1,"metadata":{}}'
    assert room.reader.read(attempt_queries.attempts_of, "a")[0].result == dict(done.result)


def test_an_event_of_an_earlier_release_is_read_as_it_is_stored(room: Room) -> None:
    (job,) = room.add(make_job("a", **FILE))
    old = {
        "job": {"job_id": "a", "run_id": "r1", "ws_id": "w1", "digest": "e" * 64},
        "job_id": "a",
        "status": "queued",
    }
    room.ledger.record_event("job.queued", "a was added.", extra=old, job_id="a", run_id="r1", ws_id="w1")
    event = room.reader.read(event_queries.events_of_job, "a")[-1]
    assert event.payload == old
    assert record_from_json(Job, event.payload["job"]).digest != job.digest


def test_an_event_whose_job_was_pruned_still_says_which_job_it_was_and_how_it_stood(room: Room) -> None:
    room.add(make_job("a", tool="codex"))
    _, attempt = claim(room, 1_001.0)
    room.ledger.attempts.end(
        attempt, outcome(AttemptStatus.COMPLETED), Following(status=JobStatus.COMPLETED), now=1_002.0
    )
    with room.reader.connection() as connection:
        old = prunable(connection, 2_000.0)
    for _ in room.ledger.history.prune(replace(old, last_event=0), before=2_000.0):
        pass
    assert room.reader.read(queries.find_job, "a") is None
    found = [one for one in room.reader.read(event_queries.events_after, 0) if one.job_id == "a"]
    assert [one.payload["status"] for one in found] == ["queued", "running", "completed"]
    assert {(one.payload["job_id"], one.payload["tool"]) for one in found} == {("a", "codex")}
    assert not any({"job", "attempt"} & one.payload.keys() for one in found)


def in_order(result: dict[str, Any]) -> str:
    """As stored, but for the order of its names, which nobody reads: numbers and truth values stay apart."""
    metadata = result["metadata"]
    whole = {**result, "metadata": metadata and dict(sorted(metadata.items()))}
    return rows.dump(dict(sorted(whole.items())))


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "x"])
)
NAMES = ("exit_code", "error_report_path", "duration_s", "stdout", "stderr", "success", "job_id", "own")


@given(
    result=st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, VALUES)),
    metadata=st.none() | st.dictionaries(st.sampled_from(["summary", "tests"]), VALUES),
    row=st.fixed_dictionaries({
        "exit_code": st.none() | st.integers(0, 2), "duration_s": st.none() | st.floats(0, 3),
        "summary": st.sampled_from(["", "x"]), "status": st.sampled_from([*AttemptStatus]), "job_id": st.just("a"),
    }),
)  # fmt: skip
def test_no_result_loses_anything_by_what_is_left_to_its_row(
    result: dict[str, Any], metadata: dict[str, Any] | None, row: dict[str, Any]
) -> None:
    given_result = {**result, "metadata": metadata}
    kept = whole_result(stored_result(given_result, row), row)
    assert in_order(kept) == in_order(given_result)


@pytest.mark.parametrize("result", [{}, {"metadata": {"summary": "x"}}, {"success": True}])
def test_a_result_that_lacks_what_others_have_is_stored_as_it_is(result: dict[str, Any]) -> None:
    row = {"exit_code": 0, "duration_s": 0.0, "summary": "x", "status": "completed", "job_id": "a"}
    assert stored_result(result, row) == result
