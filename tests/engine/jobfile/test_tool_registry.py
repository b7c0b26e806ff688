"""The tools there are: built in, shipped, and the user's own in `tools/NAME.yaml`."""

import json
from pathlib import Path

import pytest

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import job_from_mapping, read_file
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import BUILT_IN
from engine.jobfile.tool_registry import ToolFileError, tools, user_folder
from engine.settings import Settings, check_setting, read_settings

GOOSE = "exe: goose\nargs: [run, -i, '-']\ntile: gs\n"


@pytest.fixture
def folder() -> Path:
    """The user's own tools folder."""
    made = user_folder()
    made.mkdir(parents=True, exist_ok=True)
    return made


def a_job(**fields: object) -> dict[str, object]:
    return {"tool": "goose", "prompt": "Round money once.", **fields}


def test_a_file_in_the_folder_of_tools_makes_a_tool(folder: Path) -> None:
    assert "goose" not in tools().names
    (folder / "goose.yaml").write_text(GOOSE)
    assert tools().names[: len(BUILT_IN)] == tuple(BUILT_IN)
    assert "goose" in tools().coding
    assert tools().description("goose").args == ("run", "-i", "-")
    assert tools().tile("goose") == "gs"
    assert job_from_mapping(a_job()).tool == "goose"


def test_a_file_that_has_changed_is_read_again(folder: Path) -> None:
    file = folder / "goose.yaml"
    file.write_text(GOOSE)
    assert tools().description("goose").exe == "goose"
    file.write_text("exe: /opt/goose/bin/goose\n")
    assert tools().description("goose").exe == "/opt/goose/bin/goose"
    file.unlink()
    with pytest.raises(ToolFileError, match=r"There is no tool goose: .*goose\.yaml does not exist"):
        tools().description("goose")


def test_a_tool_that_does_not_exist_is_an_error_of_the_file_with_line_field_near_match_and_the_tools(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "goose.yaml").write_text(GOOSE)
    file = tmp_path / "job.yaml"
    file.write_text("prompt: Round money once.\ntool: gose\n")
    with pytest.raises(JobFileError) as caught:
        read_file(file)
    (error,) = caught.value.every
    assert (error.line, error.field) == (2, "tool")
    assert error.reason.startswith("'gose' is not one of shell, tests, git, aider, codex, claude, gemini, ")
    assert error.reason.endswith("; did you mean goose?")


def test_the_tools_of_a_pipeline_are_checked_like_those_of_a_job(folder: Path, tmp_path: Path) -> None:
    (folder / "goose.yaml").write_text(GOOSE)
    file = tmp_path / "run.yaml"
    step = (
        "title: T\ndefaults:\n  prompt: Round money once.\nworkstreams:\n  a:\n    steps:\n    - tool: {}\n"
    )
    file.write_text(step.format("goose"))
    assert [job.tool for job in read_file(file).jobs] == ["goose"]
    file.write_text(step.format("moose"))
    with pytest.raises(JobFileError, match=r"line 7: .*tool: 'moose' is not one of .*; did you mean goose\?"):
        read_file(file)


def test_a_ladder_may_name_a_tool_of_the_users_own_and_none_that_is_unknown(folder: Path) -> None:
    (folder / "goose.yaml").write_text(GOOSE)
    ladder = {"metadata": {"escalate_to": ["goose"]}}
    assert job_from_mapping(a_job(tool="aider", **ladder)).metadata.escalate_to
    with pytest.raises(JobFileError, match=r"metadata\.escalate_to\[0\]: 'goos' is not one of"):
        job_from_mapping(a_job(tool="aider", metadata={"escalate_to": ["goos"]}))
    check_setting("ladders", {"aider": ["goose"], "goose": ["claude"]})


def test_a_broken_file_costs_its_own_tool_alone_and_says_file_line_and_field(folder: Path) -> None:
    (folder / "goose.yaml").write_text("exe: goose\nprompt: stdn\n")
    (folder / "moose.yaml").write_text("exe: moose\n")
    expected = r"goose cannot be used: .*tools/goose\.yaml: line 2: prompt: 'stdn' is not one of stdin, file, argument"
    with pytest.raises(JobFileError, match=f"tool: {expected}"):
        job_from_mapping(a_job())
    assert job_from_mapping(a_job(tool="moose")).tool == "moose"
    assert job_from_mapping(a_job(tool="claude")).tool == "claude"
    (problem,) = tools().problems()
    assert problem.startswith(f"goose cannot be used: {folder / 'goose.yaml'}: line 2: prompt: ")
    assert tools().tile("goose") == "go"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("claude.yaml", "claude is built in; give yours another name"),
        ("goose.yml", "call it goose.yaml"),
        ("goose.json", "call it goose.yaml"),
        ("goose\n.yaml", "its name should be up to 32 small letters"),
        ("My Tool.yaml", "its name should be up to 32 small letters"),
    ],
)
def test_a_file_that_cannot_describe_a_tool_is_a_problem_and_changes_nothing(
    folder: Path, name: str, why: str
) -> None:
    (folder / name).write_text(GOOSE)
    (problem,) = tools().problems()
    assert problem.startswith(f"{folder / name} describes no tool: {why}")
    assert "goose" not in tools().names
    assert job_from_mapping(a_job(tool="claude")).tool == "claude"


def test_a_job_whose_tool_is_gone_is_still_read_from_the_database(folder: Path) -> None:
    (folder / "goose.yaml").write_text(GOOSE)
    stored = job_from_mapping(a_job(metadata={"escalate_to": ["claude"]})).to_json()
    (folder / "goose.yaml").unlink()
    again = JobSpec.model_validate(json.loads(json.dumps(stored)))
    assert again.tool == "goose"
    assert again.for_tool("claude").tool == "claude"
    with pytest.raises(JobFileError, match="'goose' is not one of"):
        job_from_mapping(stored)


def test_a_ladder_keeps_its_other_tools_where_the_file_of_one_is_gone(folder: Path) -> None:
    stored = {"ladders": json.dumps({"aider": ["goose", "codex"], "goose": ["claude"]})}
    (folder / "goose.yaml").write_text(GOOSE)
    assert read_settings(stored).problems == ()
    (folder / "goose.yaml").unlink()
    read = read_settings(stored)
    assert read.settings == Settings(ladders={"aider": ("codex",)})
    assert len(read.problems) == 1
    assert "goose is no rung of a ladder" in read.problems[0]


def test_a_file_that_every_user_can_write_describes_no_tool(folder: Path) -> None:
    file = folder / "goose.yaml"
    file.write_text(GOOSE)
    file.chmod(0o666)
    with pytest.raises(ToolFileError, match="can be written by every user"):
        tools().description("goose")
    file.chmod(0o644)
    assert tools().description("goose").exe == "goose"


def test_a_folder_that_cannot_be_read_is_a_problem_and_costs_no_other_tool() -> None:
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("not a folder")
    (problem,) = tools().problems()
    assert problem == f"{user_folder()} cannot be read: Not a directory. Correct it, or remove it."
    assert "opencode" in tools().coding
    assert job_from_mapping(a_job(tool="opencode")).tool == "opencode"
