"""Commands that look, act and check, given to the real command line in this process."""

import contextlib
import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli.root import app
from engine.scheduling.explainer import WaitKind
from engine.system.home import Home, default_home
from engine.types import JobResult
from state.counted_work import NEWEST_RUNS
from state.records import JobStatus, Origin
from state.status_words import status_in_words
from tests.helpers.command_line import CommandLine, python

PIPELINE = {
    "title": "Two lines",
    "workstreams": [
        {"id": "one", "files": ["a.py"], "steps": [python("1", name="edit"), python("2", name="test")]},
        {"id": "two", "after": ["one"], "steps": [python("3", name="look")]},
    ],
}


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def submitted(signalbox: CommandLine, *names: str, **more: object) -> None:
    files = [signalbox.file(f"{name}.json", python("print(1)", name, **more)) for name in names]
    signalbox("submit", *files)


def fail(signalbox: CommandLine, job_id: str) -> None:
    with signalbox.store() as store:
        store.mark_job_running(job_id)
        store.update_job_result({"job_id": job_id}, JobResult(exit_code=3, success=False, stderr="no\n"))


# --- submit --------------------------------------------------------------------------------------------------------


def test_submit_prints_the_ids_of_the_jobs_it_queued(signalbox: CommandLine) -> None:
    result = signalbox(
        "submit", signalbox.file("a.json", python("1", "a")), signalbox.file("b.json", python("1", "b"))
    )
    assert result.out.split() == ["a", "b"]
    assert "No engine is running" in result.err
    assert {signalbox.job(name).status for name in "ab"} == {JobStatus.QUEUED}
    assert signalbox.job("a").origin is Origin.COMMAND_LINE


def test_files_given_together_are_one_run_and_a_pipeline_is_one_of_its_own(signalbox: CommandLine) -> None:
    files = [signalbox.file(f"{name}.json", python("1", name)) for name in ("a", "b")]
    result = signalbox("submit", *files, signalbox.file("p.json", PIPELINE), "--json").json
    runs = [job["run_id"] for job in result]
    assert runs[0] == runs[1] != runs[2] == runs[3] == runs[4]
    with signalbox.store() as store:
        assert {run.title for run in store.list_recent_runs()} == {"a and 1 more", "Two lines"}


def test_files_without_titles_are_called_by_their_names_in_lists_and_logs(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("rss-feed.json", python("print('made')", "x1")))
    titled = python(
        "1", "x2", workstream_title="The tags", workstream_id="t", metadata={"title": "Sort them"}
    )
    signalbox("submit", signalbox.file("tags.json", titled))
    rows = [line.split("  ") for line in signalbox("jobs").out.splitlines()]
    names = [next(cell.strip() for cell in row[1:] if cell.strip()) for row in rows]
    assert names == ["NAME", "rss-feed", "The tags / Sort them"]
    with signalbox.store() as store:
        assert [run.title for run in store.list_recent_runs()] == ["Sort them", "rss-feed"]
        assert {stream.title for run in store.list_recent_runs() for stream in store.list_workstreams(run.run_id)} == {
            "rss-feed", "The tags",
        }  # fmt: skip
    assert signalbox("show", "x1").out.splitlines()[0].split() == ["name", "rss-feed"]


def test_a_folder_stands_for_the_job_files_in_it(signalbox: CommandLine) -> None:
    folder = signalbox.folder / "jobs"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.json").write_text(json.dumps(python("1", name)), encoding="utf-8")
    (folder / "notes.txt").write_text("no job", encoding="utf-8")
    assert signalbox("submit", folder).out.split() == ["a", "b"]


def test_held_jobs_wait_for_a_person(signalbox: CommandLine) -> None:
    signalbox("submit", "--hold", signalbox.file("a.json", python("1", "a")))
    assert signalbox.job("a").status is JobStatus.HELD


