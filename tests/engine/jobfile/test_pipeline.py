"""Pipeline files: the jobs they expand to, their order, and the errors of a wrong one."""

import json
import time
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import JobFileError
from engine.jobfile.dependency_circle import find_circle
from engine.jobfile.job_file_reader import read_file, read_source
from engine.jobfile.spec import JobSpec

MEND = """title: Mend the parser
repo: project
defaults:
  model: openai/m
  env: {DEBUG: 1}
  metadata: {priority: high, retry: {limit: 2, backoff: linear}}
workstreams:
  parser:
    title: The parser
    files: [parser.py, tests/**]
    steps:
      - {name: edit, tool: aider, prompt: Mend it., metadata: {retry: {limit: 1}}}
      - {tool: tests, tests: {paths: [tests]}}
      - {tool: tests}
      - {name: commit, tool: git, git: {action: commit, message: Mended}}
  docs:
    after: [parser]
    steps:
      - {name: build, tool: shell, command: {exe: make, args: [docs]}, env: {QUIET: 1}}
      - {name: check, tool: shell, command: {exe: make}, after: [parser/edit, build]}
"""


def jobs_of(text: str) -> dict[str, JobSpec]:
    found = read_source(text.encode(), "p.yaml", base=Path("/base"))
    return {f"{job.workstream_id}/{job.step_name}": job for job in found.jobs}


