"""Sessions of coding tools: their ids, their private copies, and how they are resumed or begun anew."""

import json
import shutil
import stat
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import AttemptContext, EndReason, Invocation, JobResult, ToolRun
from state.new_session import NewSession
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures")
ID = "01a227e2-1e6f-7041-8579-8b4db568094e"
RECORD = b'{"type": "first", "sessionId": "01a227e2"}\n{"type": "second"}\n'


class Tool(NamedTuple):
    """A tool, its first event, and where below the home it keeps the session."""

    name: str
    first: str
    file: str
    switch: tuple[str, ...]


CODEX = Tool(
    "codex",
    f'{{"type":"thread.started","thread_id":"{ID}"}}',
    f".codex/sessions/2026/11/29/rollout-2026-11-29T15-17-40-{ID}.jsonl",
    ("resume", ID, "-"),
)
CLAUDE = Tool(
    "claude",
    f'{{"type":"system","subtype":"init","session_id":"{ID}"}}',
    f".claude/projects/-repo/{ID}.jsonl",
    ("--resume", ID),
)
GEMINI = Tool(
    "gemini",
    f'{{"type":"init","session_id":"{ID}","model":"fake"}}',
    ".gemini/tmp/repo/chats/session-2026-11-29T15-17-01a227e2.jsonl",
    ("--resume", ID),
)
TOOLS = [pytest.param(tool, id=tool.name) for tool in (CODEX, CLAUDE, GEMINI)]


class Desk:
    """Attempts of one job in one home of a user."""

    def __init__(self, attempts: Attempts, repo: Path, tmp_path: Path) -> None:
        self.attempts, self.repo, self.home = attempts, repo, tmp_path / "home"
        programs = tmp_path / "bin"
        programs.mkdir()
        self.home.mkdir()
        for name in ("codex", "claude", "gemini", "aider"):
            (programs / name).write_text("#!/bin/sh\n")
            (programs / name).chmod(0o755)
        self.tool_paths = {file.name: str(file) for file in programs.iterdir()}

    def job(self, tool: str, **more: Any) -> dict[str, Any]:
        return {"tool": tool, "prompt": "Greet the world.", "paths": {"repo_root": str(self.repo)}, **more}

    def prepare(self, tool: str, **more: Any) -> tuple[Invocation, AttemptContext]:
        env = {"HOME": str(self.home)}
        return self.attempts.prepare(self.job(tool), tool_paths=self.tool_paths, base_env=env, **more)

    def resume(
        self, tool: str, before: Path | None, session: str = ID, **more: Any
    ) -> tuple[Invocation, Path]:
        run = ToolRun(session_id=session, follow_up=more.pop("follow_up", None))
        invocation, context = self.prepare(tool, run=run, session_folder=before, **more)
        return invocation, context.folder

    def end(self, tool: str, context: AttemptContext, code: int | None = 0, **more: Any) -> JobResult:
        end = self.attempts.ended(context, code, **more)
        return ADAPTERS[tool].result(job_from_mapping(self.job(tool)), context, end)

    def first(self, tool: Tool, **more: Any) -> tuple[JobResult, Path]:
        """An attempt that began a session and ended; with its folder."""
        _, context = self.prepare(tool.name)
        (context.folder / "stdout").write_text(f"{tool.first}\n")
        file = self.home / tool.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(RECORD)
        return self.end(tool.name, context, **more), context.folder


@pytest.fixture
def desk(attempts: Attempts, repo: Path, tmp_path: Path) -> Desk:
    return Desk(attempts, repo, tmp_path)


def prompt_of(folder: Path) -> str:
    return (folder / "task.md").read_text()


@pytest.mark.parametrize(
    ("tool", "case", "session"),
    [
        ("codex", "recommended_edit_ok", "thread_id"),
        ("codex", "native_stall_sigterm", "thread_id"),
        ("claude", "recommended_edit_ok", "session_id"),
        ("claude", "stall_sigterm", "session_id"),
        ("claude", "max_turns", "session_id"),
        ("gemini", "recommended_edit_ok", "session_id"),
        ("gemini", "recommended_e429", "session_id"),
    ],
)
@pytest.mark.parametrize(
    "reason", [EndReason.EXITED, EndReason.TIMEOUT, EndReason.INTERRUPTED, EndReason.CANCELLED]
)
def test_the_id_of_a_session_is_known_however_the_attempt_ended(
    desk: Desk, *, tool: str, case: str, session: str, reason: EndReason
) -> None:
    _, context = desk.prepare(tool)
    shutil.copy(CAPTURES / tool / f"{case}.stdout", context.folder / "stdout")
    printed = (context.folder / "stdout").read_text().splitlines()
    ids = {json.loads(line).get(session) for line in printed if line.startswith("{")} - {None}
    result = desk.end(tool, context, 1, reason=reason)
    assert {result.metadata["session_id"]} == ids


