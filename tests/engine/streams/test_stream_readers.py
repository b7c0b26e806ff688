"""What the readers make of events that no recorded run holds, as their tools document them."""

import json
import time
from typing import Any

import pytest

from engine.streams.attempt_output import reader_for
from engine.streams.entries import EntryKind, Level, Plan, RawLine, StreamEntry
from engine.streams.stream_readers import StreamReader


def read(reader: StreamReader, *events: dict[str, Any]) -> list[StreamEntry]:
    lines = [RawLine(json.dumps(event).encode()) for event in events]
    return [entry for line in lines for entry in reader.read(line)]


def claude_use(name: str, number: str = "t1", parent: str | None = None, **arguments: Any) -> dict[str, Any]:
    part = {"type": "tool_use", "id": number, "name": name, "input": arguments}
    return {"type": "assistant", "message": {"content": [part]}, "parent_tool_use_id": parent}


def claude_result(number: str, content: str, *, is_error: bool = False, **more: Any) -> dict[str, Any]:
    part = {"type": "tool_result", "tool_use_id": number, "content": content, "is_error": is_error}
    return {"type": "user", "message": {"content": [part]}, "tool_use_result": more}


TODOS = [
    {"content": "Read", "status": "completed", "activeForm": "Reading"},
    {"content": "Mend", "status": "in_progress", "activeForm": "Mending the sum"},
    {"content": "Test", "status": "pending", "activeForm": "Testing"},
]


def test_the_plan_of_claude_is_how_many_of_its_steps_are_done() -> None:
    (entry,) = read(reader_for("claude"), claude_use("TodoWrite", todos=TODOS))
    assert (entry.plan, entry.text) == (Plan(1, 3), "plan 1/3: Mending the sum")


def test_the_plan_of_claude_grows_and_advances_step_by_step() -> None:
    reader = reader_for("claude")
    made = [
        event
        for number, subject in (("1", "Read"), ("2", "Mend"))
        for event in (
            claude_use("TaskCreate", f"c{number}", subject=subject),
            claude_result(f"c{number}", f"Task #{number} created successfully: {subject}"),
        )
    ]
    assert [entry.plan for entry in read(reader, *made)] == [Plan(0, 1), Plan(0, 2)]
    (entry,) = read(reader, claude_use("TaskUpdate", "u1", taskId="1", status="completed"))
    assert (entry.plan, entry.text) == (Plan(1, 2), "plan 1/2: Mend")
    (entry,) = read(reader, claude_use("TaskUpdate", "u2", taskId="2", status="deleted"))
    assert entry.plan == Plan(1, 1)


def test_the_plan_of_a_subagent_is_not_the_plan_of_the_job() -> None:
    assert not read(reader_for("claude"), claude_use("TodoWrite", parent="t0", todos=TODOS))


@pytest.mark.parametrize("state", ["item.started", "item.updated", "item.completed"])
def test_the_plan_of_codex_is_its_to_do_list(state: str) -> None:
    items = [{"text": "Read", "completed": True}, {"text": "Mend", "completed": False}]
    (entry,) = read(reader_for("codex"), {"type": state, "item": {"type": "todo_list", "items": items}})
    assert (entry.plan, entry.text) == (Plan(1, 2), "plan 1/2: Mend")


def test_the_plan_of_gemini_leaves_out_what_was_cancelled() -> None:
    todos = [
        {"description": "Read", "status": "completed"},
        {"description": "Ask", "status": "cancelled"},
        {"description": "Mend", "status": "in_progress"},
    ]
    use = {"type": "tool_use", "tool_name": "write_todos", "tool_id": "1", "parameters": {"todos": todos}}
    (entry,) = read(reader_for("gemini"), use)
    assert (entry.plan, entry.text) == (Plan(1, 2), "plan 1/2: Mend")


def test_a_running_command_is_told_for_debugging_and_its_end_with_the_exit_code() -> None:
    found = read(
        reader_for("claude"),
        claude_use("Bash", command="pytest -q"),
        claude_result("t1", "Exit code 1\n2 failed", is_error=True),
    )
    assert [(entry.text, entry.level) for entry in found] == [
        ("running pytest -q", Level.DEBUG),
        ("ran pytest -q, exit 1", Level.WARNING),
    ]


def test_a_result_whose_beginning_was_not_read_still_names_its_file() -> None:
    patch = [{"lines": [" a", "-b", "+c", "+d"]}]
    (entry,) = read(
        reader_for("claude", "/repo"),
        claude_result("gone", "updated", filePath="/repo/src/a.py", structuredPatch=patch),
    )
    assert entry.text == "edited src/a.py +2 -1"


def test_a_denial_that_only_the_result_lists_is_told() -> None:
    denial = {"tool_name": "Bash", "tool_use_id": "t9", "tool_input": {"command": "git push"}}
    found = read(
        reader_for("claude"),
        {"type": "system", "subtype": "permission_denied", "tool_name": "WebFetch", "tool_use_id": "t8"},
        {"type": "result", "subtype": "success", "is_error": False, "permission_denials": [denial]},
    )
    assert [entry.text for entry in found] == ["denied: WebFetch", "denied: git push"]


def test_tokens_count_what_came_from_the_cache() -> None:
    used = {"input_tokens": 12, "cache_read_input_tokens": 200_000, "output_tokens": 30}
    (entry,) = read(
        reader_for("claude"), {"type": "result", "is_error": False, "usage": used, "total_cost_usd": 0.5}
    )
    assert entry.text == "200,012 in / 30 out, 200,000 cached, $0.50"


