"""Commands on the line, on what waiting jobs say, on stop signs, limits and ladders, given to the real command line."""

import json
import sys
from pathlib import Path

import pytest

from engine.host.assembly import EngineIdentity
from state.records import JobStatus
from tests.helpers.command_line import CommandLine, python


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def submitted(signalbox: CommandLine, *names: str, **more: object) -> None:
    files = [signalbox.file(f"{name}.json", python("print(1)", name, **more)) for name in names]
    signalbox("submit", *files)


def line(signalbox: CommandLine) -> list[str]:
    with signalbox.store() as store:
        jobs = [job for run in store.list_recent_runs() for job in store.list_jobs(run.run_id)]
    return [job.job_id for job in sorted(jobs, key=lambda job: job.queue_key)]


# --- the line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["c", "--top"], "cabd"),
        (["a", "b", "--bottom"], "cdab"),
        (["c", "--up"], "acbd"),
        (["b", "--down"], "acbd"),
        (["d", "--before", "b"], "adbc"),
        (["a", "--after", "c"], "bcad"),
    ],
)
def test_jobs_are_moved_in_the_queue(signalbox: CommandLine, words: list[str], after: str) -> None:
    submitted(signalbox, *"abcd")
    assert "was moved" in signalbox("move", *words).out
    assert "".join(line(signalbox)) == after


