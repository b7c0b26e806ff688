"""A field that the tool of a job ignores is an error of its file; defaults of a pipeline that do not apply are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import job_from_mapping, read_job_bytes
from engine.jobfile.spec import JobSpec

SHELL = {"tool": "shell", "command": {"exe": "true"}}
TESTS = {"tool": "tests"}
COMMIT = {"tool": "git", "git": {"action": "commit", "message": "x"}}
OWN_COMMAND = {"tool": "claude", "prompt": "x", "command": {"exe": "true"}}


def task(tool: str, **more: Any) -> dict[str, Any]:
    return {"tool": tool, "prompt": "Mend it.", **more}


def nested(field: str, value: Any) -> dict[str, Any]:
    *above, last = field.split(".")
    found = {last: value}
    for name in reversed(above):
        found = {name: found}
    return found


def problem_of(job: dict[str, Any]) -> tuple[str | None, str]:
    with pytest.raises(JobFileError) as caught:
        job_from_mapping(job)
    return caught.value.field, caught.value.reason


IGNORED: list[tuple[dict[str, Any], str, Any]] = [
    (SHELL, "metadata.evidence.change", "required"),
    (SHELL, "metadata.evidence.denied", "forbidden"),
    (TESTS, "metadata.evidence.change", "forbidden"),
    (TESTS, "metadata.evidence.scope", "reported"),
    (COMMIT, "metadata.evidence.change", "required"),
    (COMMIT, "metadata.evidence.scope", "enforced"),
    (OWN_COMMAND, "metadata.evidence.change", "optional"),
    (OWN_COMMAND, "model", "sonnet"),
    (OWN_COMMAND, "extra_args", ["--verbose"]),
    (OWN_COMMAND, "metadata.limits.max_turns", 3),
    (OWN_COMMAND, "permission", "read"),
    (task("codex"), "metadata.limits.max_turns", 3),
    (task("aider"), "metadata.limits.max_turns", 3),
    (task("codex"), "metadata.limits.max_cost_usd", 1.5),
    (task("gemini"), "metadata.limits.max_cost_usd", 1.5),
    (SHELL, "metadata.limits.max_turns", 3),
    (SHELL, "metadata.limits.budget_usd", 2),
    (SHELL, "metadata.on_quota", "fail"),
    (SHELL, "metadata.message_file", "task.md"),
    (SHELL, "extra_args", ["-v"]),
    (TESTS, "extra_args", ["-v"]),
    ({"tool": "tests", "command": {"exe": "make", "args": ["test"]}}, "tests.paths", ["tests"]),
]


@pytest.mark.parametrize(("job", "field", "value"), IGNORED, ids=[f"{j['tool']} {f}" for j, f, _ in IGNORED])
def test_t6_a_field_that_the_tool_ignores_is_an_error_that_names_it(
    job: dict[str, Any], field: str, value: Any
) -> None:
    named, reason = problem_of({**job, **nested(field, value)})
    assert field.startswith(str(named))
    assert reason.startswith("is ignored, because ")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("claude", ["--permission-mode", "acceptEdits"]),
        ("claude", ["--permission-mode=plan"]),
        ("codex", ["--model", "o9", "-s", "workspace-write"]),
        ("codex", ["--sandbox=read-only"]),
        ("gemini", ["--approval-mode", "auto_edit"]),
        ("gemini", ["-y"]),
        ("aider", ["--chat-mode", "code"]),
    ],
)
def test_a_permission_and_arguments_that_set_another_are_an_error_of_the_file(
    tool: str, arguments: list[str]
) -> None:
    named, reason = problem_of({**task(tool), "permission": "read", "extra_args": arguments})
    assert (named, reason.partition(", because ")[0]) == ("permission", "is ignored")
    assert "leave one of them out" in reason
    assert job_from_mapping({**task(tool), "extra_args": arguments})


def test_t6_an_ignored_field_is_reported_with_its_line_and_beside_the_others() -> None:
    lines = (
        "tool: shell",
        "command: {exe: 'true'}",
        "metadata:",
        "  evidence:",
        "    change: required",
        "  limits:",
        "    max_turns: 3",
    )
    with pytest.raises(JobFileError) as caught:
        read_job_bytes("\n".join(lines).encode(), "job.yaml")
    assert [(one.field, one.line) for one in caught.value.every] == [
        ("metadata.evidence.change", 5),
        ("metadata.limits.max_turns", 7),
    ]


HEEDED: list[dict[str, Any]] = [
    task(
        "claude",
        metadata={"limits": {"max_turns": 3, "max_cost_usd": 1}, "evidence": {"denied": "forbidden"}},
    ),
    task("gemini", model="pro", extra_args=["-e", "none"], metadata={"limits": {"max_turns": 3}}),
    task("aider", metadata={"limits": {"max_turns": 3}, "escalate_to": ["codex", "claude"]}),
    {**OWN_COMMAND, "metadata": {"escalate_to": ["codex"], "evidence": {"change": "optional"}}},
    {**SHELL, "metadata": {"files_scope": ["src"], "evidence": {"scope": "reported"}}},
    {
        "tool": "git",
        "git": {"action": "apply", "patch": "x"},
        "metadata": {"evidence": {"scope": "enforced"}},
    },
    {**SHELL, "metadata": {"limits": {"output_mb": 8}, "evidence": {}}, "extra_args": []},
]


@pytest.mark.parametrize("job", HEEDED)
def test_t6_a_field_that_one_tool_of_the_job_heeds_is_valid(job: dict[str, Any]) -> None:
    assert job_from_mapping(job)


def test_t6_a_job_goes_on_with_a_tool_that_ignores_a_field_of_its_file() -> None:
    spec = job_from_mapping(task("claude", metadata={"limits": {"max_turns": 3}}))
    assert spec.for_tool("codex").tool == "codex"
    assert JobSpec.model_validate({**spec.to_json(), "tool": "codex"}).tool == "codex"


def pipeline(*steps: dict[str, Any], **defaults: Any) -> list[JobSpec]:
    run = {"title": "Run", "defaults": defaults, "workstreams": {"main": {"steps": list(steps)}}}
    return read_job_bytes(json.dumps(run).encode(), "run.json", base=Path("/"))


def test_t6_defaults_of_a_pipeline_apply_only_where_they_are_heeded() -> None:
    metadata = {
        "evidence": {"change": "optional", "scope": "reported"},
        "limits": {"max_turns": 3, "output_mb": 8},
    }
    defaults = {"model": "m", "permission": "edit", "session": "fresh", "metadata": metadata}
    steps = task("claude"), task("codex"), TESTS, SHELL, COMMIT
    claude, codex, tests, shell, commit = pipeline(*steps, **defaults)
    assert (claude.metadata.limits.max_turns, codex.metadata.limits.max_turns) == (3, None)
    assert [spec.metadata.evidence.change for spec in (claude, tests, shell)] == [
        "optional",
        "required",
        "required",
    ]
    assert (shell.metadata.evidence.scope, commit.metadata.evidence.scope) == ("reported", "enforced")
    assert {spec.metadata.limits.output_mb for spec in (claude, codex, tests, shell, commit)} == {8}
    for spec in (claude, codex, tests, shell, commit):
        assert job_from_mapping(spec.to_json()) == spec


def test_t6_what_a_step_says_itself_is_an_error_where_it_is_ignored() -> None:
    with pytest.raises(JobFileError) as caught:
        pipeline(task("claude"), {**SHELL, "metadata": {"evidence": {"change": "required"}}})
    assert caught.value.field == "workstreams[0].steps[1].metadata.evidence.change"
