"""A command imports what it needs and nothing else: most of the time of a short one is spent on imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli.command_list import COMMANDS
from engine.cli.root import app
from state.records import JobStatus
from tests.helpers.command_line import CommandLine, python


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


SLOW = {"sqlalchemy", "pydantic", "ruamel", "psutil", "alembic", "rich", "PySide6"}
"""What takes longer to load than a short command may take."""


def imported(code: str, **environment: str) -> set[str]:
    """The modules that a fresh Python has loaded after this code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return set(done.stdout.splitlines()[-1].split())


def loaded_by(*words: str, **environment: str) -> set[str]:
    """The modules that this command line has loaded when it ends."""
    run = "from engine.cli import main\ntry: main()\nexcept SystemExit: pass"
    return imported(f"import sys; sys.argv[1:] = {list(words)}\n{run}", **environment)


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["no-such-command"]])
def test_nothing_slow_and_no_command_is_imported_to_list_the_commands(words: list[str]) -> None:
    modules = loaded_by(*words)
    assert modules & SLOW == set()
    assert [name for name in modules if name.startswith("engine.cli.") and "commands" in name] == [
        "engine.cli.lazy_commands"
    ]
    assert len(modules) <= 235


@pytest.mark.parametrize(
    ("words", "most"),
    [
        (["status"], 265),
        (["status", "--json"], 290),
        (["jobs"], 260),
        (["show", "one"], 320),
        (["logs", "one"], 280),
    ],
)
def test_a_command_that_reads_loads_neither_sqlalchemy_nor_the_reader_of_job_files(
    words: list[str], most: int, signalbox: CommandLine
) -> None:
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    modules = loaded_by("--home", str(signalbox.home.root), *words)
    assert modules & {*SLOW, "state.database", "engine.jobfile.spec", "engine.settings", "asyncio"} == set()
    assert "state.plain_reader" in modules
    assert len(modules) <= most, len(modules)


def test_a_command_on_jobs_loads_neither_sqlalchemy_nor_a_reader_of_job_files_or_settings(
    signalbox: CommandLine,
) -> None:
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    for command in ("hold", "release", "cancel", "skip", "retry"):
        modules = loaded_by("--home", str(signalbox.home.root), command, "one")
        unused = {*SLOW, "state.database", "engine.jobfile.spec", "engine.settings", "asyncio"}
        assert modules & unused == set(), command
        assert {"engine.state_store.job_requests", "state.plain_writer"} <= modules
        assert len(modules) <= 305, len(modules)
    assert signalbox.job("one").status is JobStatus.QUEUED


def test_commands_on_the_queue_load_neither_sqlalchemy_nor_a_reader_of_job_files_or_settings(
    signalbox: CommandLine,
) -> None:
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    for words in (
        ["limits"],
        ["limits", "set", "global", "3"],
        ["limits", "remove", "global"],
        ["pause"],
        ["resume"],
        ["ladders"],
        ["note", "one", "Ask Anna."],
        ["note", "one"],
        ["label", "one", "--add", "flaky"],
        ["priority", "one", "--to", "high"],
        ["wait", "one", "--timeout", "0"],
    ):
        modules = loaded_by("--home", str(signalbox.home.root), *words)
        unused = {*SLOW, "state.database", "engine.jobfile.spec", "engine.settings", "asyncio"}
        assert modules & unused == set(), words
        assert len(modules) <= 305, (words, len(modules))
    assert (signalbox.job("one").note, signalbox.job("one").labels) == ("Ask Anna.", ("flaky",))


def test_commands_on_settings_load_no_sqlalchemy_and_nothing_that_runs_jobs(signalbox: CommandLine) -> None:
    signalbox("limits", "set", "global", "3")
    for words in (
        ["settings"],
        ["settings", "set", "keep_history_days", "9"],
        ["settings", "reset", "keep_history_days"],
        ["ladders", "set", "codex", "claude"],
    ):
        modules = loaded_by("--home", str(signalbox.home.root), *words)
        unused = {
            *SLOW - {"pydantic"},
            "state.database",
            "engine.state_store.job_state_store",
            "engine.runners.local",
        }
        assert modules & unused == set(), words
        assert len(modules) <= 460, (words, len(modules))


def test_submitting_loads_nothing_that_runs_jobs_and_an_engine_nothing_that_draws() -> None:
    runs_jobs = {"engine.host.assembly", "engine.adapters", "engine.runners.local", "watchdog"}
    assert imported("import engine.cli.submit_command") & {*runs_jobs, "rich", "psutil", "alembic"} == set()
    assert imported("import engine.cli.engine_command") & {"rich", "alembic", "engine.host.demo"} == set()


