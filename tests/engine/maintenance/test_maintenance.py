"""Backups that can be restored, history that is pruned without harm, and runs that are exported and imported."""

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from engine.errors import CommandRefusedError, JobExistsError, SignalboxError
from engine.interfaces import InlinePool
from engine.maintenance import backups, daily_tasks, export, pruning
from engine.maintenance.home_invariants import breaches
from engine.maintenance.import_run import import_run
from engine.runners import output
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import JobResult
from state import forecast_queries, queries, snapshot_query, worktree_queries
from state import write_pruning as rows
from state.database import Database
from state.database_reader import DatabaseReader
from state.forecast_records import ForecastSubject, KeptForecast
from state.ledger import AttemptOutcome, AttemptRun, Following, Ledger, NewJob
from state.locks import KernelLock
from state.records import AttemptStatus, Engine, Job, JobStatus, Run, Workstream
from state.tables import workstreams
from state.worktree_records import DiffSide, ReviewComment, SeenWorkstream, TreeState, ViewedFile, Worktree
from tests.helpers.command_line import CommandLine, python
from tests.helpers.finished_work import FinishedWork
from tests.helpers.patience import PATIENCE_S

DAY_S = 24 * 3600.0
NOW = 1_790_000_000.0
ROOT = Path(__file__).parents[3]
ME = Engine(engine_id="me", home_id="home", host="here", pid=1)


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def lived_in(signalbox: CommandLine) -> CommandLine:
    """A home in which a job has run."""
    signalbox("run", signalbox.file("a.json", python("print('hello')", "a")))
    return signalbox


class History:
    """A home in which much has happened, at times the test chooses."""

    def __init__(self, home: Home) -> None:
        self.home, self.clock = home, Clock()
        self.store = JobStateStore(home=home, clock=self.clock)
        self.ledger = self.store._ledger

    def ago(self, days: float) -> "History":
        self.clock.now = NOW - days * DAY_S
        return self

    def queue(self, job_id: str, run_id: str = "", **more: object) -> Job:
        run_id = run_id or f"run-{job_id}"
        self.ledger.jobs.create_run(Run(run_id=run_id), [Workstream(run_id=run_id, ws_id="w")])
        job = Job(job_id=job_id, run_id=run_id, ws_id="w", **more)  # type: ignore[arg-type]  # fields of a job
        return self.ledger.jobs.accept([NewJob(job=job, spec={"job_id": job_id, "tool": "shell"})])[0]

    def finish(self, job_id: str, status: JobStatus = JobStatus.COMPLETED, **more: object) -> Path:
        """Run a job with some output and return the folder of its attempt."""
        _, attempt = self.ledger.attempts.claim_one(job_id, ME, runner="local", now=self.clock.now)
        folder = self.home.attempts / f"{attempt.id}-{attempt.token}"
        folder.mkdir(mode=0o700)
        (folder / "stdout").write_bytes(b"x" * 1000)
        (folder / "stdout").chmod(0o600)
        good = status is JobStatus.COMPLETED
        outcome = AttemptOutcome(
            status=AttemptStatus.COMPLETED if good else AttemptStatus.FAILED,
            result={},
            exit_code=0 if good else 1,
        )
        following = Following(status=status, **more)  # type: ignore[arg-type]  # fields of it
        self.ledger.attempts.end(attempt, outcome, following, now=self.clock.now)
        os.utime(folder, (self.clock.now, self.clock.now))
        return folder

    def attempt(self, job_id: str, run: AttemptRun, *, follows: JobStatus = JobStatus.QUEUED) -> None:
        """Let an attempt that ran so fail."""
        _, attempt = self.ledger.attempts.claim_one(
            job_id, ME, runner="local", now=self.clock.now, runs=lambda *_: {job_id: run}
        )
        outcome = AttemptOutcome(status=AttemptStatus.FAILED, result={}, session_id=run.session_id)
        self.ledger.attempts.end(attempt, outcome, Following(status=follows), now=self.clock.now)

    def done(self, job_id: str, *, days: float, run_id: str = "", **more: object) -> Path:
        self.ago(days).queue(job_id, run_id, **more)
        return self.finish(job_id)

    def prune(self, days: float = 30, *, outputs_before: float | None = None) -> pruning.PruneSummary:
        return pruning.prune(
            self.home, self.store.database, before=NOW - days * DAY_S, outputs_before=outputs_before,
            rest=lambda _seconds: None,
        )  # fmt: skip

    def preview(self, days: float = 30) -> pruning.PruneSummary:
        return pruning.preview(self.home, self.store.database, before=NOW - days * DAY_S)

    def job_ids(self) -> set[str]:
        found = {
            job.job_id
            for run in self.store.list_recent_runs(1000)
            for job in self.store.list_jobs(run.run_id)
        }
        assert {job.run_id for job in map(self.store.get_job, found) if job} == {
            run.run_id for run in self.store.list_recent_runs(1000)
        }
        return found

    def is_sound(self) -> bool:
        return breaches(self.home) == []


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(Home.at(tmp_path / "home"))
    yield made
    made.store.close()


