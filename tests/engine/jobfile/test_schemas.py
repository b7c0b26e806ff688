"""The schemas and examples in specs/ say what the models say."""

import json
from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import read_file
from engine.jobfile.schemas import SPECS, schema_text, schemas
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import BUILT_IN

JOBS = sorted((SPECS / "jobs").glob("*"))
PIPELINES = sorted((SPECS / "pipelines").glob("*"))


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schema_in_the_repository_matches_the_models(name: str) -> None:
    found = (SPECS / name).read_text(encoding="utf-8")
    assert found == schema_text(schemas()[name]), "run python -m engine.jobfile.schemas"


def test_the_schemas_list_every_field_and_allow_no_other() -> None:
    job, pipeline = schemas()["job.schema.json"], schemas()["pipeline.schema.json"]
    assert job["properties"].keys() == JobSpec.model_fields.keys()
    parts = [job, pipeline, *job["$defs"].values(), *pipeline["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in parts if part["type"] == "object")


def test_the_workstreams_of_a_pipeline_may_be_a_list_or_a_mapping() -> None:
    listed, mapped = schemas()["pipeline.schema.json"]["properties"]["workstreams"]["anyOf"]
    assert (listed["type"], mapped["type"]) == ("array", "object")
    body = schemas()["pipeline.schema.json"]["$defs"]["WorkstreamBody"]
    assert "id" not in body["properties"]
    assert body["required"] == ["steps"]


def test_there_is_an_example_for_each_tool() -> None:
    tools = {read_file(path, guarded=False).jobs[0].tool for path in JOBS}
    assert tools == set(BUILT_IN)


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.name)
def test_an_example_is_a_job_that_survives_the_store(path: Path) -> None:
    found = read_file(path, guarded=False)
    assert found.kind == "job"
    (job,) = found.jobs
    assert JobSpec.model_validate(job.to_json()) == job
    assert path.name == f"{job.tool}_job.example.json"
    assert job.repo_root == Path("~/src/parser").expanduser()


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_an_example_pipeline_expands_to_jobs_of_one_run(path: Path) -> None:
    found = read_file(path, guarded=False)
    assert found.kind == "pipeline"
    assert len({job.run_id for job in found.jobs}) == 1
    assert {job.repo_root for job in found.jobs} == {Path("~/src/parser").expanduser()}
    assert json.dumps([job.to_json() for job in found.jobs])
