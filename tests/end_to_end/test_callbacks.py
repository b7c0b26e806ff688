"""A9: the command at the end of a job is promised with the end: it runs once, or is shown as failed."""

import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from engine.runners import process_tree
from engine.system.home import Home
from state import callback_queries
from state.records import CallbackRun, CallbackStatus, JobStatus
from tests.helpers.command_line import CommandLine, python, until

ENDED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED})


class Hook:
    """A command at the end of each job that notes the job; with a gate it first waits until the gate is there."""

    def __init__(self, signalbox: CommandLine, folder: Path, *, before: str = "", after: str = "") -> None:
        self.signalbox, self.notes, self.begun = signalbox, folder / "notes", folder / "begun"
        self.gate = folder / "gate"
        self.file = folder / "hook"
        self.write(before, after)
        signalbox("settings", "set", "callback", self.file, "{job_id}", "{status}")

    def write(self, before: str = "", after: str = "") -> None:
        """Replace what the command does."""
        begun, notes = shlex.quote(str(self.begun)), shlex.quote(str(self.notes))
        self.file.write_text(f'#!/bin/sh\n: >> {begun}\n{before}\necho "$1 $2" >> {notes}\n{after}\n')
        self.file.chmod(0o700)

    @property
    def wait(self) -> str:
        """What makes the command wait for the gate."""
        return f"while [ ! -e {shlex.quote(str(self.gate))} ]; do sleep 0.05; done"

    def lines(self) -> list[str]:
        """What the commands that came to their end have noted."""
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def runs(self, job_id: str | None = None) -> list[CallbackRun]:
        """What the database says of the commands."""
        with self.signalbox.store() as store, store.database.write() as connection:
            return callback_queries.callbacks_where(connection, job_id=job_id)


@pytest.fixture
def hook(signalbox: CommandLine, tmp_path: Path) -> Hook:
    return Hook(signalbox, tmp_path)


def jobs(signalbox: CommandLine, number: int) -> list[Path]:
    made = [python("pass", f"j{place}") for place in range(number)]
    return [signalbox.file(f"{job['job_id']}.json", job) for job in made]


def run_until_idle(signalbox: CommandLine) -> str:
    """What an engine that runs until it is idle printed as errors."""
    with signalbox.process("engine", "--until-idle") as engine:
        _, printed = engine.communicate(timeout=120)
        assert engine.returncode == 0, printed
    return printed


def test_a9_run_waits_for_the_command_of_every_job(signalbox: CommandLine, hook: Hook) -> None:
    hook.write("sleep 0.4")
    signalbox("run", *jobs(signalbox, 12))
    assert sorted(hook.lines()) == sorted(f"j{place} completed" for place in range(12))


def test_a9_an_engine_until_idle_waits_for_the_command_of_every_job(
    signalbox: CommandLine, hook: Hook
) -> None:
    hook.write("sleep 0.2")
    signalbox("submit", *jobs(signalbox, 8))
    assert "command" not in run_until_idle(signalbox)
    assert len(hook.lines()) == 8


def test_a9_what_an_engine_that_was_killed_had_not_started_is_run_by_the_next(
    signalbox: CommandLine, hook: Hook
) -> None:
    hook.write(hook.wait)
    signalbox("submit", *jobs(signalbox, 4))
    with signalbox.process("engine") as engine:
        until(lambda: hook.begun.exists() or None)
        for place in range(4):
            signalbox.await_job(f"j{place}", lambda job: job.status in ENDED)
        engine.kill()
        engine.wait()
    (running,) = (one for one in hook.runs() if one.status is CallbackStatus.RUNNING)
    assert len(hook.runs()) == 4
    hook.gate.touch()
    until(lambda: hook.lines() or None)
    run_until_idle(signalbox)
    assert sorted(line.split()[0] for line in hook.lines()) == ["j0", "j1", "j2", "j3"]
    (lost,) = hook.runs(running.job_id)
    assert lost.status is CallbackStatus.FAILED
    assert "nobody knows whether it finished" in lost.reason
    assert "nobody knows whether it finished" in signalbox("show", running.job_id).out


