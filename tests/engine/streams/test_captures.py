"""Every recorded run of the coding tools as sentences: a contract over all captures, and over garbage."""

import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.streams.attempt_output import READERS, reader_for
from engine.streams.entries import EntryKind, Level, StreamEntry
from engine.streams.lines import LineSplitter

CAPTURES = Path(__file__).parents[1] / "adapters" / "captures"
HOME = str(Path(os.sep, "home", "dev"))
"""Where the runs were recorded."""
ROOT = f"{HOME}/demo-repo"
RUNS = sorted(
    {
        (tool, file.stem)
        for tool in READERS
        for file in (CAPTURES / tool).glob("*.std*")
        if file.stat().st_size
    }
)
EDITS = {"Edit", "Write", "replace", "write_file"}
COMMANDS = {"Bash", "run_shell_command"}


def entries_of(tool: str, case: str) -> list[StreamEntry]:
    reader = reader_for(tool, ROOT)
    found: list[StreamEntry] = []
    for stream in ("stderr", "stdout"):
        file = CAPTURES / tool / f"{case}.{stream}"
        splitter = LineSplitter(stream, most=reader.longest)
        for line in (*splitter.lines(file.read_bytes() if file.exists() else b""), *splitter.rest()):
            found += reader.read(line)
    return [*found, *reader.rest()]


def is_plain(text: str) -> bool:
    """Whether nothing in the text acts on a terminal, ends the line or changes its direction."""
    acting = {"Cc", "Zl", "Zp", "Cs"}
    return not any(unicodedata.category(one) in acting or one in "\u202e\u2066\u2067\u200f" for one in text)


def sentences(tool: str, case: str, kind: EntryKind) -> list[str]:
    return [entry.text for entry in entries_of(tool, case) if entry.kind is kind]


def events(tool: str, case: str) -> Iterator[dict[str, Any]]:
    file = CAPTURES / tool / f"{case}.stdout"
    for line in file.read_text(errors="replace").splitlines() if file.exists() else ():
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                continue


@pytest.mark.parametrize(("tool", "case"), RUNS)
def test_no_sentence_of_a_recorded_run_holds_data_escapes_or_a_second_line(tool: str, case: str) -> None:
    for entry in entries_of(tool, case):
        assert is_plain(entry.text)
        assert entry.text.strip()
        assert '{"' not in entry.text
        assert '":' not in entry.text
        raw = (CAPTURES / tool / f"{case}.{entry.stream}").read_bytes()
        assert entry.offset == 0 or raw[entry.offset - 1 : entry.offset] == b"\n", "its raw line begins there"


@pytest.mark.parametrize(("tool", "case"), [run for run in RUNS if run[0] in {"claude", "gemini"}])
def test_each_use_of_a_tool_has_its_sentence(tool: str, case: str) -> None:
    used: dict[str, dict[str, Any]] = {}
    for event in events(tool, case):
        parts = event.get("message", {}).get("content") if tool == "claude" else [event]
        for part in parts if isinstance(parts, list) else []:
            match part.get("type"):
                case "tool_use":
                    number = part.get("id") or part["tool_id"]
                    used[number] = {"name": part.get("name") or part["tool_name"], **part}
                case "tool_result":
                    used[part.get("tool_use_id") or part["tool_id"]]["result"] = part
    ended = [use for use in used.values() if "result" in use]
    told = entries_of(tool, case)
    done = [entry for entry in told if entry.level is not Level.DEBUG]
    edits = [use for use in ended if use["name"] in EDITS]
    commands = [use for use in ended if use["name"] in COMMANDS]
    is_edit = [entry.kind is EntryKind.EDIT or entry.text.startswith("denied: edit ") for entry in done]
    is_denied_command = [
        entry.kind is EntryKind.DENIED and not entry.text.startswith("denied: edit ") for entry in done
    ]
    assert sum(is_edit) == len(edits)
    assert sum(entry.kind is EntryKind.COMMAND for entry in done) + sum(is_denied_command) == len(commands)


@pytest.mark.parametrize("case", [case for tool, case in RUNS if tool == "codex"])
def test_each_item_of_codex_has_its_sentence(case: str) -> None:
    items = [event["item"] for event in events("codex", case) if event["type"] == "item.completed"]
    for kind, sentence in (
        ("file_change", EntryKind.EDIT),
        ("command_execution", EntryKind.COMMAND),
        ("agent_message", EntryKind.MESSAGE),
    ):
        told = [
            entry
            for entry in entries_of("codex", case)
            if entry.kind is sentence and entry.level is not Level.DEBUG
        ]
        assert len(told) == sum(item["type"] == kind for item in items)


