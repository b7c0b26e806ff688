"""The home that gemini gets where a key is given: the user's own settings with ours over them; theirs stay as they are.

Gemini has no switch for a file of settings, so the whole folder is its own. What the user has there is seen in it.
"""

import json
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.system.private_files import write_private

VARIABLE = "GEMINI_CLI_HOME"
_FOLDER, _SETTINGS = ".gemini", "settings.json"
_COPIED = frozenset({"GEMINI.md", "mcp-oauth-tokens.json", "mcp-oauth-tokens-v2.json", ".env"})
"""What gemini may write to: it gets a copy."""
_LINKED = frozenset({"extensions", "commands", "policies", "skills", "agents", "hooks"})
"""Folders that gemini reads."""
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LARGEST = 4 * 1024 * 1024


def own_home(folder: Path, env: Mapping[str, str], *, turns: int) -> dict[str, str]:
    """Make the home in the folder of an attempt, and return the variable that names it.

    `env` says where the user's own is. The log-in of a browser is left out: there is a key.
    """
    home = folder / "gemini"
    inside = home / _FOLDER
    inside.mkdir(mode=0o700, parents=True)
    theirs = Path(env.get(VARIABLE) or env.get("HOME") or Path.home()) / _FOLDER
    for name in sorted(_COPIED | _LINKED):
        with suppress(OSError):  # what cannot be read there, gemini could not read either
            _show(theirs / name, inside / name)
    settings = _over(_settings_of(theirs / _SETTINGS), _own_settings(turns))
    write_private(inside / _SETTINGS, json.dumps(settings, indent=2))
    return {VARIABLE: str(home)}


def forget_settings(folder: Path) -> None:
    """Remove the copies of what the user has, which may hold secrets; the sessions stay."""
    inside = folder / "gemini" / _FOLDER
    for name in (_SETTINGS, *_COPIED):
        with suppress(OSError):
            (inside / name).unlink()


def _show(theirs: Path, ours: Path) -> None:
    if theirs.name in _LINKED:
        if theirs.is_dir():
            ours.symlink_to(theirs.resolve(), target_is_directory=True)
    elif theirs.is_file() and theirs.stat().st_size <= _LARGEST:
        shutil.copyfile(theirs, ours)
        ours.chmod(0o600)


def _own_settings(turns: int) -> dict[str, Any]:
    return {
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False, "maxAttempts": 2},
        "model": {"maxSessionTurns": turns},
    }


def _settings_of(file: Path) -> dict[str, Any]:
    """The user's settings, which may have comments; none where gemini could not read them either."""
    try:
        if file.stat().st_size > _LARGEST:
            return {}
        text = file.read_text(encoding="utf-8")
        found = json.loads(_STRING_OR_COMMENT.sub(_kept, text))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _kept(found: "re.Match[str]") -> str:
    return found[0] if found[0].startswith('"') else " "


def _over(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Their settings with ours over them, part by part."""
    merged = dict(theirs)
    for name, value in ours.items():
        part = merged.get(name)
        merged[name] = _over(part, value) if isinstance(part, dict) and isinstance(value, dict) else value
    return merged
