"""Each real coding tool through its adapter and a real engine: what it ends in, how long it takes, what it requests."""

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.helpers import tool_figures
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import until
from tests.helpers.loopback_model.scenario import Scenario, Stall
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.real_tools import version_under_test
from tests.helpers.tool_bench import KEYS, TOOLS, Measured, ToolBench, closed_url
from tests.helpers.tool_cases import CASES, EDIT, QUOTA_S, Case

pytestmark = pytest.mark.tools
STOPPED_WITHIN_S = 30
QUOTA_SLACK_S = 120
"""A provider may name its reset to the minute."""
QUOTAS_WITHOUT_RESET = {
    "gemini": "gemini prints that the quota of the day is used up, and not until when",
    "opencode": "opencode waits for the quota itself",
}


def keep(tool: str, case: str, found: Measured) -> None:
    version = version_under_test(tool)
    tool_figures.keep(tool_figures.Figure(tool, version, case, found.outcome, found.seconds, found.requests))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_attempt_ends_as_what_happened(
    case: Case, tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(case.plays(TOOLS[tool]).model_copy(update={"root": str(bench.repo)}))
    found = bench.measured(bench.job(tool, **case.job), connected)
    keep(tool, case.name, found)
    assert found.outcome == case.ends_for(tool), found.attempt.summary


def test_a_quota_names_when_it_returns(tool: str, bench: ToolBench, connected: LoopbackModel) -> None:
    case = next(case for case in CASES if case.name.startswith("quota"))
    if tool in QUOTAS_WITHOUT_RESET:
        pytest.skip(QUOTAS_WITHOUT_RESET[tool])
    connected.play(case.plays(TOOLS[tool]))
    due = time.time() + QUOTA_S
    result = bench.measured(bench.job(tool), connected).attempt.result
    assert result["metadata"]["quota_until"] == pytest.approx(due, abs=QUOTA_SLACK_S)


def test_what_claude_was_not_allowed_to_do_is_listed(
    bench: ToolBench, model: LoopbackModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_under_test("claude")
    bench.connect("claude", model.url, monkeypatch)
    model.play(Scenario(root=str(bench.repo), edits=(EDIT,), command="git push --force"))
    result = bench.measured(bench.job("claude"), model).attempt.result
    assert "git push --force" in str(result["metadata"]["denied"])


def test_a_refused_connection_is_network(
    tool: str, bench: ToolBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.connect(tool, closed_url(), monkeypatch)
    found = bench.measured(bench.job(tool))
    keep(tool, "connection refused", found)
    assert found.outcome == "network", found.attempt.summary


def test_a_missing_key_is_auth(
    tool: str, bench: ToolBench, connected: LoopbackModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    if tool == "opencode":
        pytest.skip("opencode asks a provider from its settings, as the model here is, without a key")
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    found = bench.measured(bench.job(tool), connected)
    keep(tool, "no key", found)
    assert (found.outcome, found.requests) == ("auth", 0), found.attempt.summary


def test_a_cancelled_tool_that_waits_for_its_model_leaves_no_process(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(root=str(bench.repo), stall=Stall(where="stream")))
    with bench.running(bench.job(tool)) as process:
        until(lambda: connected.requests or None)
        begun = time.monotonic()
        bench.command_line("cancel", tool)
        attempt = bench.ended(tool, process)
        seconds = time.monotonic() - begun
    keep(tool, "stalled, cancelled", Measured(attempt, seconds, len(connected.requests)))
    assert attempt.status == "cancelled"
    assert seconds < STOPPED_WITHIN_S
    assert bench.processes() == []


def test_a_tool_that_is_interrupted_from_outside_is_no_failure_of_the_task(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(root=str(bench.repo), stall=Stall(where="stream")))
    with bench.running(bench.job(tool)) as process:
        until(lambda: connected.requests or None)
        for each in bench.tool_processes():
            with suppress(psutil.NoSuchProcess):  # its wrapper has passed the signal on already
                each.send_signal(signal.SIGINT)
        attempt = bench.ended(tool, process)
    found = Measured(attempt, attempt.duration_s or 0, len(connected.requests))
    keep(tool, "SIGINT while it waits", found)
    assert found.outcome == "interrupted", attempt.summary


def test_it_mends_tests_and_commits(tool: str, bench: ToolBench, connected: LoopbackModel) -> None:
    check = bench.repo / "test_hello.py"
    check.write_text("from hello import hello\n\n\ndef test_it():\n    assert hello().endswith('world')\n")
    git = git_caller(bench.repo)
    git("add", "-A")
    git("commit", "-qm", "a test")
    connected.play(Scenario(root=str(bench.repo), edits=(EDIT,)))
    run_steps(tool, bench)
    assert git("log", "-1", "--format=%s") == "Greet the world"
    assert git("status", "--porcelain") == ""


def run_steps(tool: str, bench: ToolBench) -> None:
    """The tool, pytest and git one after the other, and nothing else."""
    test = {"tool": "tests", "job_id": "test", "tests": {"paths": ["test_hello.py"]}}
    commit = {"tool": "git", "job_id": "commit", "git": {"action": "commit", "message": "Greet the world"}}
    paths = {"repo_root": str(bench.repo)}
    after = ({"depends_on": [tool]}, {"depends_on": ["test"]})
    jobs = [bench.job(tool)]
    jobs += [
        {**job, "paths": paths, "metadata": more} for job, more in zip((test, commit), after, strict=True)
    ]
    files: list[Path] = [bench.command_line.file(f"{job['job_id']}.json", job) for job in jobs]
    bench.command_line("run", *files)