# --- backups ----------------------------------------------------------------------------------------------------------


def test_a_backup_is_taken_while_the_database_is_in_use_and_is_for_its_owner_alone(
    lived_in: CommandLine,
) -> None:
    with lived_in.store() as store, store.transaction():
        default = lived_in("backup").out.strip()
        named = lived_in("backup", lived_in.folder / "mine.db").out.strip()
    assert Path(default).parent == lived_in.home.backups
    for path in (Path(default), Path(named)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with closing(Database(path)) as copy, closing(DatabaseReader(copy)) as reader:
            assert [job.job_id for job in reader.read(snapshot_query.snapshot).jobs] == ["a"]
    assert "cannot be written" in lived_in("backup", lived_in.folder / "mine.db", code=2).err
    listed = lived_in("backup", "--list", "--json").json
    assert [one["problem"] for one in listed] == [""]


def test_a_restored_backup_brings_the_queue_back_paused_and_keeps_the_previous_file(
    lived_in: CommandLine,
) -> None:
    saved = lived_in("backup").out.strip()
    lived_in("submit", lived_in.file("b.json", python("1", "b")))
    restored = lived_in("backup", "--restore", saved).out
    assert "signalbox resume" in restored
    assert [job["job_id"] for job in lived_in("jobs", "--json").json] == ["a"]
    (aside,) = lived_in.home.root.glob("signalbox.db.before-restoring-*[0-9]")
    with closing(sqlite3.connect(aside)) as before:
        assert before.execute("SELECT count(*) FROM jobs").fetchone() == (2,)
    with lived_in.store() as store:
        assert "may have run since" in store.queue_control.holds()[0].reason
    assert breaches(lived_in.home) == []


def test_nothing_is_restored_while_an_engine_runs_or_if_the_backup_is_not_sound(
    lived_in: CommandLine,
) -> None:
    saved = Path(lived_in("backup").out.strip())
    before = lived_in.home.database.read_bytes()
    lock = KernelLock.try_take(lived_in.home.engines / "living.lock")
    assert lock is not None
    with lock:
        assert "An engine is running" in lived_in("backup", "--restore", saved, code=2).err
    with saved.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096)
    garbage = lived_in.folder / "garbage.db"
    garbage.write_bytes(b"no database" * 500)
    for bad in (saved, garbage, lived_in.folder / "missing.db"):
        assert "Could not restore" in lived_in("backup", "--restore", bad, code=2).err
    assert lived_in.home.database.read_bytes() == before
    assert backups.last_good(lived_in.home) is None


def test_x11_a_damaged_database_is_moved_aside_only_when_a_backup_is_restored(
    lived_in: CommandLine,
) -> None:
    saved = lived_in("backup").out.strip()
    lived_in.home.database.write_bytes(b"garbage " * 2000)
    assert "is not a Signalbox database" in lived_in("jobs", code=2).err
    findings = {finding["topic"]: finding for finding in lived_in("doctor", "--json", code=1).json}
    assert saved in findings["database"]["text"]
    lived_in("backup", "--restore", saved)
    (aside,) = lived_in.home.root.glob("signalbox.db.before-restoring-*[0-9]")
    assert aside.read_bytes() == b"garbage " * 2000
    assert [job["job_id"] for job in lived_in("jobs", "--json").json] == ["a"]


