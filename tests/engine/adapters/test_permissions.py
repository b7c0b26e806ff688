"""What a tool may do becomes its own switches, and what it was denied is never silent."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.denials import denials_in_words, denied_in
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.tool_defaults import ToolDefaults, tool_run
from engine.types import Permission, ToolRun
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).parent / "captures"
SWITCHES = {
    ("claude", "read"): ["--permission-mode", "default"],
    ("claude", "edit"): ["--permission-mode", "acceptEdits"],
    ("claude", "full"): ["--permission-mode", "bypassPermissions"],
    ("codex", "read"): ["-s", "read-only"],
    ("codex", "edit"): ["-s", "workspace-write"],
    ("codex", "full"): ["-s", "danger-full-access"],
    ("gemini", "read"): ["--approval-mode", "plan"],
    ("gemini", "edit"): ["--approval-mode", "auto_edit"],
    ("gemini", "full"): ["--approval-mode", "yolo"],
    ("aider", "read"): ["--chat-mode", "ask"],
    ("aider", "edit"): ["--edit-format", "diff"],
    ("aider", "full"): ["--edit-format", "diff"],
}


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    found = {}
    for tool in ("aider", "claude", "codex", "gemini"):
        program = tmp_path / "bin" / tool
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        found[tool] = str(program)
    return found


def job(tool: str, repo: Path, **fields: Any) -> dict[str, Any]:
    return {"tool": tool, "job_id": "j", "prompt": "Mend it.", "paths": {"repo_root": str(repo)}, **fields}


@pytest.mark.parametrize(("tool", "permission"), SWITCHES)
def test_a_permission_becomes_the_switches_of_the_tool(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str, permission: str
) -> None:
    base = {"PATH": "/usr/bin:/bin", "IS_SANDBOX": "1"}
    invocation, _ = attempts.prepare(job(tool, repo, permission=permission), tool_paths=tools, base_env=base)
    switches = SWITCHES[tool, permission]
    assert any(
        list(invocation.argv[at : at + len(switches)]) == switches for at in range(len(invocation.argv))
    )


def test_a_default_model_and_permission_are_those_of_a_job_that_names_none(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    defaults = {"claude": ToolDefaults(model="opus", permission=Permission.READ)}
    run = tool_run(job_from_mapping(job("claude", repo)), defaults)
    invocation, _ = attempts.prepare(job("claude", repo), tool_paths=tools, run=run)
    assert invocation.argv[invocation.argv.index("--model") + 1] == "opus"
    assert "--disallowedTools=Edit,MultiEdit,Write,NotebookEdit" in invocation.argv


def test_claude_as_root_says_why_it_cannot_have_full_permission(
    attempts: Attempts, repo: Path, tools: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IS_SANDBOX", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(SpawnError, match="claude refuses full permission to root"):
        attempts.prepare(job("claude", repo, permission="full"), tool_paths=tools)


def test_further_variables_are_passed_on_by_name(
    attempts: Attempts, repo: Path, tools: dict[str, str]
) -> None:
    base = {
        "PATH": "/usr/bin:/bin",
        "WORK_PROXY": "w",
        "AWS_BEARER_TOKEN_BEDROCK": "secret-of-bedrock",
        "OTHER": "o",
    }
    run = ToolRun(env_names=("WORK_PROXY",))
    invocation, _ = attempts.prepare(job("claude", repo), tool_paths=tools, base_env=base, run=run)
    assert invocation.env["WORK_PROXY"] == "w"
    assert "OTHER" not in invocation.env
    assert "secret-of-bedrock" in invocation.secrets


@pytest.mark.parametrize(
    ("tool", "names"),
    [
        ("claude", ["CLAUDE_CODE_USE_BEDROCK", "AWS_PROFILE", "AWS_REGION", "ANTHROPIC_VERTEX_PROJECT_ID"]),
        (
            "claude",
            ["CLOUD_ML_REGION", "GOOGLE_APPLICATION_CREDENTIALS", "NODE_EXTRA_CA_CERTS", "SSH_AUTH_SOCK"],
        ),
        ("codex", ["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "NODE_EXTRA_CA_CERTS", "SSH_AUTH_SOCK"]),
        ("gemini", ["GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_CLOUD_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS"]),
        ("aider", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AZURE_API_BASE", "REQUESTS_CA_BUNDLE"]),
    ],
)
def test_the_variables_of_clouds_certificates_and_ssh_reach_the_tools_that_need_them(
    attempts: Attempts, repo: Path, tools: dict[str, str], tool: str, names: list[str]
) -> None:
    base = {"PATH": "/usr/bin:/bin", **{name: f"value of {name}" for name in names}}
    invocation, _ = attempts.prepare(job(tool, repo), tool_paths=tools, base_env=base)
    assert {name: invocation.env.get(name) for name in names} == {name: f"value of {name}" for name in names}


@pytest.mark.parametrize(
    ("tool", "case", "denied"),
    [
        ("claude", "edit_default_mode_denied", ["edit hello.py"]),
        ("claude", "dontask_mode", ["touch x", "edit hello.py"]),
        (
            "codex",
            "read_only_sandbox",
            ["patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings"],
        ),
        ("codex", "edit_ok", []),
        ("gemini", "edit_ok", []),
    ],
)
def test_what_was_denied_is_found_in_recorded_runs(
    tmp_path: Path, tool: str, case: str, denied: list[str]
) -> None:
    for stream in ("stdout", "stderr"):
        if (recorded := CAPTURES / tool / f"{case}.{stream}").exists():
            shutil.copy(recorded, tmp_path / stream)
    assert denied_in(tool, tmp_path) == denied


def test_what_was_denied_is_bounded(tmp_path: Path) -> None:
    line = (
        '{"type":"item.completed","item":{"type":"command_execution","status":"declined","command":"%s"}}\n'
    )
    (tmp_path / "stdout").write_text(line % ("rm " * 300) * 80, encoding="utf-8")
    found = denied_in("codex", tmp_path)
    assert len(found) == 50
    assert max(map(len, found)) <= 200


def test_a_command_that_the_sandbox_of_codex_blocked_was_denied(tmp_path: Path) -> None:
    (tmp_path / "stdout").write_text(
        '{"type":"item.completed","item":{"type":"command_execution","status":"failed","exit_code":1,'
        '"command":"touch /etc/x","aggregated_output":"touch: cannot touch: Read-only file system"}}\n',
        encoding="utf-8",
    )
    assert denied_in("codex", tmp_path) == ["touch /etc/x"]


def test_denials_are_counted_in_words() -> None:
    assert denials_in_words(["pytest -q", "rm x"]) == "2 commands denied"
    assert denials_in_words(["edit a.py"]) == "1 edit denied"
    assert denials_in_words(["edit a.py", "rm x"]) == "1 edit and 1 command denied"
