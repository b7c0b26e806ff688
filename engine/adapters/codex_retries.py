"""Makes codex retry few requests by itself, as far as it can be set: the queue retries, and no slot is held meanwhile.

Only a provider of the user's own takes these settings; those of the providers built into codex cannot be changed.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_SETTINGS = ("request_max_retries", "stream_max_retries")
_MOST = 1
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
"""A name that needs no quotes in a path of codex' settings."""


def retry_switches(env: Mapping[str, str]) -> Sequence[str]:
    """The switches for the provider that the user's settings choose; none where that is a built-in one.

    What the user has set there stays.
    """
    settings = _settings(env)
    name, providers = settings.get("model_provider"), settings.get("model_providers")
    provider = providers.get(name) if isinstance(providers, dict) else None
    if not isinstance(provider, dict) or not _PLAIN.fullmatch(str(name)):
        return ()
    missing = [setting for setting in _SETTINGS if setting not in provider]
    return [word for each in missing for word in ("-c", f"model_providers.{name}.{each}={_MOST}")]


def _settings(env: Mapping[str, str]) -> Mapping[str, Any]:
    home = env.get("CODEX_HOME")
    folder = Path(home) if home else Path(env.get("HOME") or Path.home(), ".codex")
    try:
        return tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
