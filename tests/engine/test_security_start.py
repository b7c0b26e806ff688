"""Nothing starts without review (S1), however it was added; strace watches from outside if it is installed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.intake.inbox import Inbox
from state.records import JobStatus, Origin
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.patience import PATIENCE_S

STRACE = shutil.which("strace")


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A program that leaves a trace wherever it is started."""
    return program(tmp_path / "repo" / "canary.sh", f"touch {tmp_path / 'sang'}")


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def calls(canary: Path, job_id: str, **more: Any) -> dict[str, Any]:
    fields = {"tool": "shell", "job_id": job_id, "command": {"exe": str(canary)}}
    return {**fields, "paths": {"repo_root": str(canary.parent)}, **more}


def put(signalbox: CommandLine, name: str, content: Any) -> None:
    """Into the inbox, as a careful program does it."""
    draft = signalbox.home.root / name
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.rename(signalbox.home.inbox / name)


@contextmanager
def watched_engine(signalbox: CommandLine, tmp_path: Path) -> Iterator[Path]:
    """An engine of its own process, and the file in which every execve of it and its children is logged."""
    execve_log = tmp_path / "execve.log"
    execve_log.touch()
    argv = [sys.executable, "-m", "engine", "engine", "--home", str(signalbox.home.root)]
    watch = (
        []
        if STRACE is None
        else [STRACE, "-f", "-qq", "-e", "trace=execve", "-s", "500", "-o", str(execve_log)]
    )
    with subprocess.Popen([*watch, *argv], stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            yield execve_log
        finally:
            os.killpg(process.pid, 15)
            process.wait(PATIENCE_S)


def held(signalbox: CommandLine, job_id: str) -> str:
    """The reason the job is held, as soon as it is."""
    job = until(
        lambda: job if (job := find(signalbox, job_id)) is not None and job.status is JobStatus.HELD else None
    )
    return str(job.hold_reason)


def find(signalbox: CommandLine, job_id: str) -> Any:
    with signalbox.store() as store:
        return store.get_job(job_id)


def test_s01_nothing_starts_without_review_however_it_was_added(
    signalbox: CommandLine, canary: Path, tmp_path: Path
) -> None:
    fails = program(tmp_path / "failing-aider", "exit 3")
    with signalbox.store() as store:
        store.queue_control.change_setting(
            "tool_paths", {"aider": str(fails), "codex": str(canary), "claude": str(canary)}
        )
    agent = {"tool": "aider", "prompt": "Mend it.", "paths": {"repo_root": str(canary.parent)}}
    trusted = signalbox.file("agent.json", {**agent, "job_id": "agent"})
    with watched_engine(signalbox, tmp_path) as execve_log:
        # the command line, with nobody at the terminal
        refused = signalbox("run", signalbox.file("a.json", calls(canary, "by-run")), code=3, trust=False)
        assert "runs canary.sh of the repository" in refused.err
        signalbox("submit", signalbox.file("b.json", calls(canary, "by-submit")), code=3, trust=False)
        # the inbox, also behind a job that is done, and with a ladder
        signalbox("submit", signalbox.file("p.json", python("1", "parent")))
        put(signalbox, "plain.json", calls(canary, "plain"))
        put(signalbox, "child.json", calls(canary, "child", metadata={"depends_on": ["parent"]}))
        ladder = {**agent, "job_id": "ladder", "metadata": {"escalate_to": ["codex"]}}
        put(signalbox, "ladder.json", ladder)
        for name in ("plain", "child", "ladder"):
            assert held(signalbox, name).startswith("needs trust: ")
        signalbox.await_job("parent", lambda job: job.status is JobStatus.COMPLETED)
        # a trusted job that was edited by a retry with another tool
        signalbox("trust", "grant", trusted)
        put(signalbox, "agent.json", {**agent, "job_id": "agent"})
        signalbox.await_job("agent", lambda job: job.status is JobStatus.FAILED)
        signalbox("retry", "agent", "--with", "claude")
        assert held(signalbox, "agent").startswith("needs trust: ")
        # releasing them all at once is not a review
        answer = signalbox("release", "--state", "held", code=2)
        assert "needs trust" in answer.err
    assert {find(signalbox, name) for name in ("by-run", "by-submit")} == {None}
    assert not (tmp_path / "sang").exists()
    assert str(canary) not in execve_log.read_text(encoding="utf-8")
    if STRACE is not None:
        assert str(fails) in execve_log.read_text(encoding="utf-8")  # the watch sees what does start


def test_s02_a_script_replaced_while_the_job_was_queued_is_not_started(
    signalbox: CommandLine, canary: Path, tmp_path: Path
) -> None:
    good = canary.read_text(encoding="utf-8")
    program(canary, "exit 0")
    signalbox("trust", "grant", signalbox.file("a.json", calls(canary, "a")))
    signalbox("pause")
    with watched_engine(signalbox, tmp_path) as execve_log:
        put(signalbox, "a.json", calls(canary, "a"))
        signalbox.await_job("a", lambda job: job.status is JobStatus.QUEUED)
        canary.write_text(good, encoding="utf-8")
        signalbox("resume")
        assert held(signalbox, "a") == (
            "needs trust: since you trusted it, canary.sh has changed; review it, then let it run or cancel it."
        )
    assert not (tmp_path / "sang").exists()
    assert str(canary) not in execve_log.read_text(encoding="utf-8")
    job = find(signalbox, "a")
    assert (job.origin, job.attempts, job.max_attempts) == (Origin.INBOX, 1, 2)  # it has cost no retry


def test_a_trusted_job_starts_by_itself_and_no_other_does(
    signalbox: CommandLine, canary: Path, tmp_path: Path
) -> None:
    file = signalbox.file("a.json", calls(canary, "a"))
    answer = signalbox("trust", "grant", file)
    assert "a.json, job a, wants to run a command from the repository" in answer.out
    with watched_engine(signalbox, tmp_path):
        put(signalbox, "a.json", calls(canary, "a"))
        put(signalbox, "b.json", calls(canary, "b", command={"exe": str(canary), "args": ["--force"]}))
        signalbox.await_job("a", lambda job: job.status is JobStatus.COMPLETED)
        assert "the arguments differ" in held(signalbox, "b")
        signalbox("trust", "grant", "b", "--once")
        signalbox.await_job("b", lambda job: job.status is JobStatus.COMPLETED)
        put(signalbox, "c.json", calls(canary, "c", command={"exe": str(canary), "args": ["--force"]}))
        assert held(signalbox, "c").startswith("needs trust: ")
    assert (tmp_path / "sang").exists()


def test_an_engine_that_runs_until_idle_exits_with_3_and_lists_what_is_not_trusted(
    signalbox: CommandLine, canary: Path
) -> None:
    put(signalbox, "a.json", calls(canary, "a"))
    with signalbox.process("engine") as first:
        held(signalbox, "a")
        first.terminate()
        first.wait(PATIENCE_S)
    with signalbox.process("engine", "--until-idle") as started:
        _, printed = started.communicate(timeout=PATIENCE_S)
    assert started.returncode == 3
    assert "Not trusted, so not started: a." in printed


@pytest.mark.parametrize(
    ("arrange", "reason"),
    [
        (lambda place: place.chmod(0o770), "can be written by others"),
        (lambda place: place.parent.chmod(0o777), "could replace the inbox"),
        (lambda place: (place.parent / ".git").mkdir(), "is inside the repository"),
    ],
)
def test_s01_an_inbox_that_others_can_fill_is_not_read(
    signalbox: CommandLine, tmp_path: Path, arrange: Callable[[Path], object], reason: str
) -> None:
    folder = tmp_path / "around" / "inbox"
    folder.mkdir(parents=True, mode=0o700)
    arrange(folder)
    (folder / "a.json").write_text(json.dumps(python("1", "a")), encoding="utf-8")
    with signalbox.store() as store:
        inbox = Inbox(folder, signalbox.home, store)
        assert reason in inbox.scan().problem
        assert [file.name for file in folder.iterdir()] == ["a.json"]
