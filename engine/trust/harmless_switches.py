"""The switches of each tool that are known to be harmless; whatever else a job file adds needs a grant.

A list of bad switches cannot be complete, so this is a list of good ones. Only exact spellings count, because some
tools accept abbreviations, and only values that fit the pattern, because a value can name a program or a server.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

_FLAG = ""
_WORD = r"[A-Za-z0-9][A-Za-z0-9._:/@+\[\]-]*"
_NUMBER = r"[0-9]{1,9}"
_AMOUNT = r"[0-9]{1,9}(\.[0-9]{1,4})?"
_TEXT = r"(?s:[^-].*)"
_TOML = r"""([A-Za-z0-9][A-Za-z0-9._:/-]*|"[A-Za-z0-9][A-Za-z0-9._:/-]*")"""
_CODEX_KEYS = (
    *(
        "model",
        "model_reasoning_effort",
        "model_reasoning_summary",
        "model_verbosity",
        "model_context_window",
    ),
    *("model_auto_compact_token_limit", "tool_output_token_limit", "hide_agent_reasoning"),
    *("show_raw_agent_reasoning", "project_doc_max_bytes", "check_for_update_on_startup"),
)
_CODEX_SETTING = (
    rf"({'|'.join(_CODEX_KEYS)})={_TOML}"
    r'|analytics\.enabled=false|sandbox_mode="?(read-only|workspace-write)"?'
)
_CODEX_FEATURE = "plugins|apps|unbounded_connection_retries|web_search_request"

HARMLESS_SWITCHES: Mapping[str, Mapping[str, str]] = {
    "aider": {
        **dict.fromkeys(
            (
                *("--no-auto-commits", "--no-dirty-commits", "--no-auto-lint", "--no-auto-test", "--no-git"),
                *("--stream", "--no-stream", "--pretty", "--no-pretty", "--no-fancy-input", "--verbose"),
                *(
                    "--show-diffs",
                    "--no-show-diffs",
                    "--no-gitignore",
                    "--no-add-gitignore-files",
                    "--dry-run",
                ),
                *("--no-check-update", "--no-show-release-notes", "--no-show-model-warnings"),
                *(
                    "--no-analytics",
                    "--no-detect-urls",
                    "--no-suggest-shell-commands",
                    "--disable-playwright",
                ),
                *("--no-restore-chat-history", "--no-notifications", "--no-watch-files", "--subtree-only"),
                *("--cache-prompts", "--no-cache-prompts", "--architect", "--map-multiplier-no-files"),
                *("--no-attribute-author", "--no-attribute-committer", "--no-attribute-co-authored-by"),
                *("--dark-mode", "--light-mode", "--no-check-model-accepts-settings"),
            ),
            _FLAG,
        ),
        **dict.fromkeys(("--model", "--weak-model", "--editor-model", "--reasoning-effort"), _WORD),
        **dict.fromkeys(("--edit-format", "--editor-edit-format", "--chat-mode"), r"[a-z][a-z-]*"),
        **dict.fromkeys(("--chat-language", "--commit-language", "--encoding"), r"[A-Za-z0-9][A-Za-z0-9_-]*"),
        **dict.fromkeys(("--map-tokens", "--max-chat-history-tokens", "--cache-keepalive-pings"), _NUMBER),
        "--thinking-tokens": r"[0-9]{1,9}[kK]?",
        "--timeout": _AMOUNT,
        "--map-refresh": "auto|always|files|manual",
        "--line-endings": "platform|lf|crlf",
    },
    "claude": {
        **dict.fromkeys(
            (
                *("--verbose", "--include-partial-messages", "--no-session-persistence", "--no-chrome"),
                *("--strict-mcp-config", "--disable-slash-commands"),
            ),
            _FLAG,
        ),
        **dict.fromkeys(("--model",), _WORD),
        "--fallback-model": rf"{_WORD}(,{_WORD})*",
        **dict.fromkeys(("--max-turns", "--max-thinking-tokens"), _NUMBER),
        "--max-budget-usd": _AMOUNT,
        "--effort": "low|medium|high|xhigh|max",
        "--permission-mode": "default|plan|acceptEdits|dontAsk",
        "--append-system-prompt": _TEXT,
        "--tools=": r"[A-Za-z]+(,[A-Za-z]+)*",
        **dict.fromkeys(("--disallowedTools=", "--disallowed-tools="), _TEXT),
    },
    "codex": {
        **dict.fromkeys(("--json", "--ephemeral", "--skip-git-repo-check", "--strict-config"), _FLAG),
        **dict.fromkeys(("-m", "--model"), _WORD),
        **dict.fromkeys(("-c", "--config"), _CODEX_SETTING),
        **dict.fromkeys(("-s", "--sandbox"), "read-only|workspace-write"),
        "--disable": _CODEX_FEATURE,
        "--color": "always|never|auto",
    },
    "gemini": {
        **dict.fromkeys(("-d", "--debug", "--screen-reader"), _FLAG),
        **dict.fromkeys(("-m", "--model"), _WORD),
        **dict.fromkeys(("-e", "--extensions"), "none"),
        "--approval-mode": "default|auto_edit|plan",
    },
    "tests": {
        **dict.fromkeys(
            (
                *("-q", "-qq", "--quiet", "-v", "-vv", "-vvv", "--verbose", "-x", "--exitfirst", "-s", "-l"),
                *("--showlocals", "--no-showlocals", "--no-header", "--no-summary", "--full-trace"),
                *(
                    "--lf",
                    "--last-failed",
                    "--ff",
                    "--failed-first",
                    "--nf",
                    "--new-first",
                    "--sw",
                    "--stepwise",
                ),
                *("-ra", "-rA", "-rs", "-rf", "-rx", "-rfE", "-rN", "--disable-warnings", "--runxfail"),
                *("--strict-markers", "--strict-config", "--continue-on-collection-errors", "--collect-only"),
                *("--co", "--cov", "--cov-branch", "--no-cov"),
            ),
            _FLAG,
        ),
        **dict.fromkeys(("-k", "-m"), r"[A-Za-z0-9_(][A-Za-z0-9_ .:/()\[\]-]*"),
        **dict.fromkeys(("--maxfail", "--durations", "--verbosity", "--reruns"), _NUMBER),
        **dict.fromkeys(("--durations-min", "--timeout", "--cov-fail-under"), _AMOUNT),
        **dict.fromkeys(("-n", "--numprocesses"), "[0-9]{1,3}|auto|logical"),
        "--dist": "no|load|loadscope|loadfile|loadgroup|worksteal",
        "--tb": "auto|long|short|line|native|no",
        "--color": "yes|no|auto",
        "--capture": "fd|sys|no|tee-sys",
        "--show-capture": "no|stdout|stderr|log|all",
        "--cov=": r"[A-Za-z0-9_][A-Za-z0-9_./-]*",
        "--cov-report": "term|term-missing",
        "-p": r"no:[A-Za-z][A-Za-z0-9_-]*",
    },
}
"""For each tool its harmless switches with the pattern of their values, empty where they have none.

