import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.host.demo import DemoError, make_demo
from engine.jobfile.job_file_reader import read_job_file
from engine.jobfile.spec import GitApply, JobSpec
from state.records import Stage


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_demo(tmp_path / "demo", pace=0)


@pytest.fixture
def project(pipeline: Path) -> Path:
    return pipeline.with_suffix("")


def output_of(*words: str, cwd: Path) -> str:
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=True).stdout.strip()


def exit_code(*words: str, cwd: Path) -> int:
    environment = os.environ | {"TRAMLINE_PACE": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, check=False).returncode


def unittest_of(project: Path, *names: str) -> int:
    return exit_code(sys.executable, "-m", "unittest", *names, cwd=project)


def apply(project: Path, patch: str) -> None:
    output_of("git", "apply", f"patches/{patch}.patch", cwd=project)


def step(pipeline: Path, workstream: str, name: str) -> JobSpec:
    return next(
        spec for spec in read_job_file(pipeline) if (spec.workstream_id, spec.step_name) == (workstream, name)
    )


def test_the_tests_fail_before_the_patches_and_pass_after_them(project: Path) -> None:
    assert unittest_of(project) == 1
    apply(project, "clock")
    apply(project, "board")
    assert unittest_of(project) == 0


def test_the_clock_is_repaired_by_its_own_patch_alone(project: Path) -> None:
    clock = ("tests.test_clock", "tests.test_service")
    assert unittest_of(project, *clock) == 1
    apply(project, "clock")
    assert unittest_of(project, *clock) == 0


def test_the_board_needs_the_clock_of_the_other_workstream(project: Path) -> None:
    apply(project, "board")
    assert unittest_of(project, "tests.test_board") == 1
    apply(project, "clock")
    assert unittest_of(project, "tests.test_board") == 0


def test_the_project_is_a_clean_repository_with_one_commit(project: Path) -> None:
    assert output_of("git", "rev-list", "--count", "main", cwd=project) == "1"
    assert output_of("git", "status", "--porcelain", cwd=project) == ""


def test_running_the_tools_leaves_the_working_tree_clean(pipeline: Path, project: Path) -> None:
    for spec in read_job_file(pipeline):
        if spec.tool == "shell" and spec.command:
            exit_code(spec.command.exe, *spec.command.args, cwd=project)
    assert output_of("git", "status", "--porcelain", cwd=project) == ""


def test_the_flaky_check_fails_once_with_the_code_that_is_retried_and_then_passes(
    pipeline: Path, project: Path
) -> None:
    check = step(pipeline, "clock", "check")
    assert check.command is not None
    codes = [exit_code(check.command.exe, *check.command.args, cwd=project) for _ in range(3)]
    assert codes == [75, 0, 0]
    assert 75 in check.metadata.retry.exit_code
    assert check.metadata.retry.limit >= 1


@pytest.mark.parametrize("stretch", ["night", "boards"])
def test_a_rehearsal_fails_before_the_patches_and_passes_after_them(project: Path, stretch: str) -> None:
    rehearse = (sys.executable, "-m", "tools.rehearse", stretch)
    assert exit_code(*rehearse, cwd=project) == 1
    apply(project, "clock")
    apply(project, "board")
    assert exit_code(*rehearse, cwd=project) == 0


def test_the_pipeline_edits_tests_and_commits_in_two_workstreams(pipeline: Path) -> None:
    specs = read_job_file(pipeline)
    assert {spec.workstream_id for spec in specs} == {"clock", "board"}
    assert {spec.resolved_stage for spec in specs} == set(Stage)
    assert {spec.tool for spec in specs} == {"git", "shell", "tests"}
    assert all(spec.repo_root == pipeline.with_suffix("") for spec in specs)


def test_the_tests_of_the_board_wait_for_those_of_the_clock(pipeline: Path) -> None:
    specs = {(spec.workstream_id, spec.step_name): spec for spec in read_job_file(pipeline)}
    assert specs["clock", "test"].job_id in specs["board", "test"].metadata.depends_on


def test_what_only_looks_does_not_claim_the_working_tree(pipeline: Path) -> None:
    specs = read_job_file(pipeline)
    assert {spec.step_name for spec in specs if not spec.writes} == {
        "survey",
        "check",
        "test",
        "review",
        "rehearse",
    }


def test_without_pytest_the_steps_run_unittest_and_judge_the_same(tmp_path: Path) -> None:
    pipeline = make_demo(tmp_path / "demo", pace=0, with_pytest=False)
    project = pipeline.with_suffix("")
    steps = [spec for spec in read_job_file(pipeline) if spec.step_name == "test"]
    assert [spec.tool for spec in steps] == ["shell", "shell"]
    assert {spec.resolved_stage for spec in steps} == {Stage.TEST}
    commands = [(spec.command.exe, *spec.command.args) for spec in steps if spec.command]
    assert [exit_code(*command, cwd=project) for command in commands] == [1, 1]
    apply(project, "clock")
    apply(project, "board")
    assert [exit_code(*command, cwd=project) for command in commands] == [0, 0]


def test_a_second_demo_is_created_next_to_the_first_and_leaves_it_as_it_is(
    pipeline: Path, project: Path
) -> None:
    (project / "mine.txt").write_text("kept")
    second = make_demo(pipeline.parent, pace=0)
    assert second != pipeline
    assert (project / "mine.txt").read_text() == "kept"
    assert all(spec.repo_root == second.with_suffix("") for spec in read_job_file(second))


def test_every_patch_of_the_pipeline_is_in_the_project(pipeline: Path, project: Path) -> None:
    patches = [spec.git.patch_file for spec in read_job_file(pipeline) if isinstance(spec.git, GitApply)]
    assert patches
    assert all((project / str(patch)).is_file() for patch in patches)


def test_the_users_own_git_settings_do_not_reach_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[core]\nhooksPath = {hooks}\n[commit]\ngpgSign = true\n[user]\nname = Somebody\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    project = make_demo(tmp_path / "demo").with_suffix("")
    assert output_of("git", "log", "-1", "--format=%an", cwd=project) == "Signalbox demo"


def test_a_folder_that_cannot_be_written_is_reported_with_its_name(tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file, not a folder")
    with pytest.raises(DemoError, match="occupied"):
        make_demo(occupied)
