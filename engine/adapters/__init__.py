"""One module for each built-in tool, one for all that a file describes, and the registry that names them."""

from collections.abc import Iterator, Mapping

from engine.adapters.aider import AiderAdapter
from engine.adapters.claude import ClaudeAdapter
from engine.adapters.codex import CodexAdapter
from engine.adapters.evidence import WithEvidence
from engine.adapters.gemini import GeminiAdapter
from engine.adapters.git_tool import GitAdapter
from engine.adapters.setup import WithSetup
from engine.adapters.shell import ShellAdapter
from engine.adapters.tests import TestsAdapter
from engine.interfaces import Adapter
from engine.jobfile.tool_registry import tools

_ALL: tuple[Adapter, ...] = (
    ShellAdapter(),
    TestsAdapter(),
    GitAdapter(),
    AiderAdapter(),
    CodexAdapter(),
    ClaudeAdapter(),
    GeminiAdapter(),
)
_BUILT_IN: Mapping[str, Adapter] = {adapter.tool: WithSetup(WithEvidence(adapter)) for adapter in _ALL}


class _Adapters(Mapping[str, Adapter]):
    """The adapter of each tool there is now.

    Any other name has one, too: it reads the attempts of a tool whose file is gone, and says so before a start.
    """

    def __getitem__(self, tool: str) -> Adapter:
        return _BUILT_IN.get(tool) or _described(tool)

    def __contains__(self, tool: object) -> bool:
        return tool in tools().names

    def __iter__(self) -> Iterator[str]:
        return iter(tools().names)

    def __len__(self) -> int:
        return len(tools().names)


def _described(tool: str) -> Adapter:
    from engine.adapters.described import DescribedToolAdapter  # noqa: PLC0415 - slow to load, and seldom needed

    return WithSetup(WithEvidence(DescribedToolAdapter(tool)))


ADAPTERS: Mapping[str, Adapter] = _Adapters()
