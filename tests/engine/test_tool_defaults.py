"""How the tool of an attempt runs: the rung, the job file, the defaults of the tool, what is built in."""

from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.spec import JobSpec
from engine.tool_defaults import ToolDefaults, as_permitted, default_retry, tool_run
from engine.types import Permission

TOOLS = {
    "claude": ToolDefaults(model="sonnet", permission=Permission.FULL, env=("WORK_PROXY",)),
    "codex": ToolDefaults(permission=Permission.READ),
}


def spec(tool: str = "claude", **fields: Any) -> JobSpec:
    return JobSpec.model_validate({"tool": tool, "job_id": "j", "prompt": "Mend it.", **fields})


def laddered(*rungs: Any, **fields: Any) -> JobSpec:
    return spec(metadata={"escalate_to": list(rungs)}, **fields)


def test_the_job_file_counts_before_the_defaults_and_they_before_what_is_built_in() -> None:
    assert tool_run(spec(), {}).model is None
    assert tool_run(spec(), {}).permission is Permission.EDIT
    assert tool_run(spec(), TOOLS).model == "sonnet"
    assert tool_run(spec(), TOOLS).permission is Permission.FULL
    own = tool_run(spec(model="opus", permission="edit"), TOOLS)
    assert (own.model, own.permission, own.env_names) == ("opus", Permission.EDIT, ("WORK_PROXY",))


def test_a_rung_counts_before_the_job_and_a_plain_name_has_the_defaults_of_its_tool() -> None:
    job = laddered("codex", {"tool": "claude", "model": "opus", "permission": "edit"}, model="haiku")
    first, second = (tool_run(job.at_rung(rung, tool), TOOLS) for rung, tool in ((1, "codex"), (2, "claude")))
    assert (first.model, first.permission) == (None, Permission.READ)
    assert (second.model, second.permission) == ("opus", Permission.EDIT)


def test_the_permission_of_a_job_holds_on_every_rung_that_names_none() -> None:
    job = laddered("claude", {"tool": "codex", "permission": "full"}, permission="edit")
    assert tool_run(job.at_rung(1, "claude"), TOOLS).permission is Permission.EDIT
    assert tool_run(job.at_rung(2, "codex"), TOOLS).permission is Permission.FULL


def test_a_rung_of_the_same_tool_keeps_its_arguments_and_another_tool_gets_none() -> None:
    job = laddered({"tool": "claude", "model": "opus"}, "codex", extra_args=["--verbose"], model="haiku")
    assert job.at_rung(1, "claude").extra_args == ("--verbose",)
    assert job.at_rung(2, "codex").extra_args == ()
    assert job.at_rung(0, "claude") is job


def test_a_rung_that_the_file_does_not_name_is_the_tool_with_its_defaults() -> None:
    assert laddered({"tool": "codex", "model": "o9"}).at_rung(1, "gemini").model is None
    assert spec().at_rung(3, "gemini").tool == "gemini"


def test_a_job_that_must_change_nothing_only_reads_unless_it_says_otherwise() -> None:
    forbidden = {"evidence": {"change": "forbidden"}}
    assert tool_run(spec(metadata=forbidden), TOOLS).permission is Permission.READ
    assert tool_run(spec(metadata=forbidden, permission="full"), TOOLS).permission is Permission.FULL


def test_a_command_of_the_jobs_own_runs_as_it_is() -> None:
    run = tool_run(spec(command={"exe": "claude"}), TOOLS)
    assert (run.model, run.permission, run.env_names) == (None, Permission.EDIT, ("WORK_PROXY",))


def test_a_job_that_says_nothing_of_retries_has_those_of_its_tool() -> None:
    tools = {"claude": ToolDefaults.model_validate({"retry": {"limit": 3}})}
    found = default_retry(spec(), tools)
    assert found is not None
    assert found.limit == 3
    assert default_retry(spec("codex"), tools) is None
    assert default_retry(spec("tests", prompt=None), tools) is None


@pytest.mark.parametrize("retry", [{}, {"limit": 0}, {"limit": 2}])
def test_a_job_that_names_its_retries_has_no_others_also_after_it_was_stored(retry: Any) -> None:
    named = JobSpec.model_validate(spec(metadata={"retry": retry}).to_json())
    assert named.names_retry
    assert default_retry(named, {"claude": ToolDefaults.model_validate({"retry": {"limit": 3}})}) is None


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"evidence": {"change": "required"}}, "permission"),
        ({"writes": True}, "permission"),
        (
            {"evidence": {"change": "required"}, "escalate_to": [{"tool": "codex", "permission": "read"}]},
            "escalate",
        ),
    ],
)
def test_a_tool_that_may_only_read_cannot_be_required_to_change_anything(metadata: Any, field: str) -> None:
    with pytest.raises(ValueError, match=rf"{field}.*: read allows no change"):
        spec(permission=None if field == "escalate" else "read", metadata=metadata)


def test_a_job_that_only_reads_is_no_writer() -> None:
    assert not spec(permission="read").writes
    assert spec(permission="edit").writes
    assert spec(permission="read", metadata={"evidence": {"change": "forbidden"}}).writes


@pytest.mark.parametrize("metadata", [{"writes": True}, {"evidence": {"change": "required"}}])
def test_a_default_that_contradicts_a_job_breaks_nothing_and_git_still_looks(metadata: Any) -> None:
    stored = JobSpec.model_validate(spec("codex", metadata=metadata).to_json())
    permitted = as_permitted(stored, TOOLS)
    assert permitted.permission is Permission.READ
    assert permitted.writes


def test_a_job_that_reads_at_first_and_edits_on_a_later_rung_is_the_only_writer_of_its_tree(
    tmp_path: Path,
) -> None:
    paths = {"repo_root": str(tmp_path)}
    edits = laddered({"tool": "codex", "permission": "edit"}, permission="read", paths=paths, files=["a.py"])
    assert not edits.writes
    assert (edits.tree, edits.scope_root) == (str(tmp_path.resolve()), str(tmp_path.resolve()))
    reads = laddered("codex", {"tool": "gemini", "permission": "read"}, permission="read", paths=paths)
    assert reads.tree is None
