"""Pruning holds nobody up: it goes in short transactions, can be stopped between any two, and shrinks the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.maintenance import pruning
from engine.system.home import Home
from state import invariants, write_pruning
from state.compaction import INCREMENTAL
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Following, Ledger, NewJob
from state.locks import KernelLock
from state.records import AttemptStatus, Engine, Job, JobStatus, Run, Workstream, WorkstreamFile

JOBS, ENDED, LATER = 400, 1_000.0, 2_000.0
ME = Engine(engine_id="me", home_id="home", host="here", pid=1, started_at=1.0)


def fill(home: Home) -> None:
    """A run of many jobs that ended long ago, each with a file and with output in its result."""
    with closing(Database(home.database)) as database:
        ledger = Ledger(database, clock=lambda: ENDED)
        ledger.jobs.create_run(Run(run_id="r", title="Old"), [Workstream(run_id="r", ws_id="w")])
        jobs = [Job(job_id=f"j{number}", run_id="r", ws_id="w") for number in range(JOBS)]
        ledger.jobs.accept([NewJob(job=job, spec={"tool": "shell", "job_id": job.job_id}) for job in jobs])
        started = ledger.attempts.claim(
            ME, lambda _running, page, *_: [job.job_id for job in page], runner="local", now=ENDED
        )
        while started:
            for job, attempt in started:
                file = WorkstreamFile(run_id="r", ws_id="w", path=f"src/{job.job_id}.py", touched=True)
                done = AttemptOutcome(
                    status=AttemptStatus.COMPLETED, result={"stdout": "x" * 2_000}, files=[file]
                )
                ledger.attempts.end(attempt, done, Following(status=JobStatus.COMPLETED), now=ENDED)
            started = ledger.attempts.claim(
                ME, lambda _running, page, *_: [job.job_id for job in page], runner="local", now=ENDED
            )
        database.checkpoint()


@pytest.fixture
def old_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home.at(tmp_path / "home")
    fill(home)
    for name, number in (("JOBS_AT_ONCE", 20), ("ROWS_AT_ONCE", 50), ("PAGES_AT_ONCE", 16)):
        monkeypatch.setattr(write_pruning, name, number)
    return home


def rows(database: Database, table: str) -> int:
    with closing(DatabaseReader(database)) as reader, reader.connection() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608 - constants


def test_others_write_between_any_two_steps_of_a_prune_and_the_file_shrinks(old_home: Home) -> None:
    before, steps, jobs_left = old_home.database.stat().st_size, 0, JOBS
    shown: list[tuple[int, int]] = []
    with closing(Database(old_home.database)) as database, closing(Database(old_home.database)) as other:

        def rest(_seconds: float) -> None:
            nonlocal steps, jobs_left
            steps += 1
            Ledger(other, clock=lambda: LATER).record_event("note", "The engine goes on.")
            left = rows(other, "jobs")
            assert jobs_left - left <= write_pruning.JOBS_AT_ONCE
            jobs_left = left

        gone = pruning.prune(
            old_home, database, before=LATER, rest=rest,
            progress=lambda done, whole: shown.append((done.jobs, whole.jobs)),
        )  # fmt: skip
        assert (gone.runs, gone.jobs, rows(database, "jobs"), rows(database, "workstream_files")) == (
            1,
            JOBS,
            0,
            0,
        )
        assert shown[-1] == (JOBS, JOBS)
        assert steps > JOBS / write_pruning.JOBS_AT_ONCE + JOBS / write_pruning.ROWS_AT_ONCE
        assert rows(database, "events") <= steps + 2
    assert old_home.database.stat().st_size < before / 4


@pytest.mark.parametrize("stop_at", [1, 12, 25, 45, 70])
def test_a_prune_that_is_stopped_anywhere_is_finished_by_the_next_one(old_home: Home, stop_at: int) -> None:
    class StoppedError(Exception):
        """The prune ends here."""

    left = stop_at

    def rest(_seconds: float) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise StoppedError

    with closing(Database(old_home.database)) as database:
        with pytest.raises(StoppedError):
            pruning.prune(old_home, database, before=LATER, rest=rest)
        with closing(DatabaseReader(database)) as reader, reader.connection() as connection:
            assert invariants.damage(connection) == []
            count = "SELECT count(*) FROM events WHERE event_type = 'run.pruned'"
            assert connection.exec_driver_sql(count).scalar_one() == 1, (
                "so that windows read again what is left"
            )
        pruning.prune(old_home, database, before=LATER, rest=lambda _: None)
        assert (rows(database, "runs"), rows(database, "jobs"), rows(database, "step_attempts")) == (0, 0, 0)


def only_grows(home: Home) -> None:
    """Make the database one of an earlier release that could not be written anew when it was brought up to date."""
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA auto_vacuum=0")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode=WAL")
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (0,)


def pruned(home: Home) -> tuple[int, int]:
    """The kind of `auto_vacuum` and the size of the file after a prune."""
    with closing(Database(home.database)) as database:
        pruning.prune(home, database, before=LATER, rest=lambda _seconds: None)
        database.checkpoint()
    with closing(sqlite3.connect(home.database)) as connection:
        return connection.execute("PRAGMA auto_vacuum").fetchone()[0], home.database.stat().st_size


def test_a_file_that_could_not_be_written_anew_when_it_was_brought_up_to_date_is_by_the_next_prune(
    old_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_grows(old_home)
    before = old_home.database.stat().st_size
    monkeypatch.setattr(pruning, "_SOON_WRITTEN", 1)
    with KernelLock.take(old_home.engines / "e1.lock", timeout_s=1):
        assert pruned(old_home)[0] == 0
    kind, size = pruned(old_home)
    assert kind == INCREMENTAL
    assert size < before / 2
