"""What trust knows of a tool that a file describes: what it starts, and what the repository may have it load."""

from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_registry import user_folder
from engine.trust.launch import launch_plan
from tests.helpers.small_repository import small_repository


@pytest.fixture
def file() -> Path:
    folder = user_folder()
    folder.mkdir(parents=True)
    return folder / "mine.yaml"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


def job(repo: Path, **more: object) -> JobSpec:
    return job_from_mapping({"tool": "mine", "prompt": "Go.", "paths": {"repo_root": str(repo)}, **more})


def test_a_launch_plan_shows_the_program_and_arguments_of_the_description(file: Path, repo: Path) -> None:
    file.write_text("exe: cat\nargs: [-u]\nlast_args: ['{prompt_file}']\nprompt: file\n")
    plan = launch_plan(job(repo))
    assert Path(plan.program).name == "cat"
    assert plan.args[:2] == ("-u", "{prompt_file}")
    assert plan.concerns == ()
    own = launch_plan(job(repo), {"mine": "/bin/ls"})
    assert own.program == "/bin/ls"


def test_a_grant_does_not_cover_a_description_that_starts_something_else(file: Path, repo: Path) -> None:
    file.write_text("exe: cat\n")
    before = launch_plan(job(repo)).digest
    file.write_text("exe: cat\nargs: [--number]\n")
    assert launch_plan(job(repo)).digest != before


def test_what_a_job_adds_to_a_described_tool_needs_a_grant(file: Path, repo: Path) -> None:
    file.write_text("exe: cat\n")
    plan = launch_plan(job(repo, extra_args=["--run=make"]))
    assert plan.concerns == ("gives mine --run, which is not known to be harmless",)


def test_files_by_which_a_repository_has_a_described_tool_start_programs_are_bound(
    file: Path, repo: Path
) -> None:
    file.write_text("exe: cat\nloads: [mine.json, .mine]\n")
    (repo / "mine.json").write_text("{}")
    plan = launch_plan(job(repo))
    assert [Path(each.path).name for each in plan.files] == ["mine.json"]
    assert plan.concerns == ("may load mine.json of the repository, which can name programs to start",)


def test_a_tool_whose_file_is_gone_or_broken_is_a_problem_of_the_launch_plan(file: Path, repo: Path) -> None:
    file.write_text("exe: cat\n")
    spec = job(repo)
    file.write_text("exe: cat\nprompt: shout\n")
    assert "mine cannot be used: " in launch_plan(spec).problem
    file.unlink()
    assert "There is no tool mine" in launch_plan(spec).problem


@pytest.mark.parametrize(
    "more",
    [
        "permissions: {edit: {args: [--yolo]}}",
        "permissions: {edit: {env: {MINE_ALLOW: all}}}",
        "env: {MINE_ALLOW: all}",
    ],
)
def test_a_grant_does_not_cover_a_description_whose_switches_have_changed(
    file: Path, repo: Path, more: str
) -> None:
    file.write_text("exe: cat\n")
    before = launch_plan(job(repo)).digest
    file.write_text(f"exe: cat\n{more}\n")
    assert launch_plan(job(repo)).digest != before


def test_a_grant_for_one_permission_is_not_bound_to_the_switches_of_another(file: Path, repo: Path) -> None:
    file.write_text("exe: cat\npermissions: {read: {}, edit: {}}\n")
    before = launch_plan(job(repo)).digest
    file.write_text("exe: cat\npermissions: {read: {args: [--plan]}, edit: {}}\n")
    assert launch_plan(job(repo)).digest == before
