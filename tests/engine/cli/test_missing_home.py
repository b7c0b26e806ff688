"""A mistyped home is refused and not made; only what adds work, or opens the window, makes one."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli.command_list import COMMANDS
from engine.cli.root import app
from engine.system.home import Home
from tests.helpers.command_line import python

NEEDS_A_HOME = {
    "status": [],
    "jobs": [],
    "show": ["a"],
    "logs": [],
    "diff": ["a"],
    "compare": ["a"],
    "doctor": [],
    "support-bundle": ["--list"],
    "backup": [],
    "prune": [],
    "export": ["a"],
    "cancel": ["a"],
    "retry": ["a"],
    "follow-up": ["a", "Go on."],
    "hold": ["a"],
    "release": ["a"],
    "skip": ["a"],
    "priority": ["a", "--to", "high"],
    "move": ["a", "--top"],
    "note": ["a", "Ask Anna."],
    "label": ["a", "--add", "flaky"],
    "edit": ["a"],
    "resume": [],
    "drain": [],
    "wait": ["a"],
    "review": [],
    "merge": [],
    "conflicts": [],
    "limits": [],
    "ladders": [],
    "tools": ["list"],
    "settings": [],
    "worktrees": ["list"],
    "snapshot": ["list", "a"],
    "schedules": [],
}
MAKE_ONE = {"run", "submit", "engine", "demo", "new", "import", "pause"}
NEED_NONE = {"validate", "trust"}


def given(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


def test_what_reads_or_changes_a_home_that_is_not_there_says_so_and_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "hoem"
    assert NEEDS_A_HOME.keys() | MAKE_ONE | NEED_NONE == COMMANDS.keys()
    for command, words in NEEDS_A_HOME.items():
        done = given(command, *words, "--home", home)
        assert (done.exit_code, home.exists()) == (2, False), command
        assert done.stderr.startswith(f"There is no Signalbox home at {home}; nothing was made."), command


def test_a_refusal_that_names_a_home_with_a_newline_in_its_name_stays_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, other = tmp_path / "ho\nme", tmp_path / "oth\ner"
    other.mkdir()
    (other / "thesis.txt").touch()
    for folder in (missing, other):
        shown = str(folder).replace("\n", "\\x0a")
        [line] = given("jobs", "--home", folder).stderr.splitlines()
        assert shown in line
    monkeypatch.setenv("SIGNALBOX_HOME", str(missing))
    [line] = given("jobs").stderr.splitlines()
    assert str(missing).replace("\n", "\\x0a") in line


def test_an_empty_folder_becomes_the_home_as_somebody_has_made_it_on_purpose(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert json.loads(given("status", "--json", "--home", tmp_path / "empty").stdout)["jobs"] == []


def test_adding_work_makes_the_home(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(python("pass", "one")), encoding="utf-8")
    assert given("submit", "--trust", file, "--home", tmp_path / "home").exit_code == 0
    assert Home.named(tmp_path / "home").is_there
    assert "one" in given("jobs", "--home", tmp_path / "home").stdout


def test_the_status_of_the_usual_home_before_the_first_job_says_what_to_do_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "usual"
    monkeypatch.setenv("SIGNALBOX_HOME", str(home))
    status = given("status")
    assert (status.exit_code, home.exists()) == (0, False)
    assert "There is nothing yet" in status.stdout
    assert "`signalbox submit FILE`" in status.stdout
    assert json.loads(given("status", "--json").stdout)["jobs"] == []
    assert "There is nothing yet" in given("jobs").stderr
    assert "created with the first job" in given("doctor").stdout
    assert "fix-a-failing-test" in given("new").stdout
    assert not home.exists()


SETS_UP = (
    ["limits", "set", "global", "2"],
    ["settings", "set", "keep_history_days", "9"],
    ["ladders", "set", "claude", "codex"],
    ["tools", "set", "claude", "model", "opus"],
    ["pause"],
)


@pytest.mark.parametrize("words", SETS_UP, ids=lambda words: words[0])
def test_a_home_can_be_set_up_before_there_is_a_job(tmp_path: Path, words: list[str]) -> None:
    home = tmp_path / "home"
    assert given(*words, "--home", home).exit_code == 0
    assert home.exists()


def test_the_usual_home_can_be_read_before_there_is_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNALBOX_HOME", str(tmp_path / "usual"))
    assert "global" in given("limits").stdout
