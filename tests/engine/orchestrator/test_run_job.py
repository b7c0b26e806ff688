"""`run_job`: one job, now, to its end, with real processes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError, JobAlreadyRunningError, SignalboxError
from engine.maintenance import health
from engine.orchestrator.orchestrator import Orchestrator
from engine.state_store.job_state_store import JobStateStore
from state.records import JobStatus
from tests.helpers.attempts import git_caller
from tests.helpers.isolated_bench import agent
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

ROOT = Path(__file__).parents[3]


@pytest.fixture
def orchestrator(tmp_path: Path) -> Iterator[Orchestrator]:
    store = JobStateStore(db_path=tmp_path / "test.db")
    made = Orchestrator(state_store=store)
    yield made
    made.close()
    store.close()


def python(code: str, *, job_id: str = "one", **fields: object) -> dict[str, object]:
    return {
        "tool": "shell",
        "job_id": job_id,
        "command": {"exe": sys.executable, "args": ["-c", code]},
        **fields,
    }


def test_the_result_is_what_the_program_did(orchestrator: Orchestrator) -> None:
    result = orchestrator.run_job(
        python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    )
    assert (result.exit_code, result.success) == (3, False)
    assert (result.stdout, result.stderr) == ("out\n", "err\n")
    assert result.duration_s > 0
    assert orchestrator.get_job_status("one") == "failed"


def test_the_work_of_an_isolated_job_can_be_reviewed_as_soon_as_it_has_ended(
    orchestrator: Orchestrator, tmp_path: Path
) -> None:
    repo = small_repository(tmp_path / "repo")
    fields = agent("echo new > new.txt", job_id="one", run_id="run", paths={"repo_root": str(repo)})
    assert orchestrator.run_job(fields).success
    assert isinstance(orchestrator.store, JobStateStore)
    tree = orchestrator.store.trees.find("run", "main")
    assert tree is not None
    assert tree.head is not None
    assert git_caller(repo)("show", f"{tree.head}:new.txt") == "new"


def test_a_job_file_is_run_from_its_path(orchestrator: Orchestrator, tmp_path: Path) -> None:
    file = tmp_path / "job.json"
    file.write_text(json.dumps(python("print('from a file')")), encoding="utf-8")
    assert orchestrator.run_job(str(file)).stdout == "from a file\n"


def test_x08_below_the_floor_of_free_space_it_is_refused_and_nothing_is_entered(
    orchestrator: Orchestrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = shutil.disk_usage("/")._replace(total=10**12, used=10**12 - 10**8, free=10**8)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: nearly_full)
    with pytest.raises(CommandRefusedError, match="has only 100 MB free"):
        orchestrator.run_job(python("print('never')"))
    assert orchestrator.get_job_status("one") == "not_found"


def test_x08_a_retry_waits_until_there_is_room_again(
    orchestrator: Orchestrator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    usage, full = shutil.disk_usage("/"), tmp_path / "full"
    looks: list[int] = []

    def disk_usage(_folder: Path) -> object:
        if not full.exists():
            return usage._replace(total=10**12, free=10**11)
        looks.append(1)
        if len(looks) > 3:
            full.unlink()
        return usage._replace(total=10**12, free=10**8)

    monkeypatch.setattr("shutil.disk_usage", disk_usage)
    tries = tmp_path / "tries"
    code = (
        "import pathlib, sys\n"
        "tries, full = map(pathlib.Path, sys.argv[1:])\n"
        "first = not tries.exists()\ntries.touch()\nfirst and full.touch()\nsys.exit(first)"
    )
    job = python(code, metadata={"retry": {"limit": 1, "backoff": "immediate"}})
    job["command"]["args"] += [str(tries), str(full)]  # type: ignore[index]  # what `python` makes
    assert orchestrator.run_job(job).success
    assert len(looks) > 3, "it was polled again and again"
    assert len(orchestrator.store.list_attempts("one")) == 2


def test_a_finished_job_gets_a_new_attempt(orchestrator: Orchestrator) -> None:
    orchestrator.run_job(python("pass"))
    orchestrator.run_job(python("pass"))
    assert [attempt.number for attempt in orchestrator.store.list_attempts("one")] == [1, 2]


def test_other_queued_jobs_are_left_alone(orchestrator: Orchestrator) -> None:
    other = orchestrator.queue_job(python("pass", job_id="other"))
    orchestrator.run_job(python("pass"))
    assert orchestrator.get_job_status(other) == "queued"


def test_a_job_that_runs_is_not_run_again(orchestrator: Orchestrator) -> None:
    orchestrator.store.mark_job_running("one")
    with pytest.raises(JobAlreadyRunningError, match="already running"):
        orchestrator.run_job(python("pass"))


def test_a_job_whose_parents_have_not_ended_well_is_refused(orchestrator: Orchestrator) -> None:
    with pytest.raises(CommandRefusedError, match="waits for parent"):
        orchestrator.run_job(python("pass", metadata={"depends_on": ["parent"]}))
    assert orchestrator.store.get_job("one") is None


def test_its_retries_are_waited_for(orchestrator: Orchestrator, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"import pathlib, sys; m = pathlib.Path({str(mark)!r}); seen = m.exists(); m.touch(); sys.exit(not seen)"
    metadata = {"retry": {"limit": 1, "interval_sec": 0.05}}
    assert orchestrator.run_job(python(code, metadata=metadata)).success
    assert len(orchestrator.store.list_attempts("one")) == 2


def test_a_missing_program_is_reported_and_nothing_is_raised(orchestrator: Orchestrator) -> None:
    result = orchestrator.run_job(
        {"tool": "shell", "job_id": "one", "command": {"exe": "no-such-program-at-all"}}
    )
    assert not result.success
    assert "no-such-program-at-all" in result.metadata["summary"]
    job = orchestrator.store.get_job("one")
    assert job is not None
    assert (job.status, job.failure_class) == (JobStatus.FAILED, "spawn_failed")


def test_a_pipeline_is_not_one_job(orchestrator: Orchestrator, tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    steps = "[{name: a, tool: shell, command: {exe: 'true'}}, {name: b, tool: shell, command: {exe: 'true'}}]"
    file.write_text(f"title: Two\nworkstreams:\n  - id: w\n    steps: {steps}\n", encoding="utf-8")
    with pytest.raises(SignalboxError, match="pipeline of 2 jobs"):
        orchestrator.run_job(file)


def test_ctrl_c_cancels_the_job_and_leaves_no_process(tmp_path: Path) -> None:
    database, started = tmp_path / "test.db", tmp_path / "started"
    code = (
        "import sys; from engine.orchestrator.orchestrator import Orchestrator as O;"
        "from engine.state_store.job_state_store import JobStateStore as S;"
        "store = S(db_path=sys.argv[1]); o = O(state_store=store)\n"
        "try:\n o.run_job({'tool': 'shell', 'job_id': 'long', 'command': {'exe': '/bin/sh', 'args': "
        "['-c', 'echo $$ > ' + sys.argv[2] + '; exec sleep 60']}})\n"
        "except KeyboardInterrupt:\n o.close(); store.close(); sys.exit(130)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(database), str(started)], cwd=ROOT)
    deadline = time.monotonic() + PATIENCE_S
    while not (started.exists() and started.read_text(encoding="utf-8").strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text(encoding="utf-8")), 0)
    store = JobStateStore(db_path=database)
    job = store.get_job("long")
    store.close()
    assert job is not None
    assert job.status is JobStatus.CANCELLED


def test_processes_a_tool_leaves_behind_are_terminated_and_reported(orchestrator: Orchestrator) -> None:
    job = {
        "tool": "shell",
        "job_id": "one",
        "command": {"exe": "/bin/sh", "args": ["-c", "sleep 60 & echo hi"]},
    }
    result = orchestrator.run_job(job)
    assert (result.success, result.stdout) == (True, "hi\n")
    leftovers = [
        event for event in orchestrator.store.list_events() if event.event_type == "attempt.leftovers"
    ]
    assert [(event.job_id, event.payload["count"]) for event in leftovers] == [("one", 1)]
