"""The content of the new-pipeline form: the pipeline file it makes, and its problems. Pure functions."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.tool_names import is_coding_tool
from engine.system.home import at_home
from gui.sheets.new_job import Draft, task_fields
from gui.translation import tr

TITLE, WHERE, FORM = "title", "where", "form"
"""The fields outside of the steps; what is wrong with a step has the field of `step_field`."""
_COMMA = re.compile(r"\s*,\s*")


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """One row of the form; an empty `workstream` is that of the row above, `after` is a list of names with commas."""

    name: str = ""
    workstream: str = ""
    tool: str = "shell"
    task: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class PipelineDraft:
    """The form as filled in."""

    run_id: str
    title: str = ""
    where: str = ""
    steps: Sequence[StepDraft] = ()


def step_field(row: int) -> str:
    """The field of a step."""
    return tr("step {row}", row=row)


def pipeline_file(draft: PipelineDraft) -> dict[str, Any]:
    """The pipeline file, without the empty fields.

    Raises:
        ValueError: a command line has a quotation mark without its partner.
    """
    streams: dict[str, list[dict[str, Any]]] = {}
    for row, step in enumerate(draft.steps):
        streams.setdefault(_workstream(draft, row), []).append(_step(draft, row, step))
    return {
        "run_id": draft.run_id,
        "title": draft.title.strip(),
        "repo": str(at_home(draft.where.strip())),
        "workstreams": [{"id": ws_id, "steps": steps} for ws_id, steps in streams.items()],
    }


def pipeline_problems(draft: PipelineDraft) -> dict[str, str]:
    """The problems by field; empty if the pipeline can be added."""
    found = dict(_empty_fields(draft))
    for row, step in enumerate(draft.steps):
        try:
            _step(draft, row, step)
        except ValueError as error:
            found[step_field(row)] = tr(
                "The command line is not complete: {lower}.", lower=str(error).lower()
            )
    if found:
        return found
    try:
        read_source(pipeline_text(draft).encode(), "pipeline.json", base=Path.home())
    except JobFileError as error:
        for one in error.every:
            reason = f"{one.reason[:1].upper()}{one.reason[1:]}."
            found.setdefault(_field_at(draft, one.field), reason)
    return found


def pipeline_text(draft: PipelineDraft) -> str:
    """The pipeline file as it would be written; without the tasks while a command line is not complete."""
    try:
        values: Mapping[str, Any] = pipeline_file(draft)
    except ValueError:
        values = {"run_id": draft.run_id, "title": draft.title.strip()}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _empty_fields(draft: PipelineDraft) -> Iterator[tuple[str, str]]:
    if not draft.title.strip():
        yield TITLE, tr("Enter a title: the run is shown by it.")
    if not draft.where.strip():
        yield WHERE, tr("Choose the folder the jobs work in.")
    elif not at_home(draft.where.strip()).is_absolute():
        yield WHERE, tr("Enter the whole path, starting with / or ~.")
    for row, step in enumerate(draft.steps):
        if not step.task.strip() and step.tool != "tests":
            yield (
                step_field(row),
                tr("Describe the task.") if is_coding_tool(step.tool) else tr("Enter the command line."),
            )


def _step(draft: PipelineDraft, row: int, step: StepDraft) -> dict[str, Any]:
    task = task_fields(Draft(job_id=draft.run_id, tool=step.tool, task=step.task))
    values = {
        "name": step.name.strip(),
        "tool": step.tool,
        **task,
        "after": [_other(draft, row, name) for name in _names(step.after)],
    }
    return {name: value for name, value in values.items() if value}


def _names(text: str) -> list[str]:
    return [name for name in _COMMA.split(text.strip()) if name]


def _workstream(draft: PipelineDraft, row: int) -> str:
    """The workstream of a row: its own, else the nearest one above."""
    given = (step.workstream.strip() for step in reversed(draft.steps[: row + 1]))
    return next(filter(None, given), "main")


def _other(draft: PipelineDraft, row: int, name: str) -> str:
    """What `after` says for a name: a step of another workstream is named with it."""
    mine = _workstream(draft, row)
    homes = [_workstream(draft, at) for at, step in enumerate(draft.steps) if step.name.strip() == name]
    if (
        mine in homes
        or len(set(homes)) != 1
        or name in {_workstream(draft, at) for at in range(len(draft.steps))}
    ):
        return name
    return f"{homes[0]}/{name}"


def _field_at(draft: PipelineDraft, field: str) -> str:
    """The field of the form for a field of the file."""
    counts: dict[str, int] = {}
    for row in range(len(draft.steps)):
        ws_id = _workstream(draft, row)
        index = counts.get(ws_id, 0)
        counts[ws_id] = index + 1
        route = f"workstreams[{list(counts).index(ws_id)}]"
        if field == f"{route}.steps[{index}]" or field.startswith(f"{route}.steps[{index}]."):
            return step_field(row)
        if index == 0 and field in {route, f"{route}.id"}:
            return step_field(row)
    return {"title": TITLE, "repo": WHERE}.get(field, FORM)
