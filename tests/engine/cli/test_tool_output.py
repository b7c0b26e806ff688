"""What a coding tool prints ends in the database or fails its own job, and never takes an engine down."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.tool_paths import search_path
from state import rows
from state.records import JobStatus
from tests.helpers.attempts import Attempts
from tests.helpers.command_line import CommandLine, python
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S

REPLACED = "�"

PrintingTool = Callable[..., dict[str, Any]]


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def tool_printing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintingTool]:
    """Puts a program of the tool's name on PATH that prints these bytes; returns a job that uses it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    search_path.cache_clear()

    def make(tool: str, printed: bytes, *, code: int = 0, job_id: str = "odd") -> dict[str, Any]:
        (programs / f"{tool}.out").write_bytes(printed)
        log = (
            'while [ $# -gt 1 ]; do [ "$1" = --analytics-log ] && log=$2; shift; done\n'
            if tool == "aider"
            else ""
        )
        program = programs / tool
        target = '>"$log"' if tool == "aider" else ""
        text = f"#!/bin/sh\n{log}cat {shlex.quote(str(programs / tool))}.out {target}\nexit {code}\n"
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return {
            "tool": tool,
            "job_id": job_id,
            "prompt": "do it",
            "metadata": {"evidence": {"change": "optional"}},
        }

    yield make
    search_path.cache_clear()


def lines(*printed: str | dict[str, Any]) -> bytes:
    """Lines as a tool prints them: objects as JSON in ASCII, text as it is."""
    shown = (row if isinstance(row, str) else json.dumps(row) for row in printed)
    return "".join(f"{row}\n" for row in shown).encode("utf-8", "surrogatepass")


def both_done(signalbox: CommandLine, job: dict[str, Any], code: int = 0) -> dict[str, Any]:
    """Run the job and one more behind it; return what is kept of its only attempt."""
    files = [signalbox.file("odd.json", job), signalbox.file("next.json", python("print(1)", "next"))]
    signalbox("run", *files, code=code)
    assert signalbox.job("next").status is JobStatus.COMPLETED
    signalbox("doctor", "--strict")
    return attempt(signalbox)


def attempt(signalbox: CommandLine, job_id: str = "odd") -> dict[str, Any]:
    with signalbox.store() as store:
        (found,) = store.list_attempts(job_id)
    return {"summary": found.summary, "cost_usd": found.cost_usd, **found.result["metadata"]}


def claude(**fields: Any) -> dict[str, Any]:
    return {"type": "result", "subtype": "success", "is_error": False, "result": "done", **fields}


TURN = {"type": "turn.completed", "usage": {"input_tokens": 1, "output_tokens": 1}}


@pytest.mark.parametrize("text", ["done \ud83d", "\udc80 done and \ude00\ud83d"])
def test_half_a_character_in_the_answer_of_a_tool_is_replaced_and_the_engine_goes_on(
    signalbox: CommandLine, tool_printing: PrintingTool, text: str
) -> None:
    kept = both_done(signalbox, tool_printing("claude", lines(claude(result=text))))
    assert REPLACED in kept["answer"]


def test_half_a_character_in_any_message_of_a_tool_is_replaced(
    signalbox: CommandLine, tool_printing: PrintingTool
) -> None:
    half = "no \ud83d more"
    messages = {
        "claude": lines(claude(is_error=True, result=half)),
        "codex": lines({"type": "turn.failed", "error": {"message": half}}),
        "gemini": lines({"type": "result", "status": "error", "error": {"message": half}}),
    }
    for tool, printed in messages.items():
        signalbox("run", signalbox.file("a.json", tool_printing(tool, printed, job_id=tool)), code=1)
        assert f"no {REPLACED} more" in attempt(signalbox, tool)["summary"]
    signalbox("run", signalbox.file("b.json", python("print(1)", "next")))
    signalbox("doctor", "--strict")


def test_a_character_that_comes_in_two_pieces_is_put_together(
    signalbox: CommandLine, tool_printing: PrintingTool
) -> None:
    pieces = [
        {"type": "message", "role": "assistant", "content": piece} for piece in ("so \ud83d", "\ude00 glad")
    ]
    kept = both_done(
        signalbox, tool_printing("gemini", lines(*pieces, {"type": "result", "status": "success"}))
    )
    assert kept["answer"] == "so \U0001f600 glad"


@pytest.mark.parametrize("number", ["1e999", "NaN", "-0.5", '"0.5"', f"1{'0' * 5000}"])
def test_a_cost_that_is_no_sum_of_money_is_unknown(
    signalbox: CommandLine, tool_printing: PrintingTool, number: str
) -> None:
    result = json.dumps(claude(total_cost_usd="HERE", usage={"input_tokens": 1, "output_tokens": 2}))
    kept = both_done(signalbox, tool_printing("claude", lines(result.replace('"HERE"', number))))
    assert kept["cost_usd"] is None
    assert kept["usage"] == {
        "input_tokens": 1,
        "cached_tokens": 0,
        "output_tokens": 2,
        "cost_usd": None,
        "cost_source": "unknown",
    }


