"""On the command line, what an agent does is told in sentences while it runs; its raw lines are one switch away."""

import json
import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.system.tool_paths import search_path
from tests.helpers.command_line import CommandLine, until
from tests.helpers.patience import PATIENCE_S

CAPTURES = Path(__file__).parents[1] / "adapters" / "captures"

Agent = Callable[..., dict[str, Any]]


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """Puts a program of the tool's name on PATH that prints a recorded run; returns a job that uses it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    search_path.cache_clear()

    def make(tool: str, case: str, *, code: int = 0, then: str = "") -> dict[str, Any]:
        recorded = [CAPTURES / tool / f"{case}.{stream}" for stream in ("stdout", "stderr")]
        out, err = (shlex.quote(str(file)) if file.exists() else "/dev/null" for file in recorded)
        program = programs / tool
        program.write_text(f"#!/bin/sh\ncat {out}\ncat {err} >&2\n{then}\nexit {code}\n", encoding="utf-8")
        program.chmod(0o755)
        evidence = {"evidence": {"change": "optional"}}
        return {"tool": tool, "job_id": "agent", "prompt": "do it", "metadata": evidence}

    yield make
    search_path.cache_clear()


def said(signalbox: CommandLine, *more: str) -> list[str]:
    lines = signalbox("logs", "agent", *more).out.splitlines()
    return [line.rpartition(" | ")[2] for line in lines if " | " in line]


def test_the_log_of_an_agent_is_what_it_said_and_did(signalbox: CommandLine, agent: Agent) -> None:
    signalbox("run", signalbox.file("a.json", agent("claude", "bash_allowed")))
    assert said(signalbox) == [
        "ran touch made-by-shell.txt; exit 3, exit 3",
        "edited hello.py +1 -1",
        "said: Changed the greeting.",
        "4,800 in / 136 out, $0.03",
    ]


def test_the_raw_lines_of_an_agent_are_as_it_printed_them(signalbox: CommandLine, agent: Agent) -> None:
    signalbox("run", signalbox.file("a.json", agent("claude", "edit_ok")))
    printed = (CAPTURES / "claude" / "edit_ok.stdout").read_text().splitlines()
    raw = [json.loads(line) for line in signalbox("logs", "agent", "--raw", "--json").out.splitlines()]
    assert [entry["text"] for entry in raw if entry["event_type"] == "output"] == printed
    assert printed[-1] in signalbox("logs", "agent", "--raw").out


def test_a_sentence_in_json_has_its_kind_its_level_and_the_place_of_its_raw_line(
    signalbox: CommandLine, agent: Agent
) -> None:
    signalbox("run", signalbox.file("a.json", agent("claude", "dontask_mode")))
    entries = [json.loads(line) for line in signalbox("logs", "agent", "--json").out.splitlines()]
    denied = next(entry for entry in entries if entry.get("kind") == "denied")
    assert (denied["text"], denied["level"], denied["stream"]) == ("denied: touch x", "warning", "stdout")
    printed = (CAPTURES / "claude" / "dontask_mode.stdout").read_bytes()
    assert b"has been denied" in printed[denied["offset"] :].partition(b"\n")[0]


def test_the_warnings_of_an_agent_are_among_the_errors(signalbox: CommandLine, agent: Agent) -> None:
    signalbox("run", signalbox.file("a.json", agent("claude", "dontask_mode")))
    assert said(signalbox, "--errors") == ["denied: touch x", "denied: edit hello.py"]


def test_a_log_that_follows_an_agent_tells_what_it_does_while_it_runs(
    signalbox: CommandLine, agent: Agent, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    job = agent("claude", "edit_ok", then=f"while [ ! -e {shlex.quote(str(seen))} ]; do sleep .05; done")
    signalbox("submit", signalbox.file("a.json", job))
    with (
        signalbox.process("engine", "--until-idle") as engine,
        signalbox.process("logs", "-f", "agent") as log,
    ):
        assert log.stdout is not None
        for line in log.stdout:
            if "edited hello.py +1 -1" in line:
                seen.touch()  # only now does the agent end
                break
        engine.communicate(timeout=PATIENCE_S)
        rest, _ = log.communicate(timeout=PATIENCE_S)
    assert "agent completed" in rest


@pytest.mark.parametrize(
    ("tool", "case", "last"),
    [
        ("claude", "edit_ok", "3,600 in / 102 out, $0.02"),
        ("codex", "edit_ok", "2,400 in / 68 out"),
        ("gemini", "shell_yolo", "3,600 in / 102 out"),
    ],
)
def test_show_ends_with_sentences(
    signalbox: CommandLine, agent: Agent, *, tool: str, case: str, last: str
) -> None:
    signalbox("run", signalbox.file("a.json", agent(tool, case)))
    shown = signalbox("show", "agent").out
    assert shown.splitlines()[-1] == last
    assert '{"' not in shown


def test_the_end_of_an_agent_that_failed_is_told_in_words(signalbox: CommandLine, agent: Agent) -> None:
    job = agent("codex", "e401", code=1)
    result = signalbox("run", signalbox.file("a.json", job), code=1)
    assert "    unexpected status 401 Unauthorized: Incorrect API key provided" in result.err
    assert "{" not in result.err


def test_show_names_how_far_an_agent_came_with_its_plan(
    signalbox: CommandLine, agent: Agent, tmp_path: Path
) -> None:
    job = agent("codex", "edit_ok")
    items = [{"text": "Read", "completed": True}, {"text": "Mend", "completed": False}]
    event = json.dumps({"type": "item.updated", "item": {"type": "todo_list", "items": items}})
    program = tmp_path / "programs" / "codex"
    program.write_text(program.read_text().replace("\ncat", f"\necho {shlex.quote(event)}\ncat", 1))
    signalbox("run", signalbox.file("a.json", job))
    assert "plan        1 of 2 steps done" in signalbox("show", "agent").out


def test_status_names_what_running_agents_do_and_how_far_they_are(
    signalbox: CommandLine, agent: Agent, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    job = agent("codex", "edit_ok", then=f"while [ ! -e {shlex.quote(str(seen))} ]; do sleep .05; done")
    items = [{"text": "Read", "completed": True}, {"text": "Mend", "completed": False}]
    event = json.dumps({"type": "item.updated", "item": {"type": "todo_list", "items": items}})
    program = tmp_path / "programs" / "codex"
    program.write_text(program.read_text().replace("\ncat", f"\necho {shlex.quote(event)}\ncat", 1))
    signalbox("submit", signalbox.file("a.json", job))
    with signalbox.process("engine", "--until-idle") as engine:
        until(lambda: "2,400 in / 68 out" in signalbox("status").out or None)
        (running,) = signalbox("status", "--json").json["jobs"]
        assert running["plan"] == {"done": 1, "total": 2}
        assert running["last_line"] == "2,400 in / 68 out"
        assert "plan 1/2, 2,400 in / 68 out" in signalbox("status").out
        seen.touch()
        engine.communicate(timeout=PATIENCE_S)
