"""The store's public face: what other people's scripts rely on."""

import json
import secrets
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from engine.attempt_decisions import Done
from engine.errors import CommandRefusedError, JobNotFoundError, SignalboxError
from engine.interfaces import Accepted, QueueStore, QueueView, Settlement
from engine.jobfile.job_file_reader import job_from_mapping
from engine.orchestrator.orchestrator import Orchestrator
from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from state.records import AttemptStatus, Engine, Event, JobStatus, Origin
from tests.engine.engine_bench import words
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    made = JobStateStore(db_path=tmp_path / "test.db")
    yield made
    made.close()


def test_it_is_a_queue_store(store: JobStateStore) -> None:
    assert isinstance(store, QueueStore)


def test_the_default_database_lies_in_the_home(user_folders: Path) -> None:
    store = JobStateStore()
    store.close()
    assert (user_folders / "signalbox" / "signalbox.db").exists()


def test_a_database_elsewhere_keeps_its_locks_and_logs_next_to_it(
    tmp_path: Path, store: JobStateStore
) -> None:
    assert store.home.root == tmp_path / "test.db.d"


def test_a_sqlite_url_is_taken_and_another_one_refused_with_a_sentence(tmp_path: Path) -> None:
    JobStateStore(db_path=f"sqlite:///{tmp_path}/by%20url.db").close()
    assert (tmp_path / "by url.db").exists()
    with pytest.raises(SignalboxError, match="not a database this release can use"):
        JobStateStore(db_path="postgresql://localhost/db")


def test_a_run_is_made_with_its_workstream_and_found_newest_first(store: JobStateStore) -> None:
    first = store.create_run("ws-parser", metadata={"title": "Parser"})
    second = store.create_run(run_id="chosen")
    run = store.get_run(first)
    assert run is not None
    assert (run.title, run.status) == ("Parser", "queued")
    assert second == "chosen"
    assert {found.run_id for found in store.list_recent_runs(limit=10)} == {first, "chosen"}
    assert [found.ws_id for found in store.list_workstreams(first)] == ["ws-parser"]
    workstream = store.get_workstream("ws-parser")
    assert workstream is not None
    assert workstream.run_id == first
    assert store.get_workstream("ws-parser", run_id="chosen") is None


def test_a_run_without_jobs_takes_the_status_it_is_given_and_one_with_jobs_does_not(
    store: JobStateStore,
) -> None:
    run_id = store.create_run()
    store.update_run_status(run_id, "running")
    run = store.get_run(run_id)
    assert run is not None
    assert run.status == "running"
    with pytest.raises(SignalboxError, match="is not a status"):
        store.update_run_status(run_id, "sleeping")
    spec = words("exit", "0", run_id=run_id)
    store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    with pytest.raises(SignalboxError, match="follows from them"):
        store.update_run_status(run_id, "failed")


def test_a_turn_that_has_claimed_as_its_ends_were_written_does_not_claim_once_more(
    store: JobStateStore,
) -> None:
    """The turn began a moment before; the clock that was set back is another matter."""
    me, views = Engine(engine_id="me", home_id="here", host="here", pid=1), []

    def none_of_them(view: QueueView, _now: float) -> Sequence[str]:
        views.append(view)
        return []

    spec = words("exit", "0")
    store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    nothing = Settlement(ended=[], decide=lambda _job, _assessment: Done(), projects=set())
    store.settle_and_claim(nothing, me, none_of_them, 1000.25, runner="none")
    store.claim(me, none_of_them, 1000.0, runner="none")
    assert len(views) == 1
    store.claim(me, none_of_them, 900.0, runner="none")
    assert len(views) == 2


def test_recording_from_outside_makes_the_missing_rows(store: JobStateStore) -> None:
    store.mark_job_running("theirs")
    job = store.get_job("theirs")
    assert job is not None
    assert job.status == "running"
    store.update_job_result(
        {"job_id": "theirs"}, JobResult(exit_code=0, success=True, duration_s=2.0, stdout="ok")
    )
    job = store.get_job("theirs")
    assert job is not None
    assert job.status is JobStatus.COMPLETED
    (attempt,) = store.list_attempts("theirs")
    assert (attempt.status, attempt.exit_code, attempt.result["stdout"]) == (AttemptStatus.COMPLETED, 0, "ok")
    store.update_job_result(
        {"job_id": "new", "run_id": "r9", "workstream_id": "w9", "tool": "tests"}, JobResult()
    )
    assert [job.status for job in store.list_jobs("r9")] == [JobStatus.FAILED]


def test_what_a_recorded_attempt_cost_is_kept(store: JobStateStore) -> None:
    result = JobResult(success=True, metadata={"usage": {"cost_usd": 0.25}})
    store.update_job_result({"job_id": "theirs"}, result)
    job = store.get_job("theirs")
    assert job is not None
    assert job.cost_usd == 0.25
    assert store.list_attempts("theirs")[0].cost_usd == 0.25


def test_the_folder_of_an_attempt_is_found_by_its_number(store: JobStateStore) -> None:
    for _ in range(2):
        store.update_job_result({"job_id": "theirs"}, JobResult(success=True))
    attempts = store.list_attempts("theirs")
    folders = [store.attempt_folder("theirs", one.number) for one in attempts]
    assert folders == [store.home.attempts / one.folder_name for one in attempts]
    assert len(set(folders)) == 2
    assert {store.attempt_folder("theirs", number) for number in (None, 99)} == {None}
    assert store.attempt_folder("nobody", 1) is None


def test_several_verbs_are_all_or_nothing(store: JobStateStore) -> None:
    def two_and_a_failure() -> None:
        with store.transaction():
            store.create_run(run_id="half")
            assert store.get_run("half") is not None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        two_and_a_failure()
    assert store.get_run("half") is None
    assert store.list_events() == []