def test_a_daily_backup_is_made_once_a_day_and_seven_are_kept(history: History) -> None:
    history.done("a", days=0)
    taken = []
    for day in range(10):
        at = NOW + day * DAY_S
        taken.append(backups.take_daily(history.home, history.store.database, at))
        assert backups.take_daily(history.home, history.store.database, at + 3600) is None
    assert all(taken)
    kept = backups.newest_first(history.home)
    assert [round((backup.at - NOW) / DAY_S) for backup in kept] == [9, 8, 7, 6, 5, 4, 3]
    by_hand = backups.take(history.home, history.store.database)
    backups.take_daily(history.home, history.store.database, NOW + 20 * DAY_S)
    assert by_hand.exists(), "what a person made is not counted"


def test_the_engine_runs_its_daily_tasks_on_a_pool_thread_after_a_minute(history: History) -> None:
    submitted: list[object] = []

    class NotingPool(InlinePool):
        def submit(self, work: Callable[..., object], /, *arguments: object) -> None:
            submitted.append(work)
            super().submit(work, *arguments)

    history.done("old", days=90)
    history.done("new", days=1)
    tasks = daily_tasks.DailyTasks(history.home, NotingPool(), history.store.settings, now=NOW)
    tasks.run_if_due(NOW + 30)
    assert submitted == []
    tasks.run_if_due(NOW + 61)
    tasks.run_if_due(NOW + 62)
    assert len(submitted) == 1
    assert len(backups.newest_first(history.home)) == 1
    assert history.job_ids() == {"new"}
    with (
        closing(Database(backups.newest_first(history.home)[0].path)) as copy,
        closing(DatabaseReader(copy)) as reader,
    ):
        assert reader.read(queries.find_job, "old") is not None, "what went is in the backup"


def test_a_backup_that_cannot_be_made_is_a_problem_that_stops_nothing(history: History) -> None:
    shutil.rmtree(history.home.backups)
    history.home.backups.touch()
    tasks = daily_tasks.DailyTasks(history.home, InlinePool(), history.store.settings, now=NOW)
    tasks.run_if_due(NOW + 61)
    assert tasks.problem is not None
    assert tasks.problem.sentence.startswith("Could not make the daily backup: ")
    assert not tasks.problem.stops


def test_history_is_kept_for_ever_if_the_settings_say_so(history: History) -> None:
    history.done("old", days=900)
    history.store.queue_control.change_setting("keep_history_days", 0)
    daily_tasks.DailyTasks(history.home, InlinePool(), history.store.settings, now=NOW).run_if_due(NOW + 61)
    assert history.job_ids() == {"old"}


# --- prune ------------------------------------------------------------------------------------------------------------


def test_closed_runs_are_pruned_with_rows_events_and_output_and_younger_ones_stay(history: History) -> None:
    gone, kept = history.done("old", days=31), history.done("new", days=29)
    planned, done = history.preview(), history.prune()
    assert planned == done
    assert (done.runs, done.jobs, done.attempts, done.folders) == (1, 1, 1, 1)
    assert done.bytes >= 1000
    assert history.job_ids() == {"new"}
    assert (gone.exists(), kept.exists()) == (False, True)
    assert history.store.list_events()[0].at >= NOW - 30 * DAY_S
    assert history.is_sound()
    assert not history.preview().anything


def test_a_dry_run_changes_nothing(history: History) -> None:
    folder = history.done("old", days=31)
    stamp = history.store.change_stamp()
    assert history.preview().runs == 1
    assert history.store.change_stamp() == stamp
    assert folder.exists()


