"""Reads pipeline files: one run of several workstreams, expanded to exactly the jobs that single files would describe.

Steps of a workstream run one after the other; `after` lets a workstream or a step wait for others. Starts nothing.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, create_model

from engine.errors import JobFileError
from engine.jobfile.dependency_circle import find_circle
from engine.jobfile.document import Document, LineMap, Route, dotted
from engine.jobfile.error_messages import joined, nearest, validated
from engine.jobfile.fields import (
    FORMAT_VERSION,
    NO_FLAG,
    Flag,
    Isolation,
    Line,
    Part,
    Ref,
    RepoPath,
    ReviewNeed,
    Word,
    readable_version,
)
from engine.jobfile.ignored_fields import checked_job
from engine.jobfile.isolation import disagreement
from engine.jobfile.job_sections import RecurringMark
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import tool_problem
from engine.system.home import at_home

MAX_JOBS = 5000

_STEP = r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}"
StepName = Annotated[str, StringConstraints(pattern=rf"^{_STEP}$")]
Other = Annotated[str, StringConstraints(pattern=rf"^{_STEP}(/{_STEP})?$")]
"""A workstream, a step of the same workstream, or ``workstream/step``."""

_SET_BY_THE_RUN = frozenset(
    {"schema_version", "job_id", "run_id", "recurring", "workstream_id", "workstream_title", "step_name"}
)
_MERGED = frozenset({"metadata", "paths", "env", "retry", "limits", "evidence"})


def _optional_job_fields() -> dict[str, Any]:
    """The fields of a job, all optional because a step may take them from the defaults."""
    fields: dict[str, Any] = {}
    for name, field in JobSpec.model_fields.items():
        if name not in _SET_BY_THE_RUN:
            kind: Any = field.annotation
            for rule in field.metadata:
                kind = Annotated[kind, rule]
            fields[name] = (kind | None, None)
    return fields


Defaults: Any = create_model(
    "Defaults",
    __base__=Part,
    __doc__="The values each step has unless it sets its own.",
    **_optional_job_fields(),
)
Step: Any = create_model(
    "Step",
    __base__=Defaults,
    __doc__="One job of a workstream: any field of a job file; `after` lets it wait for steps of other workstreams.",
    name=(StepName | None, None),
    after=(tuple[Other, ...], ()),
)


class WorkstreamPart(Part):
    """A workstream: steps that run one after the other on some files, once the workstreams in `after` are done."""

    id: Word
    title: Line | None = None
    after: tuple[Word, ...] = ()
    files: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    isolation: Isolation | None = None
    base: Ref | None = None
    fetch: Flag | None = None
    review: ReviewNeed | None = None
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MAX_JOBS)


class Pipeline(Part):
    """One run: everything that is queued together."""

    schema_version: Annotated[int, Field(ge=1), AfterValidator(readable_version), NO_FLAG] = FORMAT_VERSION
    title: Line
    run_id: Word | None = None
    recurring: RecurringMark | None = None
    repo: Line = "."
    defaults: Defaults = Defaults()
    workstreams: tuple[WorkstreamPart, ...] = Field(min_length=1, max_length=1000)


@dataclass(frozen=True)
class _Draft:
    """A step that is being turned into a job."""

    ws: WorkstreamPart
    name: str
    job_id: str
    route: Route
    after: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.ws.id}/{self.name}"


def read_pipeline(document: Document) -> tuple[Pipeline, Document]:
    """The pipeline in a document, and the document with its workstreams as a list.

    Raises:
        JobFileError: carries all errors of the document.
    """
    listed = _with_workstream_list(document)
    return validated(Pipeline, listed, tool_problem=tool_problem), listed


def expand_pipeline(document: Document, base: Path) -> tuple[Pipeline, list[JobSpec]]:
    """The jobs of a pipeline in the order of the file; its `repo` is relative to `base`.

    Raises:
        JobFileError: carries all errors of the document; a circle of dependencies is named.
    """
    pipeline, document = read_pipeline(document)
    suffix = secrets.token_hex(4)
    run_id = pipeline.run_id or f"{_slug(pipeline.title, 50) or 'run'}-{suffix}"
    of_run: dict[str, Any] = {"run_id": run_id}
    if pipeline.recurring is not None:
        of_run["recurring"] = pipeline.recurring.model_dump()
    errors: list[JobFileError] = []
    drafts = list(_drafts(pipeline, suffix, document, errors))
    needs = _all_needs(drafts, document, errors)
    if circle := find_circle(needs):
        labels = {draft.job_id: draft.label for draft in drafts}
        named = " → ".join(labels[job_id] for job_id in circle)
        errors.append(_error(f"these wait for each other: {named}", ("workstreams",), document))
    specs = []
    for draft in drafts:
        try:
            part = _job_document(draft, pipeline, document)
            whole = _completed(part, of_run, needs[draft.job_id], base / at_home(pipeline.repo))
            specs.append(checked_job(whole, own=_own(draft, document)))
        except JobFileError as error:
            errors.extend(error.every)
    for index, ws in enumerate(pipeline.workstreams):
        if found := disagreement([spec for spec in specs if spec.workstream_id == ws.id]):
            errors.append(_error(found.reason, ("workstreams", index), document))
    if errors:
        raise joined(errors)
    return pipeline, specs


def _completed(part: Document, of_run: Mapping[str, Any], needs: list[str], repo: Path) -> Document:
    """The job with what only the whole pipeline knows: its run, its dependencies, its repository."""
    metadata = dict(part.data.get("metadata") or {})
    metadata["depends_on"] = list(dict.fromkeys([*needs, *(metadata.get("depends_on") or ())]))
    paths = {"repo_root": str(repo), **(part.data.get("paths") or {})}
    return replace(part, data={**part.data, **of_run, "metadata": metadata, "paths": paths})


def _with_workstream_list(document: Document) -> Document:
    """The document with a mapping of workstreams turned into a list, line numbers included."""
    given = document.data.get("workstreams")
    if not isinstance(given, dict):
        return document
    indexes = {ws_id: index for index, ws_id in enumerate(given)}
    line_map = LineMap(lambda: _lines_of_list(document.line_map.lines, indexes))
    listed = [{"id": ws_id, **body} if isinstance(body, dict) else body for ws_id, body in given.items()]
    return replace(document, data={**document.data, "workstreams": listed}, line_map=line_map)


def _lines_of_list(lines: Mapping[Route, int], indexes: Mapping[str, int]) -> dict[Route, int]:
    found = dict(lines)
    for route, line in lines.items():
        match route:
            case ("workstreams", ws_id, *rest) if ws_id in indexes:
                found["workstreams", indexes[str(ws_id)], *rest] = line
                found.setdefault(("workstreams", indexes[str(ws_id)], "id"), line)
            case _:
                pass
    return found


def _drafts(
    pipeline: Pipeline, suffix: str, document: Document, errors: list[JobFileError]
) -> Iterator[_Draft]:
    taken_ids: set[str] = set()
    ws_ids: set[str] = set()
    for ws_index, ws in enumerate(pipeline.workstreams):
        route: Route = ("workstreams", ws_index)
        if ws.id in ws_ids:
            errors.append(_error(f"workstream {ws.id} is given twice", (*route, "id"), document))
        ws_ids.add(ws.id)
        names: set[str] = set()
        for index, step in enumerate(ws.steps):
            here = (*route, "steps", index)
            name = step.name or _unused(step.tool or pipeline.defaults.tool or "step", names)
            if name in names:
                errors.append(_error(f"step {name} is given twice in {ws.id}", (*here, "name"), document))
            names.add(name)
            job_id = _unused(f"{_slug(ws.id, 26)}-{_slug(name, 26)}-{suffix}", taken_ids)
            taken_ids.add(job_id)
            yield _Draft(ws, name, job_id, here, step.after)


class _Names:
    """The names `after` may use, and the job each of them means."""

    def __init__(self, drafts: Sequence[_Draft]) -> None:
        self.lasts = {draft.ws.id: draft.job_id for draft in drafts}
        self._steps = self.lasts | {draft.label: draft.job_id for draft in drafts}

    def step(self, name: str, ws_id: str) -> str | None:
        """The job of a step of this workstream, of ``workstream/step``, or the last job of a workstream."""
        return self._steps.get(f"{ws_id}/{name}") or self._steps.get(name)

    def near(self, name: str, ws_id: str) -> str:
        """``; did you mean …?`` for an unknown name."""
        mine = [label.removeprefix(f"{ws_id}/") for label in self._steps if label.startswith(f"{ws_id}/")]
        return nearest(name, [*self._steps, *mine])


def _all_needs(
    drafts: Sequence[_Draft], document: Document, errors: list[JobFileError]
) -> dict[str, list[str]]:
    names = _Names(drafts)
    needs: dict[str, list[str]] = {}
    before: _Draft | None = None
    for draft in drafts:
        first = before is None or before.ws.id != draft.ws.id
        found = [] if before is None or first else [before.job_id]
        for index, other in enumerate(draft.ws.after if first else ()):
            job_id = names.lasts.get(other) if other != draft.ws.id else None
            if job_id is None:
                reason = f"{other!r} is not another workstream{nearest(other, names.lasts)}"
                errors.append(_error(reason, (*draft.route[:2], "after", index), document))
            else:
                found.append(job_id)
        for index, other in enumerate(draft.after):
            job_id = names.step(other, draft.ws.id)
            if job_id is None or job_id == draft.job_id:
                reason = f"{other!r} is not another step or workstream{names.near(other, draft.ws.id)}"
                errors.append(_error(reason, (*draft.route, "after", index), document))
            else:
                found.append(job_id)
        needs[draft.job_id] = found
        before = draft
    return needs


def _job_document(draft: _Draft, pipeline: Pipeline, document: Document) -> Document:
    """The step merged with the defaults, as if it were a job file of its own."""
    own = _own(draft, document)
    tool = own.get("tool") or pipeline.defaults.tool
    given = {
        key: value
        for key, value in (document.data.get("defaults") or {}).items()
        if value is not None and _applies_to(key, tool, own)
    }
    merged = _merge(given, own)
    merged |= {"job_id": draft.job_id, "workstream_id": draft.ws.id, "step_name": draft.name}
    if draft.ws.title:
        merged["workstream_title"] = draft.ws.title
    if of_workstream := _metadata_of(draft.ws):
        merged["metadata"] = {**of_workstream, **(merged.get("metadata") or {})}
    return replace(document, data=merged, within=draft.route, merged_from=("defaults",))


def _metadata_of(ws: WorkstreamPart) -> dict[str, Any]:
    """What a workstream says for all of its steps; a step may say otherwise."""
    given = {name: getattr(ws, name) for name in ("isolation", "base", "fetch", "review")}
    if ws.files:
        given["files_scope"] = list(ws.files)
    return {name: value for name, value in given.items() if value is not None}


def _own(draft: _Draft, document: Document) -> dict[str, Any]:
    """What the step says of its job itself."""
    step = document.data["workstreams"][draft.route[1]]["steps"][draft.route[3]]
    return {key: value for key, value in step.items() if key not in {"name", "after"} and value is not None}


def _applies_to(key: str, tool: str | None, own: Mapping[str, Any]) -> bool:
    """Whether a default applies to a step of this tool: a test run has no use for a model."""
    match key:
        case "prompt" | "model" | "permission" | "session" | "extra_args" | "files":
            return (
                tool is not None
                and is_coding_tool(tool)
                and not (key == "prompt" and (own.get("metadata") or {}).get("message_file"))
            )
        case "git" | "tests":
            return tool == key
        case "command":
            return "prompt" not in own and "git" not in own
        case _:
            return True


def _merge(given: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` on top of `given`: the parts named in `_MERGED` key by key, everything else as a whole."""
    merged = {**given, **own}
    for key in _MERGED & given.keys() & own.keys():
        if isinstance(given[key], dict) and isinstance(own[key], dict):
            merged[key] = _merge(given[key], own[key])
    return merged


def _error(reason: str, route: Route, document: Document) -> JobFileError:
    return JobFileError(reason, file=document.name, line=document.line_of(route), field=dotted(route))


def _slug(text: str, length: int) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-_").lower()[:length].rstrip("-_")


def _unused(base: str, taken: set[str]) -> str:
    numbered = (base if number == 1 else f"{base[:60]}-{number}" for number in range(1, MAX_JOBS + 2))
    return next(name for name in numbered if name not in taken)
