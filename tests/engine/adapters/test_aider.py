"""The adapter of aider: its command line, and its outcome against what aider was recorded to print."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.adapters.aider import finding_of
from engine.adapters.aider_usage import used_by
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import AttemptContext, JobResult, Permission, ToolRun
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures") / "aider"
EDIT = 'def hello():\n    return "hello, world"\n'


@pytest.fixture
def aider(tmp_path: Path) -> Path:
    """A program of that name; what it would do is played by the test."""
    file = tmp_path / "bin" / "aider"
    file.parent.mkdir()
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def job(repo: Path, **more: Any) -> dict[str, Any]:
    return {
        "tool": "aider",
        "prompt": "Greet the world.",
        "files": ["hello.py"],
        "paths": {"repo_root": str(repo)},
    } | more


def replay(
    attempts: Attempts, case: str, spec_data: dict[str, Any], aider: Path, edit: Callable[[], object] = bool
) -> JobResult:
    """The attempt of a recording: prepared, edited as the recorded aider did, judged."""
    spec = job_from_mapping(spec_data)
    context = attempts.context(tool_paths={"aider": str(aider)})
    ADAPTERS["aider"].prepare(spec, context)
    edit()
    for suffix, name in ((".stdout", "stdout"), (".analytics.jsonl", "events.jsonl")):
        if (CAPTURES / f"{case}{suffix}").exists():
            shutil.copy(CAPTURES / f"{case}{suffix}", context.folder / name)
    code = int((CAPTURES / f"{case}.exit").read_text())
    return ADAPTERS["aider"].result(spec, context, attempts.ended(context, code))


def test_an_edit_that_git_sees_is_success(attempts: Attempts, repo: Path, aider: Path) -> None:
    edit = lambda: (repo / "hello.py").write_text(EDIT)  # noqa: E731 - played by the test
    result = replay(attempts, "edit_ok_events", job(repo), aider, edit)
    assert result.success
    assert result.metadata["summary"] == "1 file changed (+1 -1)."
    assert result.metadata["usage"] == {
        "input_tokens": 1990,
        "cached_tokens": 0,
        "output_tokens": 30,
        "cost_usd": 0.00642,
        "cost_source": "told",
    }
    assert result.metadata["changed_files"] == [{"path": "hello.py", "added": 1, "removed": 1}]


def test_an_edit_that_git_does_not_see_is_no_change(attempts: Attempts, repo: Path, aider: Path) -> None:
    result = replay(attempts, "recommended_edit_ok", job(repo), aider)
    assert (result.success, result.metadata["failure_class"]) == (False, "no_change")


def test_an_answer_without_an_edit_is_success_only_where_the_job_allows_it(
    attempts: Attempts, repo: Path, aider: Path
) -> None:
    result = replay(attempts, "nothing", job(repo), aider)
    assert result.metadata["failure_class"] == "no_change"
    assert result.metadata["summary"] == "Answered, but changed no file."
    allowed = job(repo, metadata={"evidence": {"change": "optional"}})
    assert replay(attempts, "nothing", allowed, aider).success


def test_a_change_where_none_was_wanted_is_a_failure(attempts: Attempts, repo: Path, aider: Path) -> None:
    spec = job(repo, metadata={"evidence": {"change": "forbidden"}})
    edit = lambda: (repo / "hello.py").write_text(EDIT)  # noqa: E731 - played by the test
    assert replay(attempts, "edit_ok_events", spec, aider, edit).metadata["failure_class"] == "bad_edit"


def test_an_edit_outside_the_scope_is_a_failure(attempts: Attempts, repo: Path, aider: Path) -> None:
    def edit() -> None:
        (repo / "hello.py").write_text(EDIT)
        (repo / "README.md").write_text("# DEMO\n")

    result = replay(
        attempts, "scope_file_outside", job(repo, metadata={"files_scope": ["hello.py"]}), aider, edit
    )
    assert (result.success, result.metadata["outside_scope"]) == (False, ["README.md"])


@pytest.mark.parametrize(
    ("case", "failure", "told"),
    [
        ("e401_events", "auth", "scripted"),
        ("e404_model", "failed", "provider refused"),
        ("e429", "rate", "Rate limit"),
        ("e500", "network", "provider refused"),
        ("refused", "network", "provider refused"),
        ("search_mismatch_events", "bad_edit", "no valid edit"),
        ("drop_mid_stream", "bad_edit", "no valid edit"),
        ("index_lock", "failed", "could not commit"),
        ("stall_sigint", "interrupted", "interrupted"),
        ("bad_flag", "failed", "exit code 2"),
        ("child_sigterm", "crash", "SIGTERM"),
    ],
)
def test_what_aider_prints_is_believed_not_its_exit_code(
    attempts: Attempts, repo: Path, aider: Path, case: str, *, failure: str, told: str
) -> None:
    result = replay(attempts, case, job(repo), aider)
    assert (result.success, result.metadata["failure_class"]) == (False, failure)
    assert told in result.metadata["summary"]


@pytest.mark.parametrize("case", ["e429_timeout5", "e429_twice_then_ok"])
def test_a_complaint_that_a_later_try_made_good_does_not_count(
    attempts: Attempts, repo: Path, aider: Path, case: str
) -> None:
    edit = lambda: (repo / "hello.py").write_text(EDIT)  # noqa: E731 - played by the test
    assert replay(attempts, case, job(repo), aider, edit).success


def test_a_quota_is_told_from_a_rate_limit(attempts: Attempts) -> None:
    context = attempts.context()
    line = "litellm.RateLimitError: RateLimitError: OpenAIException - You exceeded your current quota.\n"
    finding = finding_of(attempts.ended(context), line)
    assert finding is not None
    assert (finding.failure, finding.summary) == (
        "quota",
        "The model's provider refused: You exceeded your current quota.",
    )


@pytest.mark.parametrize(
    ("lines", "failure"),
    [
        ("{limit}{refused}", "network"),
        ("{refused}{limit}", "network"),
        ("{refused}{limit}{refused}", "network"),
        ("{limit}{gave_up}", "context"),
    ],
)
def test_of_two_complaints_the_first_counts_unless_the_provider_refused_later(
    attempts: Attempts, lines: str, failure: str
) -> None:
    printed = lines.format(
        limit="Model x has hit a token limit!\n",
        refused="litellm.InternalServerError: overloaded\n",
        gave_up="Only 3 reflections allowed, stopping.\n",
    )
    finding = finding_of(attempts.ended(attempts.context()), printed)
    assert finding is not None
    assert finding.failure == failure


def test_a_request_that_was_never_answered_is_a_failure(attempts: Attempts) -> None:
    context = attempts.context()
    log = context.folder / "events.jsonl"
    log.write_text('{"event": "message_send_starting", "properties": {}}\n{"event": "exit", "prop')
    usage, unanswered = used_by(context)
    assert (usage["input_tokens"], usage["cost_source"], unanswered) == (None, "unknown", True)
    finding = finding_of(attempts.ended(attempts.context()), "", unanswered=unanswered)
    assert finding is not None
    assert finding.failure == "network"


# The command line


def prepared(
    attempts: Attempts, aider: Path, data: dict[str, Any], **more: Any
) -> tuple[list[str], AttemptContext]:
    invocation, context = attempts.prepare(data, tool_paths={"aider": str(aider)}, **more)
    return list(invocation.argv), context


def test_the_task_lies_in_a_file_and_nothing_is_left_in_the_repository(
    attempts: Attempts, repo: Path, aider: Path, call_git: Callable[..., str]
) -> None:
    argv, context = prepared(attempts, aider, job(repo, model="openai/m", extra_args=["--read", "README.md"]))
    assert argv[:3] == [str(aider), "--model", "openai/m"]
    assert {
        "--yes-always",
        "--no-auto-commits",
        "--no-dirty-commits",
        "--no-analytics",
        "--no-gitignore",
    } <= set(argv)
    assert argv[-3:] == ["--read", "README.md", str(repo / "hello.py")]
    assert (context.folder / "task.md").read_text() == "Greet the world.\n"
    for option in ("--message-file", "--analytics-log", "--chat-history-file", "--input-history-file"):
        assert Path(argv[argv.index(option) + 1]).parent == context.folder
    assert "Greet" not in " ".join(argv)
    assert "--no-git" not in argv
    assert call_git("status", "--porcelain") == ""


@pytest.mark.parametrize("task", ["!touch started", "/run touch started", "/load commands"])
def test_a03_a_task_is_never_a_command_of_aider(
    attempts: Attempts, repo: Path, aider: Path, task: str
) -> None:
    (repo / "task.txt").write_text(task, encoding="utf-8")
    for fields in ({"prompt": task}, {"prompt": None, "metadata": {"message_file": "task.txt"}}):
        _, context = prepared(attempts, aider, {**job(repo), **fields})
        assert (context.folder / "task.md").read_text(encoding="utf-8") == f"\n{task}\n"


def test_a_folder_without_git_is_not_made_a_repository(
    attempts: Attempts, tmp_path: Path, aider: Path
) -> None:
    (tmp_path / "plain").mkdir()
    argv, _ = prepared(attempts, aider, job(tmp_path / "plain"))
    assert "--no-git" in argv


def test_only_files_that_exist_are_named_since_aider_would_make_the_others(
    attempts: Attempts, repo: Path, aider: Path
) -> None:
    argv, _ = prepared(attempts, aider, job(repo, files=["hello.py", "gone.py"]))
    assert argv[-1] == str(repo / "hello.py")
    scoped = job(repo, files=[], metadata={"files_scope": ["README.md", "src/**"]})
    argv, _ = prepared(attempts, aider, scoped)
    assert argv[-1] == str(repo / "README.md")


def test_an_aider_that_may_only_read_is_asked_and_edits_nothing(
    attempts: Attempts, repo: Path, aider: Path
) -> None:
    words, _ = prepared(attempts, aider, job(repo), run=ToolRun(permission=Permission.READ))
    assert words[words.index("--chat-mode") + 1] == "ask"
    words, _ = prepared(attempts, aider, job(repo), run=ToolRun(permission=Permission.EDIT))
    assert "--chat-mode" not in words


def test_a_retry_is_told_what_went_wrong_before(attempts: Attempts, repo: Path, aider: Path) -> None:
    _, context = prepared(attempts, aider, job(repo), previous_failure="2 tests failed")
    assert "2 tests failed" in (context.folder / "task.md").read_text()


def test_keys_are_passed_on_and_masked(attempts: Attempts, repo: Path, aider: Path) -> None:
    base = {
        "PATH": os.environ["PATH"],
        "OPENAI_API_KEY": "sk-canary",
        "OPENAI_API_BASE": "http://h/v1",
        "OTHER": "x",
    }
    invocation, _ = attempts.prepare(job(repo), tool_paths={"aider": str(aider)}, base_env=base)
    assert invocation.env["OPENAI_API_KEY"] == "sk-canary"
    assert invocation.secrets == ("sk-canary",)
    assert "OTHER" not in invocation.env
    assert invocation.env["COLUMNS"] == "4000"


def test_the_price_list_of_the_installation_is_used_and_no_server_asked(
    attempts: Attempts, repo: Path, aider: Path
) -> None:
    package = aider.parent.parent / "lib" / "python3.11" / "site-packages" / "litellm"
    package.mkdir(parents=True)
    name = "model_prices_and_context_window_backup.json"
    (package / name).write_text(json.dumps({"m": {"input_cost_per_token": 1e-6}}))
    for model, entry in [("openai/m", {"input_cost_per_token": 1e-6}), ("openai/x", {"mode": "chat"})]:
        argv, _ = prepared(attempts, aider, job(repo, model=model))
        file = Path(argv[argv.index("--model-metadata-file") + 1])
        assert json.loads(file.read_text()) == {model: entry}


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), ("", "empty"), (" \n", "empty"), (b"\xff", "UTF-8"), ("folder", "text file")],
)
def test_a_message_file_that_says_nothing_is_told_before_the_start(
    attempts: Attempts, repo: Path, aider: Path, content: str | bytes | None, told: str
) -> None:
    file = repo / "task.md"
    match content:
        case "folder":
            file.mkdir()
        case str():
            file.write_text(content)
        case bytes():
            file.write_bytes(content)
        case None:
            pass
    data = job(repo, metadata={"message_file": "task.md"})
    del data["prompt"]
    with pytest.raises(SpawnError, match=told):
        prepared(attempts, aider, data)


def test_a_message_file_is_handed_over_but_not_one_a_link_leads_to(
    attempts: Attempts, repo: Path, aider: Path
) -> None:
    (repo / "task.md").write_text("Mend it.")
    data = job(repo, metadata={"message_file": "task.md"})
    del data["prompt"]
    _, context = prepared(attempts, aider, data)
    assert (context.folder / "task.md").read_text() == "Mend it.\n"
    (repo / "task.md").unlink()
    (repo / "task.md").symlink_to("/etc/passwd")
    with pytest.raises(SpawnError, match="by a link"):
        prepared(attempts, aider, data)


def test_a_missing_aider_is_told(attempts: Attempts, repo: Path) -> None:
    with pytest.raises(SpawnError, match="aider was not found on PATH"):
        attempts.prepare(job(repo), base_env={"PATH": "/nonexistent"})
    probe = ADAPTERS["aider"].probe({"aider": "/nonexistent/aider"})
    assert probe.path is None
    assert probe.problem is not None


def test_the_version_is_read_from_the_installation(aider: Path) -> None:
    (aider.parent.parent / "lib" / "python3.11" / "site-packages" / "aider_chat-0.86.2.dist-info").mkdir(
        parents=True
    )
    assert ADAPTERS["aider"].probe({"aider": str(aider)}).version == "0.86.2"
