"""Tools that a file describes: opencode against what it was recorded to print, and tools that a test makes up."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.errors import JobFileError, SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.tool_registry import user_folder
from engine.types import JobResult, Permission, ToolRun
from state.new_session import NewSession
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures")
EDIT = 'def hello():\n    return "hello, world"\n'
SCRIPT = "import json, sys; print(json.dumps(sys.argv[1:]))"


def job(repo: Path, **more: Any) -> dict[str, Any]:
    return {"tool": "mine", "prompt": "Greet the world.", "paths": {"repo_root": str(repo)}, **more}


def describe(text: str, name: str = "mine") -> Path:
    folder = user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return file


def replay(
    attempts: Attempts, case: str, data: dict[str, Any], program: Path, *, edit: str | None = None
) -> JobResult:
    spec = job_from_mapping(data)
    context = attempts.context(tool_paths={"opencode": str(program)})
    ADAPTERS["opencode"].prepare(spec, context)
    if edit is not None:
        (spec.repo_root / "hello.py").write_text(edit)
    for stream in ("stdout", "stderr"):
        recorded = CAPTURES / "opencode" / f"{case}.{stream}"
        (context.folder / stream).write_bytes(recorded.read_bytes() if recorded.exists() else b"")
    code = int((CAPTURES / "opencode" / f"{case}.exit").read_text())
    return ADAPTERS["opencode"].result(spec, context, attempts.ended(context, code))


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program in opencode's place; what it would do is played by the test."""
    file = tmp_path / "opencode"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


# opencode, which ships as such a file


@pytest.mark.parametrize("case", ["edit_ok", "e429_twice_then_ok", "no_git_repo"])
def test_opencode_that_finished_with_an_edit_is_success_and_its_usage_is_known(
    attempts: Attempts, repo: Path, program: Path, case: str
) -> None:
    result = replay(attempts, case, job(repo, tool="opencode"), program, edit=EDIT)
    assert result.success
    assert result.metadata["summary"] == "1 file changed (+1 -1)."
    assert result.metadata["answer"] == "Changed the greeting."
    assert result.metadata["session_id"].startswith("ses_")
    assert result.metadata["usage"] == {
        "input_tokens": 3600,
        "cached_tokens": 0,
        "output_tokens": 102,
        "cost_usd": pytest.approx(0.01233),
        "cost_source": "told",
    }


@pytest.mark.parametrize(
    ("case", "failure", "words"),
    [
        ("e401", "auth", "opencode failed: Incorrect API key provided"),
        ("e429", "rate", "opencode failed: "),
        ("e500", "network", "opencode failed: "),
        ("refused", "network", "Cannot connect to API"),
        ("e400", "failed", "opencode failed: bad"),
        ("unknown_model", "failed", "Unexpected server error"),
        ("nothing", "no_change", "changed no file"),
        ("edit_mismatch", "bad_edit", "The edit was not made: Could not find oldString in the file."),
        ("stall_sigterm", "crash", "SIGTERM"),
        ("child_sigkill_group", "crash", "SIGKILL"),
        ("empty_prompt", "failed", "You must provide a message"),
    ],
)
def test_opencode_that_fails_is_read_as_what_it_says(
    attempts: Attempts, repo: Path, program: Path, *, case: str, failure: str, words: str
) -> None:
    result = replay(attempts, case, job(repo, tool="opencode"), program)
    assert (result.success, result.metadata["failure_class"]) == (False, failure)
    assert words in result.metadata["summary"]


def test_a_final_event_that_is_missing_is_an_interruption_whatever_the_exit_code(
    attempts: Attempts, repo: Path, program: Path
) -> None:
    spec = job_from_mapping(job(repo, tool="opencode"))
    context = attempts.context(tool_paths={"opencode": str(program)})
    ADAPTERS["opencode"].prepare(spec, context)
    (repo / "hello.py").write_text(EDIT)
    lines = (CAPTURES / "opencode" / "edit_ok.stdout").read_bytes().splitlines(keepends=True)
    (context.folder / "stdout").write_bytes(b"".join(lines[:-1]))
    (context.folder / "stderr").touch()
    result = ADAPTERS["opencode"].result(spec, context, attempts.ended(context, 0))
    assert result.metadata["failure_class"] == "interrupted"


