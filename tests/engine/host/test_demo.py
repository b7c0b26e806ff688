import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.host.demo import DemoError, make_demo, open_demo
from engine.jobfile.job_file_reader import read_job_file
from engine.jobfile.project_file import PROJECT_FILE, read_project_file
from engine.jobfile.spec import JobSpec
from engine.maintenance.home_invariants import breaches
from engine.runners.output import stream
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.costs import CostSource
from state.records import GroupStatus, JobStatus, Stage


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


def step(pipeline: Path, workstream: str, name: str) -> JobSpec:
    return next(
        spec for spec in read_job_file(pipeline) if (spec.workstream_id, spec.step_name) == (workstream, name)
    )


def play(pipeline: Path, workstream: str, tool: str = "claude", *, task: str = "Do it.") -> str:
    """Play a recording in the project itself, and return what it printed."""
    player = pipeline.parent / "player"
    sessions = dict.fromkeys(("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME"), str(player / "sessions"))
    environment = os.environ | sessions | {"TRAMLINE_PACE": "0", "SIGNALBOX_WORKSTREAM": workstream}
    played = subprocess.run(
        [player / "bin" / tool, "-p"],
        cwd=pipeline.with_suffix(""), env=environment, input=task, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert played.stderr == ""
    return played.stdout


def test_the_tests_pass_before_anything_is_changed(project: Path) -> None:
    assert unittest_of(project) == 0


def test_the_project_is_a_clean_repository_with_one_commit(project: Path) -> None:
    assert output_of("git", "rev-list", "--count", "main", cwd=project) == "1"
    assert output_of("git", "status", "--porcelain", cwd=project) == ""


def test_running_the_tools_leaves_the_working_tree_clean(pipeline: Path, project: Path) -> None:
    for spec in read_job_file(pipeline):
        if spec.tool == "shell" and spec.command:
            exit_code(spec.command.exe, *spec.command.args, cwd=project)
    assert output_of("git", "status", "--porcelain", cwd=project) == ""


def test_the_check_of_the_project_is_run_by_this_python(project: Path) -> None:
    rules = read_project_file(project / PROJECT_FILE)
    assert rules.check is not None
    assert exit_code(rules.check.exe, *rules.check.args, cwd=project) == 0
    assert rules.check.exe == sys.executable
    assert rules.target == "main"


def test_the_flaky_check_fails_once_with_the_code_that_is_retried_and_then_passes(
    pipeline: Path, project: Path
) -> None:
    check = step(pipeline, "stops", "check")
    assert check.command is not None
    codes = [exit_code(check.command.exe, *check.command.args, cwd=project) for _ in range(3)]
    assert codes == [75, 0, 0]
    assert 75 in check.metadata.retry.exit_code
    assert check.metadata.retry.limit >= 1


def test_eight_workstreams_use_every_coding_tool_and_the_board_waits_for_the_clock(pipeline: Path) -> None:
    specs = {(spec.workstream_id, spec.step_name): spec for spec in read_job_file(pipeline)}
    assert len({spec.workstream_id for spec in specs.values()}) == 8
    assert {spec.tool for spec in specs.values()} == {"claude", "codex", "gemini", "aider", "tests", "shell"}
    assert all(spec.repo_root == pipeline.with_suffix("") for spec in specs.values())
    assert specs["clock", "test"].job_id in specs["board", "edit"].metadata.depends_on


@pytest.mark.parametrize(
    ("workstream", "tool"), [("clock", "claude"), ("timetable", "gemini"), ("docs", "aider")]
)
def test_a_recording_says_that_it_is_one_and_really_edits(
    pipeline: Path, project: Path, workstream: str, tool: str
) -> None:
    said = play(pipeline, workstream, tool)
    first_deed = "docs/boards.md" if tool == "aider" else "read"
    assert 0 < said.index("This is a recording of the demo; no model works here.") < said.rindex(first_deed)
    assert output_of("git", "status", "--porcelain", cwd=project)
    assert unittest_of(project) == 0


def test_work_that_is_sent_back_gets_a_further_change_each_time(pipeline: Path, project: Path) -> None:
    seen = set()
    for _ in range(3):
        play(pipeline, "clock")
        seen.add((project / "tramline" / "clock.py").read_text())
    assert len(seen) == 3
    assert unittest_of(project) == 0


def test_work_that_is_sent_back_takes_in_what_has_been_merged_since(pipeline: Path, project: Path) -> None:
    output_of("git", "switch", "-qc", "layout", cwd=project)
    play(pipeline, "layout")
    output_of("git", "commit", "-qam", "Layout", cwd=project)
    output_of("git", "switch", "-q", "main", cwd=project)
    play(pipeline, "clock")
    play(pipeline, "board")
    output_of("git", "commit", "-qam", "Board", cwd=project)
    output_of("git", "switch", "-q", "layout", cwd=project)
    play(pipeline, "layout", task="It conflicts with main.")
    assert "Board" in output_of("git", "log", "--format=%s", cwd=project)
    assert unittest_of(project) == 0


def test_the_express_fails_its_tests_until_it_is_sent_back(pipeline: Path, project: Path) -> None:
    play(pipeline, "express")
    assert unittest_of(project) == 1
    play(pipeline, "express")
    assert unittest_of(project) == 0


def test_the_quota_is_used_up_the_first_time_only(pipeline: Path, project: Path) -> None:
    assert "usage limit" in play(pipeline, "fares", "codex")
    assert output_of("git", "status", "--porcelain", cwd=project) == ""
    assert "turn.completed" in play(pipeline, "fares", "codex")


def test_without_pytest_the_steps_run_unittest(tmp_path: Path) -> None:
    pipeline = make_demo(tmp_path / "demo", pace=0, with_pytest=False)
    steps = [spec for spec in read_job_file(pipeline) if spec.step_name == "test"]
    assert {spec.tool for spec in steps} == {"shell"}
    assert {spec.resolved_stage for spec in steps} == {Stage.TEST}
    command = steps[0].command
    assert command is not None
    assert exit_code(command.exe, *command.args, cwd=pipeline.with_suffix("")) == 0


def test_a_plugin_of_pytest_that_cannot_be_loaded_here_fails_no_test_of_the_demo(
    pipeline: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = tmp_path / "plugins" / "broken-1.0.dist-info"
    plugin.mkdir(parents=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (plugin / "entry_points.txt").write_text("[pytest11]\nbroken = needs_a_library_that_is_missing\n")
    monkeypatch.setenv("PYTHONPATH", str(plugin.parent))
    tested = step(pipeline, "clock", "test")
    for name, value in tested.env.items():
        monkeypatch.setenv(name, value)
    assert tested.tests is not None
    assert (
        exit_code(sys.executable, "-m", "pytest", *tested.tests.args, *tested.tests.paths, cwd=project) == 0
    )


def test_a_second_demo_is_created_next_to_the_first_and_leaves_it_as_it_is(
    pipeline: Path, project: Path
) -> None:
    (project / "mine.txt").write_text("kept")
    second = make_demo(pipeline.parent, pace=0)
    assert second != pipeline
    assert (project / "mine.txt").read_text() == "kept"
    assert all(spec.repo_root == second.with_suffix("") for spec in read_job_file(second))


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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def test_a_new_home_gets_the_recordings_and_a_past_once(home: Home) -> None:
    for _ in range(2):
        open_demo(home, pace=0)
        with closing(JobStateStore(home=home)) as store:
            paths, runs = store.settings().tool_paths, store.list_recent_runs(50)
        assert set(paths) == {"claude", "codex", "gemini", "aider"}
        assert all(os.access(path, os.X_OK) for path in paths.values())
        assert len(runs) == 6
        assert all(run.title.startswith("Demo: ") and run.status is GroupStatus.COMPLETED for run in runs)
    assert breaches(home) == []


def test_the_past_has_failures_retries_and_estimated_costs(home: Home) -> None:
    open_demo(home, pace=0)
    with closing(JobStateStore(home=home)) as store:
        jobs = [job for run in store.list_recent_runs(50) for job in store.list_jobs(run.run_id)]
        attempts = [attempt for job in jobs for attempt in store.list_attempts(job.job_id)]
    assert any(job.status is JobStatus.SKIPPED for job in jobs)
    assert any(job.attempts == 2 for job in jobs)
    assert {one.cost_source for one in attempts} == {None, CostSource.ESTIMATED}
    assert max(one.started_at for one in attempts) < time.time()
    assert all(stream(home.attempts / one.folder_name, "stdout") for one in attempts)


def test_a_home_with_work_of_the_user_keeps_its_tools(home: Home) -> None:
    with closing(JobStateStore(home=home)) as store:
        store.create_run("mine")
    with pytest.raises(DemoError, match="holds work of your own"):
        open_demo(home)
    with closing(JobStateStore(home=home)) as store:
        assert store.settings().tool_paths == {}
    assert not (home.root / "demo").exists()


def test_a_program_that_the_user_has_named_is_never_replaced(home: Home) -> None:
    with closing(JobStateStore(home=home)) as store:
        store.queue_control.change_setting("tool_paths", {"claude": "/opt/claude"})
    with pytest.raises(DemoError, match="holds work of your own"):
        open_demo(home)
