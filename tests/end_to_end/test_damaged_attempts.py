"""A1: an attempt that damages its own files ends no engine, through the command line as a stranger would try it."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest

from engine.runners import layout, process_tree
from state.records import JobStatus
from tests.helpers.command_line import CommandLine, until
from tests.helpers.long_forms import some
from tests.helpers.patience import PATIENCE_S

DAMAGE = {
    "a file in place of the folder": 'rm -rf "$A"; echo x > "$A"',
    "another folder": 'rm -rf "$A"; mkdir "$A"',
    "a lock that is a folder": 'rm "$A/lock"; mkdir "$A/lock"',
    "a result that is a folder": 'mkdir "$A/result.json"',
    "a FIFO in place of every file": (
        'cd "$A"; for f in * git_answer.json; do rm -f "$f" && mkfifo "$f"; done 2>/dev/null'
    ),
}


def damaging(how: str, then: str = "sleep 600") -> dict[str, object]:
    script = f'A=$(dirname "$TMPDIR"); {DAMAGE[how]}; echo; {then}'
    return {"job_id": "bad", "tool": "shell", "command": {"exe": "/bin/sh", "args": ["-c", script]}}


def healthy(number: int) -> dict[str, object]:
    command = {"exe": "/bin/sleep", "args": ["600"]}
    return {"job_id": f"good{number}", "tool": "shell", "command": command}


@pytest.mark.parametrize("how", DAMAGE)
def test_a01_a_job_that_damaged_its_files_is_cancelled_and_its_engine_goes_on(
    signalbox: CommandLine, how: str
) -> None:
    signalbox("submit", signalbox.file("bad.json", damaging(how)))
    with signalbox.process("engine") as engine:
        until_damaged(signalbox)
        signalbox("cancel", "bad")
        signalbox.await_job("bad", lambda job: job.status is JobStatus.CANCELLED)
        assert alive(signalbox) == set()
        signalbox("submit", signalbox.file("next.json", {**healthy(1), "command": {"exe": "/bin/true"}}))
        signalbox.await_job("good1", lambda job: job.status is JobStatus.COMPLETED)
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("how", some(DAMAGE, short=tuple(DAMAGE)[:2]))
def test_a01_the_next_engine_carries_out_the_cancel_that_is_pending(signalbox: CommandLine, how: str) -> None:
    signalbox("submit", signalbox.file("bad.json", damaging(how)))
    with signalbox.process("engine") as engine:
        until_damaged(signalbox)
        engine.kill()
    signalbox("cancel", "bad")
    with signalbox.process("engine", "--until-idle") as engine:
        assert engine.wait(PATIENCE_S) == 0
    assert signalbox.job("bad").status is JobStatus.CANCELLED
    assert alive(signalbox) == set()
    assert signalbox.job("bad").attempts == 1


@pytest.mark.parametrize("how", some(DAMAGE, short=tuple(DAMAGE)[:2]))
def test_a01_a_stop_ends_the_healthy_attempts_and_the_bad_one_in_time(
    signalbox: CommandLine, how: str
) -> None:
    files = [signalbox.file(f"{number}.json", healthy(number)) for number in range(3)]
    signalbox("limits", "set", "global", "4")
    signalbox("submit", signalbox.file("bad.json", damaging(how)), *files)
    with signalbox.process("engine") as engine:
        until_damaged(signalbox)
        for number in range(3):
            signalbox.await_job(f"good{number}", lambda job: job.status is JobStatus.RUNNING)
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(PATIENCE_S) == 0
    assert alive(signalbox) == set()
    statuses = {signalbox.job(job_id).status for job_id in ("bad", "good0", "good1", "good2")}
    assert JobStatus.RUNNING not in statuses


def test_a01_what_the_files_refuse_is_shown_with_the_job(signalbox: CommandLine) -> None:
    how = "a file in place of the folder"
    signalbox("submit", signalbox.file("bad.json", damaging(how)))
    with signalbox.process("engine") as engine:
        until_damaged(signalbox)
        signalbox("cancel", "bad")
        signalbox.await_job("bad", lambda job: job.status is JobStatus.CANCELLED)
        engine.send_signal(signal.SIGTERM)
        out, _ = engine.communicate(timeout=PATIENCE_S)
    assert "The files of bad cannot be used as they should" in out
    assert "Not a directory" in signalbox("logs", "bad").out
    assert "cannot be used" in signalbox("show", "bad").out


def until_damaged(signalbox: CommandLine) -> None:
    """Wait until the tool has done its damage: its child sleeps."""
    until(lambda: "sleep" in set(map(name_of, alive(signalbox, "bad"))) or None)


def name_of(pid: int) -> str:
    """The name of a process; empty if it has ended meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def alive(signalbox: CommandLine, *job_ids: str) -> set[int]:
    """The processes of these jobs, or of all; their folders need not exist."""
    with signalbox.store() as store:
        jobs = job_ids or ("bad", *(f"good{number}" for number in range(3)))
        attempts = [attempt for job_id in jobs for attempt in store.list_attempts(job_id)]
    names = [f"{layout.MARKER}={attempt.id}-{attempt.token}" for attempt in attempts]
    return {pid for name in names for pid, _ in process_tree.marked(name)}
