"""The page on the job file matches the models: every field, each default, every failure class."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from engine.jobfile import git_steps
from engine.jobfile.pipeline import Pipeline, WorkstreamPart
from engine.jobfile.schemas import SPECS
from engine.jobfile.spec import JobSpec
from engine.types import FailureClass

PAGE = (SPECS / "job-file.md").read_text(encoding="utf-8")
GENERATED = {"job_id": "generated", "env": "{}", "defaults": "{}"}


def table(heading: str) -> dict[str, str]:
    """The first two columns of the table under a heading of the page."""
    return table_of(PAGE, heading)


def table_of(page: str, heading: str) -> dict[str, str]:
    """The first two columns of the table under a heading of any page."""
    part = page.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|", part, re.MULTILINE))


def fields(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, str]]:
    """Every field that holds a value, dotted, with its default as the page writes it."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        part = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if part is None or name in GENERATED:
            yield (
                before + name,
                GENERATED.get(name) or shown(field.get_default(), required=field.is_required()),
            )
        else:
            yield from fields(part, f"{before}{name}.")


def shown(default: Any, *, required: bool) -> str:
    match default:
        case _ if required:
            return "required"
        case None | "":
            return "-"
        case ():
            return "[]"
        case _:
            return str(default)


def test_the_page_lists_every_field_of_a_job_with_its_default() -> None:
    assert table("# The job file") == dict(fields(JobSpec))


def test_the_page_lists_every_field_of_a_pipeline_with_its_default() -> None:
    own = {name: default for name, default in fields(Pipeline) if not name.startswith("workstreams.")}
    streams = {
        f"workstreams.{name}": shown(field.get_default(), required=field.is_required())
        for name, field in WorkstreamPart.model_fields.items()
    }
    assert table("## Pipeline files") == {**own, "workstreams": "required", **streams}


@pytest.mark.parametrize(
    "step",
    [
        value
        for name, value in vars(git_steps).items()
        if re.fullmatch(r"Git[A-Z][a-z]+", name) and isinstance(value, type)
    ],
)
def test_the_page_lists_every_field_of_a_git_step(step: type[BaseModel]) -> None:
    (action,) = get_args(step.model_fields["action"].annotation)
    row = table("## Git steps")[action]
    assert {name for name in step.model_fields if name != "action" and f"`{name}`" not in row} == set()


def test_the_page_lists_every_failure_class() -> None:
    part = PAGE.split("## When a job fails\n", 1)[1]
    named = {
        word
        for row in re.findall(r"^\| (`.+?) \|", part, re.MULTILINE)
        for word in re.findall(r"`(\w+)`", row)
    }
    assert named == {one.value for one in FailureClass}
