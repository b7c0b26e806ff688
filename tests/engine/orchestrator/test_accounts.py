"""A tool with several accounts goes on with the next free one when the quota of one is used up."""

from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance import tool_overview
from engine.orchestrator.orchestrator import Orchestrator
from engine.scheduling import schedule
from engine.scheduling.explainer import Explainer, QueueFacts
from engine.system.usage_windows import UsageWindow
from engine.tool_defaults import Account, ToolDefaults, account_env, account_pools
from engine.types import FailureClass, ToolRun
from state.records import Hold, HoldCause, HoldKind, JobStatus, Limit, LimitKind
from tests.engine.engine_bench import EngineBench, job_of, settle, store_of
from tests.engine.orchestrator.test_escalation import Agent, task
from tests.helpers.attempts import Attempts

POOL = {"claude": {"accounts": {"home": {"config_folder": "/c/home"}, "work": {"config_folder": "/c/work"}}}}


@pytest.fixture
def claude(bench: EngineBench) -> Agent:
    agent = Agent("claude")
    bench.more_adapters.update({"claude": agent, "codex": Agent("codex")})
    return agent


def engine_with(bench: EngineBench, tools: dict[str, Any] = POOL) -> Orchestrator:
    engine = bench.engine()
    store_of(engine).queue_control.change_setting("tools", tools)
    return engine


def accounts_of(engine: Orchestrator, job_id: str) -> list[str | None]:
    return [attempt.account for attempt in engine.store.list_attempts(job_id)]


def wait_of(engine: Orchestrator, job_id: str, now: float) -> str:
    store = store_of(engine)
    facts = QueueFacts(
        jobs={job_id: job_of(engine, job_id)},
        holds=store.queue_control.holds(),
        accounts=account_pools(store.settings().tools),
    )
    wait = Explainer(facts, now).wait(job_of(engine, job_id))
    return "" if wait is None else wait.sentence


def test_a_job_goes_on_with_the_next_free_account_at_once_and_without_costing_a_retry(
    bench: EngineBench, claude: Agent
) -> None:
    claude.comes_to = [FailureClass.QUOTA]
    claude.metadata = {"quota_until": bench.clock.now + 3_000}
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude"))
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.COMPLETED
    assert accounts_of(engine, "a") == ["home", "work"]
    (hold,) = store_of(engine).queue_control.holds()
    assert (hold.kind, hold.key, hold.cause) == (HoldKind.ACCOUNT, "home", HoldCause.QUOTA)
    engine.queue_job(task("b", "claude"))
    settle(engine)
    assert accounts_of(engine, "b") == ["work"], "the first account is not tried while it rests"


def test_when_no_account_is_free_jobs_wait_for_the_first_that_returns(
    bench: EngineBench, claude: Agent
) -> None:
    claude.comes_to = [FailureClass.QUOTA] * 2
    claude.metadata = {"quota_until": bench.clock.now + 3_000}
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude"))
    settle(engine)
    engine.queue_job(task("b", "claude"))
    settle(engine)
    assert accounts_of(engine, "a") == ["home", "work"]
    for job_id in ("a", "b"):
        assert job_of(engine, job_id).status is JobStatus.QUEUED
        assert "Account home has used its quota" in wait_of(engine, job_id, bench.clock.now)
    bench.pass_time(3_001)
    settle(engine)
    assert [job_of(engine, job_id).status for job_id in ("a", "b")] == [JobStatus.COMPLETED] * 2


def test_a_job_that_names_an_account_uses_only_that_one(bench: EngineBench, claude: Agent) -> None:
    claude.comes_to = [FailureClass.QUOTA]
    claude.metadata = {"quota_until": bench.clock.now + 3_000}
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude", account="work"))
    settle(engine)
    assert accounts_of(engine, "a") == ["work"]
    assert job_of(engine, "a").status is JobStatus.QUEUED
    bench.pass_time(3_001)
    settle(engine)
    assert accounts_of(engine, "a") == ["work", "work"]


def test_another_free_account_comes_before_another_tool(bench: EngineBench, claude: Agent) -> None:
    claude.comes_to = [FailureClass.QUOTA] * 2
    claude.metadata = {"quota_until": bench.clock.now + 3_000}
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude", on_quota="escalate", escalate_to=["codex"]))
    settle(engine)
    tried = [(one.tool, one.account) for one in engine.store.list_attempts("a")]
    assert tried == [("claude", "home"), ("claude", "work"), ("codex", None)]


def test_the_limit_of_an_account_counts_for_jobs_that_name_none(bench: EngineBench, claude: Agent) -> None:
    del claude
    engine = engine_with(bench)
    control = store_of(engine).queue_control
    for name in ("home", "work"):
        control.set_limit(Limit(kind=LimitKind.ACCOUNT, key=name, value=1))
    for number in range(4):
        engine.queue_job(task(f"a{number}", "claude"))
    running = [claim.attempt.account for claim in _claims(engine, bench.clock.now)]
    assert running == ["home", "work"]
    assert _claims(engine, bench.clock.now) == [], "what runs is counted with the account it uses"


def _claims(engine: Orchestrator, now: float) -> list[Any]:
    identity = engine.turn.parts.identity.engine
    return store_of(engine).claim(identity, schedule.choose, now, runner="fake")


def test_the_queue_is_idle_when_a_person_holds_every_account_of_a_tool(
    bench: EngineBench, claude: Agent
) -> None:
    del claude
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude"))
    control = store_of(engine).queue_control
    control.set_hold(Hold(kind=HoldKind.ACCOUNT, key="home", reason="mine", since=0.0))
    assert not store_of(engine).is_idle()
    control.set_hold(Hold(kind=HoldKind.ACCOUNT, key="work", reason="mine", since=0.0))
    assert store_of(engine).is_idle()
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.QUEUED
    assert "Account home is on hold" in wait_of(engine, "a", bench.clock.now)


