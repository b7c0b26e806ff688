"""What a job costs to be queued and to be kept, and what deleting many of them holds up."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from huey import SqliteHuey
from sqlalchemy import event

from engine.cli.submit import SubmitOptions, read_files, submit_files
from engine.host.engine_service import EngineService
from engine.maintenance import pruning
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.trust.policy import is_warm
from state.database import Database
from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.large_home import make

ROOT = Path(__file__).resolve().parents[2]
SUBMITTED, FINISHED, PRUNED, DROPPED = 2_000, 2_000, 50_000, 2_000
PER_FILE_BEFORE = 7.4
"""Milliseconds a file of a drop before those of one turn were entered together, and the folder was listed once."""
PER_JOB_BEFORE = 4.03
"""Kilobytes of database a finished job before events and results left to their rows what these say, vacuumed."""


def submit_ms(folder: Path, home: Home) -> float:
    """The processor time a job of reading files and queueing their jobs."""
    with closing(JobStateStore(home=home)) as store:
        begun = time.process_time()
        submit_files(store, read_files([folder]), SubmitOptions())
        return (time.process_time() - begun) * 1000 / SUBMITTED


def enqueue_ms(file: Path) -> float:
    """The same of putting as many tasks into huey's queue on SQLite."""
    queue = SqliteHuey("bench", filename=str(file), fsync=True)
    task = queue.task()(shutil.which)
    begun = time.process_time()
    for _ in range(SUBMITTED):
        task("true")
    return (time.process_time() - begun) * 1000 / SUBMITTED


def test_queueing_many_jobs(figures: Figures, tmp_path: Path) -> None:
    folder = tmp_path / "jobs"
    folder.mkdir()
    for number in range(SUBMITTED):
        job = {"tool": "shell", "job_id": f"job-{number}", "command": {"exe": "/bin/true"}}
        (folder / f"{number}.json").write_text(json.dumps(job), encoding="utf-8")
    ours = min(submit_ms(folder, Home.at(tmp_path / f"home-{turn}")) for turn in range(3))
    theirs = min(enqueue_ms(tmp_path / f"huey-{turn}.db") for turn in range(3))
    what = f"processor time of reading {SUBMITTED:,} job files and queueing their jobs, a job"
    figures.add(
        Figure(what=what, ours=ours, rival="huey puts as many tasks into SQLite", theirs=theirs, unit="ms")
    )


def drop_ms(home: Home) -> float:
    """The processor time a file of an engine that takes a drop in."""
    service = EngineService(home)
    runs = partial(service.store.list_recent_runs, DROPPED)
    while not is_warm():
        service.step()
        service.wait(0.1)
    for number in range(DROPPED):
        job = {"tool": "shell", "job_id": f"job-{number}", "command": {"exe": "/bin/true"}}
        (home.inbox / f"{number:05d}.json").write_text(json.dumps(job), encoding="utf-8")
    begun, steps = time.process_time(), 0
    while steps % 20 or len(runs()) < DROPPED:
        service.step()
        service.wait(0.2)
        steps += 1
    took = (time.process_time() - begun) * 1000 / DROPPED
    service.close("leave")
    return took


def test_taking_in_many_dropped_files(figures: Figures, tmp_path: Path) -> None:
    ours = min(drop_ms(Home.at(tmp_path / f"home-{turn}")) for turn in range(2))
    what = f"processor time of an engine that takes in {DROPPED:,} dropped job files, a file"
    rival = "an earlier value of this"
    figures.add(Figure(what=what, ours=ours, rival=rival, theirs=PER_FILE_BEFORE, unit="ms"))


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a name as short as that of a repository: paths are part of what is stored."""
    with TemporaryDirectory(prefix="jobs-") as folder:
        yield Path(folder)


def test_what_a_finished_job_takes_in_the_database(figures: Figures, short_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.benchmarks.queues", "signalbox", str(short_path), str(FINISHED), "8"]
    subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    file = Home.at(short_path / "home").database
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        as_it_grew = file.stat().st_size / FINISHED / 1000
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    vacuumed = file.stat().st_size / FINISHED / 1000
    for how, ours in (("as it grew", as_it_grew), ("vacuumed", vacuumed)):
        what = f"database a finished job, {FINISHED:,} x `/bin/true`, {how}"
        rival = "an earlier value of this, vacuumed"
        figures.add(Figure(what=what, ours=ours, rival=rival, theirs=PER_JOB_BEFORE, unit="kB"))


@contextmanager
def timed_transactions(database: Database, spans: list[float]) -> Iterator[None]:
    """Add to `spans` how many milliseconds each transaction of the writer lasts."""
    begun = 0.0

    def begin(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def commit(*_: object) -> None:
        spans.append((time.perf_counter() - begun) * 1000)

    event.listen(database._writer, "begin", begin)
    event.listen(database._writer, "commit", commit)
    yield


@pytest.mark.timeout(1_200)
def test_pruning_many_jobs(figures: Figures, tmp_path: Path) -> None:
    home, spans = Home.at(tmp_path / "home"), list[float]()
    make(home.root, PRUNED, 9 * PRUNED)
    before = home.database.stat().st_size / 1e6
    shutil.copyfile(home.database, tmp_path / "all-at-once.db")
    with closing(Database(home.database)) as database, timed_transactions(database, spans):
        pruning.prune(home, database, before=time.time() + 1)
    after = home.database.stat().st_size / 1e6
    at_once = delete_at_once_ms(tmp_path / "all-at-once.db")
    what = f"longest transaction while {PRUNED:,} jobs are pruned"
    figures.add(Figure(what=what, ours=max(spans), rival="all deleted at once", theirs=at_once, unit="ms"))
    what = f"the file after {PRUNED:,} jobs were pruned"
    figures.add(Figure(what=what, ours=after, rival="the file before", theirs=before, unit="MB"))


def delete_at_once_ms(file: Path) -> float:
    """How long others would wait if the same was deleted in one transaction."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table in ("events", "step_attempts", "workstream_files", "jobs", "workstreams", "runs"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - of these
        connection.execute("COMMIT")
        return (time.perf_counter() - begun) * 1000