@pytest.mark.parametrize(
    ("run", "words", "permission"),
    [
        (ToolRun(model="p/m"), ["-m", "p/m"], '{"bash":"deny"}'),
        (ToolRun(permission=Permission.READ), [], '{"edit":"deny","bash":"deny"}'),
        (ToolRun(permission=Permission.FULL), ["--auto"], None),
        (ToolRun(session_id="ses_1"), ["-s", "ses_1"], '{"bash":"deny"}'),
        (ToolRun(session_id="--auto"), [], '{"bash":"deny"}'),
    ],
)
def test_permission_model_and_session_become_switches_of_opencode(
    attempts: Attempts, repo: Path, program: Path, *, run: ToolRun, words: list[str], permission: str | None
) -> None:
    spec = job_from_mapping(job(repo, tool="opencode", job_id="j"))
    context = attempts.context(tool_paths={"opencode": str(program)}, run=run)
    invocation = ADAPTERS["opencode"].prepare(spec, context)
    assert list(invocation.argv) == [str(program), "run", "--format", "json", "--title", "j", *words]
    assert invocation.env.get("OPENCODE_PERMISSION") == permission
    assert invocation.stdin_file is not None
    resumed = "-s" in words
    assert invocation.stdin_file.read_text().startswith(
        "Go on with the task" if resumed else "Greet the world."
    )


# tools of the user's own


def test_the_prompt_goes_where_the_description_says(attempts: Attempts, repo: Path, tmp_path: Path) -> None:
    script = tmp_path / "agent.py"
    script.write_text(SCRIPT)
    start = f"exe: {sys.executable}\nargs: [{script}, run]\nsuccess: {{exit_codes: [0]}}\n"
    describe(start)
    invocation, context = attempts.prepare(job(repo))
    assert invocation.argv[1:] == (str(script), "run")
    assert invocation.stdin_file == context.folder / "task.md"
    describe(f"{start}prompt: file\nlast_args: [-f, '{{prompt_file}}']\n")
    invocation, context = attempts.prepare(job(repo, extra_args=["--quick"]))
    assert invocation.argv[2:] == ("run", "--quick", "-f", str(context.folder / "task.md"))
    assert invocation.stdin_file is None
    describe(f"{start}prompt: argument\nlast_args: ['{{prompt}}']\n")
    result = attempts.run(
        job(repo, prompt="--yolo; rm -rf ~ $(id)", metadata={"evidence": {"change": "optional"}})
    )
    assert json.loads(result.stdout) == ["run", "\n--yolo; rm -rf ~ $(id)\n"]
    assert result.success


def test_a_task_longer_than_an_argument_may_be_is_refused_before_the_start(
    attempts: Attempts, repo: Path
) -> None:
    describe("exe: cat\nprompt: argument\nargs: ['{prompt}']\n")
    with pytest.raises(SpawnError, match="The task is too long for an argument"):
        attempts.prepare(job(repo, prompt="x" * 200_000))


def test_a_described_tool_sees_the_variables_its_file_names_and_no_others(
    attempts: Attempts, repo: Path
) -> None:
    describe("exe: env\nenv_names: [MINE_URL, MINE_API_KEY]\nenv: {MINE_QUIET: '1'}\n")
    base = {"PATH": os.environ["PATH"], "MINE_URL": "http://x", "MINE_API_KEY": "sk-canary", "OTHER": "1"}
    invocation, _ = attempts.prepare(job(repo), base_env=base)
    assert {
        "MINE_URL": "http://x",
        "MINE_API_KEY": "sk-canary",
        "MINE_QUIET": "1",
    }.items() <= invocation.env.items()
    assert "OTHER" not in invocation.env
    assert "sk-canary" in invocation.secrets


def test_a_model_or_permission_without_a_switch_is_refused_with_what_to_do(
    attempts: Attempts, repo: Path
) -> None:
    describe("exe: cat\n")
    with pytest.raises(SpawnError, match="mine has no switch for a model"):
        attempts.prepare(job(repo), run=ToolRun(model="m"))
    with pytest.raises(JobFileError, match="model: is ignored, because mine has no switch for a model"):
        job_from_mapping(job(repo, model="m"))
    with pytest.raises(
        SpawnError, match=r"mine cannot be kept to permission full: its description has edit\."
    ):
        attempts.prepare(job(repo), run=ToolRun(permission=Permission.FULL))


def test_the_exit_code_decides_for_a_tool_that_prints_text(attempts: Attempts, repo: Path) -> None:
    describe("exe: sed\nargs: [-i, s/hello/bye/, hello.py]\n")
    result = attempts.run(job(repo))
    assert (result.success, result.metadata["summary"]) == (True, "1 file changed (+2 -2).")
    describe("exe: ls\nargs: [--no-such-switch]\n")
    result = attempts.run(job(repo))
    assert not result.success
    assert "mine ended with exit code 2: " in result.metadata["summary"]


def test_an_attempt_is_read_as_it_was_started_even_if_the_file_of_its_tool_is_gone(
    attempts: Attempts, repo: Path
) -> None:
    file = describe("exe: cat\noutput: jsonl\nevents: {finished: [{when: {kind: end}}]}\n")
    spec = job_from_mapping(job(repo))
    context = attempts.context()
    ADAPTERS["mine"].prepare(spec, context)
    (repo / "hello.py").write_text(EDIT)
    (context.folder / "stdout").write_text('{"kind": "end"}\n')
    (context.folder / "stderr").touch()
    file.unlink()
    assert ADAPTERS["mine"].result(spec, context, attempts.ended(context, 0)).success
    with pytest.raises(SpawnError, match=r"There is no tool mine: .*mine\.yaml does not exist"):
        ADAPTERS["mine"].prepare(spec, attempts.context())
    assert "mine" not in ADAPTERS