@pytest.mark.parametrize("state", ["queued", "held", "quarantined"])
def test_what_is_open_or_needs_a_person_stays_with_all_its_events(history: History, state: str) -> None:
    history.ago(90).queue("a")
    match state:
        case "held":
            history.store.hold("a", "later")
        case "quarantined":
            history.finish("a", JobStatus.FAILED, quarantined=True)
    before = [event.id for event in history.store.list_events() if event.run_id == "run-a"]
    history.done("other", days=80)
    history.prune()
    assert history.job_ids() == {"a"}
    assert [event.id for event in history.store.list_events() if event.run_id == "run-a"] == before
    assert history.is_sound()


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.FAILED])
def test_a_run_whose_result_another_run_still_needs_stays(history: History, status: JobStatus) -> None:
    history.done("parent", days=90)
    history.ago(1).queue("child", depends_on=("parent",))
    if status is JobStatus.FAILED:
        history.finish("child", JobStatus.FAILED)
    history.prune()
    assert history.job_ids() == {"parent", "child"}
    if status is JobStatus.QUEUED:
        history.finish("child")
        history.prune()
        assert history.job_ids() == {"child"}
    assert history.is_sound()


def test_a_run_stays_while_discarded_work_of_it_is_archived(history: History) -> None:
    history.done("a", days=90)
    ledger = Ledger(history.store.database)
    stream = history.store.list_workstreams("run-a")[0]
    tree = Worktree(run_id="run-a", ws_id=stream.ws_id, repo="/r", path="/t", branch="b")
    ledger.worktrees.enter(tree)
    ledger.worktrees.change(*tree.key, state=TreeState.ARCHIVED)
    with ledger.transaction() as connection:
        connection.execute(update(workstreams).values(review="discarded"))
    history.prune()
    assert history.job_ids() == {"a"}
    ledger.worktrees.change(*tree.key, state=TreeState.PRUNED)
    history.prune()
    assert history.job_ids() == set()


def test_a9_a_run_stays_until_the_commands_at_the_ends_of_its_jobs_have_run(history: History) -> None:
    history.store.queue_control.change_setting("callback", ["true"])
    history.done("ended", days=90)
    callbacks = Ledger(history.store.database).callbacks
    history.prune()
    assert history.job_ids() == {"ended"}
    claimed = callbacks.claim_next("engine")
    assert claimed is not None
    history.prune()
    assert history.job_ids() == {"ended"}
    callbacks.end(claimed.id)
    history.prune()
    assert history.job_ids() == set()


def test_failed_and_cancelled_runs_are_pruned_too(history: History) -> None:
    history.ago(90).queue("failed")
    history.finish("failed", JobStatus.FAILED)
    history.queue("cancelled")
    history.store.request_cancel("cancelled")
    history.prune()
    assert history.job_ids() == set()
    assert history.is_sound()


def test_a_large_run_is_pruned_in_steps_and_every_step_leaves_a_sound_database(history: History) -> None:
    number = 2 * rows.JOBS_AT_ONCE + 50
    with history.store.transaction():
        for one in range(number):
            history.ago(90).queue(f"job-{one}", "large")
            history.finish(f"job-{one}", JobStatus.FAILED if one % 3 else JobStatus.COMPLETED)
    before = NOW - 30 * DAY_S
    with closing(DatabaseReader(history.store.database)) as reader, reader.connection() as connection:
        old = rows.prunable(connection, before)
    longest, begun = 0.0, time.perf_counter()
    steps = 0
    for _gone in Ledger(history.store.database).history.prune(old, before=before):
        longest = max(longest, time.perf_counter() - begun)
        steps += 1
        assert history.is_sound(), steps
        begun = time.perf_counter()
    print(f"{number} jobs in {steps} steps, the longest held the lock for {longest * 1000:.0f} ms at most")
    assert steps >= 5
    assert history.job_ids() == set()


def test_pruning_that_was_killed_halfway_is_finished_by_the_next(history: History) -> None:
    folders = [history.done(f"job-{one}", days=90) for one in range(5)]
    before = NOW - 30 * DAY_S
    with closing(DatabaseReader(history.store.database)) as reader, reader.connection() as connection:
        old = rows.prunable(connection, before)
    steps = Ledger(history.store.database).history.prune(old, before=before)
    next(steps)  # killed here: the rows are gone, the folder is not
    del steps
    assert sum(folder.exists() for folder in folders) == 5
    history.prune()
    assert sum(folder.exists() for folder in folders) == 0
    assert history.is_sound()