@pytest.mark.parametrize("tool", ["codex", "claude", "gemini", "aider"])
def test_no_tool_is_kept_from_saving_its_session(desk: Desk, tool: str) -> None:
    invocation, _ = desk.prepare(tool)
    assert not {"--ephemeral", "--no-session-persistence", "--no-restore-chat-history"} & set(invocation.argv)


@pytest.mark.parametrize("session", ["--full-auto", "../../x", "a/b", "", "a b"])
def test_an_id_that_could_be_a_switch_or_a_path_is_none(desk: Desk, session: str) -> None:
    _, context = desk.prepare("codex")
    event = {"type": "thread.started", "thread_id": session}
    (context.folder / "stdout").write_text(json.dumps(event) + "\n")
    assert "session_id" not in desk.end("codex", context).metadata


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("session", ["--help", "../../x", "a/b", "a\nb"])
def test_a_recorded_id_that_could_be_a_switch_or_a_path_is_not_resumed(
    desk: Desk, tool: Tool, session: str
) -> None:
    _, before = desk.first(tool)
    invocation, folder = desk.resume(tool.name, before, session=session)
    assert invocation.new_session is NewSession.GONE
    assert session not in invocation.argv
    assert "Greet the world." in prompt_of(folder)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_session_is_copied_beside_the_attempt_for_its_owner_alone(desk: Desk, tool: Tool) -> None:
    result, folder = desk.first(tool)
    copy = folder / "session.jsonl"
    assert result.metadata["session_id"] == ID
    assert copy.read_bytes() == RECORD
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize("tool", TOOLS)
def test_a_session_is_resumed_by_the_switch_of_the_tool_and_hears_only_what_is_new(
    desk: Desk, tool: Tool
) -> None:
    _, before = desk.first(tool)
    invocation, folder = desk.resume(tool.name, before, follow_up="Use a comma.")
    assert " ".join(tool.switch) in " ".join(invocation.argv)
    assert prompt_of(folder) == "Use a comma.\n"
    assert invocation.new_session is None
    invocation, folder = desk.resume(tool.name, before, previous_failure="2 of 5 tests failed.")
    assert "2 of 5 tests failed." in prompt_of(folder)
    assert "Greet the world." not in prompt_of(folder)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("content", [None, b"", b"\x00\x01garbage\n", RECORD[:20]])
def test_a_lost_or_damaged_session_is_put_back_before_it_is_resumed(
    desk: Desk, tool: Tool, content: bytes | None
) -> None:
    _, before = desk.first(tool)
    file = desk.home / tool.file
    if content is None:
        shutil.rmtree(file.parent)
    else:
        file.write_bytes(content)
    invocation, _ = desk.resume(tool.name, before)
    assert tool.switch[1] in invocation.argv
    assert file.read_bytes() == RECORD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("tool", TOOLS)
def test_what_the_tool_has_added_to_its_session_since_is_left_alone(desk: Desk, tool: Tool) -> None:
    _, before = desk.first(tool)
    longer = RECORD + b'{"type": "third"}\n'
    (desk.home / tool.file).write_bytes(longer)
    desk.resume(tool.name, before)
    assert (desk.home / tool.file).read_bytes() == longer


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("copy", [None, b"\x00garbage"])
def test_a_session_that_is_gone_begins_anew_with_the_whole_task_and_says_so(
    desk: Desk, tool: Tool, copy: bytes | None
) -> None:
    _, before = desk.first(tool)
    (desk.home / tool.file).unlink()
    (before / "session.jsonl").unlink()
    if copy is not None:
        (before / "session.jsonl").write_bytes(copy)
    invocation, folder = desk.resume(
        tool.name, before, follow_up="Use a comma.", previous_failure="2 of 5 tests failed."
    )
    assert invocation.new_session is NewSession.GONE
    assert ID not in invocation.argv
    for words in ("Greet the world.", "Use a comma.", "2 of 5 tests failed."):
        assert words in prompt_of(folder)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_session_whose_attempt_was_pruned_is_resumed_while_the_tool_keeps_it(
    desk: Desk, tool: Tool
) -> None:
    _, before = desk.first(tool)
    shutil.rmtree(before)
    assert ID in desk.resume(tool.name, before)[0].argv
    assert ID in desk.resume(tool.name, None)[0].argv