def test_a9_an_engine_that_was_killed_right_after_the_end_of_a_job_leaves_its_command_to_the_next(
    signalbox: CommandLine, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    signalbox("submit", *jobs(signalbox, 1))
    monkeypatch.setenv("SIGNALBOX_FAULT", "after_finish:1")
    with signalbox.process("engine", "--until-idle") as engine:
        engine.wait(timeout=120)
        assert engine.returncode == -signal.SIGKILL
    monkeypatch.delenv("SIGNALBOX_FAULT")
    assert hook.lines() == []
    run_until_idle(signalbox)
    assert hook.lines() == ["j0 completed"]


def test_a9_an_engine_stopped_in_order_says_how_many_commands_it_leaves(
    signalbox: CommandLine, hook: Hook
) -> None:
    hook.write(hook.wait)
    signalbox("submit", *jobs(signalbox, 3))
    with signalbox.process("engine") as engine:
        until(lambda: hook.begun.exists() or None)
        for place in range(3):
            signalbox.await_job(f"j{place}", lambda job: job.status in ENDED)
        engine.send_signal(signal.SIGTERM)
        _, printed = engine.communicate(timeout=120)
    assert (
        "2 commands at the ends of jobs have not been run yet; the next engine runs what is left." in printed
    )
    (killed,) = (one for one in hook.runs() if one.status is CallbackStatus.FAILED)
    assert "was killed because its engine stopped" in killed.reason
    hook.gate.touch()
    run_until_idle(signalbox)
    assert len(hook.lines()) == 2
    assert killed.job_id not in " ".join(hook.lines())


def test_a9_what_a_command_started_in_a_session_of_its_own_ends_with_the_engine(
    signalbox: CommandLine, hook: Hook
) -> None:
    hook.write(f"setsid sleep 600 & {hook.wait}")
    signalbox("submit", *jobs(signalbox, 1))
    with signalbox.process("engine") as engine:
        until(lambda: hook.begun.exists() or None)
        (running,) = until(lambda: [one for one in hook.runs() if one.started_at] or None)
        engine.send_signal(signal.SIGTERM)
        engine.communicate(timeout=120)
    mark = f"SIGNALBOX_CALLBACK={signalbox.home.home_id()}-{running.id}"
    assert process_tree.marked(mark) == set()


@pytest.mark.parametrize(
    ("after", "reason"), [("echo no way; exit 7", "ended with exit code 7"), ("kill -9 $$", "exit code -9")]
)
def test_a9_a_command_that_fails_is_shown_with_its_reason_and_no_job_is_changed(
    signalbox: CommandLine, hook: Hook, after: str, reason: str
) -> None:
    hook.write(after=after)
    signalbox("run", *jobs(signalbox, 1))
    assert signalbox.job("j0").status is JobStatus.COMPLETED
    assert reason in signalbox("show", "j0").out
    (shown,) = signalbox("show", "j0", "--json").json["callbacks"]
    assert (shown["status"], shown["job_status"], shown["attempt"]) == ("failed", "completed", 1)
    assert "The command at the end of j0 failed" in signalbox("status").out
    assert "job.callback_failed" in signalbox("logs", "j0", "--json").out


@pytest.mark.parametrize("how", ["removed", "no-program", "unset"])
def test_a9_a_command_that_cannot_be_started_is_shown_as_failed(
    signalbox: CommandLine, hook: Hook, how: str
) -> None:
    signalbox("submit", *jobs(signalbox, 2))
    signalbox("cancel", "j0")
    match how:
        case "removed":
            hook.file.unlink()
        case "no-program":
            hook.file.write_text("#!/no/such/program\n")
        case _:
            signalbox("settings", "reset", "callback")
    run_until_idle(signalbox)
    assert {one.status for one in hook.runs()} == {CallbackStatus.FAILED}
    assert "the command failed" in signalbox("show", "j0").out


def test_a9_a_waiting_job_that_is_cancelled_or_accepted_as_it_is_has_its_command_too(
    signalbox: CommandLine, hook: Hook
) -> None:
    signalbox("submit", *jobs(signalbox, 2))
    signalbox("cancel", "j0")
    signalbox("skip", "j1")
    run_until_idle(signalbox)
    assert sorted(hook.lines()) == ["j0 cancelled", "j1 skipped"]


def test_a9_a_job_that_ends_twice_has_its_command_twice_and_a_retry_by_the_engine_has_none(
    signalbox: CommandLine, hook: Hook
) -> None:
    retries = {"retry": {"limit": 1, "interval_sec": 0}}
    signalbox("run", signalbox.file("a.json", python("raise SystemExit(3)", "a", metadata=retries)), code=1)
    assert hook.lines() == ["a failed"]
    signalbox("retry", "a")
    signalbox("cancel", "a")
    run_until_idle(signalbox)
    assert hook.lines() == ["a failed", "a cancelled"]


def test_a9_two_engines_run_each_command_once(signalbox: CommandLine, hook: Hook) -> None:
    hook.write("sleep 0.05")
    signalbox("submit", *jobs(signalbox, 10))
    with (
        signalbox.process("engine", "--until-idle") as one,
        signalbox.process("engine", "--until-idle") as two,
    ):
        assert (one.wait(timeout=120), two.wait(timeout=120)) == (0, 0)
    assert sorted(hook.lines()) == sorted(f"j{place} completed" for place in range(10))


def test_a9_a_restored_backup_runs_no_command_again(signalbox: CommandLine, hook: Hook) -> None:
    hook.write(hook.wait)
    gate = hook.gate.with_name("job")
    job = python(f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.02)", "j0")
    signalbox("submit", signalbox.file("j0.json", job))
    with signalbox.process("engine"):
        signalbox.await_job("j0", lambda job: job.status is JobStatus.RUNNING)
        backup = signalbox("backup").out.strip()
        gate.touch()
        hook.gate.touch()
        until(lambda: hook.lines() or None)
    signalbox("backup", "--restore", backup)
    run_until_idle(signalbox)
    assert signalbox.job("j0").status is JobStatus.COMPLETED
    assert hook.lines() == ["j0 completed"]
    assert "before the database was replaced by an older one" in signalbox("show", "j0").out


def test_a9_an_older_database_put_back_by_hand_runs_no_command_again(
    signalbox: CommandLine, hook: Hook
) -> None:
    signalbox("submit", *jobs(signalbox, 1))
    older = signalbox("backup").out.strip()
    run_until_idle(signalbox)
    for name in ("signalbox.db-wal", "signalbox.db-shm"):
        (signalbox.home.root / name).unlink(missing_ok=True)
    shutil.copy2(older, signalbox.home.database)
    run_until_idle(signalbox)
    assert signalbox.job("j0").status is JobStatus.COMPLETED
    assert hook.lines() == ["j0 completed"]


def test_a9_a_copied_home_runs_no_command_of_the_original(
    signalbox: CommandLine, hook: Hook, tmp_path: Path
) -> None:
    signalbox("submit", *jobs(signalbox, 1))
    signalbox("cancel", "j0")
    subprocess.run(["cp", "-a", signalbox.home.root, tmp_path / "copy"], check=True)
    copy = CommandLine(tmp_path)
    copy.home = Home.at(tmp_path / "copy")
    run_until_idle(copy)
    assert hook.lines() == []
    assert "it belongs to the home that this one is a copy of" in copy("show", "j0").out
    run_until_idle(signalbox)
    assert hook.lines() == ["j0 cancelled"]


def test_a9_an_imported_run_has_no_commands(signalbox: CommandLine, hook: Hook, tmp_path: Path) -> None:
    signalbox("run", *jobs(signalbox, 1))
    run_id = signalbox.job("j0").run_id
    signalbox("export", run_id, tmp_path / "export")
    (tmp_path / "other").mkdir()
    other = CommandLine(tmp_path / "other")
    other("settings", "set", "callback", hook.file, "{job_id}", "{status}")
    other("import", tmp_path / "export")
    run_until_idle(other)
    assert hook.lines() == ["j0 completed"]
