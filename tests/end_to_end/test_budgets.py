"""Two real engines on one home, and a budget: what is started is paid for, and nothing runs twice."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from engine.system.tool_paths import search_path
from state.records import HoldKind, JobStatus, Limit, LimitKind
from tests.helpers.command_line import CommandLine, until

JOBS, AT_ONCE, BUDGET = 12, 2, 3.0
SPENT = {
    "type": "result", "subtype": "success", "is_error": False, "result": "Done.", "total_cost_usd": 1.0,
    "usage": {"input_tokens": 12, "cache_read_input_tokens": 200_000, "output_tokens": 30},
}  # fmt: skip


@pytest.fixture
def signalbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A home where `claude` says that it has cost a dollar, and notes each of its starts."""
    programs = tmp_path / "programs"
    programs.mkdir()
    claude = programs / "claude"
    note = f"echo $PPID >> {tmp_path / 'starts'}"
    claude.write_text(f"#!/bin/sh\n{note}\necho '{json.dumps(SPENT)}'\n")
    claude.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    search_path.cache_clear()
    return CommandLine(tmp_path)


def counts(signalbox: CommandLine) -> Counter[JobStatus]:
    with signalbox.store() as store:
        return Counter(job.status for job in store.list_jobs("night"))


def test_two_engines_overspend_a_budget_by_what_was_running_alone_and_go_on_when_it_is_raised(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    evidence = {"evidence": {"change": "optional"}, "writes": False}
    files = [
        signalbox.file(
            f"{number}.json",
            {
                "tool": "claude",
                "job_id": f"j{number}",
                "run_id": "night",
                "prompt": "do it",
                "metadata": evidence,
            },
        )
        for number in range(JOBS)
    ]
    signalbox("submit", *files)
    with signalbox.store() as store:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=AT_ONCE))
        store.queue_control.change_setting("budget_run_usd", BUDGET)
    with (
        signalbox.process("engine", "--until-idle") as one,
        signalbox.process("engine", "--until-idle") as two,
    ):
        for engine in (one, two):
            engine.communicate()
    found = counts(signalbox)
    assert BUDGET <= found[JobStatus.COMPLETED] < BUDGET + AT_ONCE
    assert found[JobStatus.QUEUED] == JOBS - found[JobStatus.COMPLETED]
    status = signalbox("status").out
    assert "The budget of run night, $3.00, is used up: " in status
    spent = f"${found[JobStatus.COMPLETED]:.2f}"
    assert f"Cost today: {spent}\n" in status
    assert f"cost        {spent}, reported by the tool" in signalbox("show", "night").out
    assert signalbox("status", "--json").json["today"] == {
        "cost_usd": float(found[JobStatus.COMPLETED]),
        "cost_source": "told",
        "budget_usd": None,
    }
    (hold,) = signalbox("limits", "--json").json["holds"]
    assert (hold["kind"], hold["key"], hold["cause"]) == ("budget", "run:night", "budget")
    with signalbox.process("engine") as engine:
        signalbox("settings", "set", "budget_run_usd", "1000")
        until(lambda: counts(signalbox)[JobStatus.COMPLETED] == JOBS or None)
        engine.terminate()
        engine.communicate()
    with signalbox.store() as store:
        assert all(len(store.list_attempts(f"j{number}")) == 1 for number in range(JOBS))
        assert [hold.kind for hold in store.queue_control.holds() if hold.kind is HoldKind.BUDGET] == []
    assert len((tmp_path / "starts").read_text().split()) == JOBS
    shown = signalbox("show", "j0").out
    assert "tokens      200,012 in (200,000 cached) / 30 out" in shown
    assert "cost        $1.00, reported by the tool" in shown
    signalbox("doctor", "--strict")