def test_a_priority_given_on_the_command_line_is_used(signalbox: CommandLine) -> None:
    signalbox("submit", "--priority", "urgent", signalbox.file("a.json", python("1", "a")))
    assert signalbox.job("a").priority == 50
    result = signalbox("submit", "--priority", "soon", signalbox.file("b.json", python("1", "b")), code=2)
    assert "low, normal, high, urgent" in result.err


def test_one_bad_file_keeps_all_of_them_out(signalbox: CommandLine) -> None:
    good = signalbox.file("good.json", python("1", "good"))
    bad = signalbox.folder / "bad.yaml"
    bad.write_text(
        "tool: shell\ncommand: {exe: x}\nmetadata:\n  retry: {limit: -1}\n  colour: red\n", encoding="utf-8"
    )
    result = signalbox("submit", good, bad, code=2)
    assert f"{bad}:4: metadata.retry.limit: " in result.err
    assert f"{bad}:5: metadata.colour: " in result.err
    assert "Nothing was queued." in result.err
    assert signalbox("jobs", "--json").json == []


def test_an_existing_id_is_refused_unless_a_copy_is_requested(signalbox: CommandLine) -> None:
    first = signalbox.file("a.json", python("1", "a"))
    second = signalbox.file("b.json", python("1", "b", metadata={"depends_on": ["a"]}))
    signalbox("submit", first, second)
    assert "exists already" in signalbox("submit", first, code=2).err
    copies = signalbox("submit", "--copy", first, second, "--json").json
    assert copies[0]["job_id"].startswith("a-")
    assert copies[1]["depends_on"] == [copies[0]["job_id"]]


def test_jobs_of_several_files_that_wait_for_each_other_are_refused(signalbox: CommandLine) -> None:
    files = [
        signalbox.file("a.json", python("1", "a", metadata={"depends_on": ["b"]})),
        signalbox.file("b.json", python("1", "b", metadata={"depends_on": ["a"]})),
    ]
    assert "wait for each other" in signalbox("submit", *files, code=2).err
    assert signalbox("jobs", "--json").json == []


# --- looking -------------------------------------------------------------------------------------------------------