@pytest.mark.parametrize("tool", TOOLS)
def test_a_session_of_another_folder_is_not_resumed(desk: Desk, tool: Tool) -> None:
    _, before = desk.first(tool)
    note = json.loads((before / "session.json").read_text())
    (before / "session.json").write_text(json.dumps({**note, "folder": "/elsewhere"}))
    invocation, _ = desk.resume(tool.name, before)
    assert invocation.new_session is NewSession.OTHER_FOLDER
    assert ID not in invocation.argv


@pytest.mark.parametrize("tool", TOOLS)
def test_an_attempt_killed_before_its_first_word_hands_the_session_on(desk: Desk, tool: Tool) -> None:
    _, before = desk.first(tool)
    run = ToolRun(session_id=ID)
    _, context = desk.prepare(tool.name, run=run, session_folder=before)
    desk.end(tool.name, context, None, reason=EndReason.INTERRUPTED)
    shutil.rmtree(before)
    (desk.home / tool.file).unlink()
    invocation, _ = desk.resume(tool.name, context.folder)
    assert ID in invocation.argv
    assert (desk.home / tool.file).read_bytes() == RECORD


REFUSALS = [
    ("claude", f"No conversation found with session ID: {ID}"),
    (
        "codex",
        f"Error: thread/resume: thread/resume failed: no rollout found for thread id {ID} (code -32600)",
    ),
    ("codex", f"Error: No saved session found with ID {ID}"),
    ("gemini", f'Error resuming session: Invalid session identifier "{ID}".'),
    ("gemini", "Error resuming session: No previous sessions found for this project."),
]


@pytest.mark.parametrize(("tool", "complaint"), REFUSALS)
def test_a_tool_that_does_not_take_its_session_is_known_by_its_words(
    desk: Desk, tool: str, complaint: str
) -> None:
    _, before = desk.first({"claude": CLAUDE, "codex": CODEX, "gemini": GEMINI}[tool])
    _, context = desk.prepare(tool, run=ToolRun(session_id=ID), session_folder=before)
    (context.folder / "stderr").write_text(f"{complaint}\n")
    result = desk.end(tool, context, 1)
    assert result.metadata["failure_class"] == "session"
    assert f"{tool} did not take its session" in result.metadata["summary"]
    _, fresh = desk.prepare(tool)
    (fresh.folder / "stderr").write_text(f"{complaint}\n")
    assert desk.end(tool, fresh, 1).metadata["failure_class"] != "session"


def test_a_refusal_after_the_session_was_resumed_is_about_something_else(desk: Desk) -> None:
    _, before = desk.first(CODEX)
    _, context = desk.prepare("codex", run=ToolRun(session_id=ID), session_folder=before)
    (context.folder / "stdout").write_text(f"{CODEX.first}\n")
    (context.folder / "stderr").write_text("Error: No saved session found with ID 7\n")
    assert desk.end("codex", context, 1).metadata["failure_class"] != "session"


def test_aider_goes_on_in_a_copy_of_its_chat_history(desk: Desk) -> None:
    invocation, context = desk.prepare("aider")
    assert "--restore-chat-history" not in invocation.argv
    (context.folder / "chat.md").write_text("#### Greet the world.\n\nDone.\n")
    session = desk.end("aider", context).metadata["session_id"]
    invocation, folder = desk.resume("aider", context.folder, session, follow_up="Use a comma.")
    assert "--restore-chat-history" in invocation.argv
    assert (folder / "chat.md").read_text() == "#### Greet the world.\n\nDone.\n"
    assert stat.S_IMODE((folder / "chat.md").stat().st_mode) == 0o600
    assert prompt_of(folder) == "Use a comma.\n"


def test_words_that_aider_would_take_for_a_command_stay_words(desk: Desk) -> None:
    _, context = desk.prepare("aider")
    (context.folder / "chat.md").write_text("#### Greet the world.\n\nDone.\n")
    session = desk.end("aider", context).metadata["session_id"]
    _, folder = desk.resume("aider", context.folder, session, follow_up="/run rm -rf .")
    assert prompt_of(folder).startswith("\n/run")


