"""One module for each tool, and the plain registry that names them."""

from collections.abc import Mapping

from engine.adapters.aider import AiderAdapter
from engine.adapters.claude import ClaudeAdapter
from engine.adapters.codex import CodexAdapter
from engine.adapters.gemini import GeminiAdapter
from engine.adapters.git_tool import GitAdapter
from engine.adapters.shell import ShellAdapter
from engine.adapters.tests import TestsAdapter
from engine.interfaces import Adapter

_ALL: tuple[Adapter, ...] = (
    ShellAdapter(),
    TestsAdapter(),
    GitAdapter(),
    AiderAdapter(),
    CodexAdapter(),
    ClaudeAdapter(),
    GeminiAdapter(),
)
ADAPTERS: Mapping[str, Adapter] = {adapter.tool: adapter for adapter in _ALL}