@pytest.mark.parametrize("case", [case for tool, case in RUNS if tool == "aider"])
def test_each_edit_commit_retry_and_count_of_aider_has_its_sentence(case: str) -> None:
    printed = (CAPTURES / "aider" / f"{case}.stdout").read_text(errors="replace").splitlines()
    told = entries_of("aider", case)
    for opening, kind, word in (
        ("Applied edit to ", EntryKind.EDIT, "edited "),
        ("Commit ", EntryKind.NOTICE, "committed "),
        ("Retrying in ", EntryKind.RETRY, "retry in "),
        ("Tokens: ", EntryKind.USAGE, ""),
    ):
        found = [entry for entry in told if entry.kind is kind and entry.text.startswith(word)]
        expected = [line for line in printed if line.startswith(opening)]
        assert len(found) == len(expected) or (kind is EntryKind.NOTICE and len(found) >= len(expected))


@pytest.mark.parametrize(
    ("tool", "case", "expected"),
    [
        ("claude", "edit_ok", ["edited hello.py +1 -1"]),
        ("claude", "edit_new_file", ["edited pkg/new.py +1 -0"]),
        ("codex", "edit_ok", ["edited hello.py"]),
        ("codex", "edit_new_file", ["created pkg/new.py"]),
        ("gemini", "shell_yolo", ["edited hello.py +1 -1"]),
        ("gemini", "edit_new_file", ["edited pkg/new.py"]),
        ("aider", "recommended_edit_ok", ["edited hello.py +1 -1"]),
        ("aider", "scope_file_outside", ["edited README.md +1 -1", "edited hello.py +1 -1"]),
    ],
)
def test_an_edit_names_its_file_and_counts_its_lines_where_the_tool_tells(
    tool: str, case: str, expected: list[str]
) -> None:
    assert sorted(sentences(tool, case, EntryKind.EDIT)) == expected


@pytest.mark.parametrize(
    ("tool", "case", "expected"),
    [
        ("claude", "bash_allowed", "ran touch made-by-shell.txt; exit 3, exit 3"),
        ("gemini", "shell_yolo", "ran touch made-by-shell.txt; exit 3, exit 3"),
        (
            "codex",
            "shell_ok",
            f"ran echo hi; touch made-by-shell.txt; touch {HOME}/outside.txt; id -u; exit 3, exit 3",
        ),
        ("claude", "long_shell_output", "ran for i in 1 2 3 4; do echo line $i; sleep 1; done, exit 0"),
    ],
)
def test_a_command_is_told_with_its_exit_code(tool: str, case: str, expected: str) -> None:
    assert sentences(tool, case, EntryKind.COMMAND)[-1] == expected


def test_what_was_denied_is_told_once() -> None:
    assert sentences("claude", "dontask_mode", EntryKind.DENIED) == [
        "denied: touch x",
        "denied: edit hello.py",
    ]
    assert sentences("codex", "read_only_sandbox", EntryKind.DENIED) == [
        "denied: patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings"
    ]


def test_a_retry_tells_how_long_it_waits_and_why() -> None:
    assert sentences("claude", "recommended_e429", EntryKind.RETRY)[0] == "retry in 0.5 s: 429 rate limit"
    assert sentences("aider", "e429", EntryKind.RETRY)[:2] == ["retry in 0.2 s", "retry in 0.5 s"]
    assert sentences("aider", "e429", EntryKind.RETRY)[-1] == "retry in 32 s"
    assert sentences("gemini", "recommended_e429", EntryKind.RETRY) == [
        "retry after attempt 1: 429 Rate limit reached"
    ]
    assert sentences("codex", "e401", EntryKind.RETRY)[0].startswith("retry 1 of 5: unexpected status 401")


def test_an_error_is_told_once_in_its_words() -> None:
    assert sentences("claude", "recommended_e429", EntryKind.ERROR) == [
        "API Error: Request rejected (429) · Rate limit reached"
    ]
    assert sentences("claude", "max_turns", EntryKind.ERROR) == ["stopped at the limit of turns"]
    (error,) = sentences("codex", "e401", EntryKind.ERROR)
    assert error.startswith("unexpected status 401 Unauthorized: Incorrect API key provided")
    assert "[API Error: 401 API keys are not supported]" in sentences("gemini", "e401", EntryKind.ERROR)