def test_output_can_be_pruned_earlier_than_the_rest_except_that_of_open_jobs(history: History) -> None:
    ended, waits = history.done("ended", days=10), history.done("waits", days=10)
    history.ago(10).queue("retried")
    attempted = history.finish("retried", JobStatus.QUEUED)
    done = history.prune(outputs_before=NOW - 5 * DAY_S)
    assert (done.runs, done.folders) == (0, 2)
    assert (ended.exists(), waits.exists(), attempted.exists()) == (False, False, True)
    assert history.job_ids() == {"ended", "waits", "retried"}


def test_a_folder_that_belongs_to_no_attempt_is_removed_when_it_is_old_and_not_locked(
    history: History,
) -> None:
    history.done("a", days=1)
    orphan, young, held = (history.home.attempts / f"{number}-token" for number in (900, 901, 902))
    for folder in (orphan, young, held):
        folder.mkdir(mode=0o700)
    lock = KernelLock.try_take_folder(held)
    assert lock is not None
    for folder in (orphan, held):
        os.utime(folder, (NOW - 90 * DAY_S,) * 2)
    history.prune()
    assert (orphan.exists(), young.exists(), held.exists()) == (False, True, True)
    lock.release()


def test_what_was_noted_of_the_start_of_a_pruned_attempt_goes_with_it(history: History) -> None:
    old, young, foreign = (history.home.started / name for name in ("900-token", "901-token", "notes.txt"))
    for note in (old, young, foreign):
        note.touch()
    for note in (old, foreign):
        os.utime(note, (NOW - 90 * DAY_S,) * 2)
    history.prune()
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


def test_the_job_file_of_a_pruned_job_is_removed_and_no_other_file_is(history: History) -> None:
    mine, theirs = history.home.accepted / "cafe-0-a.json", history.home.root / "theirs.json"
    for path in (mine, theirs):
        path.touch(mode=0o600)
    history.done("a", days=90, source_path=str(mine))
    history.done("b", days=90, source_path=str(theirs))
    history.prune()
    assert (mine.exists(), theirs.exists()) == (False, True)


def test_event_ids_continue_after_pruning_and_a_follower_misses_nothing(history: History) -> None:
    history.done("old", days=90)
    last = history.store.list_events(limit=1000)[-1].id
    history.prune()
    history.done("new", days=0)
    found = history.store.list_events(after_id=last, limit=1000)
    assert [event.id for event in found] == list(range(last + 1, last + 1 + len(found)))
    assert "run.pruned" in {event.event_type for event in found}


def test_prune_lists_first_and_removes_only_with_now(lived_in: CommandLine) -> None:
    assert "nothing to delete" in lived_in("prune").out
    planned = lived_in("prune", "--older-than", "0h").out
    assert planned.startswith("Would delete ")
    assert "1 run with 1 job" in planned
    assert lived_in.job("a").status is JobStatus.COMPLETED
    assert lived_in("prune", "--older-than", "0h", "--now").out.startswith("Deleted: 1 run ")
    assert lived_in("jobs", "--json").json == []
    assert lived_in("prune", "--older-than", "0h", "--json").json["runs"] == 0
    assert "is not an age" in lived_in("prune", "--older-than", "soon", code=2).err
    assert breaches(lived_in.home) == []


# --- export and import ----------------------------------------------------------------------------------------------


@pytest.fixture
def exported(lived_in: CommandLine) -> tuple[CommandLine, Path]:
    """A run in which one job completed, one failed twice, and one never began, as a folder."""
    fails = python(
        "import sys; print('no'); sys.exit(3)", "b", metadata={"retry": {"limit": 1, "interval_sec": 0}}
    )
    waits = python("1", "c", metadata={"depends_on": ["b"]})
    files = [lived_in.file(f"{name}.json", job) for name, job in {"b": fails, "c": waits}.items()]
    lived_in("run", *files, code=1)
    run_id = lived_in.job("b").run_id
    folder = lived_in.folder / "out"
    lived_in("export", run_id, folder)
    return lived_in, folder


