"""The variables a job file may set without a grant: those that are known to start, load and redirect nothing."""

import re
from collections.abc import Mapping

from engine.jobfile.fields import is_secret_name
from engine.jobfile.tool_names import is_coding_tool
from engine.system.secret_refs import ENV_REFERENCE, is_reference

_WORD = r"[A-Za-z0-9][A-Za-z0-9._:/@+\[\]-]*"
_LOCALE = r"[A-Za-z0-9_.@:-]*"
_SIMPLE = r"[A-Za-z0-9._-]{0,40}"

_HARMLESS: Mapping[str, str] = {
    **dict.fromkeys(("LANG", "LANGUAGE"), _LOCALE),
    **dict.fromkeys(
        (
            *("LC_ADDRESS", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT"),
            *("LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME"),
        ),
        _LOCALE,
    ),
    "TZ": r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*){0,2}",
    **dict.fromkeys(
        (
            *(
                "NO_COLOR",
                "FORCE_COLOR",
                "CLICOLOR",
                "CLICOLOR_FORCE",
                "COLORTERM",
                "TERM",
                "COLUMNS",
                "LINES",
            ),
            *("CI", "DO_NOT_TRACK", "DISABLE_TELEMETRY", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
            *("PYTHONHASHSEED", "PYTHONUTF8", "PYTHONFAULTHANDLER", "RUST_BACKTRACE", "SOURCE_DATE_EPOCH"),
            *("API_TIMEOUT_MS", "MAX_THINKING_TOKENS", "CLAUDE_CODE_MAX_OUTPUT_TOKENS"),
        ),
        _SIMPLE,
    ),
    **dict.fromkeys(
        ("AIDER_MODEL", "AIDER_WEAK_MODEL", "AIDER_EDITOR_MODEL", "ANTHROPIC_MODEL", "GEMINI_MODEL"), _WORD
    ),
}
"""Exact names, since upper and lower case differ, and the pattern of their harmless values."""

_PROVIDERS = re.compile(
    r"(OPENAI|CODEX|ANTHROPIC|CLAUDE|GEMINI|GOOGLE|DEEPSEEK|OPENROUTER|MISTRAL|GROQ|XAI|COHERE|AZURE)_"
)


def is_harmless(name: str, value: str) -> bool:
    """Whether this value of a variable is known to start, load and redirect nothing."""
    pattern = _HARMLESS.get(name)
    return pattern is not None and not is_reference(value) and re.fullmatch(pattern, value) is not None


def sets(env: Mapping[str, str]) -> list[str]:
    """The variables that may decide what a program loads, starts or talks to: all but harmless ones and secrets."""
    return sorted(
        name
        for name, value in env.items()
        if not is_harmless(name, value) and not (is_reference(value) and is_secret_name(name))
    )


def is_own_key(tool: str, name: str, value: str) -> bool:
    """Whether a coding tool is given the key of a model's provider, under a name that says so."""
    provider = _PROVIDERS.match(name)
    return (
        is_coding_tool(tool)
        and provider is not None
        and is_secret_name(name)
        and value.startswith(ENV_REFERENCE)
        and provider[1] in value.removeprefix(ENV_REFERENCE)
    )
