"""The names of the tools with an adapter of their own, and which tools work by themselves. Reads nothing."""

from collections.abc import Mapping

BUILT_IN: Mapping[str, str] = {
    "shell": "sh",
    "tests": "ts",
    "git": "gt",
    "aider": "ai",
    "codex": "cx",
    "claude": "cl",
    "gemini": "ge",
}
"""The tools with an adapter of their own, and the letters on their tiles."""
TOOL_PATTERN = r"^[a-z][a-z0-9_-]{0,31}$"
_PLAIN_TOOLS = frozenset({"shell", "tests", "git"})


def is_coding_tool(tool: str) -> bool:
    """Whether a tool gets a prompt and edits files by itself: all but three do, and every one of the user's own."""
    return tool not in _PLAIN_TOOLS
