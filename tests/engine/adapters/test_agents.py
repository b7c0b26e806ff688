"""The adapters of codex, claude and gemini, against what these were recorded to print."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS, agent
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import JobResult
from tests.helpers.attempts import Attempts, keep

CAPTURES = Path(__file__).with_name("captures")
EDIT = 'def hello():\n    return "hello, world"\n'


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """Programs of these names; what they would do is played by the test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("codex", "claude", "gemini"):
        (folder / tool).write_text("#!/bin/sh\n")
        (folder / tool).chmod(0o755)
    return {file.name: str(file) for file in folder.iterdir()}


def job(tool: str, repo: Path, **more: Any) -> dict[str, Any]:
    return {"tool": tool, "prompt": "Greet the world.", "paths": {"repo_root": str(repo)}, **more}


def replay(
    attempts: Attempts, case: str, data: dict[str, Any], *, tools: dict[str, str], edit: str | None = None
) -> JobResult:
    spec = job_from_mapping(data)
    context = attempts.context(tool_paths=tools)
    ADAPTERS[spec.tool].prepare(spec, context)
    if edit is not None:
        (spec.repo_root / "hello.py").write_text(edit)
    for stream in ("stdout", "stderr"):
        recorded = CAPTURES / spec.tool / f"{case}.{stream}"
        if recorded.exists():
            shutil.copy(recorded, context.folder / stream)
    code = int((CAPTURES / spec.tool / f"{case}.exit").read_text())
    return ADAPTERS[spec.tool].result(spec, context, attempts.ended(context, code))


def usage(sent: int, received: int, cost: float | None, source: str) -> dict[str, Any]:
    return {
        "input_tokens": sent,
        "cached_tokens": 0,
        "output_tokens": received,
        "cost_usd": cost if cost is None else pytest.approx(cost),
        "cost_source": source,
    }


@pytest.mark.parametrize(
    ("tool", "used"),
    [
        ("codex", usage(2400, 68, None, "unknown")),
        ("claude", usage(3600, 102, 0.02055, "told")),
        ("gemini", usage(2400, 68, 0.00089, "estimated")),
    ],
)
def test_a_finished_turn_with_an_edit_is_success_and_its_usage_is_known(
    attempts: Attempts, repo: Path, tools: dict[str, str], *, tool: str, used: dict[str, Any]
) -> None:
    result = replay(attempts, "recommended_edit_ok", job(tool, repo), tools=tools, edit=EDIT)
    assert result.success
    assert result.metadata["summary"] == "1 file changed (+1 -1)."
    assert result.metadata["usage"] == used


@pytest.mark.parametrize("tool", ["codex", "claude", "gemini"])
def test_a_finished_turn_without_an_edit_is_no_change(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str
) -> None:
    for case in ("recommended_edit_ok", "recommended_nothing"):
        result = replay(attempts, case, job(tool, repo), tools=tools)
        assert (result.success, result.metadata["failure_class"]) == (False, "no_change")
    allowed = job(tool, repo, metadata={"evidence": {"change": "optional"}})
    assert replay(attempts, "recommended_nothing", allowed, tools=tools).success