NESTED = """exe: cat
output: jsonl
events:
  message: [{when: {type: assistant}, each: message.content, where: {type: text}, text: text}]
  edit: [{when: {type: assistant}, each: message.content, where: {name: [Edit, Write]}, path: input.file_path}]
  denied: [{when: {type: result}, each: permission_denials, what: tool_name}]
  usage: [{when: {type: result}, input: [usage.in, usage.read], cached: [usage.read], output: [usage.out], total: last}]
  session: [{when: {type: system}, id: session_id}]
  error: [{when: {type: result, is_error: 'true'}, message: result, status: api_error_status}]
  finished: [{when: {type: result, is_error: 'false'}}]
"""


def events(*found: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in found)


def judged(attempts: Attempts, repo: Path, printed: str, *, code: int = 0, edit: bool = True) -> JobResult:
    spec = job_from_mapping(job(repo))
    context = attempts.context()
    ADAPTERS["mine"].prepare(spec, context)
    if edit:
        (repo / "hello.py").write_text(EDIT)
    (context.folder / "stdout").write_text(printed)
    (context.folder / "stderr").touch()
    return ADAPTERS["mine"].result(spec, context, attempts.ended(context, code))


def test_objects_in_lists_and_nested_fields_are_found(attempts: Attempts, repo: Path) -> None:
    describe(NESTED)
    content = [
        {"type": "text", "text": "Did it."},
        {"type": "tool_use", "name": "Edit", "input": {"file_path": "a"}},
    ]
    printed = events(
        {"type": "system", "session_id": "s-1"},
        {"type": "assistant", "message": {"content": content}},
        {"type": "result", "is_error": False, "usage": {"in": 10, "read": 90, "out": 5}},
    )
    result = judged(attempts, repo, printed)
    assert result.success
    assert (result.metadata["answer"], result.metadata["session_id"]) == ("Did it.", "s-1")
    assert result.metadata["usage"]["input_tokens"] == 100
    assert result.metadata["usage"]["cached_tokens"] == 90


def test_what_was_denied_is_listed_and_says_why_nothing_changed(attempts: Attempts, repo: Path) -> None:
    describe(NESTED)
    denials = [{"tool_name": "Bash"}, {"tool_name": "Edit"}]
    printed = events({"type": "result", "is_error": False, "permission_denials": denials})
    result = judged(attempts, repo, printed, edit=False)
    assert result.metadata["denied"] == ["Bash", "Edit"]
    assert result.metadata["failure_class"] == "bad_edit"
    assert result.metadata["summary"] == "Was not allowed to use Bash, Edit."


@pytest.mark.parametrize(
    ("status", "message", "failure"),
    [(401, "no", "auth"), (429, "slow down", "rate"), (503, "busy", "network"), (None, "odd", "failed")],
)
def test_an_error_with_a_status_has_the_class_of_that_status(
    attempts: Attempts, repo: Path, *, status: int | None, message: str, failure: str
) -> None:
    describe(NESTED)
    printed = events({"type": "result", "is_error": True, "result": message, "api_error_status": status})
    assert judged(attempts, repo, printed, code=1).metadata["failure_class"] == failure


def test_whatever_a_described_tool_prints_the_result_is_a_failure_and_no_defect(
    attempts: Attempts, repo: Path
) -> None:
    describe(NESTED)
    for printed in (
        '{"type": ["result"]}\n',
        '{"type": "assistant", "message": 5}\n',
        "{" * 5000,
        "\0\n",
        "[]\n",
    ):
        assert judged(attempts, repo, printed, edit=False).metadata["failure_class"] == "interrupted"


def test_a_session_goes_on_where_the_tool_can_and_a_new_one_says_why(attempts: Attempts, repo: Path) -> None:
    run = ToolRun(session_id="s-1")
    describe(f"{NESTED}resume_args: [--resume, '{{session}}']\n")
    invocation, context = attempts.prepare(job(repo), run=run)
    assert (invocation.argv[1:], invocation.new_session) == (("--resume", "s-1"), None)
    (context.folder / "stderr").write_text("Error: session s-1 not found\n")
    (context.folder / "stdout").touch()
    result = ADAPTERS["mine"].result(job_from_mapping(job(repo)), context, attempts.ended(context, 1))
    assert result.metadata["failure_class"] == "session"
    describe("exe: cat\n")
    invocation, _ = attempts.prepare(job(repo), run=run)
    assert (invocation.argv[1:], invocation.new_session) == ((), NewSession.CANNOT)
