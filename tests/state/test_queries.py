"""Reads: one moment each, as records."""

from dataclasses import replace

from state import attempt_queries, event_queries, queries, queue_queries, snapshot_query, statistics
from state.ledger import AttemptOutcome, Following
from state.records import AttemptStatus, HoldCause, JobHold, JobStatus, Limit, LimitKind
from state.sql_text import driver, tuples
from tests.state.conftest import ME, Room, make_job
from tests.state.test_ledger import all_of_them


def test_a_snapshot_holds_open_jobs_of_old_runs_and_everything_of_the_newest(room: Room) -> None:
    room.add(make_job("old-open", run_id="old"), make_job("old-done", run_id="old"))
    room.ledger.commands.request_cancel("old-done", "")
    for number in range(3):
        room.clock.now += 1
        room.add(make_job(f"n{number}", run_id=f"new{number}"))
    found = room.reader.read(snapshot_query.snapshot, 3)
    assert {run.run_id for run in found.runs} == {"old", "new0", "new1", "new2"}
    assert "old-open" in {job.job_id for job in found.jobs}
    assert found.cursor == room.reader.read(event_queries.latest_event_id)
    assert found.limits == (Limit(kind=LimitKind.GLOBAL, key="", value=3),)


def test_pages_of_events_meet_without_gap_or_overlap(room: Room) -> None:
    room.add(*(make_job(f"j{number}") for number in range(30)))
    everything = room.reader.read(event_queries.events_after, 0, 1000)
    first = room.reader.read(event_queries.events_after, 0, 10)
    second = room.reader.read(event_queries.events_after, first[-1].id, 1000)
    assert first + second == everything
    assert room.reader.read(event_queries.events_before, everything[20].id, 5) == everything[15:20]


def test_the_data_version_changes_when_somebody_else_has_written(room: Room) -> None:
    before = room.reader.data_version()
    assert room.reader.data_version() == before
    room.add(make_job("a"))
    assert room.reader.data_version() != before


def test_idle_means_that_nothing_can_start_without_a_person(room: Room) -> None:
    def idle() -> bool:
        with room.reader.connection() as connection:
            return queue_queries.is_idle(connection)

    assert idle()
    room.add(make_job("a", not_before=1e12), make_job("b", depends_on=("a",)))
    assert not idle(), "it will start by itself one day"
    room.ledger.commands.hold("a", JobHold(HoldCause.PERSON, ""))
    assert idle(), "a is held and b waits for it"
    room.ledger.commands.release("a")
    room.ledger.attempts.claim(ME, all_of_them, runner="fake", now=1e13)
    assert not idle()


def test_throughput_and_first_time_success_count_ends_in_their_stretch(room: Room) -> None:
    room.add(make_job("a"), make_job("b", max_attempts=2))
    for job, attempt in room.ledger.attempts.claim(ME, all_of_them, runner="fake", now=1.0):
        good = job.job_id == "a"
        status = AttemptStatus.COMPLETED if good else AttemptStatus.FAILED
        outcome = AttemptOutcome(status=status, result={}, cost_usd=0.5)
        then = Following(status=JobStatus.COMPLETED if good else JobStatus.FAILED)
        room.ledger.attempts.end(attempt, outcome, then, now=1_000.0)
    (bucket,) = room.reader.read(statistics.throughput, 0.0, 900.0)
    assert (bucket.start, bucket.completed, bucket.failed) == (900.0, 1, 1)
    (rate,) = room.reader.read(statistics.first_time_success, 0.0, 900.0)["shell"]
    assert (rate.first_time, rate.total) == (1, 2)
    assert room.reader.read(statistics.costs, 0.0, 900.0) == [(900.0, 1.0)]
    assert room.reader.read(statistics.counts) == {JobStatus.COMPLETED: 1, JobStatus.FAILED: 1}


def test_a_digest_leads_to_the_newest_job_of_the_same_contents(room: Room) -> None:
    room.add(make_job("first", digest="d"), make_job("second", digest="d"), make_job("other", digest="e"))
    found = room.reader.read(queries.ran_before, ["d", "unknown"])
    assert {digest: job.job_id for digest, job in found.items()} == {"d": "second"}


def test_size_counts_kept_events(room: Room) -> None:
    room.add(make_job("a"))
    size = room.reader.read(statistics.size)
    assert size.events == len(room.reader.read(event_queries.events_after, 0))
    assert size.bytes >= 4096


def test_jobs_come_with_their_parents_in_the_order_the_file_gave(room: Room) -> None:
    room.add(make_job("a", depends_on=("z", "b", "m")))
    job = room.reader.read(queries.find_job, "a")
    assert job is not None
    assert job.depends_on == ("z", "b", "m")
    assert replace(job, seq=0).seq == 0


def test_what_is_looked_for_often_is_found_by_an_index_and_reads_no_whole_table(room: Room) -> None:
    statements: list[str] = []
    with room.reader.connection() as connection:
        driver(connection).set_trace_callback(statements.append)
        attempt_queries.running_attempts(connection)
        attempt_queries.running_attempts(connection, engine_id="me")
        attempt_queries.cancel_requests(connection, "me")
        attempt_queries.running_accounts(connection)
        attempt_queries.id_and_token(connection, "a", 1)
        queries.ran_before(connection, ["f" * 64, "e" * 64])
        queries.came_from(connection, "/src/a.json")
        queries.has_open_from(connection, "/src/a")
        queries.jobs_of_run(connection, "r1")
        queries.jobs_of_workstream(connection, "r1", "w1")
        event_queries.events_of_job(connection, "a")
        event_queries.events_after(connection, 0, run_id="r1")
        event_queries.first_of_run(connection, "r1")
        driver(connection).set_trace_callback(None)
        selects = [statement for statement in statements if statement.lstrip().startswith(("SELECT", "WITH"))]
        plans = [
            (step[3].split(), statement)
            for statement in selects
            for step in tuples(connection, f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert len(selects) >= 12
    large = {"jobs", "step_attempts", "events", "a"}
    whole = [
        plan for plan in plans if plan[0][0] == "SCAN" and plan[0][1] in large and "USING" not in plan[0]
    ]
    assert whole == []