def errors_of(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(JobFileError) as caught:
        read_source(text.encode(), "p.yaml")
    return [(error.line, error.field, error.reason) for error in caught.value.every]


def needs(jobs: dict[str, JobSpec]) -> dict[str, list[str]]:
    labels = {job.job_id: label for label, job in jobs.items()}
    return {label: [labels[other] for other in job.metadata.depends_on] for label, job in jobs.items()}


def test_steps_follow_each_other_and_after_waits_for_the_last_step_of_another_workstream() -> None:
    assert needs(jobs_of(MEND)) == {
        "parser/edit": [],
        "parser/tests": ["parser/edit"],
        "parser/tests-2": ["parser/tests"],
        "parser/commit": ["parser/tests-2"],
        "docs/build": ["parser/commit"],
        "docs/check": ["docs/build", "parser/edit"],
    }


def test_all_jobs_belong_to_one_run_and_have_readable_ids() -> None:
    jobs = list(jobs_of(MEND).values())
    (run_id,) = {job.run_id for job in jobs}
    assert run_id is not None
    assert run_id.startswith("mend-the-parser-")
    suffix = run_id.rpartition("-")[2]
    assert [job.job_id for job in jobs[:3]] == [
        f"parser-{name}-{suffix}" for name in ("edit", "tests", "tests-2")
    ]
    assert {job.job_id for job in jobs}.isdisjoint({job.job_id for job in jobs_of(MEND).values()})


def test_defaults_fill_the_open_fields_of_a_step_if_its_tool_uses_them() -> None:
    jobs = jobs_of(MEND)
    edit, build = jobs["parser/edit"], jobs["docs/build"]
    assert (edit.model, build.model) == ("openai/m", None)
    assert (edit.metadata.retry.limit, edit.metadata.retry.backoff) == (1, "linear")
    assert build.metadata.retry.limit == 2
    assert build.env == {"DEBUG": "1", "QUIET": "1"}
    assert {job.priority_value for job in jobs.values()} == {10}


def test_a_workstream_gives_its_title_and_files_to_its_steps() -> None:
    jobs = jobs_of(MEND)
    assert jobs["parser/edit"].workstream_title == "The parser"
    assert jobs["parser/commit"].metadata.files_scope == ("parser.py", "tests/**")
    assert jobs["docs/build"].metadata.files_scope == ()


def test_the_repository_is_relative_to_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(MEND)
    found = read_file(tmp_path / "p.yaml")
    assert (found.kind, found.title) == ("pipeline", "Mend the parser")
    assert {job.repo_root for job in found.jobs} == {tmp_path / "project"}


def test_workstreams_may_be_a_list_and_the_file_json() -> None:
    data = {
        "title": "T",
        "run_id": "mine",
        "workstreams": [{"id": "a", "steps": [{"tool": "tests", "metadata": {"depends_on": ["earlier"]}}]}],
    }
    (job,) = read_source(json.dumps(data).encode(), "p.json").jobs
    assert (job.run_id, job.workstream_id, job.metadata.depends_on) == ("mine", "a", ("earlier",))


def test_an_expanded_job_equals_that_of_a_file_of_its_own() -> None:
    for job in jobs_of(MEND).values():
        (again,) = read_source(json.dumps(job.to_json()).encode(), "j.json").jobs
        assert again == job


def test_a_circle_is_named() -> None:
    text = """title: T
workstreams:
  a: {after: [c], steps: [{tool: tests}]}
  b: {after: [a], steps: [{tool: tests}]}
  c: {after: [b], steps: [{name: x, tool: tests}]}
"""
    ((line, field, reason),) = errors_of(text)
    assert (line, field) == (2, "workstreams")
    assert reason == "these wait for each other: a/tests → c/x → b/tests → a/tests"


def test_a_circle_through_steps_is_found_too() -> None:
    text = """title: T
workstreams:
  a: {steps: [{name: x, tool: tests, after: [b/y]}, {name: y, tool: tests}]}
  b: {steps: [{name: x, tool: tests, after: [a/y]}, {name: y, tool: tests}]}
"""
    assert "a/x → b/y → b/x → a/y → a/x" in errors_of(text)[0][2]


def test_every_error_is_reported_with_its_line() -> None:
    text = """title: T
defaults:
  env: {API_KEY: sk-1}
workstreams:
  alpha:
    after: [betta]
    steps:
      - tool: shell
      - {name: x, tool: tests, after: [alpha/shel]}
      - {name: x, tool: tests}
  beta:
    steps:
      - tool: tests
        tol: x
"""
    assert errors_of(text) == [
        (14, "workstreams[1].steps[0].tol", "is not a known key; did you mean tool?"),
    ]
    errors = errors_of(text.replace("        tol: x\n", ""))
    assert [(line, field) for line, field, _ in errors[:1]] == [(3, "workstreams[0].steps[0].env.API_KEY")]
    assert (6, "workstreams[0].after[0]", "'betta' is not another workstream; did you mean beta?") in errors
    assert (8, "workstreams[0].steps[0].command") in [(line, field) for line, field, _ in errors]
    assert (9, "workstreams[0].steps[1].after[0]") in [(line, field) for line, field, _ in errors]
    assert (10, "workstreams[0].steps[2].name", "step x is given twice in alpha") in errors


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("title: T\nworkstreams: []\n", "workstreams"),
        ("title: T\nworkstreams: {}\n", "workstreams"),
        ("title: T\nworkstreams: {a: {steps: []}}\n", "workstreams[0].steps"),
        ("title: T\nworkstreams: {a: x}\n", "workstreams[0]"),
        ("title: T\nworkstreams: {a: {steps: [x]}}\n", "workstreams[0].steps[0]"),
        ("title: T\nworkstreams: [{steps: [{tool: tests}]}]\n", "workstreams[0].id"),
        ("workstreams: {a: {steps: [{tool: tests}]}}\n", "title"),
        ("title: T\nworkstreams: {a: {steps: [{name: x}]}}\n", "workstreams[0].steps[0].tool"),
        ("title: T\nworkstreams: {a/b: {steps: [{tool: tests}]}}\n", "workstreams[0].id"),
        (
            "title: T\nworkstreams: {a: {steps: [{tool: tests, job_id: x}]}}\n",
            "workstreams[0].steps[0].job_id",
        ),
    ],
)
def test_an_incomplete_pipeline_names_the_missing_field(text: str, field: str) -> None:
    assert field in [each[1] for each in errors_of(text)]


def test_a_thousand_workstreams_in_a_chain_are_expanded_in_seconds() -> None:
    streams = [
        {"id": f"w{n}", "after": [f"w{n - 1}"] if n else [], "steps": [{"tool": "tests"}] * 4}
        for n in range(999)
    ]
    begun = time.thread_time()
    found = read_source(json.dumps({"title": "T", "workstreams": streams}).encode(), "p.json")
    assert len(found.jobs) == 4 * 999
    assert time.thread_time() - begun < 20


def test_a_long_circle_is_found_without_recursion() -> None:
    ring = {str(n): [str((n + 1) % 20_000)] for n in range(20_000)}
    found = find_circle(ring)
    assert found is not None
    assert len(found) == 20_001
    assert find_circle({str(n): [str(n + 1)] for n in range(20_000)}) is None


@given(
    st.dictionaries(st.integers(0, 7).map(str), st.lists(st.integers(0, 7).map(str), max_size=3), max_size=8)
)
def test_the_named_jobs_form_a_circle_and_without_one_there_is_an_order(needs: dict[str, list[str]]) -> None:
    found = find_circle(needs)
    if found is None:
        assert set(needs) <= set(TopologicalSorter(needs).static_order())
    else:
        assert found[0] == found[-1]
        assert all(parent in needs[name] for name, parent in pairwise(found))