@pytest.mark.parametrize(
    ("case", "failure", "told"),
    [
        ("codex/recommended_e401", "auth", "401"),
        ("codex/recommended_e429", "rate", "429"),
        ("codex/recommended_e500", "network", "codex failed"),
        ("codex/e429_quota", "quota", "Quota exceeded"),
        ("codex/e400", "context", "context window"),
        ("codex/no_key", "auth", "FAKE_KEY"),
        ("codex/refused_bounded", "network", "Connection failed"),
        ("codex/no_git_repo", "failed", "trusted directory"),
        ("codex/stall_sigint", "interrupted", "codex ended with exit code 1 without saying why."),
        ("codex/native_stall_sigterm", "crash", "SIGTERM"),
        ("codex/read_only_sandbox", "bad_edit", "blocked by read-only sandbox"),
        ("claude/recommended_e401", "auth", "authenticate"),
        ("claude/recommended_e429", "rate", "claude failed"),
        ("claude/recommended_e500", "network", "claude failed"),
        ("claude/refused", "network", "Unable to connect"),
        ("claude/no_key", "auth", "Not logged in"),
        ("claude/e404_model", "failed", "claude failed"),
        ("claude/max_turns", "failed", "limit of turns"),
        ("claude/max_budget", "failed", "cost limit"),
        ("claude/edit_default_mode_denied", "bad_edit", "not allowed to use Edit"),
        ("claude/stall_stream_sigint", "interrupted", "in the middle"),
        ("claude/stall_sigterm", "crash", "ended by SIGTERM"),
        ("claude/child_sigterm", "crash", "ended by SIGTERM"),
        ("gemini/recommended_e401", "auth", "gemini failed"),
        ("gemini/recommended_e429", "rate", "Rate limit"),
        ("gemini/recommended_e500", "network", "gemini failed"),
        ("gemini/refused", "network", "fetch failed"),
        ("gemini/e404_model", "failed", "gemini failed"),
        ("gemini/drop_mid_stream", "network", "stream ended"),
        ("gemini/max_turns", "failed", "max session turns"),
        ("gemini/no_trust", "failed", "exit code 55"),
        ("gemini/norelaunch_stall_sigint", "interrupted", "without saying"),
        ("gemini/edit_mismatch", "bad_edit", "exact match for 'old_string'"),
        ("gemini/bad_flag", "failed", "exit code 1: Unknown arguments: such-flag"),
        ("gemini/e403", "auth", "exit code 147: 403 denied"),
        ("gemini/e400_key", "auth", "exit code 144: 400 API key not valid"),
        ("gemini/base_url_without_auth_type", "auth", "Invalid auth method selected."),
        ("codex/bad_flag", "failed", "exit code 2: error: unexpected argument '--no-such-flag' found"),
        ("codex/error_after_edit", "failed", "codex failed: bad"),
        ("claude/resume_missing", "failed", "claude failed: No conversation found"),
        ("claude/stream_json_without_verbose", "failed", "requires --verbose"),
        ("claude/e401_text", "auth", "exit code 1: Invalid API key"),
    ],
)
def test_a_recorded_failure_is_a_failure_of_the_right_class(
    attempts: Attempts, repo: Path, tools: dict[str, str], *, case: str, failure: str, told: str
) -> None:
    tool, _, name = case.partition("/")
    result = replay(attempts, name, job(tool, repo), tools=tools)
    assert (result.success, result.metadata["failure_class"]) == (False, failure)
    assert told in result.metadata["summary"]


@pytest.mark.parametrize("tool", ["codex", "claude", "gemini"])
def test_the_task_comes_on_standard_input_and_not_in_the_arguments(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str
) -> None:
    data = job(tool, repo, model="m1", extra_args=["--more"])
    invocation, context = attempts.prepare(data, tool_paths=tools)
    assert invocation.argv[0] == tools[tool]
    assert {"m1", "--more"} <= set(invocation.argv)
    assert "Greet" not in " ".join(invocation.argv)
    assert invocation.stdin_file == context.folder / "task.md"
    assert invocation.stdin_file.read_text() == "Greet the world.\n"