@pytest.mark.parametrize(
    "at", ["Infinity", "1e999", "NaN", "1e300", "-1", "true", '"soon"', "99999999999999", "1"]
)
def test_a_reset_at_no_believable_time_is_unknown(tmp_path: Path, at: str) -> None:
    limit = {"type": "rate_limit_event", "rate_limit_info": {"status": "rejected", "resetsAt": "HERE"}}
    final = claude(is_error=True, api_error_status=429, result="You have hit your limit")
    attempts = Attempts(tmp_path / "attempts")
    context = attempts.context()
    (context.folder / "stdout").write_bytes(lines(limit, final).replace(b'"HERE"', at.encode()))
    spec = job_from_mapping({"tool": "claude", "job_id": "odd", "prompt": "do it"})
    result = ADAPTERS["claude"].result(spec, context, attempts.ended(context, 1))
    assert result.metadata["failure_class"] == "quota"
    assert "quota_until" not in result.metadata


ODD_VALUES = (
    *(
        "null",
        "5",
        "true",
        '"\\ud83d"',
        "[]",
        "[[1]]",
        "{}",
        '{"a":[{}]}',
        "[null]",
        '["\\udc00"]',
        "1e999",
        "NaN",
    ),
    *(f"1{'0' * 5000}", "-7", "[" * 900 + "]" * 900),
)


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "aider"])
def test_a_field_of_another_type_than_expected_is_as_good_as_none(
    signalbox: CommandLine, tool_printing: PrintingTool, tool: str
) -> None:
    """A line for each field and each odd value in it, and good lines at the end."""
    printed = lines(*_with_each_field_replaced(_ALL[tool]))
    odd = b"".join(printed.replace(b'"HERE"', value.encode()) for value in ODD_VALUES)
    signalbox("run", signalbox.file("odd.json", tool_printing(tool, odd + lines(*_ALL[tool]))))
    assert "output_tokens" in attempt(signalbox)["usage"]
    assert signalbox.job("odd").status is JobStatus.COMPLETED


@pytest.mark.parametrize("value", ODD_VALUES)
@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "aider"])
def test_the_last_line_of_a_tool_may_hold_anything(tmp_path: Path, tool: str, value: str) -> None:
    """Each field of what decides is odd in turn: there is always a result, and it can always be stored."""
    attempts = Attempts(tmp_path / "attempts")
    spec = job_from_mapping({"tool": tool, "job_id": "odd", "prompt": "do it"})
    for row in _with_each_field_replaced(_ALL[tool][-1:]):
        context = attempts.context()
        printed = lines(row).replace(b'"HERE"', value.encode())
        for name in ("stdout", "events.jsonl"):
            (context.folder / name).write_bytes(printed)
        result = ADAPTERS[tool].result(spec, context, attempts.ended(context))
        assert json.loads(rows.dump(result.storable().to_json()).encode()), row


_ALL: dict[str, list[dict[str, Any]]] = {
    "claude": [
        {"type": "rate_limit_event", "rate_limit_info": {"status": "rejected", "resetsAt": 1}},
        {"type": "assistant", "message": {"content": [{"type": "tool_use", "name": "Edit", "id": "1"}]}},
        {"type": "user", "message": {"content": [
            {"type": "tool_result", "tool_use_id": "1", "content": "no", "is_error": True}]}},
        {"type": "result", "subtype": "success", "is_error": False, "result": "done", "total_cost_usd": 1,
         "api_error_status": None, "errors": [], "permission_denials": [{"tool_name": "Edit"}],
         "modelUsage": {"m": {"inputTokens": 1, "outputTokens": 2}}, "usage": {"input_tokens": 1, "output_tokens": 2}},
    ],
    "codex": [
        {"type": "item.completed", "item": {"type": "agent_message", "text": "done"}},
        {"type": "item.completed", "item": {"type": "file_change", "status": "failed"}},
        {"type": "turn.completed", "usage": {"input_tokens": 1, "output_tokens": 2}},
    ],
    "gemini": [
        {"type": "message", "role": "assistant", "content": "done"},
        {"type": "tool_use", "tool_name": "replace", "tool_id": "1"},
        {"type": "tool_result", "tool_id": "1", "status": "error", "error": {"message": "no"}, "output": "no"},
        {"type": "error", "message": "hm"},
        {"type": "result", "status": "success", "error": None, "stats": {"input_tokens": 1, "output_tokens": 2}},
    ],
    "aider": [
        {"event": "message_send_starting", "properties": {}},
        {"event": "message_send", "properties": {"prompt_tokens": 1, "completion_tokens": 2, "cost": 0.5}},
    ],
}  # fmt: skip


def _with_each_field_replaced(good: Sequence[Any]) -> list[Any]:
    return [changed for row in good for changed in _replaced(row)]


def _replaced(value: Any) -> list[Any]:
    if isinstance(value, dict):
        inner = [{**value, name: each} for name in value for each in _replaced(value[name])]
        return ["HERE", *inner]
    if isinstance(value, list):
        return ["HERE", *([each] for one in value for each in _replaced(one))]
    return ["HERE"]


