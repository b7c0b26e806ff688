"""Faults of the disk and of the database file, X7 to X12: nothing crashes, nothing is lost, and a sentence says why."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from engine.errors import CommandRefusedError
from engine.health_problems import HealthProblemKind
from engine.host import engine_service
from engine.host.commands import AddJobs, CancelJobs, Pause, Resume
from engine.host.engine_service import EngineService
from engine.host.host_commands import ChangeSetting, SaveCopy
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance import health, pruning
from engine.maintenance.home_invariants import breaches
from engine.orchestrator.turn import StepReport
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import queries, snapshot_query
from state.backup_check import problem_of
from state.database import Database
from state.database_errors import DamagedDatabaseError, DatabaseError, ForeignDatabaseError, ViewOnlyError
from state.database_reader import DatabaseReader
from state.records import HoldCause, JobStatus, Origin
from tests.helpers.command_line import python, until
from tests.helpers.disks import Disk, disk
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S, at_most

LONG_S = 30.0 if os.environ.get("SIGNALBOX_SOAK") else 3.0
"""How long another program holds the write lock."""
WAITS = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.02)"


class Run:
    """An engine that is driven by hand, with real jobs."""

    def __init__(self, home: Home, work: Path) -> None:
        self.work = work
        self.engine = EngineService(home)
        self.report = self.engine.step()

    def step_until(self, holds: Callable[[StepReport], object]) -> StepReport:
        def stepped() -> StepReport | None:
            self.report = self.engine.step()
            if holds(self.report):
                return self.report
            self.engine.wait(0.05)
            return None

        return until(stepped)

    def add(self, *job_ids: str, code: str = "print('done')", args: tuple[str, ...] = ()) -> None:
        """Commit jobs that run this code."""
        specs = []
        for job_id in job_ids:
            fields = python(code, job_id)
            fields["command"]["args"] += args
            specs.append(job_from_mapping(fields, base=self.work))
        self.engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in specs]))

    def status(self, job_id: str) -> JobStatus:
        job = self.engine.store.get_job(job_id)
        assert job is not None
        return job.status

    def runs(self, job_id: str) -> "Callable[[StepReport], bool]":
        """Whether the job runs and every tool that is watched has really been started."""
        return lambda _report: (
            self.status(job_id) is JobStatus.RUNNING and self.running > 0 and self.started == self.running
        )

    @property
    def running(self) -> int:
        """How many attempts the runner watches."""
        return len(self.engine.turn.parts.runner.running())

    @property
    def started(self) -> int:
        """How many tools were started at all."""
        return len(list(self.engine.home.started.glob("*-*")))

    def is_done(self, job_id: str) -> "Callable[[StepReport], bool]":
        return lambda _report: self.status(job_id) is JobStatus.COMPLETED


@contextmanager
def running(home: Home, work: Path) -> Iterator[Run]:
    made = Run(home, work)
    try:
        yield made
    finally:
        made.engine.close("stop")


@pytest.fixture
def impatient_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers that wait for the lock for a moment instead of five seconds; requested before the engine is created."""
    monkeypatch.setattr("state.writing_connection.WRITER_BUSY_MS", 300)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    with running(Home.at(tmp_path / "home"), tmp_path) as made:
        yield made


def use_up(run: Run) -> None:
    """Write until the log of the database has no room left that it had taken before the disk was full."""
    with suppress(DatabaseError):
        while True:
            run.engine.store.record_event("filler", {"text": "y" * 4000})


