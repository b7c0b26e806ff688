"""What the timeline reads of the past: attempts, what made jobs wait, quotas, engines; and only what is new."""

from typing import Any

from state import timeline_queries
from state.ledger import AttemptOutcome, Following
from state.records import AttemptStatus, Hold, HoldCause, HoldKind, JobHold, JobStatus
from tests.state.conftest import ME, Room, make_job

WINDOWS = [
    {"name": "7 days", "used": 0.1, "resets_at": 90_000.0},
    {"name": "5 hours", "used": 0.4, "resets_at": 9_000.0},
    {"name": "odd", "used": None, "resets_at": 10.0},
]


def run_once(room: Room, job_id: str, start: float, end: float, **following: Any) -> None:
    _, attempt = room.ledger.attempts.claim_one(job_id, ME, runner="fake", now=start)
    outcome = AttemptOutcome(
        status=AttemptStatus.FAILED, result={"metadata": {"windows": WINDOWS}}, duration_s=1.0
    )
    room.clock.now = end
    room.ledger.attempts.end(
        attempt, outcome, Following(**({"status": JobStatus.FAILED} | following)), now=end
    )


def test_the_past_is_what_ended_since_a_moment_and_what_runs(room: Room) -> None:
    room.add(make_job("early"), make_job("late"), make_job("now"))
    run_once(room, "early", 1_100, 1_200)
    run_once(room, "late", 1_150, 2_200)
    room.ledger.attempts.claim_one("now", ME, runner="fake", now=1_300)
    past = room.reader.read(timeline_queries.past_since, 1_500)
    assert [one.job_id for one in past.attempts] == ["late", "now"]
    assert all(not one.result for one in past.attempts)


def test_an_event_says_what_a_job_waits_for_and_a_hold_what_it_holds(room: Room) -> None:
    room.add(make_job("a"))
    waiting = {"status": JobStatus.QUEUED, "not_before": 5_000.0, "waits_for": "quota"}
    run_once(room, "a", 1_100, 1_200, **waiting)
    room.ledger.commands.hold("a", JobHold(HoldCause.PERSON, "mine"))
    room.ledger.holds.set(
        Hold(kind=HoldKind.TOOL, key="codex", reason="", since=1_200, until=6_000, cause=HoldCause.QUOTA)
    )
    events = {one.event_type: one for one in room.reader.read(timeline_queries.past_since, 1_150).events}
    queued, held, hold = events["job.queued"], events["job.held"], events["hold.set"]
    assert (queued.waits_for, queued.until) == ("quota", 5_000)
    assert held.cause == "person"
    assert (hold.hold_kind, hold.hold_key, hold.cause, hold.until) == ("tool", "codex", "quota", 6_000)


def test_of_the_windows_of_a_quota_the_one_that_starts_anew_first_counts(room: Room) -> None:
    room.add(make_job("a", tool="claude", account="mine"))
    run_once(room, "a", 1_100, 1_200)
    (sample,) = room.reader.read(timeline_queries.past_since, 0.0).usage
    assert (sample.tool, sample.account, sample.at) == ("claude", "mine", 1_200)
    assert (sample.used, sample.resets_at) == (0.4, 9_000)


def test_only_what_is_new_is_read_again_and_comes_to_the_same(room: Room) -> None:
    room.add(make_job("a"), make_job("b"), make_job("c"))
    room.ledger.engines.started(ME)
    run_once(room, "a", 1_100, 1_200)
    room.ledger.attempts.claim_one("b", ME, runner="fake", now=1_250)
    before = room.reader.read(timeline_queries.past_since, 0.0)
    assert room.reader.read(timeline_queries.past_after, before) is before
    run_once(room, "c", 1_300, 1_400)
    room.ledger.engines.stopped(ME.engine_id, "")
    after = room.reader.read(timeline_queries.past_after, before)
    assert after == room.reader.read(timeline_queries.past_since, 0.0)
    assert after.lives == ((1.0, room.clock.now),)


def test_the_first_event_of_a_moment_is_found_by_halving(room: Room) -> None:
    for number in range(40):
        room.clock.now = 2_000.0 + number
        room.add(make_job(f"j{number}"))
    first = room.reader.read(timeline_queries.first_event_since, 2_020.0)
    past = room.reader.read(timeline_queries.past_since, 2_020.0)
    assert past.events[0].id >= first
    assert past.events[0].at == 2_020
    assert room.reader.read(timeline_queries.past_since, 9_000.0).events == ()


def test_the_last_start_before_a_moment_is_found(room: Room) -> None:
    assert room.reader.read(timeline_queries.last_start, 9_000.0) is None
    room.add(make_job("a"), make_job("b"))
    run_once(room, "a", 1_100, 1_200)
    run_once(room, "b", 1_300, 1_400)
    assert room.reader.read(timeline_queries.last_start, 9_000.0) == 1_300
    assert room.reader.read(timeline_queries.last_start, 1_300.0) == 1_100


def test_an_attempt_that_ends_while_the_clock_is_set_back_has_ended(room: Room) -> None:
    room.add(make_job("a"), make_job("b"), make_job("c"))
    _, attempt = room.ledger.attempts.claim_one("a", ME, runner="fake", now=1_000)
    run_once(room, "b", 1_100, 5_000)
    past = room.reader.read(timeline_queries.past_since, 0.0)
    outcome = AttemptOutcome(status=AttemptStatus.COMPLETED, result={}, duration_s=1.0)
    room.ledger.attempts.end(attempt, outcome, Following(status=JobStatus.COMPLETED), now=2_000)
    run_once(room, "c", 2_000, 2_100)
    newer = room.reader.read(timeline_queries.past_after, past)
    assert {one.job_id: one.completed_at for one in newer.attempts} == {"a": 2_000, "b": 5_000, "c": 2_100}
