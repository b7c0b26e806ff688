"""What a real coding tool can do with each permission of its job, whatever its model asks for."""

import pytest

from tests.helpers.attempts import git_caller
from tests.helpers.loopback_model.scenario import Scenario
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.tool_bench import ToolBench
from tests.helpers.tool_cases import EDIT

pytestmark = pytest.mark.tools
TAGS = "git tag made-by-the-agent"
"""Writes into the repository itself, which a tool that may only edit files must not."""
RUNS_COMMANDS = ("codex", "claude", "gemini", "opencode")


def test_a_tool_that_may_only_read_changes_nothing(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(root=str(bench.repo), edits=(EDIT,)))
    bench.measured(bench.job(tool, permission="read"), connected)
    assert git_caller(bench.repo)("status", "--porcelain") == ""


def test_a_tool_that_may_edit_runs_no_command_that_changes_the_repository(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(root=str(bench.repo), edits=(EDIT,), command=TAGS))
    found = bench.measured(bench.job(tool, permission="edit"), connected)
    git = git_caller(bench.repo)
    assert (found.outcome, git("tag"), git("status", "--porcelain")) == ("completed", "", "M hello.py")


def test_a_tool_that_may_do_everything_runs_any_command(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    if tool not in RUNS_COMMANDS:
        pytest.skip(f"{tool} runs no commands of its model")
    connected.play(Scenario(root=str(bench.repo), edits=(EDIT,), command=TAGS))
    job = bench.job(tool, permission="full", env={"IS_SANDBOX": "1"})  # else claude refuses root
    found = bench.measured(job, connected)
    assert found.outcome == "completed", found.attempt.summary
    assert git_caller(bench.repo)("tag") == "made-by-the-agent"
