"""Says whether somebody is logged in to a coding tool, for `signalbox doctor` and `tools`; asks no provider."""

import os
import sys
from collections.abc import Mapping, Sequence

from engine.adapters.environment_names import PASSED_ON
from engine.jobfile.tool_description import LoginProbe
from engine.jobfile.tool_registry import ToolFileError, tools
from engine.system.home import at_home

_KEYS = tuple(name for name in PASSED_ON["aider"] if name.endswith("_API_KEY"))
_BUILT_IN: Mapping[str, LoginProbe] = {
    "aider": LoginProbe(
        files=("~/.aider.conf.yml", "~/.env", "~/.aider/oauth-keys.env"),
        variables=(
            *_KEYS,
            "OPENAI_API_BASE",
            "OLLAMA_API_BASE",
            "AWS_PROFILE",
            "GOOGLE_APPLICATION_CREDENTIALS",
        ),
    ),
    "claude": LoginProbe(
        files=("~/.claude/.credentials.json",),
        variables=(
            *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
            *("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"),
        ),
    ),
    "codex": LoginProbe(files=("~/.codex/auth.json",), variables=("CODEX_API_KEY", "OPENAI_API_KEY")),
    "gemini": LoginProbe(
        files=("~/.gemini/oauth_creds.json",),
        variables=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_GCA"),
    ),
}
_NAMED = 4
_FOLDERS = {"claude": ("CLAUDE_CONFIG_DIR", "~/.claude"), "codex": ("CODEX_HOME", "~/.codex")}
"""The variable that moves the folder with the log-in of a tool, and where it is by default."""


def login_problem(tool: str, env: Mapping[str, str] = os.environ) -> str:
    """Why nobody seems to be logged in to a tool; empty where somebody is, or where it is not known."""
    if tool == "claude" and sys.platform == "darwin":
        return ""  # its log-in is in the keychain, which asks the user before it answers
    login = _BUILT_IN.get(tool) or _of_description(tool)
    if login is not None and tool in _FOLDERS:
        variable, usual = _FOLDERS[tool]
        moved = tuple(file.replace(usual, env.get(variable) or usual) for file in login.files)
        login = login.model_copy(update={"files": moved})
    if login is None or _is_logged_in(login, env):
        return ""
    files = " or ".join(login.files)
    missing = [f"{files} does not exist"] if files else []
    if login.variables:
        missing.append(f"none of {_listed(login.variables)} is set")
    return f"nobody seems to be logged in: {' and '.join(missing)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _of_description(tool: str) -> LoginProbe | None:
    try:
        return tools().description(tool).login
    except ToolFileError:
        return None


def _is_logged_in(login: LoginProbe, env: Mapping[str, str]) -> bool:
    return any(at_home(file).exists() for file in login.files) or any(map(env.get, login.variables))
