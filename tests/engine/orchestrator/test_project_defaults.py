"""What the project file says counts after the job file and before the settings, at the moment a job starts."""

from pathlib import Path
from typing import Any

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.project_file import NO_PROJECT_FILE, PROJECT_FILE
from engine.jobfile.spec import JobSpec
from engine.orchestrator.orchestrator import Orchestrator
from engine.tool_defaults import ToolDefaults, default_retry, tool_run, tools_in, with_project_limits
from engine.trust.launch import launch_plans
from engine.trust.launch_plan import concerns_of
from engine.trust.policy import TrustPolicy
from engine.types import AttemptContext, FailureClass, Invocation, Permission
from state.records import HoldCause, JobStatus, Origin
from tests.engine.engine_bench import EngineBench, job_of, settle, store_of
from tests.engine.orchestrator.test_escalation import Agent
from tests.helpers.small_repository import small_repository

SETTINGS = {"claude": {"model": "haiku", "permission": "read", "retry": {"limit": 5}}}
FULL = "tools: {claude: {permission: full}}\n"


class RecordingAgent(Agent):
    """A coding tool that keeps how it was to run."""

    def __init__(self) -> None:
        super().__init__("claude")
        self.ran: list[tuple[JobSpec, AttemptContext]] = []

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        self.ran.append((spec, context))
        return super().prepare(spec, context)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


@pytest.fixture
def claude(bench: EngineBench) -> RecordingAgent:
    agent = RecordingAgent()
    bench.more_adapters["claude"] = agent
    return agent


@pytest.fixture
def engine(bench: EngineBench, claude: RecordingAgent) -> Orchestrator:
    del claude
    made = bench.engine()
    store_of(made).queue_control.change_setting("tools", SETTINGS)
    return made


def task(repo: Path, job_id: str = "a", **fields: Any) -> JobSpec:
    paths = {"repo_root": str(repo)}
    return job_from_mapping({"tool": "claude", "job_id": job_id, "prompt": "x", "paths": paths, **fields})


def says(repo: Path, text: str) -> None:
    (repo / PROJECT_FILE).write_text(text)


def test_the_project_file_counts_after_the_job_file_and_before_the_settings(
    engine: Orchestrator, claude: RecordingAgent, repo: Path
) -> None:
    says(repo, "tools: {claude: {permission: edit}}\n")
    engine.queue_job(task(repo))
    settle(engine)
    says(repo, "tools: {claude: {model: sonnet, permission: edit}}\n")
    engine.queue_job(task(repo, "b"))
    engine.queue_job(task(repo, "c", model="opus", permission="read", metadata={"writes": False}))
    settle(engine)
    ran = {spec.job_id: (context.run.model, context.run.permission) for spec, context in claude.ran}
    assert ran == {
        "a": ("haiku", Permission.EDIT),
        "b": ("sonnet", Permission.EDIT),
        "c": ("opus", Permission.READ),
    }


def test_what_the_project_file_says_by_the_time_of_the_start_is_what_counts(
    engine: Orchestrator, claude: RecordingAgent, repo: Path
) -> None:
    engine.queue_job(task(repo))
    says(repo, "tools: {claude: {model: sonnet}}\n")
    settle(engine)
    assert [context.run.model for _, context in claude.ran] == ["sonnet"]


def test_its_limits_hold_for_jobs_that_say_nothing_of_them(
    engine: Orchestrator, claude: RecordingAgent, repo: Path
) -> None:
    says(repo, "limits: {max_turns: 7, output_mb: 2}\n")
    engine.queue_job(task(repo))
    engine.queue_job(task(repo, "b", metadata={"limits": {"max_turns": 3}}))
    settle(engine)
    limits = {spec.job_id: spec.metadata.limits for spec, _ in claude.ran}
    assert {job: (one.max_turns, one.output_mb) for job, one in limits.items()} == {"a": (7, 2), "b": (3, 2)}


