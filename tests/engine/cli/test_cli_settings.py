"""Settings on the command line, and the problems of a home that `status` reports."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.cli.printing import print_table
from engine.host.engine_service import EngineService
from engine.system.home import Home
from engine.system.plain_text import one_line
from engine.types import JobResult
from state.locks import KernelLock
from tests.helpers.command_line import CommandLine, python


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_every_setting_is_listed_with_its_value_and_what_it_does(signalbox: CommandLine) -> None:
    output = signalbox("settings").out
    for name in ("inbox", "tool_paths", "callback", "keep_awake", "keep_history_days", "free_floor_mb"):
        assert f"\n{name} " in f"\n{output}"
    answer = signalbox("settings", "list", "--json").json
    assert answer["keep_history_days"] == {"value": 30, "set": False}


def test_a_setting_is_set_shown_and_taken_back(signalbox: CommandLine) -> None:
    assert signalbox("settings", "set", "keep_awake", "off").out == "keep_awake is now off.\n"
    assert signalbox("settings", "--json").json["keep_awake"] == {"value": False, "set": True}
    assert signalbox("settings", "reset", "keep_awake").out == "keep_awake is on again.\n"
    assert "keep_awake is not set" in signalbox("settings", "reset", "keep_awake", code=2).err


def test_the_paths_of_several_programs_are_kept_together(signalbox: CommandLine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("")
        signalbox("settings", "set", "tool_paths", name, tmp_path / name)
    found = signalbox("settings", "--json").json["tool_paths"]["value"]
    assert found == {name: str(tmp_path / name) for name in ("one", "two")}
    assert f"one: {tmp_path / 'one'}" in signalbox("settings").out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["callbak", "x"], "did you mean callback?"),
        (["callback", "no-such-program"], "There is no program 'no-such-program'"),
        (["callback", "true", "job={job_id}"], "a placeholder must be an argument of its own"),
        (["keep_awake", "perhaps"], "keep_awake cannot be 'perhaps': it must be on or off"),
        (["keep_history_days", "soon"], "keep_history_days cannot be 'soon': it must be a whole number"),
        (
            ["free_floor_mb", "1000000001"],
            "free_floor_mb cannot be 1000000001: it must be at most 1,000,000,000",
        ),
        (["keep_history_days", "-1"], "keep_history_days cannot be -1: it must be at least 0"),
        (["keep_history_days", "1", "2"], "Give one value, not 2"),
        (["inbox", "/no/such/folder"], "is not a folder"),
        (["tool_paths", "aider"], "the name of a program and its path"),
        (["tool_paths", "aider", "/no/such/program"], "There is no program at"),
        (["budget_usd", "nan"], "budget_usd cannot be 'nan': it must be a number"),
        (["budget_usd", "0"], "budget_usd cannot be 0.0: it must be above 0"),
        (["budget_usd", "plenty"], "budget_usd cannot be 'plenty': it must be a number"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_nothing_is_set(
    signalbox: CommandLine, words: list[str], why: str
) -> None:
    before = signalbox("settings", "--json").json
    assert why in signalbox("settings", "set", *words, code=2).err
    assert signalbox("settings", "--json").json == before


def test_a_running_engine_follows_what_another_process_sets(signalbox: CommandLine, tmp_path: Path) -> None:
    inbox = tmp_path / "other"
    inbox.mkdir(mode=0o700)
    with closing(EngineService(signalbox.home)) as engine:
        engine.step()
        signalbox("settings", "set", "inbox", inbox)
        signalbox("settings", "set", "tool_paths", "aider", sys.executable)
        engine.step()
        assert engine.trust_policy.tool_paths == {"aider": sys.executable}
        assert engine.turn.preparer.tool_paths == {"aider": sys.executable}
        assert engine._inbox.folder == inbox


def test_status_reports_that_the_inbox_is_gone(signalbox: CommandLine, tmp_path: Path) -> None:
    inbox = tmp_path / "other"
    inbox.mkdir()
    signalbox("settings", "set", "inbox", inbox)
    assert "cannot be read" not in signalbox("status").out
    inbox.rmdir()
    assert f"The inbox {inbox} cannot be read" in signalbox("status").out
    assert len(signalbox("status", "--json").json["troubles"]) == 1


def test_status_reports_that_the_disk_is_nearly_full(signalbox: CommandLine) -> None:
    signalbox("settings", "set", "free_floor_mb", "999999999")
    assert "nothing new starts until there is room" in signalbox("status").out


def test_status_reports_an_engine_that_writes_another_database(signalbox: CommandLine) -> None:
    signalbox("status")
    lock = KernelLock.try_take(signalbox.home.engines / "stranger.lock")
    assert lock is not None
    with lock:
        assert "the database was replaced while it ran" in signalbox("status").out
    assert "replaced" not in signalbox("status").out


def test_where_an_engine_lost_its_database_no_command_makes_an_empty_one(signalbox: CommandLine) -> None:
    signalbox("status")
    lock = KernelLock.try_take(signalbox.home.engines / "engine.lock")
    assert lock is not None
    with lock:
        signalbox.home.database.rename(signalbox.folder / "moved.db")
        for command in ("status", "jobs", "resume"):
            assert "no longer exists, but an engine is running" in signalbox(command, code=2).err
        assert not signalbox.home.database.exists()
    signalbox("status")


def test_run_calls_the_users_command_at_each_end(signalbox: CommandLine, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    code = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"
    words = [sys.executable, "-I", "-c", code, str(notes), "{job_id}", "{status}"]
    signalbox("settings", "set", "callback", *words)
    good, bad = (signalbox.file(f"{n}.json", python(f"raise SystemExit({n})", f"j{n}")) for n in (0, 1))
    signalbox("run", good, bad, code=1)
    assert sorted(notes.read_text().splitlines()) == ["j0 completed", "j1 failed"]


def test_a_stop_or_a_limit_of_a_tool_there_is_not_is_refused(signalbox: CommandLine) -> None:
    assert "did you mean aider?" in signalbox("pause", "--tool", "aidr", code=2).err
    assert "did you mean aider?" in signalbox("limits", "set", "tool", "aidr", "2", code=2).err
    assert signalbox("limits", "--json").json["holds"] == []


def test_show_prints_what_a_tool_used_changed_and_answered(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("a.json", python("1", "a")))
    metadata = {
        "usage": {"input_tokens": 12_000, "cached_tokens": 11_000, "output_tokens": 34, "cost_usd": 0.5},
        "changed_files": [{"path": f"f{n}.py", "added": 1, "removed": 0} for n in range(10)],
        "answer": "All is\nwell.",
        "failure_class": "bad_edit",
    }
    with signalbox.store() as store:
        store.mark_job_running("a")
        store.update_job_result({"job_id": "a"}, JobResult(exit_code=0, success=False, metadata=metadata))
    lines = signalbox("show", "a").out.splitlines()
    assert "tokens      12,000 in (11,000 cached) / 34 out" in lines
    assert "cost        $0.50, reported by the tool" in lines
    assert "answer      All is well." in lines
    assert "failure     bad_edit" in lines
    assert any(line.startswith("changed     f0.py, f1.py") and line.endswith("and 2 more") for line in lines)


def test_show_adds_up_what_attempts_used_and_says_at_least_where_a_part_is_unknown(
    signalbox: CommandLine,
) -> None:
    signalbox("submit", signalbox.file("a.json", python("1", "a")))
    uses = (
        {
            "input_tokens": 1000,
            "cached_tokens": 800,
            "output_tokens": 30,
            "cost_usd": 1.2,
            "cost_source": "told",
        },
        {"input_tokens": None, "cost_usd": None, "cost_source": "unknown"},
        {
            "input_tokens": 200,
            "cached_tokens": 200,
            "output_tokens": 4,
            "cost_usd": 0.05,
            "cost_source": "estimated",
        },
    )
    with signalbox.store() as store:
        for usage in uses:
            store.mark_job_running("a")
            store.update_job_result({"job_id": "a"}, JobResult(exit_code=1, metadata={"usage": usage}))
    lines = signalbox("show", "a").out.splitlines()
    assert "cost        at least $1.25, a part is not known" in lines
    assert "tokens      at least 1,200 in (1,000 cached) / 34 out" in lines
    shown = signalbox("show", "a", "--json").json
    assert (shown["cost_usd"], shown["cost_source"]) == (1.25, "unknown")
    assert (shown["input_tokens"], shown["cached_tokens"], shown["output_tokens"]) == (1200, 1000, 34)
    assert [one["cost_source"] for one in shown["attempts_made"]] == ["told", "unknown", "estimated"]


def test_help_is_plain_text_with_whole_sentences(signalbox: CommandLine) -> None:
    for words in ([], ["limits"], ["settings"], ["run"]):
        output = signalbox(*words, "--help").out
        assert output.isascii()
        usage, _, rest = output.partition("\n\n")
        assert usage.startswith("Usage: ")
        assert "..." not in rest.replace("FILE...", "")


@pytest.mark.parametrize(("width", "lines"), [("120", 2), ("60", 4)])
def test_in_a_narrow_terminal_the_sentence_stands_below_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: str, lines: int
) -> None:
    for name, value in {"TTY_COMPATIBLE": "1", "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": width}.items():
        monkeypatch.setenv(name, value)
    sentence = "Blocked by a-job-with-a-long-name, which failed; retry or skip that one."
    print_table(("STATE", "JOB", ""), [("blocked", "another-job-with-a-long-name", sentence)])
    output = [one_line(line).rstrip() for line in capsys.readouterr().out.splitlines()]
    assert len(output) == lines
    assert all(len(line) <= int(width) for line in output)
    assert " ".join(" ".join(output).split()).endswith(sentence)


def test_importing_a_folder_that_is_not_an_export_says_what_is_expected(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    assert "a folder written by `signalbox export`" in signalbox("import", tmp_path, code=2).err
    assert Home.at(tmp_path / "home").root.exists()
