"""Faults of the whole engine, as rows of the reliability plan: each test is named by the row it shows."""

import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest

from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.home_invariants import breaches
from engine.runners import output
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import event_queries, invariants, queries
from state.database import Database
from state.database_errors import ForeignDatabaseError
from state.database_reader import DatabaseReader
from state.records import AttemptStatus, JobStatus, Limit, LimitKind, Origin
from tests.helpers import child_zoo
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.counts import counted
from tests.helpers.marked_processes import marked
from tests.helpers.patience import PATIENCE_S, at_most

SOAK = bool(os.environ.get("SIGNALBOX_SOAK"))
ROOT = Path(__file__).parents[2]
NOTES_START = "import os, sys, time; open(sys.argv[1], 'a').write('S\\n'); time.sleep(float(sys.argv[2]))"


def enter(store: JobStateStore, *jobs: dict[str, Any], base: Path) -> None:
    specs = [job_from_mapping(job, base=base) for job in jobs]
    store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)


@contextmanager
def engine_process(home: Home, **env: str) -> "Iterator[subprocess.Popen[bytes]]":
    """The engine as a process of its own; killed, with what it runs left to the next, if it outlives the context."""
    words = [sys.executable, "-m", "engine", "engine", "--home", str(home.root)]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, **env}, stdout=nothing, stderr=nothing
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def status(home: Home, job_id: str) -> JobStatus:
    with closing(JobStateStore(home=home)) as store:
        job = store.get_job(job_id)
    assert job is not None
    return job.status


# --- X5 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "times"), [(signal.SIGTERM, 5)])
def test_x05_a_request_to_stop_ends_it_in_time_leaves_no_process_and_keeps_the_queue(
    signalbox: CommandLine, number: signal.Signals, times: int
) -> None:
    home = signalbox.home
    with closing(JobStateStore(home=home)) as store:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
        stubborn = {"tool": "shell", "job_id": "stubborn"}
        argv = child_zoo.command(child_zoo.leads_sessions)
        enter(
            store,
            {**stubborn, "command": {"exe": argv[0], "args": argv[1:]}},
            python("print(1)", "waits"),
            base=signalbox.folder,
        )
    with engine_process(home) as engine:
        until(
            lambda: next(iter(marked(home)), None) if status(home, "stubborn") is JobStatus.RUNNING else None
        )
        begun = time.monotonic()
        for _ in range(times):
            engine.send_signal(number)
        assert engine.wait(PATIENCE_S) == 0
        assert time.monotonic() - begun < at_most(10)
    assert list(marked(home)) == []
    assert status(home, "stubborn") is JobStatus.HELD
    assert status(home, "waits") is JobStatus.QUEUED
    assert breaches(home) == []


WAL_HEADER, WAL_FRAME = 32, 24 + 4096
"""Bytes, as SQLite's file format has them."""

# --- X6 ---------------------------------------------------------------------------------------------------------------


def image_of(home: Home, folder: Path, *, cut: random.Random | None = None) -> Path:
    """Database and log as they lie on the disk at this moment; with `cut`, the log ends at a random byte.

    It is not cut within what the database may hold already: that part of the log was synced before.
    """
    folder.mkdir()
    copy = folder / home.database.name
    wal, index = (copy.with_name(copy.name + part) for part in ("-wal", "-shm"))
    for file in (copy, wal, index):
        source = home.database.with_name(file.name)
        if source.exists():  # copied by another process: closing a file would end the locks of this one
            subprocess.run(["cp", source, file], check=True)
    if cut is not None and wal.exists():
        least = WAL_HEADER + WAL_FRAME * tried_to_move(index)
        os.truncate(wal, cut.randrange(least, max(least, wal.stat().st_size) + 1))
    index.unlink(missing_ok=True)  # a power cut leaves none
    return copy


def tried_to_move(index: Path) -> int:
    """How many frames of the log may have been written to the database (nBackfillAttempted in SQLite's walformat)."""
    return int(struct.unpack_from("=I", index.read_bytes(), 128)[0]) if index.exists() else 0