def test_a_move_needs_one_position_and_waiting_jobs(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b")
    for words in (["a"], ["a", "--top", "--up"]):
        assert "name the position with" in signalbox("move", *words, code=2).err
    assert "nothing in the queue would change" in signalbox("move", "a", "--top", code=2).err
    signalbox("cancel", "b")
    assert "b is not waiting" in signalbox("move", "b", "--top", code=2).err


@pytest.mark.parametrize(("word", "number"), [("urgent", 50), ("-7", -7), ("100", 100)])
def test_a_priority_is_a_word_or_a_number(signalbox: CommandLine, word: str, number: int) -> None:
    submitted(signalbox, "a", "b")
    signalbox("priority", "b", "--to", word)
    assert signalbox.job("b").priority == number


@pytest.mark.parametrize("word", ["soon", "101", "-101"])
def test_no_other_priority_is_taken(signalbox: CommandLine, word: str) -> None:
    submitted(signalbox, "a")
    assert "-100 to 100" in signalbox("priority", "a", "--to", word, code=2).err


def test_commands_mean_all_that_have_something_in_common(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b", workstream_id="one")
    submitted(signalbox, "c", workstream_id="two")
    run = signalbox.job("a").run_id
    signalbox("hold", "--workstream", "one")
    assert {signalbox.job(name).status for name in "ab"} == {JobStatus.HELD}
    assert signalbox.job("c").status is JobStatus.QUEUED
    signalbox("release", "--workstream", f"{run}/one", "--tool", "shell")
    assert {signalbox.job(name).status for name in "abc"} == {JobStatus.QUEUED}
    assert "No job matches that" in signalbox("hold", "--tool", "aider", code=2).err
    assert [job["job_id"] for job in signalbox("jobs", "--workstream", "two", "--json").json] == ["c"]
    signalbox("move", "--workstream", "two", "--top")
    assert line(signalbox) == ["c", "a", "b"]


def test_a_retry_can_take_along_what_depends_on_it_or_use_another_tool(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    submitted(signalbox, "b", metadata={"depends_on": ["a"]})
    signalbox("cancel", "a", "b")
    assert signalbox("retry", "a", "--dependents").out.splitlines() == ["a is queued.", "b is queued."]
    signalbox("cancel", "a")
    assert "a cannot be run with codex" in signalbox("retry", "a", "--with", "codex", code=2).err
    assert signalbox.job("a").status is JobStatus.CANCELLED


def test_a_retry_of_a_waiting_job_is_refused_with_what_to_do_instead(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    assert "only a job that has ended can be retried." in signalbox("retry", "a", code=2).err
    signalbox("hold", "a")
    refused = signalbox("retry", "a", code=2).err
    assert "only a job that has ended can be retried; `release` lets it start." in refused
    assert "cannot become" not in refused


def test_only_a_command_that_queues_says_that_nothing_was_queued(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("tool: shell\ncommand: {args: [x]}\n")
    assert signalbox("submit", str(bad), code=2).err.endswith("Nothing was queued.\n")
    shown = signalbox("trust", "show", str(bad), code=2).err
    assert "command.exe: is missing" in shown
    assert "queued" not in shown


# --- editing -------------------------------------------------------------------------------------------------------


def test_a_waiting_job_is_edited_from_a_file(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    file = signalbox.file("new.json", python("print(2)", "a", metadata={"priority": "high"}))
    assert signalbox("edit", "a", "--file", file).out == "a was edited and is queued.\n"
    assert signalbox.job("a").priority == 10
    assert signalbox("show", "a", "--json").json["spec"]["command"]["args"][-1] == "print(2)"


def test_an_edit_by_a_script_gives_no_job_what_needs_a_grant_of_its_own(signalbox: CommandLine) -> None:
    job = {"job_id": "a", "tool": "claude", "prompt": "Go.", "paths": {"repo_root": str(signalbox.folder)}}
    signalbox("submit", signalbox.file("a.json", job))
    for more in (
        {"permission": "full"},
        {"metadata": {"escalate_to": [{"tool": "codex", "permission": "full"}]}},
        {"metadata": {"evidence": {"tests": {"command": {"exe": "true"}}}}},
    ):
        file = signalbox.file("new.json", {**job, **more})
        refused = signalbox("edit", "a", "--file", file, code=3).err
        assert "a is not trusted as it would be: it runs " in refused
        assert not more.keys() & signalbox("show", "a", "--json").json["spec"].keys()
    assert signalbox("edit", "a", "--trust", "--file", file).out == "a was edited and is queued.\n"
    assert signalbox("edit", "a", "--file", file).out == "a was edited and is queued.\n"


def test_an_edit_is_checked_like_any_job_file(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    before = signalbox("show", "a", "--json").json
    file = signalbox.file("new.json", {**python("1", "a"), "metadata": {"timout_seconds": 5}})
    result = signalbox("edit", "a", "--file", file, code=2).err
    assert "new.json: line" in result
    assert "timeout_seconds" in result
    other = signalbox.file("other.json", python("1", "z"))
    assert "keeps the job_id a" in signalbox("edit", "a", "--file", other, code=2).err
    assert signalbox("show", "a", "--json").json == before


def test_the_editor_of_the_user_is_given_the_job(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    submitted(signalbox, "a")
    script = tmp_path / "editor.py"
    script.write_text(
        "import json, sys\nfile = sys.argv[1]\njob = json.load(open(file))\n"
        "job['step_name'] = 'renamed'\njson.dump(job, open(file, 'w'))\n"
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    signalbox("edit", "a")
    assert signalbox.job("a").step_name == "renamed"
    monkeypatch.setenv("EDITOR", "true")
    assert "Nothing was changed in a" in signalbox("edit", "a", code=2).err
    monkeypatch.setenv("EDITOR", "false")
    assert "The editor false failed" in signalbox("edit", "a", code=2).err
    monkeypatch.delenv("EDITOR")
    assert "Neither VISUAL nor EDITOR" in signalbox("edit", "a", code=2).err


# --- holds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "key"), [("group", "night"), ("tool", "shell"), ("account", "work")])
def test_a_group_a_tool_or_an_account_is_held_and_resumed(
    signalbox: CommandLine, kind: str, key: str
) -> None:
    submitted(signalbox, "a", metadata={"group": "night", "account": "work"})
    signalbox("pause", f"--{kind}", key, "--reason", "not now")
    with signalbox.store() as store:
        (hold,) = store.queue_control.holds()
    assert (hold.kind.value, hold.key) == (kind, key)
    result = signalbox("jobs").err
    named = key if kind == "tool" else f"{kind.capitalize()} {key}"
    assert f"{named} is on hold (not now); its jobs wait until it is resumed." in result
    assert f"resume --{kind} {key}" in signalbox("pause", f"--{kind}", key).out
    signalbox("resume", f"--{kind}", key)
    assert f"Nothing holds {kind} {key}" in signalbox("resume", f"--{kind}", key, code=2).err


def test_resuming_without_a_pause_is_refused(signalbox: CommandLine) -> None:
    assert "Nothing is paused" in signalbox("resume", code=2).err
    assert "use only one of" in signalbox("pause", "--tool", "a", "--group", "b", code=2).err


def test_a_pause_is_reported_although_there_are_no_jobs(signalbox: CommandLine) -> None:
    signalbox("pause", "--reason", "lunch")
    result = signalbox("jobs")
    assert result.out == "There are no jobs yet.\n"
    assert "No engine is running" in result.err
    assert "(lunch): running jobs continue, nothing new starts until it is resumed." in result.err
    assert signalbox("jobs", "--json").err == ""
    signalbox("drain")
    assert "Draining since" in signalbox("status").out


def test_run_ends_when_a_tool_is_held_and_reports_it(signalbox: CommandLine) -> None:
    signalbox("limits", "set", "global", "1")
    files = [
        signalbox.file(
            f"{name}.json", {"tool": "shell", "job_id": name, "command": {"exe": "/no/such/program"}}
        )
        for name in "abcdefg"
    ]
    result = signalbox("run", *files, code=1)
    assert "5 attempts in a row could not start" in result.err
    assert {signalbox.job(name).status for name in "fg"} == {JobStatus.QUEUED}
    signalbox("cancel", "--tool", "shell", "--state", "queued")
    signalbox("resume", "--tool", "shell")


# --- limits and ladders --------------------------------------------------------------------------------------------


def test_limits_are_listed_set_and_removed(signalbox: CommandLine) -> None:
    assert signalbox("limits").out.splitlines()[1].split() == ["global", "3", "0"]
    signalbox("limits", "set", "global", "5")
    signalbox("limits", "set", "tool", "aider", "2")
    submitted(signalbox, "a")
    with signalbox.store() as store:
        store.mark_job_running("a")
    limits = {(limit["kind"], limit["key"]): limit for limit in signalbox("limits", "--json").json["limits"]}
    assert (limits["global", ""]["value"], limits["global", ""]["running"]) == (5, 1)
    assert (limits["tool", "aider"]["value"], limits["tool", "aider"]["running"]) == (2, 0)
    signalbox("limits", "remove", "tool", "aider")
    assert "no limit for tool aider" in signalbox("limits", "remove", "tool", "aider", code=2).err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["tool", "aider", "0"], "at least 1"),
        (["tool", "2"], "needs the name"),
        (["global", "x", "2"], "takes no name"),
        (["tool", "aider", "many"], "a number"),
        (["colour", "red", "2"], "colour"),
    ],
)
def test_a_limit_that_makes_no_sense_is_bad_use(signalbox: CommandLine, words: list[str], why: str) -> None:
    assert why in signalbox("limits", "set", *words, code=2).err


def test_a_limit_that_is_full_is_why_a_job_waits(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b", metadata={"group": "night"})
    signalbox("limits", "set", "group", "night", "1")
    with signalbox.store() as store:
        store.mark_job_running("a")
        identity = EngineIdentity(signalbox.home, kind="test")
        identity.take()
        store.engine_started(identity.engine)
    result = signalbox("jobs", "--state", "queued", "--json").json
    identity.release()
    assert (
        result[0]["wait"]["sentence"] == "No free slot in group night (1 of 1 running); first in the queue."
    )


def test_ladders_are_listed_set_and_removed(signalbox: CommandLine) -> None:
    assert "no ladders" in signalbox("ladders").out
    signalbox("ladders", "set", "aider", "codex", "claude")
    signalbox("ladders", "set", "codex", "claude")
    assert signalbox("ladders", "list").out.splitlines() == ["aider -> codex -> claude", "codex -> claude"]
    assert json.loads(signalbox("ladders", "--json").out) == {
        "aider": ["codex", "claude"],
        "codex": ["claude"],
    }
    assert "shell is no rung" in signalbox("ladders", "set", "aider", "shell", code=2).err
    signalbox("ladders", "remove", "aider")
    assert "no ladder for aider" in signalbox("ladders", "remove", "aider", code=2).err
    assert signalbox("ladders").out.splitlines() == ["codex -> claude"]