def test_jobs_are_listed_with_why_they_wait(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    submitted(signalbox, "b", metadata={"depends_on": ["a"]})
    lines = signalbox("jobs").out.splitlines()
    assert lines[0].split() == ["STATE", "NAME", "JOB", "TOOL", "ATTEMPT", "TIME"]
    assert lines[1].split()[:4] == ["queued", "a", "a", "shell"]
    assert lines[1].endswith("No engine is running; open the window or run `signalbox engine`.")
    assert lines[2].split()[:4] == ["blocked", "b", "b", "shell"]
    assert lines[2].endswith("Waits for a to finish.")


def test_the_json_of_a_job_has_its_record_its_shown_state_and_its_wait(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    (job,) = signalbox("jobs", "--json").json
    assert job["job_id"] == "a"
    assert (job["status"], job["state"]) == ("queued", "queued")
    assert job["wait"]["kind"] == WaitKind.NO_ENGINE
    assert datetime.fromisoformat(job["created_at"]).timestamp() == pytest.approx(
        job["created_at_epoch"], abs=0.001
    )
    assert job["created_at"].endswith("Z")
    assert job["completed_at"] is job["completed_at_epoch"] is None


def test_jobs_can_be_chosen_by_state_shown_or_stored_by_run_and_by_number(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "c")
    submitted(signalbox, "b", metadata={"depends_on": ["a"]})
    fail(signalbox, "c")

    def chosen(*words: str) -> list[str]:
        return [job["job_id"] for job in signalbox("jobs", "--json", *words).json]

    assert chosen("--state", "queued") == ["a", "b"]
    assert chosen("--state", "blocked") == ["b"]
    assert chosen("--state", "blocked", "--state", "failed") == ["c", "b"]
    assert chosen("--run", signalbox.job("b").run_id) == ["b"]
    assert chosen("--limit", "1") == ["b"]
    assert "not a state" in signalbox("jobs", "--state", "lost", code=2).err


def test_status_shows_engines_pause_counts_and_runs(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    signalbox("pause", "--reason", "lunch")
    result = signalbox("status").out
    assert "No engine is running" in result
    assert "(lunch): running jobs continue" in result
    assert "1 queued" in result
    answer = signalbox("status", "--json").json
    assert answer["engines"] == []
    assert answer["counts"] == {"queued": 1}
    assert "Workstreams: 1 waiting" in result
    assert answer["workstreams"] == {
        "needs_you": 0,
        "running": 0,
        "waiting": 1,
        "failed": 0,
        "done": 0,
        "refused_files": 0,
        "missed_runs": 0,
    }
    assert [hold["reason"] for hold in answer["holds"]] == ["lunch"]
    assert answer["limits"][0]["kind"] == "global"
    assert [job["job_id"] for job in answer["jobs"]] == ["a"]
    assert len(answer["runs"]) == 1


def test_status_says_of_how_many_runs_it_counts_the_workstreams(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    connection = sqlite3.connect(signalbox.home.database)
    with contextlib.closing(connection), connection:
        connection.executemany(
            "INSERT INTO runs (run_id, title, status, created_at, metadata_json) VALUES (?, '', 'completed', ?, '{}')",
            [(f"old-{number}", number) for number in range(NEWEST_RUNS)],
        )
    assert f"Workstreams of {NEWEST_RUNS} of {NEWEST_RUNS + 1} runs: 1 waiting" in signalbox("status").out


def test_show_prints_a_job_with_its_attempts_a_run_and_a_workstream(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("p.json", PIPELINE))
    submitted(signalbox, "a")
    fail(signalbox, "a")
    result = signalbox("show", "a").out
    assert "failed" in result
    assert "-c 'print(1)'" in result or "print(1)" in result
    answer = signalbox("show", "a", "--json").json
    assert [(one["number"], one["status"], one["exit_code"]) for one in answer["attempts_made"]] == [
        (1, "failed", 3)
    ]
    assert answer["spec"]["tool"] == "shell"
    with signalbox.store() as store:
        run = next(run for run in store.list_recent_runs() if run.title == "Two lines")
    assert "Two lines" in signalbox("show", run.run_id).out
    assert [ws["ws_id"] for ws in signalbox("show", run.run_id, "--json").json["workstreams"]] == [
        "one",
        "two",
    ]
    stream = signalbox("show", f"{run.run_id}/one", "--json").json
    assert [job["step_name"] for job in stream["jobs"]] == ["edit", "test"]
    assert f"{run.run_id}/one, step 2 of 2: test" in signalbox("show", stream["jobs"][1]["job_id"]).out
    assert [file["path"] for file in stream["files"]] == ["a.py"]
    assert signalbox("show", "two").out.splitlines()[1].startswith("workstream")
    assert "no job, run or workstream 'nothing'" in signalbox("show", "nothing", code=2).err


def test_logs_merge_events_by_time_and_can_leave_out_what_is_not_loud(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b")
    fail(signalbox, "a")
    answer = [json.loads(line) for line in signalbox("logs", "a", "--json").out.splitlines()]
    assert [entry["event_type"] for entry in answer] == ["job.queued", "job.running", "job.failed"]
    assert [entry["at_epoch"] for entry in answer] == sorted(entry["at_epoch"] for entry in answer)
    loud = signalbox("logs", "--errors").out.splitlines()
    assert len(loud) == 1
    assert "a failed" in loud[0]
    assert len(signalbox("logs", "-n", "2").out.splitlines()) == 2
    assert "no job 'c'" in signalbox("logs", "c", code=2).err


def test_nothing_a_job_says_reaches_the_terminal_as_a_command(signalbox: CommandLine) -> None:
    title = "red \x1b[31m[bold]x[/bold]\x1b]52;c;aGk=\x07 \u202eback"
    with signalbox.store() as store:
        store.record_event("note.added", {"text": title})
    result = signalbox("logs").out
    assert "red [bold]x[/bold] \\u202eback" in result
    assert "\x1b" not in result


# --- acting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("cancel", [], JobStatus.CANCELLED),
        ("hold", [], JobStatus.HELD),
        ("release", ["hold"], JobStatus.QUEUED),
        ("retry", ["cancel"], JobStatus.QUEUED),
        ("skip", ["cancel"], JobStatus.SKIPPED),
    ],
)
def test_each_command_moves_the_jobs_it_names(
    signalbox: CommandLine, command: str, before: list[str], after: JobStatus
) -> None:
    submitted(signalbox, "a", "b", "c")
    for earlier in before:
        signalbox(earlier, "a", "b")
    result = signalbox(command, "a", "b")
    assert result.out.splitlines() == [f"{name} {status_in_words(after)}." for name in "ab"]
    assert {signalbox.job(name).status for name in "ab"} == {after}
    assert signalbox.job("c").status is JobStatus.QUEUED


def test_a_command_given_a_whole_run_means_only_the_jobs_it_can_change(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b", "c")
    run = signalbox.job("a").run_id
    fail(signalbox, "b")
    assert signalbox("retry", "--run", run).out.splitlines() == ["b is queued."]
    assert signalbox("cancel", "--run", run, "--json").json["refused"] == {}
    assert signalbox("skip", "--state", "cancelled").out.count("skipped") == 3


def test_release_starts_at_once_what_waits_for_its_time(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", metadata={"start_at": "2090-01-01T00:00:00Z"})
    assert signalbox.job("a").not_before is not None
    assert signalbox("release", "a").out == "a is queued.\n"
    assert signalbox.job("a").not_before is None


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (
            "cancel",
            "a failed, so there is nothing to cancel; `retry` queues it again, `skip` accepts it as is.",
        ),
        ("hold", "a failed, and only a queued job can be held; `retry` queues it again"),
        (
            "release",
            "a failed, and only a job that is held, or waits for its time, can be released; `retry`",
        ),
    ],
)
def test_a_refusal_names_the_alternatives(signalbox: CommandLine, command: str, answer: str) -> None:
    submitted(signalbox, "a")
    fail(signalbox, "a")
    assert answer in signalbox(command, "a", code=2).err


def test_one_job_that_refuses_does_not_keep_the_others_from_it(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b")
    signalbox("cancel", "a")
    result = signalbox("hold", "a", "b", code=2)
    assert result.out.splitlines() == ["b is held."]
    assert "a was cancelled, and only a queued job can be held; `retry` queues it again" in result.err


def test_a_command_without_a_target_is_bad_use(signalbox: CommandLine) -> None:
    assert "name jobs" in signalbox("cancel", code=2).err
    submitted(signalbox, "a")
    assert "not both" in signalbox("cancel", "a", "--state", "queued", code=2).err
    assert "no job 'z'" in signalbox("cancel", "z", code=2).err
    assert "No job matches that `release` applies to" in signalbox("release", "--state", "held", code=2).err


def test_a_pause_is_the_reason_why_a_job_waits_until_it_is_resumed(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    signalbox("pause", "--reason", "lunch")
    assert signalbox("jobs", "--json").json[0]["wait"]["sentence"] == "Paused (lunch); resume to start it."
    signalbox("resume")
    assert signalbox("jobs", "--json").json[0]["wait"]["kind"] == "no_engine"


def test_drain_is_over_where_nothing_runs(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    assert "Nothing is running" in signalbox("drain").out
    assert signalbox("jobs", "--json").json[0]["wait"]["kind"] == "paused"


def test_drain_does_not_wait_for_what_no_engine_will_end(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    with signalbox.store() as store:
        store.mark_job_running("a")
    assert "No engine is running to finish" in signalbox("drain", code=1).err


# --- checking ------------------------------------------------------------------------------------------------------


def test_validate_reports_each_file_and_every_error_with_its_line(signalbox: CommandLine) -> None:
    good, pipeline = signalbox.file("a.json", python("1", "a")), signalbox.file("p.json", PIPELINE)
    bad = signalbox.folder / "bad.yaml"
    bad.write_text("tool: shell\ncommand: {exe: x}\npriority: high\nnames: [a]\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["validate", str(good), str(pipeline), str(bad)])
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{good}: a valid job for shell",
        f"{pipeline}: a valid pipeline, 3 jobs in 2 workstreams",
    ]
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == [f"{bad}:3:", f"{bad}:4:"]
    answer = json.loads(CliRunner().invoke(app, ["validate", "--json", str(good), str(bad)]).stdout)
    assert [(error["line"], error["field"]) for error in answer["errors"]] == [(3, "priority"), (4, "names")]
    assert [one["kind"] for one in answer["valid"]] == ["job"]


def test_the_jobs_a_pipeline_expands_to_are_valid_job_files(signalbox: CommandLine) -> None:
    result = CliRunner().invoke(app, ["validate", "--expand", str(signalbox.file("p.json", PIPELINE))])
    jobs = json.loads(result.stdout)
    assert [job["step_name"] for job in jobs] == ["edit", "test", "look"]
    files = [signalbox.file(f"{number}.json", job) for number, job in enumerate(jobs)]
    assert CliRunner().invoke(app, ["validate", *map(str, files)]).exit_code == 0


def test_validate_makes_no_home(signalbox: CommandLine) -> None:
    CliRunner().invoke(app, ["validate", str(signalbox.file("a.json", python("1", "a")))])
    assert not default_home().exists()


# --- the home, the window ------------------------------------------------------------------------------------------


def test_home_counts_before_a_command_and_after_it(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    before = CliRunner().invoke(app, ["--home", str(signalbox.home.root), "jobs", "--json"])
    assert [job["job_id"] for job in json.loads(before.stdout)] == ["a"]
    other = Home.at(signalbox.folder / "other").root
    after = CliRunner().invoke(
        app, ["--home", str(signalbox.home.root), "jobs", "--json", "--home", str(other)]
    )
    assert json.loads(after.stdout) == []


def test_a_home_that_is_a_file_is_reported_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    result = CliRunner().invoke(app, ["jobs", "--home", str(file)])
    assert result.exit_code == 2
    assert result.stderr.startswith(str(file))
    assert "--home" in result.stderr


def test_without_a_display_the_window_is_refused_in_a_sentence(
    signalbox: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    result = CliRunner().invoke(app, ["--home", str(signalbox.home.root)])
    assert result.exit_code == 2
    assert "There is no display" in result.stderr
    assert "signalbox run" in result.stderr


def test_shell_completion_knows_jobs_and_states(signalbox: CommandLine) -> None:
    submitted(signalbox, "alpha", "beta")

    def completed(words: str) -> list[str]:
        env = {
            "_SIGNALBOX_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
            "SIGNALBOX_HOME": str(signalbox.home.root),
        }
        return CliRunner(env={**os.environ, **env}).invoke(app, [], prog_name="signalbox").stdout.split()

    assert completed("signalbox cancel al") == ["alpha"]
    assert completed("signalbox jobs --state sk") == ["skipped"]
    assert completed("signalbox val") == ["validate"]
    assert completed("signalbox settings set keep_a") == ["keep_awake"]
    signalbox("label", "alpha", "--add", "flaky", "--add", "flaky-again")
    signalbox("label", "beta", "--add", "slow")
    assert completed("signalbox jobs --label fl") == ["flaky", "flaky-again"]
    assert completed("signalbox label beta --add s") == ["slow"]
    assert completed("signalbox label alpha --remove flaky-") == ["flaky-again"]
    (signalbox.home.root / "schedules").mkdir(exist_ok=True)
    (signalbox.home.root / "schedules" / "nightly.yaml").touch()
    assert completed("signalbox schedules rename ni") == ["nightly"]