@pytest.mark.parametrize(
    ("tool", "case", "expected"),
    [
        ("claude", "edit_ok", "3,600 in / 102 out, $0.02"),
        ("codex", "edit_ok", "2,400 in / 68 out"),
        ("gemini", "shell_yolo", "3,600 in / 102 out"),
        ("aider", "recommended_edit_ok", "1,900 in / 30 out, $0.01"),
    ],
)
def test_the_tokens_of_a_run_are_told(tool: str, case: str, expected: str) -> None:
    assert sentences(tool, case, EntryKind.USAGE) == [expected]


def test_an_answer_that_came_in_pieces_is_told_in_lines() -> None:
    assert sentences("gemini", "shell_yolo", EntryKind.MESSAGE) == ["said: Changed the greeting."]
    assert len(sentences("gemini", "stream_latency", EntryKind.MESSAGE)) == 1


@pytest.mark.parametrize(
    ("tool", "case"),
    [("claude", "recommended_e429"), ("codex", "shell_ok"), ("gemini", "shell_yolo"), ("aider", "lint_fail")],
)
def test_the_entries_are_the_same_wherever_the_output_was_cut(tool: str, case: str) -> None:
    whole = (CAPTURES / tool / f"{case}.stdout").read_bytes()
    expected = [entry for entry in entries_of(tool, case) if entry.stream == "stdout"]
    for cut in range(0, len(whole) + 1, 1 if len(whole) < 2000 else 7):
        reader, splitter = reader_for(tool, ROOT), LineSplitter()
        lines = [*splitter.lines(whole[:cut]), *splitter.lines(whole[cut:]), *splitter.rest()]
        found = [entry for line in lines for entry in reader.read(line)]
        assert [*found, *reader.rest()] == expected


NAMES = (
    *(
        "type",
        "subtype",
        "message",
        "content",
        "item",
        "text",
        "name",
        "input",
        "id",
        "tool_use_id",
        "tool_name",
    ),
    *(
        "tool_id",
        "parameters",
        "todos",
        "items",
        "status",
        "changes",
        "path",
        "command",
        "exit_code",
        "usage",
        "stats",
    ),
    *(
        "error",
        "role",
        "delta",
        "is_error",
        "result",
        "structuredPatch",
        "tool_use_result",
        "filePath",
        "taskId",
    ),
)
WORDS = (
    *(
        "assistant",
        "user",
        "tool_use",
        "tool_result",
        "result",
        "item.completed",
        "todo_list",
        "Edit",
        "Bash",
    ),
    *(
        "TaskCreate",
        "TaskUpdate",
        "TodoWrite",
        "command_execution",
        "file_change",
        "replace",
        "write_todos",
        "7",
    ),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES) | st.text(max_size=5), inner | st.sampled_from(WORDS), max_size=6
        )
    ),
    max_leaves=30,
)


@given(
    st.sampled_from(sorted(READERS)),
    st.lists(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()), max_size=8),
)
def test_a_reader_makes_plain_text_of_anything_and_never_fails(tool: str, lines: list[bytes]) -> None:
    reader = reader_for(tool)
    splitter = LineSplitter(most=reader.longest)
    data = b"\n".join(lines)
    found = [entry for line in (*splitter.lines(data), *splitter.rest()) for entry in reader.read(line)]
    for entry in (*found, *reader.rest()):
        assert is_plain(entry.text)
        assert len(entry.text) < 2_100


@given(
    st.sampled_from(["claude", "codex", "gemini"]),
    st.text(max_size=300),
)
def test_what_an_agent_says_acts_on_nothing(tool: str, said: str) -> None:
    events: dict[str, dict[str, Any]] = {
        "claude": {"type": "assistant", "message": {"content": [{"type": "text", "text": said}]}},
        "codex": {"type": "item.completed", "item": {"type": "agent_message", "text": said}},
        "gemini": {"type": "message", "role": "assistant", "content": said, "delta": True},
    }
    reader, splitter = reader_for(tool), LineSplitter()
    lines = [*splitter.lines(json.dumps(events[tool]).encode() + b"\n")]
    found = [entry for line in lines for entry in reader.read(line)]
    assert all(is_plain(entry.text) for entry in (*found, *reader.rest()))
