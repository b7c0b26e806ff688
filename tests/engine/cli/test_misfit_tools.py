"""A job whose stored tool cannot do what its file says, as a damaged row or another release leaves it, stops nobody."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from state.records import JobStatus
from tests.helpers.command_line import CommandLine

WHY = "a cannot be run with shell: command: tool shell needs a command"
KINDS = {
    "queued": "status = 'queued'",
    "is tried again": "status = 'queued', attempts = 1, not_before = 1.0",
    "waits to be tried again": "status = 'queued', attempts = 1, not_before = 1e11",
    "ended": "status = 'failed', attempts = 1",
    "held for trust": "status = 'held', hold_cause = 'trust', hold_reason = 'New.'",
}
READING: Sequence[Sequence[str]] = (("show", "a"), ("jobs",), ("status",))
REFUSED: Mapping[str, Sequence[Sequence[str]]] = {
    "queued": [("trust", "show", "a"), ("follow-up", "a", "Use a comma.")],
    "waits to be tried again": [("trust", "show", "a"), ("follow-up", "a", "Use a comma.")],
    "ended": [("trust", "show", "a"), ("follow-up", "a", "Use a comma.")],
    "held for trust": [("trust", "show", "a"), ("release", "a")],
}


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    line = CommandLine(tmp_path)
    paths = {"repo_root": str(tmp_path)}
    line("submit", line.file("a.json", {"tool": "claude", "job_id": "a", "prompt": "Greet.", "paths": paths}))
    return line


def leave_as(signalbox: CommandLine, kind: str) -> None:
    with closing(sqlite3.connect(signalbox.home.database)) as connection, connection:
        connection.execute(f"UPDATE jobs SET tool = 'shell', {KINDS[kind]} WHERE job_id = 'a'")  # noqa: S608


@pytest.mark.parametrize("kind", REFUSED)
def test_a_command_names_the_job_and_the_field_and_changes_nothing(signalbox: CommandLine, kind: str) -> None:
    leave_as(signalbox, kind)
    before = signalbox.job("a")
    for words in REFUSED[kind]:
        assert WHY in signalbox(*words, code=2).err, words
    for words in READING:
        signalbox(*words)
    assert signalbox.job("a") == before


@pytest.mark.parametrize("kind", ["queued", "is tried again"])
def test_an_engine_holds_it_with_the_reason_and_runs_the_others(signalbox: CommandLine, kind: str) -> None:
    leave_as(signalbox, kind)
    job = {"tool": "shell", "job_id": "b", "command": {"exe": "/bin/true"}}
    signalbox("submit", signalbox.file("b.json", job))
    signalbox("engine", "--until-idle")
    assert signalbox.job("b").status is JobStatus.COMPLETED
    held = signalbox.job("a")
    assert held.status is JobStatus.HELD
    assert WHY in (held.hold_reason or "")