@pytest.mark.parametrize("content", [None, b"", b"\x00", b"\xff\xfe"])
def test_aider_begins_anew_where_its_chat_history_is_gone(desk: Desk, content: bytes | None) -> None:
    _, context = desk.prepare("aider")
    if content is not None:
        (context.folder / "chat.md").write_bytes(content)
    invocation, folder = desk.resume("aider", context.folder, "1-token")
    assert invocation.new_session is NewSession.GONE
    assert "--restore-chat-history" not in invocation.argv
    assert prompt_of(folder) == "Greet the world.\n"


def test_aider_that_wrote_nothing_has_no_session(desk: Desk) -> None:
    _, context = desk.prepare("aider")
    assert "session_id" not in desk.end("aider", context).metadata


def _codex_total(sent: int, cached: int, received: int) -> dict[str, int]:
    return {"input_tokens": sent, "cached_input_tokens": cached, "output_tokens": received}


def _codex_record(desk: Desk, *totals: dict[str, int], model: str = "gpt-5") -> None:
    """What codex keeps of a session: its model, and the total after each request."""
    rows: list[dict[str, Any]] = [{"type": "turn_context", "payload": {"model": model}}]
    for total in totals:
        info = {"total_token_usage": total, "last_token_usage": total}
        rows.append({"type": "event_msg", "payload": {"type": "token_count", "info": info}})
    file = desk.home / CODEX.file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def _codex_turn(
    desk: Desk, context: AttemptContext, total: dict[str, int] | None, **more: Any
) -> dict[str, Any]:
    turn = "" if total is None else json.dumps({"type": "turn.completed", "usage": total})
    (context.folder / "stdout").write_text(f"{CODEX.first}\n{turn}\n")
    found: dict[str, Any] = desk.end("codex", context, **more).metadata["usage"]
    return found


def test_a_resumed_session_of_codex_counts_only_what_the_attempt_added(desk: Desk) -> None:
    first, second, third = (
        _codex_total(2400, 2000, 68),
        _codex_total(3600, 3000, 102),
        _codex_total(9600, 8000, 802),
    )
    _, context = desk.prepare("codex")
    _codex_record(desk, first)
    used = _codex_turn(desk, context, first)
    assert (used["input_tokens"], used["cached_tokens"], used["output_tokens"]) == (2400, 2000, 68)
    _, resumed = desk.prepare("codex", run=ToolRun(session_id=ID), session_folder=context.folder)
    _codex_record(desk, first, second)
    for _ in range(2):  # an engine that takes over assesses it once more
        used = _codex_turn(desk, resumed, second)
        assert (used["input_tokens"], used["cached_tokens"], used["output_tokens"]) == (1200, 1000, 34)
    _, stopped = desk.prepare("codex", run=ToolRun(session_id=ID), session_folder=resumed.folder)
    _codex_record(desk, first, second, third)
    used = _codex_turn(desk, stopped, None, code=-15)
    assert (used["input_tokens"], used["cached_tokens"], used["output_tokens"]) == (6000, 5000, 700)
    assert used["cost_source"] == "unknown", "it may have asked once more"
    assert used["cost_usd"] == pytest.approx((1000 * 1.25 + 5000 * 0.125 + 700 * 10) / 1e6)


def test_the_record_of_codex_names_the_model_that_a_job_leaves_open(desk: Desk) -> None:
    total = _codex_total(1_000_000, 0, 0)
    _, context = desk.prepare("codex")
    _codex_record(desk, total)
    used = _codex_turn(desk, context, total)
    assert (used["cost_usd"], used["cost_source"]) == (1.25, "estimated")


def test_a_resumed_session_of_codex_that_added_nothing_has_used_nobody_knows_what(desk: Desk) -> None:
    total = _codex_total(2400, 2000, 68)
    _, context = desk.prepare("codex")
    _codex_record(desk, total)
    _codex_turn(desk, context, total)
    _, resumed = desk.prepare("codex", run=ToolRun(session_id=ID), session_folder=context.folder)
    used = _codex_turn(desk, resumed, None, code=1)
    assert (used["input_tokens"], used["cost_usd"], used["cost_source"]) == (None, None, "unknown")
