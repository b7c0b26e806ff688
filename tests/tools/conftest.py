"""What the tests of real tools start from: the tools on PATH, no setting of the user, a bench, a model."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.real_tools import program_folders, tools_folder, version_under_test
from tests.helpers.small_repository import small_repository
from tests.helpers.tool_bench import TOOLS, ToolBench, path_with

_OF_PROVIDERS = (
    "OPENAI_", "ANTHROPIC_", "CLAUDE", "GEMINI_", "GOOGLE_", "CODEX_", "AZURE_", "AWS_", "AIDER_", "LITELLM_",
)  # fmt: skip
"""How the variables begin that would lead a tool to a real provider or to settings of the user."""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ToolBench]:
    """A bench whose tools see nothing but what the test gives them, and may use as much address space as they like."""
    for name in os.environ:
        if name.startswith(_OF_PROVIDERS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    folder = tools_folder()
    if folder is not None:
        monkeypatch.setenv("PATH", path_with(program_folders(folder)))
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    yield ToolBench(tmp_path, small_repository(tmp_path / "repo"))
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as serving:
        yield serving


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest) -> str:
    """Each coding tool that is installed."""
    version_under_test(request.param)
    return str(request.param)


@pytest.fixture
def connected(
    tool: str, bench: ToolBench, model: LoopbackModel, monkeypatch: pytest.MonkeyPatch
) -> LoopbackModel:
    """The model, which the tool finds by its own variables."""
    bench.connect(tool, model.url, monkeypatch)
    return model
