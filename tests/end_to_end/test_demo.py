import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.host.demo import make_demo
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import read_job_file
from engine.system.home import Home
from state.records import Attempt, AttemptStatus, Event, GroupStatus, Job, JobStatus, Origin, Run
from tests.helpers.patience import PATIENCE_S


@dataclass(frozen=True)
class Played:
    """What there is to see once the whole demo has run; jobs by workstream and step."""

    project: Path
    run: Run
    jobs: dict[tuple[str, str], Job]
    attempts: dict[tuple[str, str], list[Attempt]]
    events: Sequence[Event]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    pipeline = make_demo(folder, pace=0)
    engine = EngineService(Home.at(folder / "home"))
    try:
        accepted = [Accepted(spec=spec, digest=spec.digest()) for spec in read_job_file(pipeline)]
        engine.store.accept(accepted, origin=Origin.COMMAND_LINE)
        deadline = time.monotonic() + 3 * PATIENCE_S
        while not (report := engine.step()).idle:
            assert time.monotonic() < deadline, f"{report}"
            engine.wait(max(0.0, min(0.25, (report.next_wake or 0.0) - time.time())))
        (run,) = engine.store.list_recent_runs()
        jobs = {(job.ws_id, job.step_name): job for job in engine.store.list_jobs(run.run_id)}
        attempts = {key: engine.store.list_attempts(job.job_id) for key, job in jobs.items()}
        events = engine.store.list_events(limit=5000, run_id=run.run_id)
    finally:
        engine.close("stop")
    return Played(pipeline.with_suffix(""), run, jobs, attempts, events)


def output_of(*words: str, cwd: Path) -> str:
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=True).stdout.strip()


def test_every_step_of_the_demo_completes(played: Played) -> None:
    outcomes = {key: (job.status, job.summary) for key, job in played.jobs.items()}
    assert {status for status, _ in outcomes.values()} == {JobStatus.COMPLETED}, outcomes
    assert played.run.status is GroupStatus.COMPLETED


def test_the_repository_is_repaired_and_the_branch_merged(played: Played) -> None:
    assert output_of("git", "branch", "--show-current", cwd=played.project) == "main"
    assert output_of("git", "rev-list", "--count", "main", cwd=played.project) == "4"
    assert output_of("git", "status", "--porcelain", cwd=played.project) == ""
    tests = [sys.executable, "-B", "-m", "unittest", "-q"]
    assert subprocess.run(tests, cwd=played.project, check=False).returncode == 0


def test_one_step_fails_once_and_is_retried(played: Played) -> None:
    others = dict(played.attempts)
    check = others.pop(("clock", "check"))
    assert [attempt.status for attempt in check] == [AttemptStatus.FAILED, AttemptStatus.COMPLETED]
    assert check[0].exit_code == 75
    assert {len(attempts) for attempts in others.values()} == {1}


def test_the_board_is_tested_only_after_the_clock(played: Played) -> None:
    order = {(event.event_type, event.job_id): event.id for event in played.events}
    mended = order["job.completed", played.jobs["clock", "test"].job_id]
    assert mended < order["job.running", played.jobs["board", "test"].job_id]


def test_the_workstreams_list_the_files_they_touched(played: Played) -> None:
    touched = {
        (event.ws_id, file["path"])
        for event in played.events
        for file in event.payload.get("files", ())
        if file.get("touched")
    }
    assert touched == {
        ("clock", "tramline/clock.py"),
        ("clock", "tramline/service.py"),
        ("board", "tramline/board.py"),
        ("board", "tramline/layout.py"),
    }


def test_the_result_of_a_test_run_counts_the_tests(played: Played) -> None:
    (attempt,) = played.attempts["board", "test"]
    assert attempt.result["metadata"]["tests"]["passed"] == 12
    assert attempt.result["metadata"]["tests"]["failed"] == 0
