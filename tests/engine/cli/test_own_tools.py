"""Tools of the user's own on the command line: validate, doctor, limits, ladders, and jobs that run them."""

from pathlib import Path

import pytest

from engine.jobfile.tool_registry import user_folder
from engine.maintenance.tool_logins import login_problem
from tests.helpers.command_line import CommandLine
from tests.helpers.small_repository import small_repository

MINE = "exe: sed\nargs: [-i, s/hello/bye/, hello.py]\n"


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def folder() -> Path:
    """The user's own tools folder."""
    made = user_folder()
    made.mkdir(parents=True)
    return made


def job(repo: Path, **more: object) -> dict[str, object]:
    return {"tool": "mine", "job_id": "a", "prompt": "Say bye.", "paths": {"repo_root": str(repo)}, **more}


def test_validate_checks_the_files_of_tools_too(signalbox: CommandLine, folder: Path, tmp_path: Path) -> None:
    good, bad = folder / "mine.yaml", tmp_path / "other.yaml"
    good.write_text(MINE)
    bad.write_text("exe: other\nprompt: shout\nargz: []\n")
    assert signalbox("validate", good).out == f"{good}: a valid description of the tool mine\n"
    refused = signalbox("validate", bad, good, code=2)
    assert f"{bad}:2: prompt: 'shout' is not one of stdin, file, argument" in refused.err
    assert f"{bad}:3: argz: is not a known key; did you mean args?" in refused.err
    answer = signalbox("validate", "--json", good).json
    assert answer["valid"] == [{"file": str(good), "kind": "tool", "title": "mine", "jobs": 0}]
    named_as_built_in = folder / "claude.yaml"
    named_as_built_in.write_text(MINE)
    assert "claude is built in" in signalbox("validate", named_as_built_in, code=2).err


def test_a_job_runs_a_tool_of_the_users_own(signalbox: CommandLine, folder: Path, tmp_path: Path) -> None:
    (folder / "mine.yaml").write_text(MINE)
    repo = small_repository(tmp_path / "repo")
    signalbox("run", signalbox.file("a.json", job(repo, metadata={"isolation": "in_place"})))
    assert "bye" in (repo / "hello.py").read_text()
    job_of_a = signalbox("show", "a", "--json").json
    assert (job_of_a["tool"], job_of_a["status"]) == ("mine", "completed")


def test_a_queued_job_whose_tool_is_gone_fails_with_the_reason_and_can_be_run_with_another(
    signalbox: CommandLine, folder: Path, tmp_path: Path
) -> None:
    file = folder / "mine.yaml"
    file.write_text(MINE)
    (folder / "other.yaml").write_text(MINE)
    repo = small_repository(tmp_path / "repo")
    signalbox("submit", signalbox.file("a.json", job(repo)))
    file.unlink()
    assert "mine" in signalbox("jobs").out
    signalbox("engine", "--until-idle")
    assert f"There is no tool mine: {file} does not exist. Put the file back" in signalbox("show", "a").out
    assert "'mine' is not one of" in signalbox("submit", signalbox.file("b.json", job(repo)), code=2).err
    signalbox("retry", "a", "--with", "other")
    signalbox("engine", "--until-idle")
    assert signalbox("show", "a", "--json").json["status"] == "completed"


def test_a_ladder_leads_to_a_tool_of_the_users_own(
    signalbox: CommandLine, folder: Path, tmp_path: Path
) -> None:
    (folder / "mine.yaml").write_text(MINE)
    (folder / "idle.yaml").write_text("exe: 'true'\n")
    repo = small_repository(tmp_path / "repo")
    text = job(repo, tool="idle", metadata={"escalate_to": ["mine"]})
    signalbox("run", signalbox.file("a.json", text))
    with signalbox.store() as store:
        assert [attempt.tool for attempt in store.list_attempts("a")] == ["idle", "mine"]
        assert store.get_job("a").status == "completed"


def test_limits_holds_and_ladders_take_the_name_of_such_a_tool(signalbox: CommandLine, folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE)
    assert "for tool mine" in signalbox("limits", "set", "tool", "mine", "1").out
    assert "mine -> claude" in signalbox("ladders", "set", "mine", "claude").out
    assert "no job of tool mine starts" in signalbox("pause", "--tool", "mine").out
    refused = signalbox("limits", "set", "tool", "mne", "1", code=2).err
    assert "did you mean mine?" in refused


def test_the_doctor_names_files_of_no_use_and_shows_the_others(signalbox: CommandLine, folder: Path) -> None:
    (folder / "mine.yaml").write_text(f"{MINE}version: {{pattern: 'sed .*?([0-9.]+)'}}\n")
    (folder / "broken.yaml").write_text("exe: x\nprompt: shout\n")
    (folder / "gone.yaml").write_text("exe: no-such-program-anywhere\n")
    (folder / "closed.yaml").write_text(
        "exe: 'true'\nlogin: {files: [/nowhere/auth.json], variables: [MINE_KEY_X]}\n"
    )
    found: dict[str, dict[str, str]] = {}
    for each in signalbox("doctor", "--json", code=1).json:
        found.setdefault(each["topic"], each)
    assert found["tools"]["level"] == "problem"
    assert f"broken cannot be used: {folder / 'broken.yaml'}: line 2: prompt: " in found["tools"]["text"]
    assert "broken" not in found
    assert found["mine"]["text"].split()[1].endswith("/sed")
    assert found["gone"]["level"] == "note"
    assert found["closed"]["text"].endswith(
        "nobody seems to be logged in: /nowhere/auth.json does not exist and none of MINE_KEY_X is set"
    )
    assert login_problem("closed", {"MINE_KEY_X": "1"}) == ""
