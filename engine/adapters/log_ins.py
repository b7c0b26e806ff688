"""Says whether somebody is logged in to a coding tool, by its keys and credential files.

Starts nothing and asks no provider: a key that was revoked still looks like a log-in.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.adapters.environment_names import PASSED_ON
from engine.adapters.tool_files import read_tool_file
from engine.jobfile.tool_registry import ToolFileError, tools
from engine.system.home import at_home
from engine.types import LogIn

_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Where one tool keeps what it logs in with.

    `file` lies in the folder that the variable `folder` names, by default in `usual`. What `perhaps` names, variables
    and files, may log it in too, in ways that cannot be checked here; so may the keychain of macOS.
    """

    variables: tuple[str, ...]
    folder: str = ""
    usual: str = "~"
    file: str = ""
    has_keychain: bool = False
    perhaps: tuple[str, ...] = ()
    perhaps_files: tuple[str, ...] = ()


_BUILT_IN: Mapping[str, _Places] = {
    "claude": _Places(
        variables=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
        folder="CLAUDE_CONFIG_DIR",
        usual="~/.claude",
        file=".credentials.json",
        has_keychain=True,
        perhaps=("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"),
    ),
    "codex": _Places(
        variables=("CODEX_API_KEY", "OPENAI_API_KEY"),
        folder="CODEX_HOME",
        usual="~/.codex",
        file="auth.json",
        perhaps_files=("config.toml",),
    ),
    "gemini": _Places(
        variables=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        folder="GEMINI_CLI_HOME",
        file=".gemini/oauth_creds.json",
        has_keychain=True,
        perhaps=("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_GCA", "GOOGLE_APPLICATION_CREDENTIALS"),
        perhaps_files=(".gemini/.env", ".env"),
    ),
    "aider": _Places(
        variables=tuple(name for name in PASSED_ON["aider"] if name.endswith("_API_KEY")),
        perhaps=("OLLAMA_API_BASE", "OPENAI_API_BASE", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"),
        perhaps_files=(".aider.conf.yml", ".env", ".aider/oauth-keys.env"),
    ),
}


def log_in(tool: str, env: Mapping[str, str] = os.environ) -> tuple[LogIn | None, str]:
    """Whether somebody is logged in where these variables are set, and a clause where nobody is, or that is not known.

    None for a tool that nobody logs in to.
    """
    if (places := _BUILT_IN.get(tool)) is not None:
        return _of_places(places, env)
    try:
        described = tools().description(tool).login
    except ToolFileError:
        return None, ""
    if described is None:
        return LogIn.UNKNOWN, ""
    files = tuple(map(at_home, described.files))
    if any(map(env.get, described.variables)) or any(file.exists() for file in files):
        return LogIn.LOGGED_IN, ""
    return LogIn.NO, _nobody(described.files, described.variables)


def _of_places(places: _Places, env: Mapping[str, str]) -> tuple[LogIn, str]:
    if any(map(env.get, places.variables)):
        return LogIn.LOGGED_IN, ""
    folder = Path(env.get(places.folder) or _at_home(places.usual, env))
    found = _read(folder / places.file) if places.file else {}
    if found:
        return LogIn.LOGGED_IN, ""
    by_keychain = places.has_keychain and sys.platform == "darwin"
    perhaps = any(map(env.get, places.perhaps)) or any(
        (folder / file).exists() for file in places.perhaps_files
    )
    if found is None or perhaps or by_keychain:
        return LogIn.UNKNOWN, "whether somebody is logged in is not known"
    return LogIn.NO, _nobody((str(folder / places.file),) if places.file else (), places.variables)


def _at_home(folder: str, env: Mapping[str, str]) -> str:
    home = env.get("HOME")
    return folder.replace("~", home, 1) if home else str(at_home(folder))


def _read(file: Path) -> dict[str, Any] | None:
    """What a file of credentials holds that is a log-in, empty where there is none; None where it cannot be read."""
    try:
        held = json.loads(read_tool_file(file))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return {name: value for name, value in held.items() if value} if isinstance(held, dict) else None


def _nobody(files: tuple[str, ...], variables: tuple[str, ...]) -> str:
    missing = [f"{' or '.join(files)} does not exist"] if files else []
    if variables:
        more = f" and {len(variables) - _NAMED} more" if len(variables) > _NAMED else ""
        missing.append(f"none of {', '.join(variables[:_NAMED])}{more} is set")
    return f"nobody seems to be logged in: {' and '.join(missing)}"
