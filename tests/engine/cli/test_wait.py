"""Waiting for jobs from a script: the exit code says how they ended, or why they cannot go on."""

import signal
from pathlib import Path

import pytest

from engine.types import JobResult
from state.records import JobStatus
from tests.helpers.command_line import CommandLine, python
from tests.helpers.patience import PATIENCE_S


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def submitted(signalbox: CommandLine, *names: str, **more: object) -> None:
    signalbox("submit", *[signalbox.file(f"{name}.json", python("1", name, **more)) for name in names])


def end(signalbox: CommandLine, name: str, code: int = 0) -> None:
    with signalbox.store() as store:
        store.mark_job_running(name)
        store.update_job_result({"job_id": name}, JobResult(exit_code=code, success=not code))


@pytest.mark.parametrize(
    ("change", "word", "code"),
    [
        ("completed", "completed", 0),
        ("skip", "completed", 0),
        ("failed", "failed", 1),
        ("cancel", "cancelled", 4),
    ],
)
def test_a19_wait_answers_how_jobs_ended(signalbox: CommandLine, change: str, word: str, code: int) -> None:
    submitted(signalbox, "a", "b")
    end(signalbox, "a")
    if change in {"skip", "cancel"}:
        signalbox(change, "b")
    else:
        end(signalbox, "b", int(change == "failed"))
    run_id = signalbox.job("a").run_id
    for words in (["a", "b"], ["--run", run_id], ["--group", signalbox.job("a").group_name]):
        answer = signalbox("wait", *words, "--json", code=code).json
        assert (answer["result"], answer["exit_code"]) == (word, code)
        assert [job["job_id"] for job in answer["jobs"]] == ["a", "b"]
    assert signalbox("wait", "a").out == "1 of 1 job completed.\n"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["hold", "a"], 5, "a is held: Held by you"),
        (["pause"], 5, "Paused"),
        (["pause", "--tool", "shell"], 5, "on hold"),
        (["hold", "parent"], 6, "Waits for parent"),
        (["cancel", "parent"], 6, "parent"),
    ],
)
def test_a19_wait_ends_where_a_person_is_needed(
    signalbox: CommandLine, words: list[str], code: int, reason: str
) -> None:
    submitted(signalbox, "parent")
    depends = ["parent"] if "parent" in words else []
    submitted(signalbox, "a", metadata={"depends_on": depends})
    signalbox(*words)
    answer = signalbox("wait", "a", code=code)
    assert answer.out == "0 of 1 job completed.\n"
    assert reason.lower() in answer.err.lower()


def test_a19_wait_ends_with_the_job_it_waits_for(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    with signalbox.process("wait", "a") as waiting:
        assert waiting.stderr is not None
        assert "No engine is running" in waiting.stderr.readline()
        end(signalbox, "a", 3)
        assert waiting.wait(PATIENCE_S) == 1


def test_a19_wait_says_that_no_engine_runs_and_keeps_to_its_timeout(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    answer = signalbox("wait", "a", "--timeout", "0.3", code=124)
    assert "No engine is running" in answer.err
    assert signalbox("wait", "a", "--timeout", "0", "--json", code=124).json["result"] == "timeout"
    assert signalbox.job("a").status is JobStatus.QUEUED


def test_a19_wait_on_nothing_has_a_code_of_its_own(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    assert "No job matches." in signalbox("wait", "--group", "nobody", code=7).err
    assert signalbox("wait", "--run", "none", "--json", code=7).json["jobs"] == []
    assert "There is no job 'gone'" in signalbox("wait", "gone", code=7).err
    assert signalbox("wait", "a", "gone", "--json", code=7).json["result"] == "no_match"
    signalbox("wait", code=2)
    signalbox("wait", "a", "--run", "x", code=2)


def test_a19_wait_is_interrupted_like_every_command(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    with signalbox.process("wait", "a") as waiting:
        assert waiting.stderr is not None
        assert waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(PATIENCE_S) == 130
        assert "Traceback" not in waiting.stderr.read()