NO_JSON = (
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"type":"result"\xff}',
    b"{\x00}",
    b'{"a":"\xed\xa0\xbd"}',
    b"{",
)


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "aider"])
def test_a_line_that_is_no_json_is_skipped(
    signalbox: CommandLine, tool_printing: PrintingTool, tool: str
) -> None:
    printed = b"\n".join([*NO_JSON, lines(*_ALL[tool])])
    assert both_done(signalbox, tool_printing(tool, printed))["usage"]["output_tokens"] == 2


def test_a_byte_that_is_no_utf_8_spoils_its_character_and_not_the_result(
    signalbox: CommandLine, tool_printing: PrintingTool
) -> None:
    printed = lines(claude(result="caf#")).replace(b"#", b"\xe9")
    assert both_done(signalbox, tool_printing("claude", printed))["answer"] == f"caf{REPLACED}"


# --- a result that the database refuses, and what is typed ---------------------------------------------------------


@pytest.fixture
def refusing(signalbox: CommandLine) -> CommandLine:
    """A home whose database refuses every attempt that printed the word poison, as a constraint would."""
    with signalbox.store(), sqlite3.connect(signalbox.home.database) as connection:
        connection.execute(
            "CREATE TRIGGER refuses BEFORE UPDATE ON step_attempts WHEN new.result_json LIKE '%poison%' "
            "BEGIN SELECT RAISE(ABORT, 'no room for this'); END"
        )
    return signalbox


def test_a_result_that_cannot_be_stored_fails_its_job_with_the_reason_and_no_other(
    refusing: CommandLine, expect_log: LogWatch
) -> None:
    expect_log.expect("could not be stored")
    files = [refusing.file(f"{name}.json", python("print('fine')", name)) for name in "abcd"]
    refusing("run", refusing.file("odd.json", python("print('poison')", "odd")), *files, code=1)
    assert {refusing.job(name).status for name in "abcd"} == {JobStatus.COMPLETED}
    odd = refusing.job("odd")
    assert odd.status is JobStatus.FAILED
    assert "could not be stored" in odd.summary
    assert "no room for this" in odd.summary


def test_an_engine_started_again_meets_no_result_it_cannot_store(refusing: CommandLine) -> None:
    refusing("submit", refusing.file("odd.json", python("print('poison')", "odd")))
    for name in ("first", "second"):
        refusing("submit", refusing.file("a.json", python("print('fine')", name)))
        with refusing.process("engine", "--until-idle") as engine:
            engine.wait(PATIENCE_S)
        assert refusing.job(name).status is JobStatus.COMPLETED
    assert refusing.job("odd").status is JobStatus.FAILED


ODD_BYTES = (b"caf\xe9", b"\xed\xa0\xbd")


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_what_is_typed_in_no_encoding_is_stored_with_its_characters_replaced(
    signalbox: CommandLine, locale: str
) -> None:
    run = partial(from_a_shell, signalbox, locale)
    for number, typed in enumerate(ODD_BYTES):
        signalbox(
            "submit", *(signalbox.file(f"{name}.json", python("1", f"{name}{number}")) for name in "ab")
        )
        assert run(b"hold", b"a%d" % number, b"--reason", typed) == 0
        assert run(b"cancel", b"b%d" % number, b"--reason", typed) == 0
    for command in (b"status", b"show a0", b"show b1 --json", b"jobs --json"):
        assert run(*command.split()) == 0, command
    assert run(b"show", ODD_BYTES[0]) == 2
    assert run(b"submit", b"--trust", ODD_BYTES[0] + b".json") == 2
    signalbox("doctor", "--strict")


def test_files_with_names_in_no_encoding_are_submitted_and_run(signalbox: CommandLine) -> None:
    run = partial(from_a_shell, signalbox, "C.UTF-8")
    for number, typed in enumerate(ODD_BYTES):
        file = signalbox.file("a.json", python("print(1)", f"a{number}"))
        named = os.fsencode(signalbox.folder) + b"/" + typed + b".json"
        file.rename(os.fsdecode(named))
        assert run(b"submit", b"--trust", named) == 0
        assert b"valid" in printed_by_a_shell(b"validate", named)
        assert b"valid" in printed_by_a_shell(b"validate", b"--json", named)
    assert run(b"run", b"--trust", b"--copy", named) == 0
    for command in (b"status", b"show a1", b"show a0 --json"):
        assert run(*command.split()) == 0
    signalbox("doctor", "--strict")


def from_a_shell(signalbox: CommandLine, locale: str, *words: bytes) -> int:
    """Give a command with words that need not be text; returns its exit code."""
    return given(*words, b"--home", os.fsencode(signalbox.home.root), locale=locale).returncode


def printed_by_a_shell(*words: bytes) -> bytes:
    return given(*words).stdout


def given(*words: bytes, locale: str = "C.UTF-8") -> "subprocess.CompletedProcess[bytes]":
    """A command carried out by a process of its own, which prints no traceback."""
    argv = [*map(os.fsencode, (sys.executable, "-m", "engine")), *words]
    env = {**os.environ, "LC_ALL": locale}
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done
