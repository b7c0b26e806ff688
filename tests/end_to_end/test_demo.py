import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.demo import make_demo
from engine.home import Home
from engine.interfaces import Accepted
from engine.jobfile import read_job_file
from engine.service import Engine
from state.records import AttemptStatus, GroupStatus, Job, JobStatus, Origin

DEADLINE_S = 90.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Home.at(tmp_path / "home"))
    yield engine
    engine.close("stop")


@pytest.fixture
def project(tmp_path: Path, engine: Engine) -> Path:
    """The demo's project after the whole demo has run."""
    pipeline = make_demo(tmp_path / "demo", pace=0)
    specs = read_job_file(pipeline)
    engine.store.accept(
        [Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.COMMAND_LINE
    )
    deadline = time.monotonic() + DEADLINE_S
    while not (report := engine.step()).idle:
        assert time.monotonic() < deadline, f"{report}"
        engine.wait(max(0.0, min(0.25, (report.next_wake or 0.0) - time.time())))
    return pipeline.with_suffix("")


def jobs(engine: Engine) -> dict[tuple[str, str], Job]:
    (run,) = engine.store.list_recent_runs()
    return {(job.ws_id, job.step_name): job for job in engine.store.list_jobs(run.run_id)}


def said(*words: str, cwd: Path) -> str:
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=True).stdout.strip()


def test_the_demo_mends_the_repository_and_merges_it(engine: Engine, project: Path) -> None:
    told = {key: (job.status, job.summary) for key, job in jobs(engine).items()}
    assert {status for status, _ in told.values()} == {JobStatus.COMPLETED}, told
    assert engine.store.list_recent_runs()[0].status is GroupStatus.COMPLETED
    assert said("git", "branch", "--show-current", cwd=project) == "main"
    assert said("git", "rev-list", "--count", "main", cwd=project) == "4"
    assert said("git", "status", "--porcelain", cwd=project) == ""
    assert subprocess.run([sys.executable, "-m", "unittest", "-q"], cwd=project, check=False).returncode == 0


def test_one_step_of_the_demo_fails_once_and_is_retried(engine: Engine, project: Path) -> None:
    assert project.is_dir()
    tried = {key: engine.store.list_attempts(job.job_id) for key, job in jobs(engine).items()}
    check = tried.pop(("clock", "check"))
    assert [attempt.status for attempt in check] == [AttemptStatus.FAILED, AttemptStatus.COMPLETED]
    assert check[0].exit_code == 75
    assert {len(attempts) for attempts in tried.values()} == {1}


def test_the_board_is_tested_only_after_the_clock_was_committed(engine: Engine, project: Path) -> None:
    assert project.is_dir()
    found = jobs(engine)
    committed, tested = found["clock", "commit"].completed_at, found["board", "test"].started_at
    assert committed is not None
    assert tested is not None
    assert committed <= tested


def test_the_workstreams_tell_which_files_they_touched(engine: Engine, project: Path) -> None:
    assert project.is_dir()
    run_id = engine.store.list_recent_runs()[0].run_id
    touched = {
        file["path"]
        for event in engine.store.list_events(limit=5000, run_id=run_id)
        for file in event.payload.get("files", ())
        if file.get("touched")
    }
    assert {"tramline/clock.py", "tramline/service.py", "tramline/board.py", "tramline/layout.py"} <= touched
