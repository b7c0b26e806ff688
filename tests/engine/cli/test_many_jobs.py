"""Thousands of jobs on the command line: what is printed stays short, and what is commanded is soon done."""

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from engine.cli import batches, progress_line
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_requests import BATCH, JobRequests
from engine.state_store.store_access import StoreAccess
from engine.types import JobResult
from state.ledger import Applied
from state.records import JobStatus, Origin
from tests.helpers.command_line import CommandLine, python
from tests.state.conftest import make_job

MANY = 1_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a thousand queued jobs, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("filled")
    specs = [job_from_mapping(python("1", f"job-{number}"), base=folder) for number in range(MANY)]
    with CommandLine(folder).store() as store:
        store.accept(
            [Accepted(spec=spec, digest=spec.digest()) for spec in specs],
            origin=Origin.COMMAND_LINE,
            title="many",
        )
    return folder


@pytest.fixture
def signalbox(filled: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(filled, tmp_path / "it")
    (tmp_path / "it" / "home" / "identity.json").unlink(missing_ok=True)  # what a copied home does not keep
    return CommandLine(tmp_path / "it")


def test_a19_status_stays_short_with_thousands_of_jobs(signalbox: CommandLine) -> None:
    printed = signalbox("status").out
    assert len(printed.splitlines()) < 40
    more = next(line for line in printed.splitlines() if line.startswith("and "))
    assert more.startswith("and 980 more: `signalbox jobs --state ")
    words = more.split("`")[1].split()[1:]
    assert len(signalbox(*words, "--json").json) == MANY
    assert len(signalbox("status", "--json").json["jobs"]) == MANY


def test_a19_a_command_on_thousands_of_jobs_shares_transactions_and_keeps_its_events(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[None] = []
    monkeypatch.setattr(StoreAccess, "_wake_subscriptions", lambda _: commits.append(None))
    changed = signalbox("cancel", "--state", "queued", "--json").json["changed"]
    assert len(changed) == MANY
    assert len(commits) <= MANY / 50
    with signalbox.store() as store:
        events = store.list_events(limit=10 * MANY)
        assert sum(event.event_type == "job.cancelled" for event in events) == MANY
        assert {job.status for job in store.list_jobs(changed[0]["run_id"])} == {JobStatus.CANCELLED}


def test_a19_a_refusal_in_a_batch_leaves_the_others_done(signalbox: CommandLine) -> None:
    signalbox("cancel", "job-1")
    answer = signalbox("cancel", "job-0", "job-1", "job-2", "--json", code=2)
    assert [job["job_id"] for job in answer.json["changed"]] == ["job-0", "job-2"]


def test_a19_a_completed_job_that_is_named_runs_again(signalbox: CommandLine) -> None:
    with signalbox.store() as store:
        store.update_job_result({"job_id": "job-0"}, JobResult(exit_code=0, success=True))
    assert signalbox("retry", "job-0").out == "job-0 is queued.\n"
    job = signalbox.job("job-0")
    assert (job.status, job.completed_at) == (JobStatus.QUEUED, None)
    assert job.max_attempts > job.attempts
    assert signalbox("doctor", "--strict").code == 0


def test_a19_a_completed_job_is_not_among_those_a_selection_retries(signalbox: CommandLine) -> None:
    with signalbox.store() as store:
        store.update_job_result({"job_id": "job-0"}, JobResult(exit_code=0, success=True))
    assert "No job matches" in signalbox("retry", "--tool", "shell", code=2).err
    assert signalbox.job("job-0").status is JobStatus.COMPLETED


def test_a19_what_a_tool_left_behind_is_shown_to_people_too(signalbox: CommandLine) -> None:
    with signalbox.store() as store:
        store.mark_job_running("job-0")
        result = JobResult(exit_code=0, success=True, metadata={"leftovers": 2})
        store.update_job_result({"job_id": "job-0"}, result)
    assert "Left 2 processes behind; they were terminated." in signalbox("show", "job-0").out


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that every connection executes, those of many rows once."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


COMMANDS = {
    "hold": ("hold", "--state", "queued"),
    "priority": ("priority", "--state", "queued", "--to", "high"),
    "cancel": ("cancel", "--state", "queued"),
    "cancel by name": ("cancel", *(f"job-{number}" for number in range(MANY))),
    "release": ("release", "--state", "held"),
    "retry": ("retry", "--state", "cancelled"),
    "retry with dependents": ("retry", "--state", "cancelled", "--dependents"),
    "skip": ("skip", "--state", "cancelled"),
    "move": ("move", "--workstream", "main", "--after", "last"),
    "refused": ("hold", *(f"job-{number}" for number in range(MANY))),
}
BEFORE = {
    "release": ("hold", "--state", "queued"),
    "retry": ("cancel", "--state", "queued"),
    "retry with dependents": ("cancel", "--state", "queued"),
    "skip": ("cancel", "--state", "queued"),
    "refused": ("cancel", "--state", "queued"),
}
STATEMENTS_A_JOB = 0.1


@pytest.mark.parametrize("name", COMMANDS)
def test_a19_a_command_on_many_jobs_takes_a_tenth_of_a_statement_a_job(
    signalbox: CommandLine, name: str
) -> None:
    with signalbox.store() as store:
        store.queue_control.change_setting("callback", ["true"])
        if name == "move":
            last = python("1", "last", workstream_id="other")
            spec = job_from_mapping(last, base=signalbox.folder)
            store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    if name in BEFORE:
        signalbox(*BEFORE[name])
    with counted() as statements:
        signalbox(*COMMANDS[name], "--json", code=2 if name == "refused" else 0)
    assert len(statements) <= STATEMENTS_A_JOB * MANY, Counter(statements).most_common(5)
    assert signalbox("doctor", "--strict").code == 0


def test_a19_many_ends_promise_the_command_of_the_user_once_for_each_job(signalbox: CommandLine) -> None:
    with signalbox.store() as store:
        store.queue_control.change_setting("callback", ["true"])
    signalbox("cancel", "--state", "queued")
    with signalbox.store() as store:
        assert store.open_callbacks() == MANY


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the signal of Ctrl-C arrive while a batch is written."""
    cancel_each: Callable[..., Applied] = JobRequests.cancel_each
    batches_written: list[int] = []

    def cancel_and_signal(*arguments: object, **named: object) -> Applied:
        batches_written.append(1)
        if len(batches_written) == after:
            signal.raise_signal(signal.SIGINT)
        return cancel_each(*arguments, **named)

    monkeypatch.setattr(JobRequests, "cancel_each", cancel_and_signal)


def test_a19_ctrl_c_ends_a_command_between_two_batches_and_says_what_is_left(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, after=2)
    printed = signalbox("cancel", "--state", "queued", code=130)
    done = 2 * BATCH
    assert printed.out.count(" was cancelled.") == done
    assert printed.err == f"Interrupted: {MANY - done} of {MANY:,} jobs are as they were.\n"
    assert len(signalbox("jobs", "--state", "queued", "--limit", str(MANY), "--json").json) == MANY - done
    assert signalbox("doctor", "--strict").code == 0


def test_a19_ctrl_c_in_the_last_batch_leaves_nothing_to_interrupt(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, after=MANY // BATCH)
    assert len(signalbox("cancel", "--state", "queued", "--json").json["changed"]) == MANY


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a19_a_command_of_more_than_a_second_shows_on_a_terminal_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress_line, "_SHOW_AFTER_S", 0.0)
    monkeypatch.setattr(progress_line, "_REST_S", 0.0)
    ids = [f"job-{number}" for number in range(2 * BATCH + 1)]

    def apply(batch: Sequence[str]) -> Applied:
        return Applied(changed=[make_job(job_id) for job_id in batch])

    batches.apply_to_each(ids, apply, as_json=True)
    assert capsys.readouterr().err == "", "standard error is no terminal"
    reading, writing = os.openpty()
    with os.fdopen(reading, "rb", buffering=0) as terminal, os.fdopen(writing, "w") as printed:
        monkeypatch.setattr(sys, "stderr", printed)
        batches.apply_to_each(ids, apply, as_json=True)
        shown = terminal.read(100_000).decode()
    assert shown.startswith("\r0 of 401 jobs\r200 of 401 jobs\r400 of 401 jobs\r")
    assert shown.endswith("\r")
    assert not shown.split("\r")[-2].strip(), "the line is removed"