def test_its_retries_hold_before_those_of_the_settings(
    engine: Orchestrator, claude: RecordingAgent, repo: Path
) -> None:
    says(repo, "tools: {claude: {retry: {limit: 1, backoff: immediate}}}\n")
    claude.comes_to = [FailureClass.FAILED] * 9
    engine.queue_job(task(repo))
    settle(engine)
    assert len(claude.ran) == 2
    assert job_of(engine, "a").status is JobStatus.FAILED
    found = default_retry(
        task(repo), tools_in(repo, {"claude": ToolDefaults.model_validate(SETTINGS["claude"])})
    )
    assert found is not None
    assert found.limit == 1


def test_a_job_in_a_repository_whose_project_file_is_not_valid_is_held_with_line_and_field_and_then_starts(
    engine: Orchestrator, claude: RecordingAgent, repo: Path, tmp_path: Path
) -> None:
    elsewhere = small_repository(tmp_path / "elsewhere")
    says(repo, "target: main\nchek: {exe: make}\n")
    engine.queue_job(task(repo))
    engine.queue_job(task(elsewhere, "b"))
    settle(engine)
    held = job_of(engine, "a")
    assert (held.status, held.hold_cause) == (JobStatus.HELD, HoldCause.UNREADABLE)
    assert ".signalbox.yaml: line 2: chek: is not a known key; did you mean check?" in str(held.hold_reason)
    assert job_of(engine, "b").status is JobStatus.COMPLETED
    says(repo, "target: main\n")
    store_of(engine).release("a")
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.COMPLETED
    assert len(claude.ran) == 2


def test_the_budget_of_a_job_may_stand_in_the_project_file(
    engine: Orchestrator, claude: RecordingAgent, repo: Path
) -> None:
    says(repo, "limits: {budget_usd: 1}\n")
    claude.comes_to = [FailureClass.FAILED, FailureClass.FAILED]
    claude.metadata = {"usage": {"cost_usd": 2.0, "cost_source": "tool"}}
    engine.queue_job(task(repo, metadata={"retry": {"limit": 3, "backoff": "immediate"}}))
    settle(engine)
    assert len(claude.ran) == 1
    assert job_of(engine, "a").hold_cause is HoldCause.BUDGET


def test_full_permission_that_the_project_file_gives_is_a_concern_of_trust(repo: Path) -> None:
    before = launch_plans(task(repo))
    says(repo, FULL)
    assert concerns_of(before) == ()
    assert "runs with full permission, so it may start any command without asking" in concerns_of(
        launch_plans(task(repo))
    )


@pytest.mark.parametrize("origin", [Origin.WINDOW, Origin.COMMAND_LINE, Origin.API])
def test_a_job_that_a_person_added_is_held_where_only_the_project_file_gives_full_permission(
    bench: EngineBench, claude: RecordingAgent, repo: Path, origin: Origin
) -> None:
    bench.launch_policy = TrustPolicy(bench.home.home_id(), home=bench.home.root)
    engine = bench.engine()
    says(repo, FULL)
    spec = task(repo)
    store_of(engine).accept([Accepted(spec=spec, digest=spec.digest())], origin=origin)
    settle(engine)
    held = job_of(engine, "a")
    assert (held.status, held.hold_cause) == (JobStatus.HELD, HoldCause.TRUST)
    assert "full permission" in str(held.hold_reason)
    store_of(engine).release("a")
    settle(engine)
    assert [context.run.permission for _, context in claude.ran] == [Permission.FULL]


def test_a_job_or_a_setting_that_gives_full_permission_itself_is_not_asked_again(
    bench: EngineBench, claude: RecordingAgent, repo: Path
) -> None:
    bench.launch_policy = TrustPolicy(bench.home.home_id(), home=bench.home.root)
    engine = bench.engine()
    says(repo, FULL)
    engine.queue_job(task(repo, permission="full"))
    store_of(engine).queue_control.change_setting("tools", {"claude": {"permission": "full"}})
    engine.queue_job(task(repo, "b"))
    settle(engine)
    assert [context.run.permission for _, context in claude.ran] == [Permission.FULL] * 2


def test_without_a_project_file_the_defaults_are_the_settings_themselves(repo: Path) -> None:
    tools = {"claude": ToolDefaults(model="haiku")}
    assert tools_in(repo, tools) is tools
    spec = task(repo)
    assert with_project_limits(spec, NO_PROJECT_FILE.limits) is spec
    assert tool_run(spec, tools).full_by_project is False