A switch that ends with `=` is harmless with a value in the same word alone: followed by a word, the tool would read on.
"""

_LONGEST = 60


def not_harmless(tool: str, words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Each switch with its values, and each other argument, that is not known to be harmless for this tool."""
    return tuple(_not_harmless(HARMLESS_SWITCHES.get(tool, {}), words))


def switch_name(words: Sequence[str]) -> str:
    """What a person knows a switch by: its name and the key that it sets, without its value."""
    first, following = words[0], (*words[1:], "")[0]
    switch, _, value = first.partition("=")
    if first in {"-c", "--config"} and "=" in following:
        name = f"{first} {following.partition('=')[0]}"
    elif switch == "--config" and "=" in value:
        name = f"{switch} {value.partition('=')[0]}"
    else:
        name = switch if first.startswith("-") else first
    name = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    return name if name and name.isprintable() else ascii(name)


def _not_harmless(known: Mapping[str, str], words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    at = 0
    while at < len(words):
        length = _harmless_length(known, words[at : at + 2])
        if not length:
            length = 1 + _values_after(words[at], words[at + 1 :])
            yield tuple(words[at : at + length])
        at += length


def _harmless_length(known: Mapping[str, str], words: Sequence[str]) -> int:
    """How many words a harmless switch takes up with its value; 0 if the first word is none."""
    word = words[0]
    switch, equals, value = word.partition("=")
    if not equals:
        if known.get(word) == _FLAG:
            return 1
        return 2 if len(words) > 1 and _fits(known.get(word), words[1]) else 0
    in_one_word = switch.startswith("--") and _fits(known.get(f"{switch}=", known.get(switch)), value)
    return 1 if in_one_word else 0


def _fits(pattern: str | None, value: str) -> bool:
    return bool(pattern) and not value.startswith("-") and re.fullmatch(pattern or "", value) is not None


def _values_after(word: str, following: Sequence[str]) -> int:
    """How many of the words that follow may be values of a switch that nobody knows."""
    if not word.startswith("-"):
        return 0
    return next((at for at, each in enumerate(following) if each.startswith("-")), len(following))