def test_a_job_for_which_every_account_is_busy_says_so(bench: EngineBench, claude: Agent) -> None:
    del claude
    engine = engine_with(bench)
    for name in ("home", "work"):
        store_of(engine).queue_control.set_limit(Limit(kind=LimitKind.ACCOUNT, key=name, value=1))
    for number in range(3):
        engine.queue_job(task(f"a{number}", "claude"))
    used = {claim.job.job_id: str(claim.attempt.account) for claim in _claims(engine, bench.clock.now)}
    jobs = {job_id: job_of(engine, job_id) for job_id in ("a0", "a1", "a2")}
    facts = QueueFacts(
        jobs=jobs,
        limits=store_of(engine).queue_control.limits(),
        accounts=account_pools(store_of(engine).settings().tools),
        used_accounts=used,
    )
    wait = Explainer(facts, bench.clock.now).wait(jobs["a2"])
    assert wait is not None
    assert wait.sentence == "No free slot for account home (1 of 1 running); first in the queue."


def test_how_much_each_account_has_used_is_known_from_its_last_attempt(
    bench: EngineBench, claude: Agent
) -> None:
    engine = engine_with(bench)
    for job_id, account, used in (
        ("a", "home", 0.2),
        ("b", "home", 0.4),
        ("c", "work", 0.9),
        ("d", None, None),
    ):
        claude.metadata = {} if used is None else {"windows": [{"name": "5 hours", "used": used}]}
        engine.queue_job(task(job_id, "claude", account=account))
        settle(engine)
    with store_of(engine).database.reading_engine(busy_ms=5_000).begin() as connection:
        found = tool_overview.records_of_tools(connection, bench.clock.now).windows
    assert found == {
        ("claude", "home"): (UsageWindow(name="5 hours", used=0.4),),
        ("claude", "work"): (UsageWindow(name="5 hours", used=0.9),),
    }


def test_a_person_who_holds_an_account_sends_its_jobs_to_the_next(bench: EngineBench, claude: Agent) -> None:
    del claude
    engine = engine_with(bench)
    store_of(engine).queue_control.set_hold(Hold(kind=HoldKind.ACCOUNT, key="home", reason="mine", since=0.0))
    engine.queue_job(task("a", "claude"))
    settle(engine)
    assert accounts_of(engine, "a") == ["work"]


def test_a_job_never_runs_with_another_log_in_than_the_account_it_names(
    bench: EngineBench, claude: Agent
) -> None:
    del claude
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude", account="wrok"))
    engine.queue_job(task("b", "claude"))
    settle(engine)
    held = job_of(engine, "a")
    assert (held.status, held.hold_cause) == (JobStatus.HELD, HoldCause.UNREADABLE)
    assert "claude has no account wrok, only home, work" in (held.hold_reason or "")
    assert job_of(engine, "b").status is JobStatus.COMPLETED
    more: dict[str, Any] = {"claude": {"accounts": {"wrok": {}, "work": {}}}}
    store_of(engine).queue_control.change_setting("tools", more)
    store_of(engine).release("a")
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.COMPLETED


def test_an_account_that_is_removed_while_its_job_waits_for_the_quota_is_not_replaced(
    bench: EngineBench, claude: Agent
) -> None:
    claude.comes_to = [FailureClass.QUOTA]
    claude.metadata = {"quota_until": bench.clock.now + 3_000}
    engine = engine_with(bench)
    engine.queue_job(task("a", "claude", account="home"))
    settle(engine)
    store_of(engine).queue_control.change_setting("tools", {"claude": {"accounts": {"work": {}}}})
    bench.pass_time(3_001)
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.HELD
    assert len(claude.prompts) == 1


def test_without_accounts_in_the_settings_the_name_is_only_that_of_a_limit(
    bench: EngineBench, claude: Agent
) -> None:
    del claude
    engine = engine_with(bench, {})
    engine.queue_job(task("a", "claude", account="mine"))
    settle(engine)
    assert (job_of(engine, "a").status, accounts_of(engine, "a")) == (JobStatus.COMPLETED, ["mine"])


def test_an_account_selects_a_folder_and_variables_and_no_key_counts_more(
    tmp_path: Path,
) -> None:
    tools = {
        "claude": ToolDefaults(
            accounts={
                "work": Account(config_folder=str(tmp_path / "work")),
                "key": Account(env={"ANTHROPIC_API_KEY": "env:WORK_KEY"}),
            }
        )
    }
    program = tmp_path / "claude"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    theirs = {"PATH": str(tmp_path), "ANTHROPIC_API_KEY": "sk-inherited", "WORK_KEY": "sk-of-work"}
    spec = job_from_mapping({"tool": "claude", "prompt": "x", "paths": {"repo_root": str(tmp_path)}})
    found = {}
    for name in ("work", "key"):
        run = ToolRun(account=name, account_env=account_env("claude", name, tools))
        context = Attempts(tmp_path / name).context(
            tool_paths={"claude": str(program)}, base_env=theirs, run=run
        )
        found[name] = ADAPTERS["claude"].prepare(spec, context)
    assert found["work"].env["CLAUDE_CONFIG_DIR"] == str(tmp_path / "work")
    assert "ANTHROPIC_API_KEY" not in found["work"].env
    assert found["key"].env["ANTHROPIC_API_KEY"] == "sk-of-work"
    assert "sk-of-work" in found["key"].secrets