@pytest.mark.parametrize(("words", "position"), [("signalbox show o", 2), ("signalbox jobs --label fl", 3)])
def test_nothing_slow_is_loaded_to_complete_jobs_and_labels(
    words: str, position: int, signalbox: CommandLine
) -> None:
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    modules = loaded_by(
        SIGNALBOX_HOME=str(signalbox.home.root),
        _SIGNALBOX_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(position),
    )
    assert modules & {*SLOW - {"rich"}, "rich.console"} == set()
    assert "state.plain_reader" in modules


def completed(line: str, home: Path) -> list[str]:
    """What a terminal offers for the last word of this line."""
    done = subprocess.run(
        [sys.executable, "-m", "engine"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ
        | {
            "SIGNALBOX_HOME": str(home),
            "_SIGNALBOX_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        },
    )
    return done.stdout.split()


def test_no_command_and_no_record_is_imported_to_complete_the_ids_of_its_jobs(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    home = signalbox.home.root
    modules = loaded_by(
        SIGNALBOX_HOME=str(home),
        _SIGNALBOX_COMPLETE="complete_bash",
        COMP_WORDS="signalbox show o",
        COMP_CWORD="2",
    )
    assert (
        modules & {*SLOW - {"rich"}, "engine.cli.show_command", "state.records", "engine.cli.printing"}
        == set()
    )
    assert len(modules) <= 205, len(modules)
    assert completed("signalbox show o", home) == ["one"]
    assert completed("signalbox cancel one o", home) == ["one"]
    assert completed("signalbox note one o", home) == []
    assert completed("signalbox show --json o", home) == ["one"]
    assert completed("signalbox hold --state qu", home) == ["queued", "quarantined"]
    assert "--dependents" in completed("signalbox retry --dep", home)


def test_the_list_of_commands_knows_which_words_are_ids_of_jobs() -> None:
    for name, command in COMMANDS.items():
        arguments = [one for one in command.loaded.params if one.param_type_name == "argument"]
        of_jobs = [one for one in arguments if "job_id" in one.name or name in {"show", "diff"}][:1]
        many = any(one.nargs == -1 for one in of_jobs)
        assert (command.jobs > 0, command.jobs > 1) == (bool(of_jobs), many), name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_nothing_slow_and_no_command_is_imported_to_complete_the_name_of_one(shell: str) -> None:
    modules = loaded_by(
        _SIGNALBOX_COMPLETE=f"complete_{shell}",
        COMP_WORDS="signalbox st",
        COMP_CWORD="1",
        _TYPER_COMPLETE_ARGS="signalbox st",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert modules & (SLOW - {"rich"} | {"rich.console", "engine.cli.status_commands"}) == set()


def test_the_help_of_every_command_is_what_the_list_of_commands_has_for_it() -> None:
    for name, command in COMMANDS.items():
        assert command.loaded.help == command.help, name


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("show_command", "trust_commands"),
        ("log_commands", "run_commands"),
        ("settings_commands", "maintenance_commands"),
    ],
)
def test_a_command_does_not_import_the_others(name: str, others: str) -> None:
    modules = imported(f"import engine.cli.{name}")
    assert f"engine.cli.{others}" not in modules


def test_a_process_of_one_command_looks_for_no_garbage_in_what_it_has_imported(tmp_path: Path) -> None:
    argv = ["signalbox", "limits", "--home", str(tmp_path / "home")]
    run = f"import gc, sys; sys.argv = {argv}\nfrom engine.cli import main\ntry: main()\nexcept SystemExit: pass"
    assert "True" in imported(f"{run}\nsys.modules[f'frozen {{gc.get_freeze_count() > 10_000}}'] = gc")


def test_nothing_that_reads_diffs_is_imported_to_show_the_queue() -> None:
    of_diffs = {
        "engine.review.changed_files",
        "engine.review.diff_text",
        "pygments",
        "rapidfuzz",
        "engine.merging",
    }
    assert imported("import engine.cli.status_commands") & of_diffs == set()


def test_nothing_that_reads_descriptions_of_tools_is_imported_before_there_is_one_to_read() -> None:
    of_descriptions = {"engine.jobfile.tool_description", "engine.adapters.described", "dateparser"}
    assert imported("import engine.cli.status_commands") & {*of_descriptions, "ruamel"} == set()
    assert imported("from engine.adapters import ADAPTERS; ADAPTERS['claude']") & of_descriptions == set()


def test_completing_labels_and_recurring_runs_costs_a_command_nothing_before() -> None:
    assert imported("import engine.cli.options") & {*SLOW, "engine.recurring", "state.queries"} == set()


@pytest.mark.parametrize("name", ["trust", "limits", "ladders", "settings"])
def test_a_group_offers_no_completion_of_its_own(name: str) -> None:
    assert "--install-completion" not in CliRunner().invoke(app, [name, "--help"]).stdout