def test_a_usage_window_is_told_when_it_is_used_up_and_not_while_it_has_room() -> None:
    found = read(
        reader_for("claude"),
        {"type": "rate_limit_event", "rate_limit_info": {"status": "allowed", "resetsAt": 1}},
        {
            "type": "rate_limit_event",
            "rate_limit_info": {
                "status": "rejected",
                "resetsAt": 1_800_000_000,
                "rateLimitType": "five_hour",
            },
        },
    )
    assert len(found) == 1
    assert found[0].text.startswith("the five hour limit is used up, resets at ")


def test_the_lines_of_a_message_follow_each_other() -> None:
    event = {"type": "item.completed", "item": {"type": "agent_message", "text": "Done:\n\n- one\n- two"}}
    found = read(reader_for("codex"), event)
    assert [entry.text for entry in found] == ["said: Done:", "- one", "- two"]
    assert {entry.kind for entry in found} == {EntryKind.MESSAGE}


def test_a_command_that_codex_may_not_run_is_denied() -> None:
    item = {"type": "command_execution", "command": "bash -lc 'git push'", "status": "declined"}
    (entry,) = read(reader_for("codex"), {"type": "item.completed", "item": item})
    assert (entry.kind, entry.text) == (EntryKind.DENIED, "denied: git push")


def test_a_tool_that_gemini_may_not_use_is_denied() -> None:
    use = {
        "type": "tool_use",
        "tool_name": "run_shell_command",
        "tool_id": "1",
        "parameters": {"command": "ls"},
    }
    error = {"type": "policy_violation", "message": "Tool execution denied by policy."}
    result = {"type": "tool_result", "tool_id": "1", "status": "error", "error": error}
    entry = read(reader_for("gemini"), use, result)[-1]
    assert (entry.kind, entry.text) == (EntryKind.DENIED, "denied: ls")


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini"])
def test_an_event_that_is_not_known_is_one_short_line_for_debugging(tool: str) -> None:
    (entry,) = read(reader_for(tool), {"type": "brand.new", "payload": {"a": [1, 2]}})
    assert (entry.text, entry.level) == ("brand.new", Level.DEBUG)


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini"])
def test_an_event_that_is_cut_is_no_text(tool: str) -> None:
    (entry,) = reader_for(tool).read(RawLine(b'{"type":"assistant","message":{"con', skipped=5_000_000))
    assert entry.level is Level.DEBUG
    assert "{" not in entry.text


def test_a_tool_without_a_reader_prints_text() -> None:
    (entry,) = reader_for("shell").read(RawLine(b"\x1b[31mFAILED\x1b[0m tests/a.py"))
    assert (entry.kind, entry.level, entry.text) == (EntryKind.RAW, Level.ERROR, "FAILED tests/a.py")


HUGE = 2_000_000


@pytest.mark.parametrize(
    ("tool", "event"),
    [
        ("claude", {"type": "result", "is_error": True, "result": " " * HUGE + "x"}),
        ("claude", {"type": "result", "is_error": True, "result": "{" * HUGE}),
        ("claude", claude_use("Bash", command="bash -lc '" + "a b " * (HUGE // 4) + "'")),
        (
            "claude",
            {"type": "assistant", "message": {"content": [{"type": "text", "text": "ab\b" * 600_000}]}},
        ),
        (
            "claude",
            {"type": "assistant", "message": {"content": [{"type": "text", "text": "\n x" * 600_000}]}},
        ),
        ("codex", {"type": "error", "message": "Reconnecting... 1/5 (" + "\t" * HUGE}),
        ("codex", {"type": "item.completed", "item": {"type": "agent_message", "text": "[" * HUGE}}),
        ("gemini", {"type": "message", "role": "assistant", "content": "y" * HUGE, "delta": True}),
    ],
)
def test_a_huge_event_costs_little_more_than_reading_it(tool: str, event: dict[str, Any]) -> None:
    line = RawLine(json.dumps(event).encode())
    reader, started = reader_for(tool), time.thread_time()
    found = [*reader.read(line), *reader.rest()]
    assert time.thread_time() - started < 2
    assert all(len(entry.text) < 2_100 for entry in found)


def test_an_answer_in_very_many_pieces_is_joined_in_time() -> None:
    piece = RawLine(b'{"type":"message","role":"assistant","content":"a","delta":true}')
    reader, started = reader_for("gemini"), time.thread_time()
    found = [entry for _ in range(30_000) for entry in reader.read(piece)]
    assert not found
    assert time.thread_time() - started < 10
    (entry,) = reader.rest()
    assert entry.text.startswith("said: aaa")


def test_edits_made_to_be_slow_to_compare_are_not_compared_for_long() -> None:
    old, new = ("ab" * 250, "ba" * 250)
    use = {
        "type": "tool_use",
        "tool_name": "replace",
        "tool_id": "1",
        "parameters": {"file_path": "a.py", "old_string": "\n".join(old), "new_string": "\n".join(new)},
    }
    started = time.thread_time()
    entry = read(reader_for("gemini"), use, {"type": "tool_result", "tool_id": "1", "status": "success"})[-1]
    assert entry.text.startswith("edited a.py")
    assert time.thread_time() - started < 2


def test_the_events_of_codex_that_only_open_something_are_no_sentence() -> None:
    events = ('{"type":"thread.started","thread_id":"t"}', '{"type":"turn.started"}')
    assert [list(reader_for("codex").read(RawLine(event.encode()))) for event in events] == [[], []]
