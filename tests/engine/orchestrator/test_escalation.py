"""Failure classes decide: retries, ladders, quota of an account, a breaker that keeps a broken tool from storming."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.adapters.prompt import write_prompt
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.orchestrator.orchestrator import Orchestrator
from engine.scheduling.explainer import Explainer, QueueFacts
from engine.scheduling.retry_policy import BREAKS_AFTER
from engine.types import (
    AttemptContext,
    AttemptEnd,
    AttemptRef,
    FailureClass,
    Invocation,
    JobResult,
    ToolProbe,
)
from state.records import NOTHING, AttemptStatus, Hold, HoldKind, JobStatus, Limit, LimitKind, nothing
from tests.engine.engine_bench import EngineBench, job_of, settle, store_of, words


@dataclass
class Agent:
    """A coding tool whose attempts come to what `comes_to` lists, one after the other; None is a success."""

    tool: str
    comes_to: list[FailureClass | None] = field(default_factory=list)
    metadata: Mapping[str, Any] = field(default_factory=nothing)
    tile: str = "ag"
    prompts: list[str] = field(default_factory=list)

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        self.prompts.append(write_prompt(spec, context).read_text(encoding="utf-8"))
        if self.comes_to and self.comes_to[0] is FailureClass.SPAWN_FAILED:
            self.comes_to.pop(0)
            raise SpawnError(f"There is no program {self.tool}.")
        return Invocation(
            argv=("error", f"{self.tool} says no", "exit", "1"), cwd=context.folder, env=NOTHING
        )

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        del spec
        failure = self.comes_to.pop(0) if self.comes_to else None
        printed = (context.folder / "stderr").read_text(encoding="utf-8")
        failure_fields = (
            {} if failure is None else {"summary": f"{self.tool}: {failure}.", "failure_class": failure.value}
        )
        return JobResult(
            exit_code=end.exit_code,
            success=failure is None,
            stderr=printed,
            metadata={**self.metadata, **failure_fields},
        )

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        del tool_paths
        return ToolProbe(tool=self.tool)


@pytest.fixture
def agents(bench: EngineBench) -> dict[str, Agent]:
    made = {tool: Agent(tool) for tool in ("aider", "codex", "claude")}
    bench.more_adapters.update(made)
    return made


def task(job_id: str, tool: str = "aider", *, writes: bool = False, **metadata: Any) -> JobSpec:
    fields = {
        "tool": tool,
        "job_id": job_id,
        "prompt": "Mend it.",
        "metadata": {"writes": writes, **metadata},
    }
    return job_from_mapping(fields, base=Path("/nowhere"))


def waits(engine: Orchestrator, job_id: str, now: float) -> str:
    store = store_of(engine)
    jobs = {job.job_id: job for run in store.list_recent_runs(100) for job in store.list_jobs(run.run_id)}
    facts = QueueFacts(jobs=jobs, holds=store.queue_control.holds(), limits=store.queue_control.limits())
    wait = Explainer(facts, now).wait(jobs[job_id])
    return "" if wait is None else wait.sentence


def test_each_tool_of_the_ladder_is_an_attempt_and_learns_how_the_last_one_failed(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to = [FailureClass.NO_CHANGE, FailureClass.TESTS_FAILED]
    agents["codex"].comes_to = [FailureClass.BAD_EDIT]
    engine = bench.engine()
    engine.queue_job(task("a", escalate_to=["codex", "claude"], retry={"limit": 1, "backoff": "immediate"}))
    settle(engine, turns=40)
    tried = [(one.tool, one.status, one.failure_class) for one in engine.store.list_attempts("a")]
    assert tried == [
        ("aider", AttemptStatus.FAILED, "no_change"),
        ("aider", AttemptStatus.FAILED, "tests_failed"),
        ("codex", AttemptStatus.FAILED, "bad_edit"),
        ("claude", AttemptStatus.COMPLETED, None),
    ]
    assert job_of(engine, "a").status is JobStatus.COMPLETED
    assert agents["aider"].prompts[0] == "Mend it.\n"
    assert "aider: no_change." in agents["aider"].prompts[1]
    assert "aider: tests_failed." in agents["codex"].prompts[0]
    assert "codex: bad_edit." in agents["claude"].prompts[0]
    assert "codex says no" in agents["claude"].prompts[0]


def test_when_the_last_tool_of_the_ladder_fails_a_person_decides(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to = agents["codex"].comes_to = [FailureClass.NO_CHANGE] * 2
    engine = bench.engine()
    engine.queue_job(task("a", escalate_to=["codex"]))
    settle(engine, turns=40)
    job = job_of(engine, "a")
    assert (job.status, job.quarantined, job.attempts) == (JobStatus.FAILED, True, 2)


def test_the_ladder_set_for_a_tool_is_climbed_by_jobs_that_name_none(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    for agent in agents.values():
        agent.comes_to = [FailureClass.NO_CHANGE] * 3
    engine = bench.engine()
    store_of(engine).queue_control.change_setting("ladders", {"aider": ["claude", "codex"]})
    engine.queue_job(task("a"))
    settle(engine, turns=40)
    assert [one.tool for one in engine.store.list_attempts("a")] == ["aider", "claude", "codex"]


@pytest.mark.parametrize("tool", ["aider", "codex", "claude", "gemini"])
def test_every_coding_tool_is_given_the_failure_with_its_task(tool: str, tmp_path: Path) -> None:
    program = tmp_path / tool
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    folder = tmp_path / "attempt"
    folder.mkdir()
    context = AttemptContext(
        ref=AttemptRef(1, "token"),
        number=2,
        folder=folder,
        base_env={"PATH": str(tmp_path)},
        previous_failure="2 of 5 tests failed.",
    )
    spec = job_from_mapping(
        {"tool": tool, "prompt": "Mend it.", "paths": {"repo_root": str(tmp_path)}}, base=tmp_path
    )
    made = ADAPTERS[tool].prepare(spec, context)
    command = " ".join(made.argv)
    command += "".join(
        file.read_text() for file in [made.stdin_file, folder / "task.md"] if file and file.exists()
    )
    assert "The attempt before this one failed: 2 of 5 tests failed." in command


def test_quota_stops_every_job_of_the_account_until_its_reset_and_costs_no_retry(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    engine = bench.engine()
    store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    reset = bench.clock.now + 7_200
    agents["aider"].comes_to = [FailureClass.QUOTA]
    agents["aider"].metadata = {"quota_until": reset}
    engine.queue_job(task("a", account="work"))
    engine.queue_job(task("b", tool="codex", account="work"))
    engine.queue_job(task("other", tool="codex", account="home"))
    settle(engine)
    assert engine.get_job_status("other") == "completed"
    assert [engine.get_job_status(job_id) for job_id in "ab"] == ["queued", "queued"]
    assert waits(engine, "b", bench.clock.now).startswith("Account work has used its quota")
    assert (job_of(engine, "a").attempts, job_of(engine, "a").max_attempts) == (1, 2)
    assert engine.store.list_attempts("a")[0].status is AttemptStatus.QUOTA
    assert not engine.turn.step().idle, "the engine goes on by itself when the quota is back"
    assert engine.turn.step().next_wake == pytest.approx(min(reset, bench.clock.now + 5))
    bench.clock.now = reset + 1
    settle(engine)
    assert [engine.get_job_status(job_id) for job_id in "ab"] == ["completed", "completed"]


def test_a_person_can_lift_a_quota_before_its_reset(bench: EngineBench, agents: dict[str, Agent]) -> None:
    agents["aider"].comes_to = [FailureClass.QUOTA]
    engine = bench.engine()
    engine.queue_job(task("a"))
    settle(engine)
    assert engine.get_job_status("a") == "queued"
    assert store_of(engine).queue_control.lift_hold(HoldKind.TOOL, "aider")
    settle(engine)
    assert engine.get_job_status("a") == "completed"


def test_a_program_that_cannot_be_started_holds_its_tool_after_five_failures_in_a_row(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to = [FailureClass.SPAWN_FAILED] * 50
    engine = bench.engine()
    store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    for number in range(20):
        engine.queue_job(task(f"a{number}", retry={"limit": 3}))
    engine.queue_job(words("exit", "0", job_id="other"))
    settle(engine, turns=100)
    failed = [number for number in range(20) if engine.get_job_status(f"a{number}") == "failed"]
    assert len(failed) == BREAKS_AFTER
    assert engine.get_job_status("other") == "completed"
    sentence = waits(engine, "a19", bench.clock.now)
    assert sentence.startswith("aider is on hold: 5 attempts in a row could not start")
    assert "There is no program aider" in sentence
    assert engine.turn.step().idle, "nothing of it starts without a person"


def test_a_success_lifts_no_hold_of_a_person_whatever_its_reason_says(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to = []
    engine = bench.engine()
    store = store_of(engine)
    store.queue_control.set_hold(
        Hold(kind=HoldKind.ACCOUNT, key="work", reason="5 attempts in a row were enough", since=0.0)
    )
    store.queue_control.set_hold(
        Hold(kind=HoldKind.TOOL, key="aider", reason="5 attempts in a row", since=0.0)
    )
    engine.run_job(task("a", account="work"))
    assert engine.get_job_status("a") == "completed"
    assert {(hold.kind, hold.key) for hold in store.queue_control.holds()} == {
        (HoldKind.ACCOUNT, "work"), (HoldKind.TOOL, "aider"),
    }  # fmt: skip


def test_a_refused_key_stops_its_account_and_no_other(bench: EngineBench, agents: dict[str, Agent]) -> None:
    agents["aider"].comes_to = [FailureClass.AUTH] * 6
    engine = bench.engine()
    store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    for number in range(7):
        engine.queue_job(task(f"a{number}", account="work"))
    engine.queue_job(task("other", account="home"))
    settle(engine, turns=100)
    (hold,) = store_of(engine).queue_control.holds()
    assert (hold.kind, hold.key, hold.until) == (HoldKind.ACCOUNT, "work", None)
    assert engine.get_job_status("other") == "failed", "it was tried: another account is another key"
    assert engine.get_job_status("a6") == "queued"


def test_a_job_that_does_not_wait_goes_on_with_another_tool_while_its_account_rests(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["claude"].comes_to = [FailureClass.QUOTA]
    agents["claude"].metadata = {"quota_until": bench.clock.now + 3_000}
    engine = bench.engine()
    engine.queue_job(task("a", "claude", account="work", on_quota="escalate", escalate_to=["codex"]))
    settle(engine)
    tried = [(one.tool, one.status) for one in engine.store.list_attempts("a")]
    assert tried == [("claude", AttemptStatus.QUOTA), ("codex", AttemptStatus.COMPLETED)]
    (hold,) = store_of(engine).queue_control.holds()
    assert (hold.kind, hold.key, hold.until) == (HoldKind.ACCOUNT, "work", bench.clock.now + 3_000)


def test_refusals_that_are_only_guesses_stop_neither_account_nor_tool(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    engine = bench.engine()
    for tool, failure in (("aider", FailureClass.AUTH), ("codex", FailureClass.QUOTA)):
        agents[tool].metadata = {"confidence": "unsure"}
        agents[tool].comes_to = [failure] * 7
        for number in range(7):
            engine.queue_job(task(f"{tool}{number}", tool, account="work"))
            settle(engine)
    agents["aider"].metadata = {"confidence": "certain"}
    agents["aider"].comes_to = [FailureClass.AUTH] * 4
    for number in range(10, 14):
        engine.queue_job(task(f"aider{number}", account="work"))
        settle(engine)
    assert store_of(engine).queue_control.holds() == []
    assert engine.get_job_status("codex6") == "failed"


def test_other_failures_never_open_the_breaker(bench: EngineBench, agents: dict[str, Agent]) -> None:
    kinds = [FailureClass.SPAWN_FAILED] * 4 + [FailureClass.NO_CHANGE] + [FailureClass.SPAWN_FAILED] * 4
    agents["aider"].comes_to = list(kinds)
    engine = bench.engine()
    for number in range(len(kinds)):
        engine.queue_job(task(f"a{number}"))
        settle(engine)
    assert store_of(engine).queue_control.holds() == []


def test_a_resumed_tool_is_tried_and_stopped_again_by_its_first_failure(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to = [FailureClass.SPAWN_FAILED] * 6
    engine = bench.engine()
    store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    for number in range(9):
        engine.queue_job(task(f"a{number}"))
    settle(engine, turns=60)
    assert store_of(engine).queue_control.lift_hold(HoldKind.TOOL, "aider")
    settle(engine, turns=60)
    assert len(store_of(engine).queue_control.holds()) == 1
    assert engine.get_job_status("a5") == "failed"
    assert engine.get_job_status("a6") == "queued"
    assert store_of(engine).queue_control.lift_hold(HoldKind.TOOL, "aider")
    settle(engine, turns=60)
    assert engine.get_job_status("a8") == "completed"
    assert store_of(engine).queue_control.holds() == []


def test_one_success_lifts_the_breakers_hold_but_not_that_of_a_person(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    engine = bench.engine()
    agents["aider"].comes_to = [FailureClass.SPAWN_FAILED] * 5
    store = store_of(engine)
    store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    for number in range(6):
        engine.queue_job(task(f"a{number}"))
    settle(engine, turns=60)
    assert [hold.key for hold in store.queue_control.holds()] == ["aider"]
    assert engine.run_job(task("by-hand")).success
    assert store.queue_control.holds() == []
    mine = Hold(kind=HoldKind.TOOL, key="aider", reason="I want it quiet.", since=1.0)
    store.queue_control.set_hold(mine)
    assert engine.run_job(task("by-hand-too")).success
    assert store.queue_control.holds() == [mine]


def test_one_tool_stands_on_a_ladder_twice_with_models_of_its_own(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["claude"].comes_to = [FailureClass.BAD_EDIT, FailureClass.BAD_EDIT, None]
    rungs = [{"tool": "claude", "model": "sonnet"}, {"tool": "claude", "model": "opus", "permission": "read"}]
    first = bench.engine()
    first.queue_job(task("a", tool="claude", escalate_to=[*rungs, "codex"]))
    settle(first, turns=40)
    tried = [(one.tool, one.rung, one.model, one.permission) for one in first.store.list_attempts("a")]
    assert tried == [
        ("claude", 0, None, "edit"),
        ("claude", 1, "sonnet", "edit"),
        ("claude", 2, "opus", "read"),
    ]
    assert job_of(first, "a").status is JobStatus.COMPLETED


def test_a_default_that_is_set_while_a_job_waits_is_what_it_starts_with(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    engine = bench.engine()
    engine.queue_job(task("a", tool="claude"))
    store_of(engine).queue_control.change_setting(
        "tools", {"claude": {"model": "opus", "permission": "read"}}
    )
    settle(engine, turns=20)
    only = engine.store.list_attempts("a")[0]
    assert (only.model, only.permission, agents["claude"].prompts) == ("opus", "read", ["Mend it.\n"])


def test_a_default_retry_is_that_of_a_job_which_names_none(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    engine = bench.engine()
    retry = {"limit": 1, "backoff": "immediate"}
    store_of(engine).queue_control.change_setting("tools", {"claude": {"retry": retry}})
    agents["claude"].comes_to = [FailureClass.BAD_EDIT] * 2
    engine.queue_job(task("a", tool="claude"))
    engine.queue_job(task("b", tool="claude", retry={"limit": 0}))
    settle(engine, turns=40)
    assert [len(engine.store.list_attempts(name)) for name in "ab"] == [2, 1]


def test_a_job_that_a_person_gives_another_tool_goes_on_from_the_rung_of_that_tool(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to, agents["codex"].comes_to = [FailureClass.NO_CHANGE], [FailureClass.NO_CHANGE]
    engine = bench.engine()
    engine.queue_job(task("a"))
    settle(engine, turns=20)
    store_of(engine).queue_control.change_setting("ladders", {"aider": ["codex", "claude"]})
    assert store_of(engine).job_control.retry("a", tool="codex").rung == 1
    settle(engine, turns=40)
    tried = [(one.tool, one.rung) for one in engine.store.list_attempts("a")]
    assert tried == [("aider", 0), ("codex", 1), ("claude", 2)]


def test_a_job_that_a_person_gives_another_tool_uses_the_account_of_that_place_on_its_ladder(
    bench: EngineBench, agents: dict[str, Agent]
) -> None:
    agents["aider"].comes_to, agents["codex"].comes_to = [FailureClass.AUTH] * 2, [FailureClass.AUTH]
    agents["claude"].comes_to = [FailureClass.AUTH]
    engine = bench.engine()
    ladder = [{"tool": "codex", "account": "second"}, "claude"]
    engine.queue_job(task("a", account="first", escalate_to=ladder))
    settle(engine, turns=40)
    control = store_of(engine).job_control
    assert control.retry("a", tool="codex").account == "second"
    control.request_cancel("a")
    assert control.retry("a", tool="claude").account is None
    control.request_cancel("a")
    assert control.retry("a", tool="aider").account == "first"
