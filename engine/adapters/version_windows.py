"""The versions of each coding tool that `make test-tools` has run, for doctor and for installing them."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class VersionWindow(NamedTuple):
    """The oldest and the newest version that were tried, and the package that has them."""

    package: str
    oldest: str
    newest: str


VERSION_WINDOWS: Mapping[str, VersionWindow] = {
    "aider": VersionWindow("aider-chat", "0.86.2", "0.86.2"),
    "codex": VersionWindow("@openai/codex", "0.169.0", "0.169.0"),
    "claude": VersionWindow("@anthropic-ai/claude-code", "2.1.197", "2.1.197"),
    "gemini": VersionWindow("@google/gemini-cli", "0.61.0", "0.61.0"),
    "opencode": VersionWindow("opencode-ai", "1.18.33", "1.18.33"),
}
"""By the name of the tool. A version outside may work; what it prints has not been seen."""


def outside_window(tool: str, version: str) -> str:
    """A warning, as a clause, about a version that is older or newer than those that were tried; empty otherwise."""
    window, number = VERSION_WINDOWS.get(tool), _number(version)
    if window is None or not number:
        return ""
    if number < _number(window.oldest):
        return f"version {version} is older than {window.oldest}, the oldest that was tried with Signalbox"
    if number > _number(window.newest):
        return f"version {version} is newer than {window.newest}, the newest that was tried with Signalbox"
    return ""


def _number(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found.group().split("."))) if found else ()
