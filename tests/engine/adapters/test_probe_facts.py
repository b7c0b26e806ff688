"""What a probe says besides path and version: who is logged in, and whether the version was ever tried."""

import json
from pathlib import Path

import pytest

from engine.adapters.log_ins import log_in
from engine.adapters.probing import probed, with_facts
from engine.adapters.version_windows import VERSION_WINDOWS, VersionWindow, outside_window
from engine.types import LogIn, ToolProbe
from tests.helpers.logs import LogWatch

KEYS = {
    "claude": ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    "codex": ("CODEX_API_KEY", "OPENAI_API_KEY"),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "aider": ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "DEEPSEEK_API_KEY"),
}
FILES = [
    ("claude", ".claude/.credentials.json", {"claudeAiOauth": {"accessToken": "x"}}, None),
    (
        "claude",
        "other/.credentials.json",
        {"claudeAiOauth": {"accessToken": "x"}},
        ("CLAUDE_CONFIG_DIR", "other"),
    ),
    ("codex", ".codex/auth.json", {"OPENAI_API_KEY": None, "tokens": {"access_token": "x"}}, None),
    ("codex", "other/auth.json", {"OPENAI_API_KEY": "x"}, ("CODEX_HOME", "other")),
    ("gemini", ".gemini/oauth_creds.json", {"refresh_token": "x"}, None),
    ("gemini", "other/.gemini/oauth_creds.json", {"refresh_token": "x"}, ("GEMINI_CLI_HOME", "other")),
]


@pytest.mark.parametrize("tool", KEYS)
def test_t6_a_key_in_the_environment_is_a_log_in_and_without_one_nobody_is_logged_in(
    tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in KEYS[tool]:
        assert log_in(tool, {"HOME": str(tmp_path), name: "x"}) == (LogIn.LOGGED_IN, "")
    login, reason = log_in(tool, {"HOME": str(tmp_path), KEYS[tool][0]: ""})
    assert login is LogIn.NO
    assert KEYS[tool][0] in reason


@pytest.mark.parametrize(("tool", "name", "held", "variable"), FILES)
def test_t6_a_file_of_credentials_is_a_log_in(
    tool: str, name: str, held: object, variable: tuple[str, str] | None, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(held))
    env = {"HOME": str(tmp_path)}
    if variable is not None:
        env[variable[0]] = str(tmp_path / variable[1])
    assert log_in(tool, env) == (LogIn.LOGGED_IN, "")
    file.write_text("{")
    assert log_in(tool, env)[0] is LogIn.UNKNOWN


def test_t6_credentials_that_hold_nothing_are_no_log_in(tmp_path: Path) -> None:
    file = tmp_path / ".codex" / "auth.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"OPENAI_API_KEY": None, "tokens": None}))
    assert log_in("codex", {"HOME": str(tmp_path)})[0] is LogIn.NO


def test_t6_what_may_log_in_unseen_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"HOME": str(tmp_path)}
    assert log_in("claude", {**env, "CLAUDE_CODE_USE_BEDROCK": "1"})[0] is LogIn.UNKNOWN
    (tmp_path / ".aider.conf.yml").touch()
    assert log_in("aider", env)[0] is LogIn.UNKNOWN
    monkeypatch.setattr("sys.platform", "darwin")
    assert log_in("claude", env)[0] is LogIn.UNKNOWN


def test_t6_nobody_logs_in_to_git_and_a_probe_says_so() -> None:
    assert log_in("git", {}) == (None, "")
    assert with_facts(ToolProbe(tool="git", version="2.39.5"), {}) == ToolProbe(tool="git", version="2.39.5")


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.9.9", "older than 2.0"),
        ("2.0", ""),
        ("2.3.4-beta", ""),
        ("2.10.1", "newer than 2.9.5"),
        ("", ""),
        ("x", ""),
    ],
)
def test_t6_a_version_outside_of_those_that_were_tried_is_a_warning(
    version: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.adapters.version_windows.VERSION_WINDOWS", {"claude": VersionWindow("p", "2.0", "2.9.5")}
    )
    warning = outside_window("claude", version)
    assert words in warning
    assert bool(warning) is bool(words)
    assert outside_window("git", version) == ""


def test_t6_a_probe_has_both_warnings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    env = {"HOME": str(tmp_path)}
    probe = with_facts(ToolProbe(tool="claude", version="0.0.1"), env)
    assert probe.login is LogIn.NO
    assert "older than" in probe.note
    assert "nobody seems to be logged in" in probe.note
    newest = with_facts(
        ToolProbe(tool="claude", version=VERSION_WINDOWS["claude"].newest), {"ANTHROPIC_API_KEY": "x"}
    )
    assert (newest.login, newest.note) == (LogIn.LOGGED_IN, "")


def test_a_pattern_of_versions_finds_its_first_group_and_holds_up_nothing_where_it_is_slow(
    tmp_path: Path, expect_log: LogWatch
) -> None:
    exe = tmp_path / "mine"
    exe.write_text(f"#!/bin/sh\necho Mine 1.2\necho {'c' * 200}\n")
    exe.chmod(0o755)
    assert probed("mine", str(exe), {}, pattern=r"Mine (\d\.\d)").version == "1.2"
    assert probed("mine", str(exe), {}, pattern="(Yours)|Mine").version == "Mine 1.2"
    expect_log.expect("takes too long")
    assert probed("mine", str(exe), {}, pattern="(?:c|c)*[xy]").version == "Mine 1.2"
