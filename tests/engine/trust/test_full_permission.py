"""Full permission needs a grant of its own, whichever way it was set: by the job file, a rung or a default."""

from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.system.home import Home
from engine.tool_defaults import ToolDefaults, as_permitted
from engine.trust.launch import launch_plans
from engine.trust.launch_plan import concerns_of
from engine.trust.policy import TrustPolicy, preview_launch
from engine.trust.trust_store import TrustStore
from engine.types import Permission
from state.records import HoldCause, Job, Origin
from tests.helpers.small_repository import small_repository

FULL = "runs with full permission, so it may start any command without asking"
FULL_BY_DEFAULT = {"claude": ToolDefaults(permission=Permission.FULL)}
LADDER = {"escalate_to": ["claude"]}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


def job(repo: Path, tool: str = "claude", **fields: Any) -> JobSpec:
    return job_from_mapping(
        {"tool": tool, "job_id": "j", "prompt": "Mend it.", "paths": {"repo_root": str(repo)}, **fields}
    )


@pytest.mark.parametrize(
    ("fields", "defaults"),
    [
        ({"permission": "full"}, {}),
        ({"metadata": {"escalate_to": [{"tool": "codex", "permission": "full"}]}}, {}),
        ({"permission": "full", "metadata": {"escalate_to": ["codex"]}}, {}),
        ({}, FULL_BY_DEFAULT),
        ({"tool": "aider", "metadata": LADDER}, FULL_BY_DEFAULT),
    ],
)
def test_full_permission_is_a_concern_however_it_was_set(
    repo: Path, fields: dict[str, Any], defaults: dict[str, ToolDefaults]
) -> None:
    assert concerns_of(launch_plans(job(repo, **fields), {}, defaults)) == (FULL,)


def test_edit_and_read_are_none(repo: Path) -> None:
    for permission in ("edit", "read"):
        assert concerns_of(launch_plans(job(repo, permission=permission), {}, FULL_BY_DEFAULT)) == ()


def test_a_grant_for_edit_covers_neither_full_nor_a_default_that_became_full(repo: Path) -> None:
    grants = TrustStore()
    grants.grant(launch_plans(job(repo)))
    assert preview_launch(job(repo), grants).granted
    assert not preview_launch(job(repo, permission="full"), grants).granted
    assert not preview_launch(job(repo), grants, defaults=FULL_BY_DEFAULT).granted


def test_a_grant_of_an_earlier_release_still_covers_the_job_it_was_for(repo: Path) -> None:
    plans = launch_plans(job(repo, permission="edit"))
    assert [plan.digest for plan in plans] == [plan.digest for plan in launch_plans(job(repo))]


def test_a_granted_job_from_the_inbox_is_held_once_its_tool_has_full_permission(
    repo: Path, tmp_path: Path
) -> None:
    defaults: dict[str, ToolDefaults] = {}
    policy = TrustPolicy(Home.at(tmp_path / "home").home_id(), defaults=lambda: defaults)
    policy.grants.grant(launch_plans(job(repo)))
    waiting = Job(job_id="j", run_id="r", ws_id="w", tool="claude", origin=Origin.INBOX)
    assert policy.objection(waiting, job(repo)) is None
    defaults.update(FULL_BY_DEFAULT)
    held = policy.objection(waiting, as_permitted(job(repo), defaults))
    assert held is not None
    assert held.cause is HoldCause.TRUST
    assert policy.review([job(repo)])(lambda _ids: ())[0] is not None


def test_each_rung_of_the_same_tool_is_a_plan_of_its_own(repo: Path) -> None:
    rungs = [{"tool": "claude", "model": "opus"}, {"tool": "claude", "permission": "full"}, "claude"]
    plans = launch_plans(job(repo, metadata={"escalate_to": rungs}))
    assert [plan.args for plan in plans] == [
        ("<the task>",),
        ("--model", "opus", "<the task>"),
        ("full permission", "<the task>"),
    ]