def test_limits_are_passed_to_the_tools_that_have_switches_for_them(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    limits = {"limits": {"max_turns": 7, "max_cost_usd": 0.5, "output_mb": 2}}
    invocation, _ = attempts.prepare(job("claude", repo, metadata=limits), tool_paths=tools)
    words = list(invocation.argv)
    assert words[words.index("--max-turns") + 1] == "7"
    assert words[words.index("--max-budget-usd") + 1] == "0.5"
    assert invocation.output_cap == 2 * 1024 * 1024
    base = {"PATH": os.environ["PATH"], "GEMINI_API_KEY": "canary"}
    limits = {"limits": {"max_turns": 7}}
    invocation, _ = attempts.prepare(job("gemini", repo, metadata=limits), tool_paths=tools, base_env=base)
    home = Path(invocation.env["GEMINI_CLI_HOME"])
    settings = json.loads((home / ".gemini" / "settings.json").read_text())
    assert settings["model"]["maxSessionTurns"] == 7
    assert "canary" not in json.dumps(settings)


def test_a_log_in_of_the_users_is_not_hidden(attempts: Attempts, repo: Path, tools: dict[str, str]) -> None:
    base = {"PATH": os.environ["PATH"], "HOME": "/h"}
    invocation, _ = attempts.prepare(job("gemini", repo), tool_paths=tools, base_env=base)
    assert "GEMINI_CLI_HOME" not in invocation.env


def test_codex_may_only_read_where_no_change_is_wanted_and_needs_no_git(
    attempts: Attempts, repo: Path, tmp_path: Path, tools: dict[str, str]
) -> None:
    review = job("codex", repo, metadata={"evidence": {"change": "forbidden"}})
    invocation, _ = attempts.prepare(review, tool_paths=tools)
    assert "read-only" in invocation.argv
    assert "--skip-git-repo-check" not in invocation.argv
    (tmp_path / "plain").mkdir()
    invocation, _ = attempts.prepare(job("codex", tmp_path / "plain"), tool_paths=tools)
    assert {"workspace-write", "--skip-git-repo-check"} <= set(invocation.argv)


def play(
    attempts: Attempts,
    data: dict[str, Any],
    *events: dict[str, Any],
    tools: dict[str, str],
    code: int = 0,
    at: float | None = None,
) -> JobResult:
    """The result of an attempt that printed these events, at a moment where that matters."""
    spec = job_from_mapping(data)
    context = attempts.context(tool_paths=tools)
    ADAPTERS[spec.tool].prepare(spec, context)
    printed = "".join(json.dumps(event) + "\n" for event in events).encode()
    keep(context.folder, ("stdout", printed, time.time() if at is None else at))
    return ADAPTERS[spec.tool].result(spec, context, attempts.ended(context, code))


NOW = 1_790_000_000.0


def test_a_used_up_quota_of_claude_holds_until_the_reset_it_tells(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    refused = {
        "type": "result",
        "subtype": "success",
        "is_error": True,
        "api_error_status": 429,
        "result": "You've hit your weekly limit · resets 3pm (Europe/Paris)",
    }
    told = {"type": "rate_limit_event", "rate_limit_info": {"status": "rejected", "resetsAt": NOW + 9000}}
    warned = {
        "type": "rate_limit_event",
        "rate_limit_info": {"status": "allowed_warning", "resetsAt": NOW + 50},
    }
    result = play(attempts, job("claude", repo), told, refused, tools=tools, code=1, at=NOW)
    assert result.metadata["failure_class"] == "quota"
    assert result.metadata["quota_until"] == NOW + 9000
    result = play(attempts, job("claude", repo), warned, refused, tools=tools, code=1, at=NOW)
    assert result.metadata["failure_class"] == "quota"
    assert 0 < result.metadata["quota_until"] - NOW <= 24 * 3600
    assert "answer" not in result.metadata


@pytest.mark.parametrize(
    ("said", "failure", "seconds"),
    [
        ("You've hit your usage limit. Upgrade to Plus, or try again in 3 hours 5 minutes.", "quota", 11_100),
        ("429 Too Many Requests: try again in 20s", "rate", None),
        ("429 Too Many Requests: try again in 10m0s", "quota", 600),
        ("Quota exceeded. Check your plan and billing details.", "quota", None),
        ("unexpected status 401 Unauthorized, try again in 3 hours", "auth", None),
    ],
)
def test_a_limit_of_codex_that_lasts_is_a_quota_until_its_reset(
    attempts: Attempts,
    repo: Path,
    tools: dict[str, str],
    *,
    said: str,
    failure: str,
    seconds: float | None,
) -> None:
    failed = {"type": "turn.failed", "error": {"message": said}}
    result = play(attempts, job("codex", repo), failed, tools=tools, code=1, at=NOW)
    assert result.metadata["failure_class"] == failure
    until = result.metadata.get("quota_until")
    assert (None if until is None else until - NOW) == seconds


def test_a_used_up_quota_of_gemini_is_no_mere_rate_limit(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    told = "You have exhausted your daily quota on this model. Your quota will reset after 2h15m3s."
    final = {"type": "result", "status": "error", "error": {"type": "Error", "message": told}}
    result = play(attempts, job("gemini", repo), final, tools=tools, code=173, at=NOW)
    assert result.metadata["failure_class"] == "quota"
    assert result.metadata["quota_until"] == NOW + 8103


def test_an_edit_of_claude_that_did_not_fit_is_a_bad_edit_and_one_mended_later_is_none(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    def use(name: str, *, error: bool) -> list[dict[str, Any]]:
        said = "<tool_use_error>String to replace not found in file.</tool_use_error>" if error else "Done"
        result = {"type": "tool_result", "tool_use_id": name, "content": said, "is_error": error}
        called = {"type": "tool_use", "id": name, "name": "Edit", "input": {}}
        return [
            {"type": "assistant", "message": {"content": [called]}},
            {"type": "user", "message": {"content": [result]}},
        ]

    done = {"type": "result", "subtype": "success", "is_error": False, "result": "Done."}
    bad = play(attempts, job("claude", repo), *use("1", error=True), done, tools=tools)
    assert bad.metadata["failure_class"] == "bad_edit"
    assert bad.metadata["summary"] == "The edit was not made: String to replace not found in file."
    mended = [*use("1", error=True), *use("2", error=False)]
    assert (
        play(attempts, job("claude", repo), *mended, done, tools=tools).metadata["failure_class"]
        == "no_change"
    )


@pytest.mark.parametrize("tool", ["codex", "claude", "gemini"])
def test_what_a_tool_said_at_its_end_is_kept_in_its_own_words(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str
) -> None:
    result = replay(attempts, "recommended_edit_ok", job(tool, repo), tools=tools, edit=EDIT)
    assert result.metadata["answer"] == "Changed the greeting."


def test_a_long_answer_is_cut(attempts: Attempts, repo: Path, tools: dict[str, str]) -> None:
    final = {"type": "result", "subtype": "success", "is_error": False, "result": "x" * 9000}
    answer = play(attempts, job("claude", repo), final, tools=tools).metadata["answer"]
    assert len(answer) < 4100
    assert answer.endswith("x …")


def test_what_claude_asked_again_after_a_broken_stream_counts_as_used(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    result = replay(attempts, "drop_mid_stream", job("claude", repo), tools=tools, edit=EDIT)
    assert result.metadata["usage"] == usage(3600, 102, 0.02055, "told")


@pytest.mark.parametrize("tool", ["codex", "claude", "gemini"])
def test_a_stream_of_rubbish_is_an_unfinished_turn(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str
) -> None:
    spec = job_from_mapping(job(tool, repo))
    context = attempts.context(tool_paths=tools)
    rubbish = (
        b'{"type": "result"\n[]\n{"type": 3}\n\xff\n'
        + b'{"a":' * 5000
        + b"\n"
        + b'{"type": "turn.failed", "error": 3'
    )
    (context.folder / "stdout").write_bytes(rubbish)
    result = ADAPTERS[tool].result(spec, context, attempts.ended(context, 0))
    assert (result.success, result.metadata["failure_class"]) == (False, "interrupted")


def test_events_are_read_from_the_end_of_a_long_stream(tmp_path: Path) -> None:
    lines = [json.dumps({"type": "text", "text": "x" * 1000, "n": n}) for n in range(8000)]
    (tmp_path / "stdout").write_text("\n".join([*lines, '{"type": "result", "n": 9000}']))
    found = agent.events(tmp_path)
    assert found[-1].count("n") == 9000
    assert len(found) < 8000
    assert agent.events(tmp_path / "missing") == []


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("TerminalQuotaError", "quota"), ("RetryableQuotaError", "rate"), ("FatalAuthenticationError", "auth")],
)
def test_the_type_of_an_error_of_gemini_names_its_class(
    attempts: Attempts, repo: Path, tools: dict[str, str], kind: str, failure: str
) -> None:
    event = {"type": "result", "status": "error", "error": {"type": kind, "message": "It did not work."}}
    found = ended_with(attempts, job("gemini", repo), tools, stdout=json.dumps(event), code=1)
    assert found.metadata["failure_class"] == failure
    assert found.metadata["confidence"] == "certain"


def test_what_gemini_printed_without_a_mark_is_no_quota_where_nobody_is_logged_in(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    found = ended_with(
        attempts, job("gemini", repo), tools, stderr="usage limit reached, try again in 3 days", code=41
    )
    assert found.metadata["failure_class"] == "auth"
    assert "quota_until" not in found.metadata


def ended_with(
    attempts: Attempts,
    data: dict[str, Any],
    tools: dict[str, str],
    *,
    stdout: str = "",
    stderr: str = "",
    code: int,
) -> JobResult:
    """The result of an attempt that printed this and ended with this code."""
    spec = job_from_mapping(data)
    context = attempts.context(tool_paths=tools)
    ADAPTERS[spec.tool].prepare(spec, context)
    keep(
        context.folder,
        *(
            (name, f"{text}\n".encode(), time.time())
            for name, text in (("stdout", stdout), ("stderr", stderr))
            if text
        ),
    )
    return ADAPTERS[spec.tool].result(spec, context, attempts.ended(context, code))