def test_an_event_is_recorded_with_its_subject_and_its_text(store: JobStateStore) -> None:
    event_id = store.record_event("note.added", {"run_id": "r", "ws_id": "w", "text": "Look at this."})
    (event,) = store.list_events(after_id=0)
    assert (event.id, event.event_type, event.run_id, event.ws_id, event.message) == (
        event_id, "note.added", "r", "w", "Look at this.",
    )  # fmt: skip
    assert store.list_events(run_id="other") == []
    assert store.list_events(after_id=event_id) == []


def test_a_subscriber_hears_of_another_process(store: JobStateStore) -> None:
    code = (
        "import sys; from engine.state_store.job_state_store import JobStateStore;"
        "JobStateStore(db_path=sys.argv[1]).record_event('note.added', {'text': 'hi'})"
    )
    with store.subscribe_to_events() as events:
        argv = [sys.executable, "-c", code, str(store.database.path)]
        subprocess.run(argv, check=True, cwd=ROOT, timeout=PATIENCE_S)
        assert next(events).message == "hi"


def test_a_subscriber_from_the_start_hears_everything_once_and_in_order(store: JobStateStore) -> None:
    for number in range(1_200):
        store.record_event("note.added", {"text": str(number)})
    with store.subscribe_to_events(after_id=0) as events:
        heard = [next(events).message for _ in range(1_200)]
    assert heard == [str(number) for number in range(1_200)]


def test_a_waiting_subscriber_ends_when_the_store_closes(tmp_path: Path) -> None:
    store = JobStateStore(db_path=tmp_path / "x.db")
    heard: list[Event] = []
    entered = threading.Event()

    def follow() -> None:
        with store.subscribe_to_events() as events:
            entered.set()
            heard.extend(events)

    follower = threading.Thread(target=follow)
    follower.start()
    assert entered.wait(PATIENCE_S)
    store.close()
    follower.join(PATIENCE_S)
    assert not follower.is_alive()
    assert heard == []


def test_commands_that_do_not_fit_are_refused_and_change_nothing(store: JobStateStore) -> None:
    store.update_job_result({"job_id": "done"}, JobResult(exit_code=0, success=True))
    before = store.list_events(limit=1000)
    with pytest.raises(CommandRefusedError, match="only a waiting job can be changed"):
        store.job_control.set_priority("done", 5)
    with pytest.raises(JobNotFoundError, match="no job 'gone'"):
        store.job_spec("gone")
    assert store.list_events(limit=1000) == before


def test_any_state_interface_is_enough_for_run_job(tmp_path: Path) -> None:
    class Recorder:
        """The two verbs `run_job` needs."""

        def __init__(self) -> None:
            self.calls: list[object] = []

        def mark_job_running(self, job_id: str) -> None:
            self.calls.append(job_id)

        def update_job_result(self, job: object, result: JobResult) -> None:
            del job
            self.calls.append(result.exit_code)

    recorder = Recorder()
    orchestrator = Orchestrator(state_store=recorder)  # type: ignore[arg-type]
    try:
        job = {
            "tool": "shell",
            "job_id": "plain",
            "command": {"exe": sys.executable, "args": ["-c", "print('hi')"]},
        }
        result = orchestrator.run_job({**job, "paths": {"repo_root": str(tmp_path)}})
    finally:
        orchestrator.close()
    assert (result.success, result.stdout) == (True, "hi\n")
    assert recorder.calls == ["plain", 0]


def test_the_database_file_is_plain_sqlite_that_other_tools_can_read(store: JobStateStore) -> None:
    store.update_job_result({"job_id": "one"}, JobResult(exit_code=0, success=True))
    connection = sqlite3.connect(store.database.path)
    assert connection.execute("SELECT job_id, status FROM step_attempts").fetchall() == [("one", "completed")]
    connection.close()


def test_a_row_this_release_cannot_read_is_held_with_the_reason_and_stops_no_other(
    store: JobStateStore, tmp_path: Path
) -> None:
    engine = Engine(engine_id="e1", home_id=store.home.home_id(), host="here", pid=1, started_at=1.0)
    store.engine_started(engine)
    specs = [
        job_from_mapping({"tool": "tests", "job_id": name}, base=tmp_path) for name in ("strange", "sound")
    ]
    store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection, connection:
        words = json.dumps({"tool": "tests", "job_id": "strange", "unheard_of": 1})
        connection.execute("UPDATE jobs SET spec_json = ? WHERE job_id = 'strange'", (words,))
    claims = store.claim(engine, lambda *_: ["strange", "sound"], 1.0, runner="fake")
    assert [claim.job.job_id for claim in claims] == ["sound"]
    strange = store.get_job("strange")
    assert strange is not None
    assert strange.status is JobStatus.HELD
    assert strange.hold_reason == "This release cannot read its job file: unheard_of: is not a known key."
    store.release("strange")
    with pytest.raises(CommandRefusedError, match="cannot read its job file"):
        store.claim_one("strange", engine, 2.0, runner="fake")


def test_a_run_gets_an_id_that_no_other_run_has_however_many_there_are_in_its_minute(
    store: JobStateStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda length: "7f" * length)
    made = [store.create_run(metadata={"title": title}) for title in ("first", "second")]
    spec = job_from_mapping({"tool": "tests", "job_id": "third"}, base=tmp_path)
    made += [
        job.run_id for job in store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    ]
    assert [len(run_id.rpartition("-")[2]) for run_id in made] == [4, 8, 10]
    assert {run.title for run in store.list_recent_runs()} >= {"first", "second"}
