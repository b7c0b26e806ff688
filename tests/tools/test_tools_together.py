"""Real coding tools one after the other on a ladder, and several at once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.helpers.loopback_model import provider_errors
from tests.helpers.loopback_model.scenario import Scenario
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.real_tools import version_under_test
from tests.helpers.small_repository import small_repository
from tests.helpers.tool_bench import TOOLS, ToolBench
from tests.helpers.tool_cases import EDIT

pytestmark = pytest.mark.tools
AT_ONCE = 3


@pytest.fixture
def models(bench: ToolBench, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, LoopbackModel]]:
    """A model of its own for every tool."""
    with ExitStack() as stack:
        serving = {tool: stack.enter_context(LoopbackModel()) for tool in TOOLS}
        for tool, model in serving.items():
            version_under_test(tool)
            bench.connect(tool, model.url, monkeypatch)
        yield serving


def test_a_ladder_of_all_tools_ends_in_success_after_failures_of_three_classes(
    bench: ToolBench, models: dict[str, LoopbackModel]
) -> None:
    root = str(bench.repo)
    misfit = EDIT.model_copy(update={"search": "nothing of this\n"})
    models["aider"].play(Scenario(root=root, edits=(misfit,)))
    models["codex"].play(Scenario(root=root, error=provider_errors.server_error("responses")))
    models["claude"].play(Scenario(root=root, error=provider_errors.bad_key("messages")))
    models["gemini"].play(Scenario(root=root, edits=(EDIT,)))
    rungs = [{"tool": tool, "model": bench.job(tool)["model"]} for tool in ("codex", "claude", "gemini")]
    job = bench.job("aider", metadata={"escalate_to": rungs})
    file = bench.command_line.file("ladder.json", job)
    bench.command_line("run", file)
    with bench.command_line.store() as store:
        attempts = store.list_attempts("aider")
    assert [(each.tool, each.failure_class) for each in attempts] == [
        ("aider", "bad_edit"),
        ("codex", "network"),
        ("claude", "auth"),
        ("gemini", None),
    ]
    asked = [models[each.tool].requests[-1] for each in attempts]
    assert all(request.contains("Make hello() greet") for request in asked)
    assert [request.model for request in asked] == ["played", "played", "claude-played", "gemini-2.5-flash"]


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "opencode"])  # which fails at times then
def test_three_at_once_share_a_home_and_all_succeed(
    tool: str, bench: ToolBench, models: dict[str, LoopbackModel]
) -> None:
    models[tool].play(Scenario(edits=(EDIT,)))
    files = []
    for number in range(AT_ONCE):
        beside = ToolBench(bench.folder, small_repository(bench.folder / f"repo-{number}"))
        job = {**beside.job(tool), "job_id": f"{tool}-{number}"}
        files.append(bench.command_line.file(f"{number}.json", job))
    bench.command_line("run", *files)
    with bench.command_line.store() as store:
        attempts = [store.list_attempts(f"{tool}-{number}")[-1] for number in range(AT_ONCE)]
    assert [each.status for each in attempts] == ["completed"] * AT_ONCE
    assert max(each.started_at for each in attempts) < min(each.completed_at or 0 for each in attempts)
