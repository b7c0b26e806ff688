"""Thousands of jobs on the command line: what is printed stays short, and what is commanded is soon done."""

from pathlib import Path

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.store_access import StoreAccess
from engine.types import JobResult
from state.records import JobStatus, Origin
from tests.helpers.command_line import CommandLine, python

MANY = 1_000


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    line = CommandLine(tmp_path)
    specs = [job_from_mapping(python("1", f"job-{number}"), base=tmp_path) for number in range(MANY)]
    with line.store() as store:
        store.accept(
            [Accepted(spec=spec, digest=spec.digest()) for spec in specs],
            origin=Origin.COMMAND_LINE,
            title="many",
        )
    return line


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
