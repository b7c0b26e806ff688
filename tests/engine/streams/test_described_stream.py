"""The stream of a tool that a file describes, as sentences."""

import json
from pathlib import Path
from typing import Any

from engine.jobfile.tool_registry import user_folder
from engine.streams.attempt_output import READERS, reader_for
from engine.streams.entries import Level, RawLine
from engine.streams.stream_readers import StreamReader

CAPTURES = Path(__file__).parents[1] / "adapters" / "captures" / "opencode"


def told(reader: StreamReader, *events: dict[str, Any]) -> list[str]:
    return lines_told(reader, *(json.dumps(event).encode() for event in events))


def lines_told(reader: StreamReader, *lines: bytes) -> list[str]:
    found = [entry for line in lines for entry in reader.read(RawLine(line))]
    return [entry.text for entry in (*found, *reader.rest()) if entry.level is not Level.DEBUG]


def test_the_stream_of_opencode_is_shown_as_sentences() -> None:
    lines = (CAPTURES / "edit_ok.stdout").read_bytes().splitlines()
    edited = next(json.loads(line) for line in lines if b'"tool":"edit"' in line)
    root = Path(edited["part"]["state"]["input"]["filePath"]).parent
    assert lines_told(reader_for("opencode", str(root)), *lines) == [
        "1,200 in / 34 out, <$0.01",
        "edited hello.py +1 -1",
        "1,200 in / 34 out, <$0.01",
        "said: Changed the greeting.",
        "1,200 in / 34 out, <$0.01",
    ]
    lines = (CAPTURES / "edit_mismatch.stdout").read_bytes().splitlines()
    assert (
        "could not edit: Could not find oldString in the file. It must match exactly, including whitespace, "
        "indentation, and line endings."
    ) in lines_told(reader_for("opencode"), *lines)
    lines = (CAPTURES / "e401.stdout").read_bytes().splitlines()
    assert lines_told(reader_for("opencode"), *lines) == ["Incorrect API key provided"]


def test_the_plan_of_opencode_is_how_many_of_its_steps_are_done() -> None:
    todos = [{"content": "Read", "status": "completed"}, {"content": "Mend", "status": "in_progress"}]
    state = {"status": "completed", "input": {"todos": todos}}
    event = {"type": "tool_use", "part": {"tool": "todowrite", "state": state}}
    (entry,) = reader_for("opencode").read(RawLine(json.dumps(event).encode()))
    assert (entry.text, entry.plan) == ("plan 1/2: Mend", (1, 2))


def test_a_tool_of_the_users_own_has_sentences_if_it_prints_events_and_lines_if_it_prints_text() -> None:
    user_folder().mkdir(parents=True)
    (user_folder() / "mine.yaml").write_text(
        "exe: mine\noutput: jsonl\nevents:\n"
        "  message: [{when: {k: say}, text: t, delta: true}]\n"
        "  command: [{when: {k: run}, command: argv, exit_code: code}]\n"
        "  denied: [{when: {k: no}, what: name}]\n"
    )
    (user_folder() / "plain.yaml").write_text("exe: plain\n")
    assert ("mine" in READERS, "plain" in READERS, "shell" in READERS) == (True, False, False)
    events = (
        {"k": "say", "t": "Hel"},
        {"k": "say", "t": "lo.\nBye."},
        {"k": "run", "argv": ["bash", "-lc", "pytest -q"], "code": 1},
        {"k": "no", "name": "Bash"},
        {"k": 5},
        {"k": "say", "t": ["x"]},
    )
    assert told(reader_for("mine"), *events) == [
        "said: Hello.",
        "Bye.",
        "ran pytest -q, exit 1",
        "denied: Bash",
    ]
    assert lines_told(reader_for("plain"), b'{"k": "say"}') == ['{"k": "say"}']
