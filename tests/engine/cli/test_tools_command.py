"""`signalbox tools`: every coding tool as it is set up, and the defaults that jobs inherit."""

from pathlib import Path

import pytest

from engine.types import JobResult
from state.records import Hold, HoldKind
from tests.helpers.command_line import CommandLine


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def listed(signalbox: CommandLine, tool: str) -> dict[str, object]:
    return next(one for one in signalbox("tools", "--json").json if one["tool"] == tool)


def test_every_coding_tool_is_listed_with_how_it_runs(signalbox: CommandLine) -> None:
    output = signalbox("tools").out
    assert "PERMISSION" in output
    for tool in ("aider", "claude", "codex", "gemini", "opencode"):
        assert f"\n{tool} " in output
    claude = listed(signalbox, "claude")
    assert (claude["model"], claude["permission"], claude["env"], claude["set"]) == (None, "edit", [], [])
    assert not claude["logged_in"]
    assert "nobody seems to be logged in" in str(claude["login_problem"])


def test_a_default_is_set_shown_and_reset(signalbox: CommandLine) -> None:
    assert signalbox("tools", "set", "claude", "model", "opus").out == "The model of claude is now opus.\n"
    signalbox("tools", "set", "claude", "permission", "read")
    signalbox("tools", "set", "claude", "env", "WORK_PROXY", "TEAM")
    signalbox("tools", "set", "claude", "retry", "2")
    claude = listed(signalbox, "claude")
    assert (claude["model"], claude["permission"], claude["env"]) == ("opus", "read", ["WORK_PROXY", "TEAM"])
    assert claude["set"] == ["env", "model", "permission", "retry"]
    assert "claude: also gets WORK_PROXY, TEAM" in signalbox("tools").out
    signalbox("tools", "reset", "claude", "model")
    assert listed(signalbox, "claude")["model"] is None
    signalbox("tools", "reset", "claude")
    assert listed(signalbox, "claude")["set"] == []
    assert "is set for claude" in signalbox("tools", "reset", "claude", code=2).err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["claud", "model", "opus"], "There is no coding tool 'claud'; did you mean claude?"),
        (["shell", "model", "opus"], "There is no coding tool 'shell'"),
        (["claude", "modell", "opus"], "There is no 'modell' of a tool; did you mean model?"),
        (["claude", "permission", "all"], "claude: permission: 'all' is not one of read, edit, full."),
        (["claude", "model", "opus", "sonnet"], "Give one value, not 2."),
        (["claude", "env", "A-B"], "claude: env[0]: should be the name of an environment variable"),
        (["claude", "retry", "often"], "claude: retry.limit: should be"),
        (["claude", "retry", "1000"], "claude: retry.limit: should be"),
    ],
)
def test_a_default_that_makes_no_sense_is_refused(signalbox: CommandLine, words: list[str], why: str) -> None:
    assert why in signalbox("tools", "set", *words, code=2).err
    assert listed(signalbox, "claude")["set"] == []


def test_what_a_tool_cost_today_and_what_holds_it_is_listed(signalbox: CommandLine) -> None:
    usage = {"input_tokens": 10, "output_tokens": 2, "cost_usd": 1.5, "cost_source": "told"}
    with signalbox.store() as store:
        for job_id in ("a", "b"):
            result = JobResult(exit_code=0, success=True, metadata={"usage": usage})
            store.update_job_result({"job_id": job_id, "tool": "claude"}, result)
        store.queue_control.set_hold(Hold(kind=HoldKind.TOOL, key="claude", reason="It is broken.", since=0))
    claude = listed(signalbox, "claude")
    assert claude["cost_today_usd"] == 3.0
    assert listed(signalbox, "codex")["cost_today_usd"] is None
    assert "$3.00" in signalbox("tools").out
    assert "claude: tool claude is held: It is broken." in signalbox("tools").out


@pytest.mark.parametrize("odd", ["x", 5, {"name": "5 hours"}, [5, "x"]])
def test_what_somebody_else_recorded_of_a_tool_costs_no_list(signalbox: CommandLine, odd: object) -> None:
    metadata = {"windows": odd, "usage": {"cost_source": [odd], "cost_usd": odd, "input_tokens": odd}}
    with signalbox.store() as store:
        store.update_job_result({"job_id": "a", "tool": "claude"}, JobResult(exit_code=1, metadata=metadata))
    assert listed(signalbox, "claude")["permission"] == "edit"
    assert signalbox("show", "a").out


def test_an_account_is_added_changed_and_removed(signalbox: CommandLine) -> None:
    assert signalbox("tools", "account", "claude", "work", "--folder", "/c/work").out.endswith("now work.\n")
    signalbox("tools", "account", "claude", "key", "--env", "ANTHROPIC_API_KEY=env:WORK_KEY")
    assert listed(signalbox, "claude")["accounts"] == ["work", "key"]
    assert "A-B" in signalbox("tools", "account", "claude", "key", "--env", "A-B=1", code=2).err
    assert signalbox("tools", "account", "claude", "work", "--remove").out.endswith("now key.\n")
    assert "has no account 'wrk'" in signalbox("tools", "account", "claude", "wrk", "--remove", code=2).err