def test_an_exported_run_is_imported_as_history_in_another_home(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    source, folder = exported
    other = CommandLine(tmp_path / "other")
    other("import", folder)
    with source.store() as ours, other.store() as theirs:
        for name in ("b", "c"):
            before, after = ours.get_job(name), theirs.get_job(name)
            assert before is not None
            assert after is not None
            same = (
                "run_id",
                "ws_id",
                "tool",
                "attempts",
                "summary",
                "exit_code",
                "depends_on",
                "digest",
                "quarantined",
            )
            if name == "b":
                assert [getattr(after, one) for one in same] == [getattr(before, one) for one in same]
                assert after.completed_at == before.completed_at
        assert theirs.get_job("c").status is JobStatus.CANCELLED
        attempts = theirs.list_attempts("b")
        assert [(one.number, one.status, one.exit_code) for one in attempts] == [
            (one.number, one.status, one.exit_code) for one in ours.list_attempts("b")
        ]
        assert [one.result for one in attempts] == [one.result for one in ours.list_attempts("b")]
        assert theirs.is_idle()
    printed = [output.stream(other.home.attempts / f"{one.id}-{one.token}", "stdout") for one in attempts]
    assert printed == [b"no\n", b"no\n"]
    assert breaches(other.home) == []


def test_what_an_exported_run_has_used_and_cost_is_kept(signalbox: CommandLine, tmp_path: Path) -> None:
    uses = (
        {
            "input_tokens": 1000,
            "cached_tokens": 800,
            "output_tokens": 30,
            "cost_usd": 1.25,
            "cost_source": "told",
        },
        {"cost_usd": None, "cost_source": "unknown"},
    )
    with signalbox.store() as store:
        for usage in uses:
            store.update_job_result({"job_id": "a", "run_id": "r"}, JobResult(metadata={"usage": usage}))
            store.mark_job_running("a")
        store.update_job_result({"job_id": "a"}, JobResult(exit_code=0, success=True))
    signalbox("export", "r", tmp_path / "out")
    other = CommandLine(tmp_path / "other")
    other("import", tmp_path / "out")
    names = ("input_tokens", "cached_tokens", "output_tokens", "cost_usd", "cost_source")
    for name in ("a",):
        ours, theirs = signalbox("show", name, "--json").json, other("show", name, "--json").json
        assert (
            [theirs[one] for one in names] == [ours[one] for one in names] == [1000, 800, 30, 1.25, "unknown"]
        )
        kept, copied = ours["attempts_made"], theirs["attempts_made"]
        assert [[one[part] for part in names] for one in copied] == [
            [one[part] for part in names] for one in kept
        ]


def test_how_the_tools_of_an_exported_run_ran_is_kept(history: History, tmp_path: Path) -> None:
    history.queue("a", "r", account="work", max_attempts=3)
    history.attempt("a", AttemptRun(account="work", model="m1", permission="edit", session_id="s1"))
    words = "Keep the name."
    history.attempt("a", AttemptRun(account="home", session_id="s1", resumes=1, follow_up=words))
    history.attempt("a", AttemptRun(new_session="requested"), follows=JobStatus.FAILED)
    with closing(DatabaseReader(history.store.database)) as reader:
        export.write(history.home, export.gather(reader, "r"), tmp_path / "out")
    other = History(Home.at(tmp_path / "other"))
    with closing(other.store):
        import_run(other.home, other.store, tmp_path / "out")
        names = ("account", "model", "permission", "session_id", "resumes", "follow_up", "new_session")
        ours, theirs = (
            [[getattr(one, name) for name in names] for one in each.store.list_attempts("a")]
            for each in (history, other)
        )
        assert theirs == ours
        job = other.store.get_job("a")
        assert job is not None
        assert (job.account, job.follow_up, job.fresh_session) == ("work", None, False)


def test_comments_and_viewed_marks_of_an_exported_run_are_kept(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    with signalbox.store() as store:
        work = FinishedWork(store).done()
        words = ReviewComment(id=0, run_id="r1", ws_id="cart", path="a.py", text="Why?", line=3, quoted="x")
        store.reviews.add_comment(words)
        store.reviews.send_back(SeenWorkstream("r1", "cart"))
        work.done()
        store.reviews.add_comment(replace(words, text="Still?", side=DiffSide.OLD))
        store.reviews.set_viewed(ViewedFile(run_id="r1", ws_id="cart", path="a.py", blob="b" * 40))
    signalbox("export", "r1", tmp_path / "out")
    other = CommandLine(tmp_path / "other")
    with other.store() as theirs:
        FinishedWork(theirs, run_id="own", ws_id="mine").done()
        theirs.reviews.add_comment(replace(words, run_id="own", ws_id="mine", text="Mine."))
    other("import", tmp_path / "out")
    kept = [written_in(home) for home in (signalbox, other)]
    assert kept[0] == kept[1]
    assert [(one.text, one.state) for one in kept[1][0]] == [("Why?", "sent"), ("Still?", "draft")]
    assert [file.path for file in kept[1][1]] == ["a.py"]


def written_in(of: CommandLine) -> tuple[list[ReviewComment], list[ViewedFile]]:
    """What people have written beside the work of `r1/cart`; comments without their ids."""
    with of.store() as store, closing(DatabaseReader(store.database)) as reader:
        comments = reader.read(worktree_queries.comments_of, "r1", "cart")
        viewed = reader.read(worktree_queries.viewed_of, "r1", "cart")
    return [replace(one, id=0) for one in comments], viewed


def test_forecasts_of_an_exported_run_are_kept(signalbox: CommandLine, tmp_path: Path) -> None:
    with signalbox.store() as store:
        job_id = FinishedWork(store).done().job_ids[0]
        made = [
            KeptForecast(
                subject=ForecastSubject.JOB,
                subject_id=job_id,
                run_id="r1",
                made_at=NOW,
                starts_at=NOW + 5,
                ends_at=NOW + 9,
            ),
            KeptForecast(
                subject=ForecastSubject.RUN, subject_id="r1", run_id="r1", made_at=NOW, ends_at=NOW + 9
            ),
        ]
        store.forecasts.keep(made)
    signalbox("export", "r1", tmp_path / "out")
    other = CommandLine(tmp_path / "other")
    other("import", tmp_path / "out")
    with other.store() as store, closing(DatabaseReader(store.database)) as reader:
        assert reader.read(forecast_queries.forecasts_of_run, "r1") == made


def test_a_forecast_of_a_job_of_another_run_is_refused(signalbox: CommandLine, tmp_path: Path) -> None:
    with signalbox.store() as store:
        FinishedWork(store).done()
        with closing(DatabaseReader(store.database)) as reader:
            history = export.gather(reader, "r1")
    foreign = KeptForecast(
        subject=ForecastSubject.JOB, subject_id="elsewhere", run_id="r1", made_at=NOW, ends_at=NOW + 9
    )
    export.write(signalbox.home, replace(history, forecasts=[foreign]), tmp_path / "out")
    with pytest.raises(SignalboxError, match=r"forecasts.*'elsewhere' is not in this export"):
        export.read(tmp_path / "out")


def test_an_exported_folder_is_closed_to_others_and_holds_plain_json(
    exported: tuple[CommandLine, Path],
) -> None:
    source, folder = exported
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert {job["job_id"] for job in document["jobs"]} == {"b", "c"}
    assert document["jobs"][0]["spec"]["command"]["exe"] == sys.executable
    assert {"event_type", "payload"} <= document["events"][0].keys()
    assert "kind" not in document["events"][0]
    assert document == source("export", document["run"]["run_id"], "--json").json
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [folder, *folder.rglob("*")]} == {0}
    assert "exists already" in source("export", document["run"]["run_id"], folder, code=2).err


@pytest.mark.parametrize("how", ["changed", "missing", "a link", "upwards", "newer", "torn"])
def test_a_folder_changed_after_its_export_is_refused_and_nothing_is_imported(
    exported: tuple[CommandLine, Path], tmp_path: Path, how: str
) -> None:
    _, folder = exported
    some = next(folder.glob("outputs/*/stdout"))
    sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
    match how:
        case "changed":
            some.write_bytes(b"yes\n")
        case "missing":
            some.unlink()
        case "a link":
            some.unlink()
            some.symlink_to("/etc/passwd")
        case "upwards":
            sums["sha256"]["../secret"] = "0"
        case "newer":
            sums["format"] = 9
        case "torn":
            (folder / "sums.json").write_text("{")
    if how in {"upwards", "newer"}:
        (folder / "sums.json").write_text(json.dumps(sums), encoding="utf-8")
    other = CommandLine(tmp_path / "other")
    with other.store() as store, pytest.raises(SignalboxError, match=str(folder)):
        import_run(other.home, store, folder)
    assert other("jobs", "--json").json == []
    assert list(other.home.attempts.iterdir()) == []


def rewrite_export(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the document of an export, and its checksum with it."""
    document = folder / "run.json"
    history = json.loads(document.read_text(encoding="utf-8"))
    change(history)
    document.write_text(json.dumps(history), encoding="utf-8")
    sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
    sums["sha256"]["run.json"] = hashlib.sha256(document.read_bytes()).hexdigest()
    (folder / "sums.json").write_text(json.dumps(sums), encoding="utf-8")


def test_an_export_of_a_former_release_whose_jobs_have_a_place_is_imported(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    def as_before(history: dict[str, Any]) -> None:
        for number, job in enumerate(history["jobs"]):
            del job["queue_position"]
            job["place"] = number + 0.5

    _, folder = exported
    rewrite_export(folder, as_before)
    other = CommandLine(tmp_path / "other")
    other("import", folder)
    assert [other.job(job.job_id).queue_position for job in export.read(folder).jobs] == [0.5, 1.5]


def test_an_export_of_the_first_release_whose_events_say_kind_is_imported(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    def as_before(history: dict[str, Any]) -> None:
        for event in history["events"]:
            event["kind"] = event.pop("event_type")

    _, folder = exported
    rewrite_export(folder, as_before)
    imported = export.read(folder)
    assert {"run.created", "job.failed"} <= {event.event_type for event in imported.events}
    other = CommandLine(tmp_path / "other")
    other("import", folder)
    assert other.job("b").status is JobStatus.FAILED


def test_a_run_that_is_already_here_is_not_imported_twice(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    source, folder = exported
    assert "is already in this home" in source("import", folder, code=2).err
    other = CommandLine(tmp_path / "other")
    with other.store() as store:
        store.update_job_result({"job_id": "b"}, JobResult(success=True))
        with pytest.raises(JobExistsError):
            import_run(other.home, store, folder)


def test_exporting_an_unknown_run_is_reported(signalbox: CommandLine) -> None:
    assert "There is no run 'nowhere'" in signalbox("export", "nowhere", code=2).err


def test_a_running_engine_keeps_the_database_from_being_set_aside(lived_in: CommandLine) -> None:
    lock = KernelLock.try_take(lived_in.home.engines / "living.lock")
    assert lock is not None
    with lock, pytest.raises(CommandRefusedError, match="is running"):
        backups.set_aside(lived_in.home)
    aside = backups.set_aside(lived_in.home)
    assert aside.exists()
    assert not lived_in.home.database.exists()


def test_two_processes_prune_at_once_without_harm(history: History) -> None:
    for one in range(60):
        history.done(f"job-{one}", days=90)
    code = (
        "import sys; from engine.maintenance import pruning; from engine.system.home import Home; "
        "from state.database import Database; "
        "home = Home.at(sys.argv[1]); print(pruning.prune(home, Database(home.database), before=float(sys.argv[2])))"
    )
    words = [sys.executable, "-c", code, str(history.home.root), str(NOW - 30 * DAY_S)]
    both = [subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate(timeout=PATIENCE_S)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert history.job_ids() == set()
    assert history.is_sound()