@pytest.mark.parametrize("seed", range(3))
def test_x06_a_log_is_not_cut_within_what_the_database_holds(tmp_path: Path, seed: int) -> None:
    home = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=home)) as store, closing(sqlite3.connect(home.database)) as reading:
        for _ in range(20):
            store.record_event("test.before", {"text": "x" * 3000})
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM events").fetchone()  # what comes now stays in the log
        store.record_event("test.after", {})
        with closing(sqlite3.connect(home.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        torn = image_of(home, tmp_path / "torn", cut=random.Random(seed))  # noqa: S311 - moments, not secrets
    with closing(Database(torn)) as copy, closing(DatabaseReader(copy)) as reader:
        kinds = [event.event_type for event in reader.read(event_queries.events_after, 0)]
    assert kinds.count("test.before") == 20


@pytest.mark.timeout(1200)
def test_x06_each_image_of_a_power_cut_opens_with_everything_that_was_acknowledged(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    home, images = signalbox.home, 100 if SOAK else 10
    chance = random.Random(6)  # noqa: S311 - moments, not secrets
    acknowledged: set[str] = set()
    torn_refused = 0
    with closing(JobStateStore(home=home)) as store, engine_process(home) as engine:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=4))
        for number in range(images):
            ids = [f"job-{number}-{one}" for one in range(6)]
            enter(store, *(python("print(1)", job_id) for job_id in ids), base=tmp_path)
            acknowledged.update(ids)
            Event().wait(chance.uniform(0.0, 0.15))  # the moment of the cut is what is random here
            engine.send_signal(signal.SIGSTOP)
            until(
                lambda: (
                    "T" in Path(f"/proc/{engine.pid}/stat").read_text().rpartition(")")[2].split()[0] or None
                )
            )
            whole = image_of(home, tmp_path / f"whole-{number}")
            torn = image_of(home, tmp_path / f"torn-{number}", cut=chance)
            engine.send_signal(signal.SIGCONT)
            with closing(Database(whole)) as copy, closing(DatabaseReader(copy)) as reader:
                with reader.connection() as connection:
                    assert invariants.breaches(connection) == []
                assert acknowledged <= {job.job_id for job in reader.read(queries.list_jobs, limit=100_000)}
            try:
                with (
                    closing(Database(torn)) as copy,
                    closing(DatabaseReader(copy)) as reader,
                    reader.connection() as connection,
                ):
                    assert invariants.breaches(connection) == []
            except ForeignDatabaseError:
                torn_refused += 1
    counted(f"X6: {images} whole and {images} torn images, {len(acknowledged)} jobs acknowledged; 0 missing")
    assert torn_refused == 0


# --- X13 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-3600.0, 10 * 365 * 24 * 3600.0])
def test_x13_an_engine_that_sleeps_while_the_clock_jumps_keeps_its_job(
    signalbox: CommandLine, tmp_path: Path, jump: float
) -> None:
    home, ledger = signalbox.home, tmp_path / "ledger"
    with closing(JobStateStore(home=home)) as store:
        job = python(NOTES_START, "a", metadata={"timeout_seconds": 60, "on_interrupted": "rerun"})
        job["command"]["args"] += [str(ledger), "1.5"]
        enter(store, job, base=tmp_path)
    with engine_process(home) as first:
        until(lambda: ledger.exists() or None)
        first.send_signal(signal.SIGSTOP)
        second = EngineService(home, clock=lambda: time.time() + jump)
        try:
            for _ in range(20):
                second.step()
            assert second.turn.running == 0, "a lock that is held is a living engine, whatever the clock says"
        finally:
            second.close()
        first.send_signal(signal.SIGCONT)
        until(lambda: status(home, "a") is JobStatus.COMPLETED or None)
    assert ledger.read_text().count("S") == 1
    with closing(JobStateStore(home=home)) as store:
        (attempt,) = store.list_attempts("a")
    assert attempt.duration_s is not None
    assert 1.4 < attempt.duration_s < 60
    assert breaches(home) == []


# --- X25, X26 ---------------------------------------------------------------------------------------------------------

POISON = """
import os, signal
shim = os.getppid()
engine = int(open(f"/proc/{shim}/stat").read().rpartition(")")[2].split()[1])
os.kill(engine, signal.SIGKILL)
os.kill(shim, signal.SIGKILL)
"""


def test_x25_a_job_that_kills_its_engine_each_time_is_quarantined_and_the_others_finish(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    home = signalbox.home
    with closing(JobStateStore(home=home)) as store:
        poison = python(POISON, "poison", metadata={"on_interrupted": "rerun", "priority": "urgent"})
        enter(store, poison, python("print(1)", "b"), python("print(1)", "c"), base=tmp_path)
        deaths = 0
        for _ in range(6):
            with engine_process(home) as engine:
                until(lambda engine=engine: engine.poll() is not None or store.is_idle() or None)  # type: ignore[misc]  # bound per turn
                deaths += engine.poll() == -signal.SIGKILL
            if store.is_idle():
                break
        job = store.get_job("poison")
        assert job is not None
        assert (job.status, job.quarantined) == (JobStatus.FAILED, True)
        tries = [attempt.status for attempt in store.list_attempts("poison")]
        assert tries == [AttemptStatus.INTERRUPTED] * 3
        assert deaths == 3
    assert {status(home, "b"), status(home, "c")} == {JobStatus.COMPLETED}
    assert list(marked(home)) == []
    assert breaches(home) == []


@pytest.mark.parametrize("point", ["after_claim", "after_spawn", "before_finish"])
def test_x26_an_engine_that_fails_says_so_and_the_next_one_loses_nothing(
    signalbox: CommandLine, tmp_path: Path, point: str
) -> None:
    home, ledger = signalbox.home, tmp_path / "ledger"
    with closing(JobStateStore(home=home)) as store:
        job = python(NOTES_START, "a", metadata={"on_interrupted": "rerun"})
        job["command"]["args"] += [str(ledger), "0"]
        enter(store, job, base=tmp_path)
    words = [sys.executable, "-m", "engine", "engine", "--until-idle", "--home", str(home.root)]
    broken = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "SIGNALBOX_FAULT": f"raise:{point}"}, capture_output=True, text=True,
        check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert broken.returncode != 0
    assert "InjectedFaultError" in broken.stderr
    healthy = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert healthy.returncode == 0, healthy.stderr
    assert status(home, "a") is JobStatus.COMPLETED
    assert ledger.read_text().count("S") == 1
    assert breaches(home) == []


# --- L5, L8 -----------------------------------------------------------------------------------------------------------


def test_l5_eight_jobs_that_print_without_end_are_kept_within_their_cap_in_little_memory(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    size = 200_000_000 if SOAK else 40_000_000
    engine = EngineService(signalbox.home)
    try:
        engine.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=8))
        argv = child_zoo.command(child_zoo.prints, size)
        jobs = [
            {"tool": "shell", "job_id": f"job-{one}", "command": {"exe": argv[0], "args": argv[1:]}}
            for one in range(8)
        ]
        engine.step()
        before = psutil.Process().memory_info().rss
        enter(engine.store, *jobs, base=tmp_path)

        def over() -> bool | None:
            engine.step()
            engine.wait(0.05)
            return all(status(signalbox.home, job["job_id"]) is JobStatus.COMPLETED for job in jobs) or None  # type: ignore[arg-type]  # a str

        until(over)
        grown = psutil.Process().memory_info().rss - before
        kept = [
            sum(file.stat().st_size for file in folder.iterdir()) for folder in engine.home.attempts.iterdir()
        ]
        tails = [len(output.tail(folder)) for folder in engine.home.attempts.iterdir()]
    finally:
        engine.close("stop")
    counted(
        f"L5: 8 x {size / 1e6:.0f} MB: the engine grew by {grown / 1e6:.1f} MB, "
        f"kept at most {max(kept) / 1e6:.1f} MB each"
    )
    assert grown < 50_000_000
    assert max(kept) < 40_000_000
    assert min(tails) == output.TAIL_LIMIT


def test_l8_an_idle_engine_writes_nothing(signalbox: CommandLine, tmp_path: Path) -> None:
    now = [time.time()]
    engine = EngineService(signalbox.home, clock=lambda: now[0])
    try:
        enter(engine.store, python("print(1)", "a"), base=tmp_path)

        def over() -> bool | None:
            engine.step()
            engine.wait(0.05)
            now[0] = time.time()
            return engine.step().idle or None

        until(over)
        with closing(sqlite3.connect(engine.home.database)) as watcher:
            before = watcher.execute("PRAGMA data_version").fetchone()
            for _ in range(100):
                now[0] += 0.5
                engine.step()
            assert watcher.execute("PRAGMA data_version").fetchone() == before
    finally:
        engine.close()