@contextmanager
def lock_held(path: Path) -> Iterator[None]:
    """Another program that is writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


# --- X7, X8: room ------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "disk", "6m") as made:
        yield made


def test_x07_a_full_disk_stops_new_starts_only_and_the_engine_continues_by_itself(
    small: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    home, go = Home.at(small.folder / "home"), tmp_path / "go"
    with running(home, tmp_path) as run:
        run.add("long", code=WAITS, args=(str(go),))
        run.step_until(run.runs("long"))
        run.add("later")
        run.engine.carry_out(Pause())
        small.fill()
        go.touch()  # it ends while nothing can be written
        run.step_until(lambda report: report.problem and not run.running)
        use_up(run)
        report = run.step_until(lambda report: report.problem)
        assert "nothing new starts" in report.problem
        small.remount("size=12m")
        run.engine.carry_out(Resume())
        run.step_until(run.is_done("later"))
        assert run.status("long") is JobStatus.COMPLETED, run.engine.store.list_attempts("long")[0].summary
        assert run.report.problem == ""
    assert breaches(home) == []


def test_x07_ends_that_a_full_disk_refuses_are_kept_and_recorded_when_there_is_room(
    small: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FREE_FLOOR", 0)
    home, go = Home.at(small.folder / "home"), tmp_path / "go"
    with running(home, tmp_path) as run:
        run.add("a", "b", code=WAITS, args=(str(go),))
        run.step_until(lambda _report: run.started == run.running == 2)
        small.fill()
        use_up(run)
        go.touch()
        report = run.step_until(lambda report: report.problem and not run.running)
        assert report.problem.startswith("The database is not writable: the disk is full.")
        assert report.running > 0
        small.clear()
        run.step_until(lambda report: not report.running)
        assert {run.status("a"), run.status("b")} == {JobStatus.COMPLETED}
        assert run.report.problem == ""
    assert breaches(home) == []


def test_x07_an_engine_that_starts_on_a_full_disk_reports_it_and_continues_when_there_is_room(
    small: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    home = Home.at(small.folder / "home")
    with closing(JobStateStore(home=home)) as store:
        spec = job_from_mapping(python("print(1)", "a"), base=tmp_path)
        store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    small.fill(leave=40_000)  # enough for SQLite to open it, too little for anything else
    with running(home, tmp_path) as run:
        assert run.report.problem
        small.clear()
        run.step_until(run.is_done("a"))


def test_x08_nothing_starts_below_the_floor_and_everything_continues_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    with disk(tmp_path / "disk", "64m") as place, running(Home.at(place.folder / "home"), tmp_path) as run:
        run.engine.carry_out(ChangeSetting(key="free_floor_mb", value=32))
        place.fill(leave=16 * 1024 * 1024)
        run.add("a")
        report = run.step_until(lambda report: report.problem)
        assert [problem.kind for problem in report.problems] == [HealthProblemKind.SPACE]
        assert "less than 32 MB" in report.problem
        run.engine.step()
        assert run.status("a") is JobStatus.QUEUED, "stopped before the disk was full"
        place.clear()
        run.step_until(run.is_done("a"))


@pytest.mark.parametrize(
    ("total", "free", "reason"),
    [
        (1_000_000_000_000, 400_000_000, "has only 400 MB free"),
        (1_000_000_000_000, 600_000_000, ""),
        (10_000_000_000, 250_000_000, ""),
        (10_000_000_000, 150_000_000, "less than 200 MB"),
    ],
)
def test_x08_the_floor_is_500_mb_and_on_a_small_disk_2_percent(
    run: Run, monkeypatch: pytest.MonkeyPatch, total: int, free: int, reason: str
) -> None:
    usage = shutil.disk_usage("/")._replace(total=total, used=total - free, free=free)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage)
    report = run.engine.step()
    assert reason in report.problem
    assert bool(reason) == bool(report.problem)


# --- X9: read-only ---------------------------------------------------------------------------------------------------


def test_x09_a_database_on_a_read_only_disk_is_inspected(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "16m") as place:
        home = Home.at(place.folder / "home")
        with running(home, tmp_path) as run:
            run.add("a")
            run.step_until(run.is_done("a"))
        place.remount("ro")
        database = Database(Home.at(home.root).database)
        assert database.view_only_because == "it cannot be written"
        with closing(DatabaseReader(database)) as reader:
            assert [job.job_id for job in reader.read(snapshot_query.snapshot).jobs] == ["a"]
            assert reader.data_version() > 0
        with pytest.raises(ViewOnlyError), database.write():
            pass
        database.close()


def test_x09_a_disk_that_turns_read_only_stops_new_starts_and_loses_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    with disk(tmp_path / "disk", "16m") as place:
        home = Home.at(tmp_path / "home")
        elsewhere = Home(home.root, place.folder / "signalbox.db")
        go = tmp_path / "go"
        with running(elsewhere, tmp_path) as run:
            run.add("a", code=WAITS, args=(str(go),))
            run.step_until(run.runs("a"))
            with disk_read_only(place, run):
                go.touch()
                report = run.step_until(lambda report: report.problem)
                assert "read-only disk" in report.problem
            run.step_until(run.is_done("a"))
            assert run.report.problem == ""


@contextmanager
def disk_read_only(place: Disk, run: Run) -> Iterator[None]:
    """A mount that is in use cannot be made read-only; SQLite answers the same to a writer that may only query."""
    assert place.folder.exists()
    set_writer(run, "query_only=ON")
    yield
    set_writer(run, "query_only=OFF")


def set_writer(run: Run, pragma: str) -> None:
    writer = run.engine.store.database._writer
    assert writer is not None
    connection: Any = writer.raw_connection().driver_connection
    connection.execute(f"PRAGMA {pragma}")


# --- X10: deleted, moved, replaced ---------------------------------------------------------------------------------


def _deleted(path: Path) -> None:
    path.unlink()


def _moved(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _replaced(path: Path) -> None:
    other = path.with_name("other.db")
    Database(other).close()
    other.rename(path)


@pytest.mark.parametrize("how", [_deleted, _moved, _replaced])
def test_x10_a_missing_database_stops_new_starts_and_its_content_can_be_saved(
    run: Run, tmp_path: Path, how: Callable[[Path], None]
) -> None:
    go, path = tmp_path / "go", run.engine.home.database
    run.add("long", code=WAITS, args=(str(go),))
    run.step_until(run.runs("long"))
    how(path)
    report = run.step_until(lambda report: report.problem)
    assert [problem.kind for problem in report.problems] == [HealthProblemKind.GONE]
    assert str(path) in report.problem
    with pytest.raises(CommandRefusedError, match="save a copy"):
        run.add("new")
    (run.engine.home.inbox / "dropped.json").write_text('{"tool": "shell", "command": {"exe": "true"}}')
    go.touch()
    run.step_until(lambda report: not report.running)
    assert (run.engine.home.inbox / "dropped.json").exists(), (
        "nothing is accepted into a database that is gone"
    )
    target = tmp_path / "saved.db"
    run.engine.carry_out(SaveCopy(target=target))
    assert target.stat().st_mode & 0o777 == 0o600
    with closing(Database(target)) as copy, closing(DatabaseReader(copy)) as reader:
        job = reader.read(queries.find_job, "long")
        assert job is not None
        assert job.status is JobStatus.COMPLETED
        assert reader.read(queries.find_job, "new") is None
    with pytest.raises(DatabaseError, match="cannot be written"):
        run.engine.carry_out(SaveCopy(target=target))


def _other_copied_over(path: Path, _earlier: Path, folder: Path) -> None:
    with closing(JobStateStore(home=Home.at(folder / "other"))) as other:
        with other.transaction():
            for _ in range(200):  # more events than here: only its mark distinguishes it from ours
                other.record_event("test", {"text": "of another queue"})
        assert not other.database.was_overwritten()
    shutil.copyfile(folder / "other" / path.name, path)


def _older_copied_over(path: Path, earlier: Path, _folder: Path) -> None:
    shutil.copyfile(earlier, path)


@pytest.mark.parametrize("how", [_other_copied_over, _older_copied_over])
def test_x10_a_file_copied_over_the_open_database_is_reported_and_nothing_more_is_written(
    run: Run,
    tmp_path: Path,
    expect_log: LogWatch,
    how: Callable[[Path, Path, Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_service, "STOP_TIMEOUT_S", 0.2)  # the end can never be written
    expect_log.expect("Could not record that the engine stopped")
    go, path, database = tmp_path / "go", run.engine.home.database, run.engine.store.database
    earlier = run.engine.home.backups / "earlier.db"
    database.backup(earlier)
    run.add("long", code=WAITS, args=(str(go),))
    run.step_until(run.runs("long"))
    checkpoint(database)
    run.engine.step()
    inode = path.stat().st_ino
    how(path, earlier, tmp_path)
    assert path.stat().st_ino == inode
    begun, content = time.monotonic(), path.read_bytes()
    report = run.step_until(lambda report: report.problem)
    assert time.monotonic() - begun < at_most(5)
    assert [problem.kind for problem in report.problems] == [HealthProblemKind.GONE]
    assert f"Another file was copied over the database {path}" in report.problem
    with pytest.raises(CommandRefusedError, match="--restore"):
        run.add("new")
    with pytest.raises(DatabaseError, match="of two databases"):
        run.engine.carry_out(SaveCopy(target=tmp_path / "saved.db"))
    assert not (tmp_path / "saved.db").exists()
    go.touch()
    run.step_until(lambda _report: not run.running)
    run.engine.step()
    assert path.read_bytes() == content, "what was copied there is left as it is"
    assert problem_of(earlier) == "", "and a backup can be put in its place"


def test_x10_checking_whether_the_file_was_overwritten_releases_no_lock(run: Run) -> None:
    checkpoint(run.engine.store.database)

    def held() -> list[str]:
        inode = f":{run.engine.home.database.stat().st_ino} "
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        return [line.partition(": ")[2] for line in lines if inode in line]  # without its place in the list

    run.engine.store.settings()
    before = held()
    assert before, "a database with a log is locked while it is open"
    os.utime(run.engine.home.database)
    assert not run.engine.store.database.was_overwritten()
    assert held() == before


def test_x10_checkpoints_and_pruning_do_not_count_as_overwriting(run: Run) -> None:
    database = run.engine.store.database
    for number in range(5):
        run.add(*(f"job-{number}-{one}" for one in range(5)))
        assert not database.was_overwritten()
        checkpoint(database)
        assert not database.was_overwritten()
    run.step_until(lambda report: report.idle)
    pruning.prune(run.engine.home, database, before=time.time() + 10)
    checkpoint(database)
    assert run.engine.step().problem == ""
    assert not database.was_overwritten()


def checkpoint(database: Database) -> None:
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def test_x10_a_database_that_was_put_back_is_used_again(run: Run) -> None:
    path = run.engine.home.database
    path.rename(path.with_name("moved.db"))
    run.step_until(lambda report: report.problem)
    path.with_name("moved.db").rename(path)
    run.step_until(lambda report: not report.problem)
    run.add("a")
    run.step_until(run.is_done("a"))


# --- X11: damaged --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"not a database, but a text that is longer than a hundred bytes " * 3, ForeignDatabaseError),
        (b"", DamagedDatabaseError),
    ],
)
def test_x11_garbage_or_an_empty_file_at_the_path_is_never_overwritten(
    tmp_path: Path, content: bytes, kind: type[Exception]
) -> None:
    home = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=home)) as store:
        store.database.backup(home.backups / "signalbox-daily-20260101T000000.db")
    home.database.write_bytes(content)
    with pytest.raises(kind, match="left as it is"):
        JobStateStore(home=home)
    assert home.database.read_bytes() == content


@pytest.mark.parametrize("at", [1, 5, 20])
def test_x11_damaged_pages_are_reported_and_stop_no_engine(run: Run, at: int, expect_log: LogWatch) -> None:
    # Which page holds what depends on the schema: some damage keeps the engine from recording that it stopped.
    expect_log.allow("Could not record that the engine stopped")
    run.add(*(f"job-{number}" for number in range(40)))
    run.engine.carry_out(Pause())
    run.step_until(lambda report: not report.running)
    with closing(sqlite3.connect(run.engine.home.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with run.engine.home.database.open("r+b") as file:
        file.seek(4096 * at)
        file.write(b"\xa5" * 4096)
    run.engine.store.database.close()  # lets go of what it has read before
    for _ in range(5):
        run.report = run.engine.step()
    problems = " ".join(problem.sentence for problem in run.report.problems)
    assert not problems or "damaged" in problems
    assert [breach.code for breach in breaches(run.engine.home)][:1] == ["I7"]


# --- X12: locked -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("impatient_writers")
def test_x12_while_another_program_writes_jobs_end_and_can_be_stopped_and_are_recorded_later(
    run: Run, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    run.add("ends", "stopped", code=WAITS, args=(str(go),))
    run.step_until(lambda _report: run.started == run.running == 2)
    begun = time.monotonic()
    with lock_held(run.engine.home.database):
        run.engine.carry_out(CancelJobs(job_ids=["stopped"]))
        run.step_until(lambda _report: run.running == 1)
        go.touch()
        report = run.step_until(lambda report: report.problem and not run.running)
        assert report.problems[0].kind is HealthProblemKind.BUSY
        assert report.running == 2, "both ends are kept"
        run.step_until(lambda _report: time.monotonic() - begun > LONG_S)
    run.step_until(lambda report: not report.running)
    assert run.status("ends") is JobStatus.COMPLETED
    assert run.status("stopped") is JobStatus.CANCELLED
    assert run.report.problem == ""
    assert breaches(run.engine.home) == []


@pytest.mark.usefixtures("impatient_writers")
def test_x12_stop_all_works_although_nothing_can_be_written(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    run = Run(home, tmp_path)
    run.add("long", code="import time; time.sleep(600)")
    run.step_until(run.runs("long"))
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with lock_held(home.database):
            held.set()
            free.wait(PATIENCE_S)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(PATIENCE_S)
    runner = run.engine.turn.parts.runner
    closing_ = threading.Thread(target=run.engine.close, args=("stop",))
    closing_.start()
    until(lambda: not runner.running() or None)
    free.set()
    closing_.join(PATIENCE_S)
    other.join()
    with closing(JobStateStore(home=home)) as store:
        job = store.get_job("long")
    assert job is not None
    assert job.hold_cause is HoldCause.INTERRUPTED


def test_x12_a_log_that_only_grows_is_an_alarm_that_stops_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LOG_ALARM", 200_000)
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN'); "
        "c.execute('SELECT * FROM settings').fetchall(); print('reading', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(run.engine.home.database)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        while not run.report.problems:
            run.engine.store.record_event("filler", {"text": "y" * 50_000})
            run.report = run.engine.step()
        assert [problem.kind for problem in run.report.problems] == [HealthProblemKind.LOG]
        assert run.report.problem == ""
        run.add("a")
        run.step_until(run.is_done("a"))
        reader.communicate("")
