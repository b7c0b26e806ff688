"""Every verb writes its rows and the event that tells them, or nothing at all."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from state import attempt_queries, event_queries, queries, queue_queries, snapshot_query, statistics
from state.codec import record_from_json, record_to_json
from state.database_errors import NoSuchRowError
from state.ledger import AttemptOutcome, Ending, Following
from state.lifecycle import JOB_MOVES, IllegalTransitionError, group_status, status_at_rest
from state.records import (
    Attempt,
    AttemptStatus,
    Event,
    GroupStatus,
    Hold,
    HoldCause,
    HoldKind,
    Job,
    JobHold,
    JobStatus,
    Limit,
    LimitKind,
    WorkstreamFile,
)
from state.tables import events, step_attempts
from tests.state.conftest import ME, OTHER, Room, make_job


def all_of_them(running, page, holds, limits, now):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001
    return [job.job_id for job in page]


def claim(room: Room, *, now: float = 1_000.0) -> list[tuple[Job, Attempt]]:
    return room.ledger.attempts.claim(ME, all_of_them, runner="fake", now=now)


DONE = AttemptOutcome(status=AttemptStatus.COMPLETED, result={"success": True}, exit_code=0, duration_s=1.5)
FAILED = AttemptOutcome(status=AttemptStatus.FAILED, result={}, exit_code=1, summary="2 of 5 tests failed.")
COMPLETED = Following(status=JobStatus.COMPLETED)


def event_types(room: Room) -> list[str]:
    return [event.event_type for event in room.reader.read(event_queries.events_after, 0)]


def test_an_accepted_job_is_a_row_and_an_event_that_carries_it(room: Room) -> None:
    (job,) = room.add(make_job("a", depends_on=("x", "y"), files_scope=("src/a.py",)))
    assert room.reader.read(queries.find_job, "a") == job
    event = next(
        event for event in room.reader.read(event_queries.events_after, 0) if event.event_type == "job.queued"
    )
    assert record_from_json(Job, event.payload["job"]) == job
    assert room.reader.read(queries.files_of, ["r1"]) == [
        WorkstreamFile(run_id="r1", ws_id="w1", path="src/a.py", declared=True, updated_at=1_000.0)
    ]


def test_a_record_survives_json_whole_and_sparse(room: Room) -> None:
    (job,) = room.add(make_job("a", exit_code=0, priority=3))
    for sparse in (False, True):
        assert record_from_json(Job, record_to_json(job, sparse=sparse)) == job
    event = Event(id=1, at=2.0, event_type="x.y", payload={"a": 1})
    assert record_from_json(Event, record_to_json(event, sparse=True)) == event


def test_zero_is_not_taken_for_unknown() -> None:
    file = WorkstreamFile(run_id="r", ws_id="w", path="p", added=0, removed=0)
    assert record_to_json(file, sparse=True)["added"] == 0


def test_a_claim_makes_the_job_running_and_its_attempt_this_engines(room: Room) -> None:
    room.add(make_job("a"))
    ((job, attempt),) = claim(room)
    assert (job.status, job.attempts) == (JobStatus.RUNNING, 1)
    assert (attempt.engine_id, attempt.home_id, attempt.number, attempt.runner) == ("me", "home", 1, "fake")
    assert len(attempt.token) >= 16
    assert room.reader.read(queries.find_run, "r1").status is GroupStatus.RUNNING
    assert claim(room) == []


def test_a_claim_never_exceeds_the_global_limit(room: Room) -> None:
    room.ledger.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=2))
    room.add(*(make_job(f"j{n}") for n in range(200)))
    taken = 0

    def two_at_a_time(running, page, holds, limits, now):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
        return [job.job_id for job in page][: 2 - len(running)]

    taken = len(room.ledger.attempts.claim(ME, two_at_a_time, runner="fake", now=1.0))
    assert taken == 2


def test_a_job_waits_for_what_it_depends_on_and_starts_when_that_is_completed_or_skipped(room: Room) -> None:
    room.add(make_job("a"), make_job("b", depends_on=("a", "never-came")), make_job("c", depends_on=("a",)))
    ((job, attempt),) = claim(room)
    assert job.job_id == "a"
    room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1_010.0)
    assert [job.job_id for job, _ in claim(room)] == ["c"]


def test_a_job_that_backs_off_is_no_candidate_before_its_time(room: Room) -> None:
    room.add(make_job("a", not_before=1_050.0))
    assert claim(room, now=1_049.9) == []
    assert len(claim(room, now=1_050.0)) == 1


def test_a_paused_queue_gives_nothing_out(room: Room) -> None:
    room.add(make_job("a"))
    room.ledger.holds.set(Hold(kind=HoldKind.ENGINE, key="", reason="lunch", since=1.0))
    assert claim(room) == []
    room.ledger.holds.lift(HoldKind.ENGINE, "")
    assert len(claim(room)) == 1


def test_one_writer_a_tree_is_put_forward_at_a_time(room: Room) -> None:
    room.ledger.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=10))
    room.add(make_job("a", tree="/t"))
    claim(room)
    room.add(make_job("b", tree="/t"), make_job("c", tree="/u"))
    assert [job.job_id for job, _ in claim(room)] == ["c"]


def test_the_end_of_an_attempt_is_written_once(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    assert room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1_001.5) is not None
    assert room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.FAILED), now=1_002.0) is None
    assert room.reader.read(queries.find_job, "a").status is JobStatus.COMPLETED
    assert event_types(room).count("job.completed") == 1


def test_what_an_attempt_was_denied_is_counted_until_one_is_denied_nothing(room: Room) -> None:
    room.add(make_job("a", max_attempts=2))
    ((_, attempt),) = claim(room)
    denied = replace(FAILED, result={"metadata": {"denied": ["git push", "curl x"]}})
    room.ledger.attempts.end(attempt, denied, Following(status=JobStatus.QUEUED), now=1_001.5)
    assert room.reader.read(queries.find_job, "a").denied == 2
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1_002.0)
    assert room.reader.read(queries.find_job, "a").denied == 0


def test_the_completed_event_carries_what_scripts_rely_on(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1_001.5)
    event = next(
        event
        for event in room.reader.read(event_queries.events_after, 0)
        if event.event_type == "job.completed"
    )
    said = {
        name: event.payload[name] for name in ("job_id", "ws_id", "tool", "status", "exit_code", "duration_s")
    }
    assert said == {
        "job_id": "a", "ws_id": "w1", "tool": "shell", "status": "completed", "exit_code": 0, "duration_s": 1.5,
    }  # fmt: skip


def test_an_attempt_another_engine_took_over_is_no_longer_ours_to_end(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    taken = room.ledger.attempts.take_over(attempt, OTHER.engine_id)
    assert taken is not None
    assert room.ledger.attempts.take_over(attempt, "third") is None
    assert room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1.0) is None
    assert room.ledger.attempts.end(taken, DONE, COMPLETED, now=1.0) is not None


def test_an_ended_attempt_never_changes_and_the_database_itself_says_so(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1.0)
    with pytest.raises(IntegrityError, match="never changes"), room.database.write() as connection:
        connection.execute(update(step_attempts).values(status="failed"))


def test_an_event_is_never_altered_and_the_database_itself_says_so(room: Room) -> None:
    room.add(make_job("a"))
    with pytest.raises(IntegrityError, match="never altered"), room.database.write() as connection:
        connection.execute(update(events).values(message="nothing happened"))


def test_a_retry_queues_the_job_until_its_time_and_counts_the_attempt(room: Room) -> None:
    room.add(make_job("a", max_attempts=2))
    ((_, attempt),) = claim(room)
    again = Following(status=JobStatus.QUEUED, not_before=1_060.0, waits_for="backoff")
    settled = room.ledger.attempts.end(attempt, FAILED, again, now=1_001.0)
    assert settled is not None
    job = settled[0]
    assert (job.status, job.attempts, job.not_before, job.summary) == (
        JobStatus.QUEUED, 1, 1_060.0, "2 of 5 tests failed.",
    )  # fmt: skip
    ((job, attempt),) = claim(room, now=1_060.0)
    assert attempt.number == 2


def test_a_failure_and_its_retry_read_as_sentences(room: Room) -> None:
    room.add(make_job("a", max_attempts=2))
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.QUEUED), now=1_001.0)
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.FAILED), now=1_002.0)
    room.ledger.holds.set(Hold(kind=HoldKind.TOOL, key="shell", reason="lunch", since=1.0))
    messages = [event.message for event in room.reader.read(event_queries.events_after, 0)]
    assert "a: attempt 1 of 2 failed; the job is queued again. 2 of 5 tests failed." in messages
    assert messages[-4:] == [
        "a failed, attempt 2 of 2. 2 of 5 tests failed.",
        "Workstream w1 failed.",
        "Run A run failed.",
        "Tool shell is on hold: lunch",
    ]


def test_a_job_that_was_asked_to_stop_is_cancelled_and_never_retried(room: Room) -> None:
    room.add(make_job("a", max_attempts=5))
    ((_, attempt),) = claim(room)
    room.ledger.commands.request_cancel("a", "")
    settled = room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.QUEUED), now=1_001.0)
    assert settled is not None
    assert settled[0].status is JobStatus.CANCELLED


def test_asking_to_stop_twice_is_one_event(room: Room) -> None:
    room.add(make_job("a"))
    claim(room)
    room.ledger.commands.request_cancel("a", "")
    room.ledger.commands.request_cancel("a", "")
    assert event_types(room).count("job.cancel_requested") == 1


def test_a_waiting_job_is_cancelled_at_once(room: Room) -> None:
    room.add(make_job("a"))
    assert room.ledger.commands.request_cancel("a", "").status is JobStatus.CANCELLED
    assert room.reader.read(queries.find_run, "r1").status is GroupStatus.CANCELLED


def test_a_claim_that_never_started_anything_is_given_back_and_costs_no_retry(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    job = room.ledger.attempts.unclaim(attempt, "The engine was gone.", now=1_001.0)
    assert job is not None
    assert (job.status, job.max_attempts - job.attempts, job.interruptions) == (JobStatus.QUEUED, 1, 0)
    assert room.reader.read(attempt_queries.attempts_of, "a")[0].status is AttemptStatus.INTERRUPTED
    assert room.reader.read(queries.find_job, "a") == job


def test_touched_files_keep_that_they_were_declared(room: Room) -> None:
    room.add(make_job("a", files_scope=("x.py",)))
    ((_, attempt),) = claim(room)
    changed = WorkstreamFile(run_id="r1", ws_id="w1", path="x.py", touched=True, added=3, removed=0)
    room.ledger.attempts.end(attempt, replace(DONE, files=[changed]), COMPLETED, now=1_001.0)
    (file,) = room.reader.read(queries.files_of, ["r1"])
    assert (file.declared, file.touched, file.added, file.removed) == (True, True, 3, 0)


def test_the_same_failure_is_counted_under_one_signature_whatever_its_numbers(room: Room) -> None:
    room.add(make_job("a", max_attempts=3))
    for count in (2, 3):
        ((_, attempt),) = claim(room)
        outcome = replace(FAILED, summary=f"{count} of 5 tests failed.")
        room.ledger.attempts.end(attempt, outcome, Following(status=JobStatus.QUEUED), now=1_001.0)
    (counted,) = room.reader.read(statistics.error_counts)
    assert (counted.count, counted.text) == (2, "3 of 5 tests failed.")


@pytest.mark.parametrize("verb", ["hold", "release", "retry", "skip", "request_cancel"])
def test_every_command_on_a_job_that_is_not_there_says_so(room: Room, verb: str) -> None:
    verbs = {
        "hold": lambda: room.ledger.commands.hold("x", JobHold(HoldCause.PERSON, "")),
        "release": lambda: room.ledger.commands.release("x"),
        "retry": lambda: room.ledger.commands.retry("x"),
        "skip": lambda: room.ledger.commands.skip("x", ""),
        "request_cancel": lambda: room.ledger.commands.request_cancel("x", ""),
    }
    with pytest.raises(NoSuchRowError, match="no job 'x'"):
        verbs[verb]()


def test_an_illegal_move_is_refused_with_the_story_of_the_job(room: Room) -> None:
    room.add(make_job("a"))
    ((_, attempt),) = claim(room)
    room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1.0)
    before = room.reader.read(event_queries.latest_event_id)
    with pytest.raises(IllegalTransitionError, match=r"a is completed and cannot become held") as caught:
        room.ledger.commands.hold("a", JobHold(HoldCause.PERSON, ""))
    assert "a started with shell" in str(caught.value)
    assert room.reader.read(event_queries.latest_event_id) == before


def test_a_job_is_claimed_at_the_place_a_person_gave_it(room: Room) -> None:
    first, second, third = room.add(make_job("a"), make_job("b"), make_job("c"))
    moved = room.ledger.commands.move(
        "c", priority=0, queue_position=(first.seq + second.seq) / 2, message="c was moved."
    )
    assert [job.job_id for job in queries_line(room)] == ["a", "c", "b"]
    assert room.reader.read(event_queries.events_of_job, "c")[-1].event_type == "job.moved"
    assert (
        record_from_json(Job, room.reader.read(event_queries.events_of_job, "c")[-1].payload["job"]) == moved
    )
    assert [job.job_id for job, _ in claim(room)] == ["a", "c", "b"]
    assert third.seq == moved.seq


def queries_line(room: Room) -> list[Job]:
    with room.reader.connection() as connection:
        return queue_queries.movable_jobs(connection)


def test_pages_of_the_line_follow_the_places(room: Room) -> None:
    room.ledger.limits.set(Limit(kind=LimitKind.GLOBAL, key="", value=500))
    room.add(*(make_job(f"j{n}") for n in range(150)))
    room.ledger.commands.move("j149", priority=0, queue_position=-1.0, message="")
    room.ledger.commands.move("j0", priority=0, queue_position=1_000.0, message="")
    started = [job.job_id for job, _ in claim(room)]
    assert started == ["j149", *(f"j{n}" for n in range(1, 149)), "j0"]


def test_an_edited_job_says_what_it_was_given_and_keeps_its_story(room: Room) -> None:
    (job,) = room.add(make_job("a", depends_on=("x",)))
    room.add(make_job("p"))
    edited = replace(job, tool="git", priority=7, depends_on=("p",), files_scope=("new.py",), scope_root="/t")
    after = room.ledger.commands.edit(edited, {"job_id": "a", "tool": "git"})
    assert after == room.reader.read(queries.find_job, "a")
    assert (after.tool, after.priority, after.depends_on, after.seq) == ("git", 7, ("p",), job.seq)
    assert room.reader.read(queries.job_spec, "a") == {"job_id": "a", "tool": "git"}
    event = room.reader.read(event_queries.events_of_job, "a")[-1]
    assert event.event_type == "job.edited"
    assert record_from_json(Job, event.payload["job"]) == after
    assert [file["path"] for file in event.payload["files"]] == ["new.py"]


def test_a_job_that_runs_is_not_edited(room: Room) -> None:
    (job,) = room.add(make_job("a"))
    claim(room)
    before = room.reader.read(event_queries.latest_event_id)
    with pytest.raises(IllegalTransitionError, match="a started with shell"):
        room.ledger.commands.edit(job, {})
    assert room.reader.read(event_queries.latest_event_id) == before


def test_a_stop_sign_of_a_person_outlasts_the_quota_of_a_tool(room: Room) -> None:
    room.add(make_job("a", account="work"))
    mine = room.ledger.holds.set(Hold(kind=HoldKind.ACCOUNT, key="work", reason="mine", since=1.0))
    ((_, attempt),) = claim(room)
    theirs = Hold(kind=HoldKind.ACCOUNT, key="work", reason="quota", since=1.0, until=2_000.0)
    room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.QUEUED, hold=theirs), now=1_001.0)
    assert room.reader.read(snapshot_query.snapshot).holds == (mine,)


def test_a_later_reset_of_a_quota_counts_and_an_earlier_one_does_not(room: Room) -> None:
    for number, (until, counts) in enumerate([(2_000.0, 2_000.0), (1_500.0, 2_000.0), (3_000.0, 3_000.0)]):
        room.add(make_job(f"a{number}"))
        ((_, attempt),) = claim(room)
        hold = Hold(kind=HoldKind.TOOL, key="shell", reason="quota", since=1.0, until=until)
        room.ledger.attempts.end(attempt, FAILED, Following(status=JobStatus.FAILED, hold=hold), now=1_001.0)
        assert [one.until for one in room.reader.read(snapshot_query.snapshot).holds] == [counts]


def test_lifting_the_hold_of_an_account_frees_what_waited_for_its_quota(room: Room) -> None:
    room.add(make_job("a", account="work"), make_job("b", account="work"))
    first, _ = claim(room)
    hold = Hold(kind=HoldKind.ACCOUNT, key="work", reason="quota", since=1.0, until=5_000.0)
    waits = Following(
        status=JobStatus.QUEUED, not_before=5_000.0, waits_for="quota", extra_attempts=1, hold=hold
    )
    room.ledger.attempts.end(first[1], FAILED, waits, now=1_001.0)
    assert room.ledger.holds.lift(HoldKind.ACCOUNT, "work")
    job = room.reader.read(queries.find_job, "a")
    assert job is not None
    assert (job.not_before, job.waits_for) == (None, None)
    assert event_types(room)[-2:] == ["hold.lifted", "job.due"]


def test_all_that_depends_on_a_job_is_found_through_others(room: Room) -> None:
    room.add(
        make_job("a"), make_job("b", depends_on=("a",)), make_job("c", depends_on=("b", "a")), make_job("d"),
        make_job("e", depends_on=("c",)),
    )  # fmt: skip
    with room.reader.connection() as connection:
        assert queries.dependents(connection, ["a"]) == ["b", "c", "e"]


def test_the_last_failures_of_a_tool_are_told_newest_first_and_pass_over_what_tells_nothing(
    room: Room,
) -> None:
    def end(status: AttemptStatus, failure: str | None, **job: str) -> None:
        number = room.reader.read(event_queries.latest_event_id)
        room.add(make_job(f"j{number}", **job))
        ((_, attempt),) = claim(room)
        room.clock.now += 1
        outcome = AttemptOutcome(status=status, result={}, failure_class=failure)
        followed = JobStatus.COMPLETED if failure is None else JobStatus.FAILED
        room.ledger.attempts.end(attempt, outcome, Following(status=followed), now=room.clock.now)

    end(AttemptStatus.FAILED, "auth", account="work")
    end(AttemptStatus.COMPLETED, None)
    end(AttemptStatus.SPAWN_FAILED, "spawn_failed")
    end(AttemptStatus.CANCELLED, "cancelled")
    end(AttemptStatus.SPAWN_FAILED, "spawn_failed", tool="git")
    with room.reader.connection() as connection:
        assert attempt_queries.last_failures(connection, 9, tool="shell") == ["spawn_failed", None, "auth"]
        assert attempt_queries.last_failures(connection, 2, tool="shell") == ["spawn_failed", None]
        assert attempt_queries.last_failures(connection, 9, tool="shell", account="work") == ["auth"]


def ask(room: Room, job_id: str, move: str, running: list[Attempt]) -> None:
    match move:
        case "claim":
            running += [attempt for job, attempt in claim(room) if job.job_id == job_id]
        case "done" if running:
            room.ledger.attempts.end(running.pop(), DONE, COMPLETED, now=1_001.0)
        case "fail" if running:
            room.ledger.attempts.end(running.pop(), FAILED, Following(status=JobStatus.FAILED), now=1_001.0)
        case "retry":
            room.ledger.commands.retry(job_id)
        case "hold":
            room.ledger.commands.hold(job_id, JobHold(HoldCause.PERSON, ""))
        case "release":
            room.ledger.commands.release(job_id)
        case "skip":
            room.ledger.commands.skip(job_id, "")
        case "cancel":
            room.ledger.commands.request_cancel(job_id, "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.sampled_from(["claim", "done", "fail", "retry", "hold", "release", "skip", "cancel"]), max_size=14
    )
)
def test_whatever_is_asked_in_whatever_order_replaying_the_events_gives_the_rows(
    room: Room, moves: list[str]
) -> None:
    job_id = f"j{room.reader.read(event_queries.latest_event_id)}"
    room.add(make_job(job_id, run_id=f"r{job_id}"))
    running: list[Attempt] = []
    for move in moves:
        before = room.reader.read(queries.find_job, job_id)
        try:
            ask(room, job_id, move, running)
        except IllegalTransitionError:
            assert room.reader.read(queries.find_job, job_id) == before
    events_of_it = room.reader.read(event_queries.events_of_job, job_id)
    assert record_from_json(Job, events_of_it[-1].payload["job"]) == room.reader.read(
        queries.find_job, job_id
    )
    for attempt in running:
        room.ledger.attempts.end(attempt, DONE, COMPLETED, now=1_002.0)


def test_every_status_has_its_moves_and_none_leads_to_itself() -> None:
    assert set(JOB_MOVES) == set(JobStatus)
    assert [status for status, moves in JOB_MOVES.items() if status in moves] == []


@pytest.mark.parametrize(
    ("jobs", "status"),
    [
        ([JobStatus.RUNNING, JobStatus.FAILED], GroupStatus.RUNNING),
        ([JobStatus.FAILED, JobStatus.QUEUED], GroupStatus.FAILED),
        ([JobStatus.COMPLETED, JobStatus.QUEUED], GroupStatus.RUNNING),
        ([JobStatus.COMPLETED, JobStatus.QUEUED, JobStatus.FAILED], GroupStatus.FAILED),
        ([JobStatus.COMPLETED, JobStatus.QUEUED, JobStatus.HELD], GroupStatus.QUEUED),
        ([JobStatus.COMPLETED, JobStatus.QUEUED, JobStatus.HELD, JobStatus.RUNNING], GroupStatus.RUNNING),
        ([JobStatus.COMPLETED, JobStatus.SKIPPED], GroupStatus.COMPLETED),
        ([JobStatus.COMPLETED, JobStatus.CANCELLED], GroupStatus.CANCELLED),
        ([], None),
    ],
)
def test_the_state_of_a_group_follows_from_its_jobs(
    jobs: list[JobStatus], status: GroupStatus | None
) -> None:
    assert group_status(jobs) is status


def test_several_ends_are_written_together_each_once_and_only_those_that_are_ours(room: Room) -> None:
    room.add(*(make_job(name) for name in "abc"))
    (_, first), (_, second), (_, third) = claim(room)
    assert room.ledger.attempts.take_over(second, OTHER.engine_id) is not None
    told = len(room.reader.read(event_queries.events_after, 0))
    attempts = [first, second, third, first]
    endings = [Ending(attempt=attempt, outcome=DONE, following=COMPLETED) for attempt in attempts]
    written = room.ledger.attempts.end_all(endings, now=1_002.0)
    assert [None if one is None else one[0].job_id for one in written] == ["a", None, "c", None]
    assert [one.status for one in room.reader.read(queries.jobs_of_run, "r1")] == [
        "completed",
        "running",
        "completed",
    ]
    new = [event.event_type for event in room.reader.read(event_queries.events_after, 0)[told:]]
    assert new == ["job.completed", "job.completed"]


def test_an_id_is_never_given_again_even_where_the_database_lost_its_own_note_of_it(room: Room) -> None:
    room.add(make_job("a"), make_job("b"))
    claim(room)
    with room.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM step_attempts WHERE id = 2")
        connection.exec_driver_sql("DELETE FROM jobs WHERE job_id = 'b'")
    assert [job.seq for job in room.add(make_job("c"))] == [3]
    assert [attempt.id for _, attempt in claim(room)] == [3]
    with room.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")
    assert [job.seq for job in room.add(make_job("d"))] == [4]
    assert [attempt.id for _, attempt in claim(room)] == [4]


def test_what_counts_as_running_between_two_steps_is_shown_as_queued_while_nothing_runs() -> None:
    assert status_at_rest(GroupStatus.RUNNING) is GroupStatus.QUEUED
    assert status_at_rest(GroupStatus.FAILED) is GroupStatus.FAILED
