"""Finds the fields of a job file that its tool ignores: a value that decides nothing is a mistake of the file.

Files alone are checked. What is stored stays valid, and so does a job that goes on with another tool of its ladder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from pydantic import BaseModel

from engine.errors import JobFileError
from engine.jobfile.document import Document, Route, dotted
from engine.jobfile.error_messages import joined, validated
from engine.jobfile.git_steps import GitApply
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import BUILT_IN, is_coding_tool
from engine.jobfile.tool_registry import ToolFileError, tool_problem, tools

_PERMISSION_SWITCHES: Mapping[str, frozenset[str]] = {
    "claude": frozenset({"--permission-mode", "--dangerously-skip-permissions"}),
    "codex": frozenset(
        {"-s", "--sandbox", "--full-auto", "--yolo", "--dangerously-bypass-approvals-and-sandbox"}
    ),
    "gemini": frozenset({"--approval-mode", "-y", "--yolo"}),
    "aider": frozenset({"--chat-mode"}),
}
_TURNS, _COST = frozenset({"claude", "gemini"}), frozenset({"claude"})


def checked_job(document: Document, *, own: Mapping[str, Any] | None = None) -> JobSpec:
    """The job in a document, in which its tool heeds every field.

    `own` is what a step of a pipeline gives itself: what it has from the defaults alone is left out where ignored.

    Raises:
        JobFileError: carries every error of the document.
    """
    spec = validated(JobSpec, document, tool_problem=tool_problem)
    ignored = list(_ignored(spec))
    if not ignored:
        return spec
    by_default = [route for route, _ in ignored if own is not None and not _is_given(route, own)]
    if len(by_default) < len(ignored):
        raise joined([_error(reason, at, document) for at, reason in ignored if at not in by_default])
    return validated(JobSpec, replace(document, data=reduce(_without, by_default, document.data)))


def _ignored(spec: JobSpec) -> Iterator[tuple[Route, str]]:
    """Each field that is given and ignored, with the reason as the end of a sentence."""
    given = set(_given(spec, ()))
    for route, is_heeded, reason in _rules(spec):
        if route in given and not is_heeded:
            yield route, f"is ignored, because {reason}"


def _rules(spec: JobSpec) -> Iterator[tuple[Route, bool, str]]:
    """Fields that some tools ignore, whether this job heeds them, and why it would not."""
    own_command = spec.command is not None
    coding = is_coding_tool(spec.tool)
    runs = [*([] if own_command else [spec.tool]), *spec.ladder]
    has_task = any(map(is_coding_tool, runs))
    who = (
        "the job runs a command of its own"
        if coding and own_command
        else f"the tool of this job is {spec.tool}"
    )
    coding_alone = f"only coding tools with a task heed it, and {who}"
    edits = coding or spec.tool == "shell" or isinstance(spec.git, GitApply)

    yield ("metadata", "evidence", "change"), has_task, coding_alone
    yield ("metadata", "evidence", "denied"), has_task, coding_alone
    yield ("metadata", "evidence", "scope"), edits, f"{who}, which is not asked for a change of files"
    yield ("metadata", "evidence", "tests"), edits, f"{who}, which edits nothing that could be tested"
    tests = spec.metadata.evidence.tests
    has_own = tests is not None and tests.command is not None
    yield ("metadata", "evidence", "tests", "paths"), not has_own, "the tests have a command of their own"
    yield ("metadata", "limits", "max_turns"), bool(_TURNS & {*runs}), _switch("turns", _TURNS, who)
    yield ("metadata", "limits", "max_cost_usd"), bool(_COST & {*runs}), _switch("a cost", _COST, who)
    yield ("metadata", "limits", "budget_usd"), coding, f"only coding tools say what they cost, and {who}"
    yield ("metadata", "on_quota"), coding, f"only coding tools have a quota, and {who}"
    yield ("metadata", "message_file"), coding, coding_alone
    yield ("model",), not own_command and _takes_model(spec.tool), _no_model(spec, own_command=own_command)
    yield ("permission",), has_task, coding_alone
    yield ("session",), has_task, coding_alone
    yield (
        ("extra_args",),
        coding and not own_command,
        f"only coding tools without a command heed it, and {who}",
    )
    yield (
        ("tests",),
        not (own_command and spec.command and spec.command.args),
        "the command has arguments of its own",
    )
    yield (
        ("permission",),
        not _sets_permission(spec),
        "extra_args say what the tool may do; leave one of them out",
    )
    for place, rung in enumerate(spec.metadata.escalate_to):
        route = ("metadata", "escalate_to", place, "model")
        yield route, rung.model is None or _takes_model(rung.tool), f"{rung.tool} has no switch for a model"


def _sets_permission(spec: JobSpec) -> bool:
    """Whether the job's own arguments set what its permission sets: the tool would heed one of them, or neither."""
    switches = _PERMISSION_SWITCHES.get(spec.tool, frozenset())
    return any(word.partition("=")[0] in switches for word in spec.extra_args)


def _switch(what: str, heeding: frozenset[str], who: str) -> str:
    tools_in_words = " and ".join(sorted(heeding))
    return f"only {tools_in_words} {'has' if len(heeding) == 1 else 'have'} a switch for {what}, and {who}"


def _takes_model(tool: str) -> bool:
    if tool in BUILT_IN:
        return True  # of those that are not coding tools the model itself says so
    try:
        return tools().description(tool).model_args is not None
    except ToolFileError:
        return True  # reported where the tool is named


def _no_model(spec: JobSpec, *, own_command: bool) -> str:
    return "the job runs a command of its own" if own_command else f"{spec.tool} has no switch for a model"


def _given(part: BaseModel, route: Route) -> Iterator[Route]:
    """The routes of all fields that a file gives, of the parts inside as well."""
    for name in part.model_fields_set:
        value, here = getattr(part, name), (*route, name)
        if value is not None and value != ():
            yield here
        items = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for place, item in items:
            if isinstance(item, BaseModel):
                yield from _given(item, here if place is None else (*here, place))


def _is_given(route: Route, data: Any) -> bool:
    for step in route:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True


def _without(data: Mapping[str, Any], route: Route) -> dict[str, Any]:
    first, *rest = route
    kept = {key: value for key, value in data.items() if rest or key != first}
    if rest:
        kept[str(first)] = _without(data[str(first)], tuple(rest))
    return kept


def _error(reason: str, route: Route, document: Document) -> JobFileError:
    where = dotted((*document.within, *route))
    return JobFileError(reason, file=document.name or None, line=document.line_of(route), field=where)
