"""Reads templates: job or pipeline files whose head declares parameters, and makes ordinary files of them.

A parameter is used as ``{{ name }}`` in values. It is filled in after the file was parsed, so a value is never more
than a value: it can add no field, no step and no argument. Nothing in it is evaluated. Reads no folder.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.document import Document, Route, dotted
from engine.jobfile.error_messages import joined, nearest, validated
from engine.jobfile.job_file_reader import ReadFile, read_document
from engine.jobfile.parsing import check_tree, parse
from engine.jobfile.template_head import TemplateHead, TemplateParameter, Value
from engine.system.home import at_home

HEAD = "template"
"""The key of the head; everything beside it is the job or the pipeline."""
_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z_][A-Za-z0-9_-]*) *\}\}")
_LONGEST_TITLE = 120
_NOTHING = object()


@dataclass(frozen=True, kw_only=True)
class JobTemplate:
    """A template that was read: its head, and the file it makes with the placeholders still in it."""

    name: str
    path: Path
    head: TemplateHead
    body: Document
    origin: str = "file"
    """Where it was found: `home`, `repository`, `shipped`, or `file` if a person named it."""

    @property
    def parameters(self) -> Mapping[str, TemplateParameter]:
        """The parameters in the order of the file."""
        return self.head.parameters


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """The file a template makes: its content and what reading it gives."""

    name: str
    data: Mapping[str, Any]
    read: ReadFile

    @property
    def text(self) -> str:
        """The text of the file."""
        return file_text(self.data)


def is_template(data: object) -> bool:
    """Whether what was parsed is a template."""
    return isinstance(data, Mapping) and HEAD in data


def parsed_template(data: bytes, path: Path, *, origin: str = "file") -> JobTemplate:
    """The template in these bytes.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    document = parse(data, path.name)
    if not is_template(document.data):
        raise JobFileError(f"is no template: it has no {HEAD}", file=path, line=document.line_of(()))
    head = validated(TemplateHead, replace(document, data=document.data[HEAD], within=(HEAD,)))
    body = replace(document, data={key: value for key, value in document.data.items() if key != HEAD})
    if errors := [*_wrong_placeholders(body, head), *_unused_parameters(document, body, head)]:
        raise joined(errors)
    return JobTemplate(name=path.stem, path=path, head=head, body=body, origin=origin)


def values_of(
    template: JobTemplate, given: Mapping[str, str]
) -> tuple[Mapping[str, Value | None], Mapping[str, str]]:
    """The values of all parameters, and the problems by parameter, each the end of a sentence.

    `given` is as a person writes it; an empty text counts as not given. None is an optional value that was left out.
    """
    values: dict[str, Value | None] = {}
    problems = {
        name: f"is no parameter of {template.name}{nearest(name, template.parameters)}"
        for name in given
        if name not in template.parameters
    }
    for name, parameter in template.parameters.items():
        try:
            values[name] = parameter.value_of(given.get(name, ""))
        except ValueError as error:
            problems[name] = str(error)
    return values, problems


def make_file(
    template: JobTemplate, values: Mapping[str, Value | None], *, base: Path, suffix: str
) -> MadeFile:
    """The job or pipeline file with these values; folders are relative to `base`, where its jobs work.

    `suffix` ends the id of the job or the run where the template gives none, so that each use is one of its own.

    Raises:
        JobFileError: carries every error, with its line and field in the template.
    """
    data = _file_data(template, values, base=base, suffix=suffix)
    document = replace(template.body, data=data)
    check_tree(data, document=document)
    read = read_document(document, base=base)
    return MadeFile(name=f"{template.name[:48]}-{suffix}.json", data=data, read=read)


def unfinished_text(
    template: JobTemplate, values: Mapping[str, Value | None], *, base: Path, suffix: str
) -> str:
    """The text of the file so far; what has no usable value yet is still a placeholder."""
    waiting = {name: f"{{{{ {name} }}}}" for name in template.parameters}
    return file_text(_file_data(template, {**waiting, **values}, base=base, suffix=suffix))


def check_template(template: JobTemplate, *, base: Path) -> None:
    """Make a file with defaults and sample values, to find mistakes that do not depend on what a person enters.

    Raises:
        JobFileError: carries every error in a field without a placeholder.
    """
    samples = {name: parameter.sample() for name, parameter in template.parameters.items()}
    try:
        make_file(template, samples, base=base, suffix="sample")
    except JobFileError as error:
        depending = {dotted(route) for route, _ in _placeholders(template.body.data)}
        certain = [each for each in error.every if each.field not in depending]
        if certain:
            raise joined(certain) from error


def parameter_at(template: JobTemplate, field: str) -> str:
    """The parameter that alone decides a field of the file, dotted; empty if there is none or more than one."""
    names = {name for route, name in _placeholders(template.body.data) if dotted(route) == field}
    return names.pop() if len(names) == 1 else ""


def missing_sentence(template: JobTemplate, missing: Mapping[str, str]) -> str:
    """Which parameters have no usable value, with their types, as one sentence a line."""
    lines = []
    for name, reason in missing.items():
        parameter = template.parameters.get(name)
        kind = f" ({parameter.kind_in_words})" if parameter is not None else ""
        about = f" {parameter.help}" if parameter is not None and parameter.help else ""
        lines.append(f"{template.name}: {name}{kind} {reason}.{about}")
    return "\n".join(lines)


def file_text(data: Mapping[str, Any]) -> str:
    """The text of a job or pipeline file with this content."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _file_data(
    template: JobTemplate, values: Mapping[str, Value | None], *, base: Path, suffix: str
) -> dict[str, Any]:
    filled = _titled(_filled(template.body.data, values), template.head.title)
    return placed(filled, base=base, new_id=f"{template.name[:48]}-{suffix}")


def _titled(data: Mapping[str, Any], title: str | None) -> Mapping[str, Any]:
    """The file with a title, by default that of its template, if it is a job that has no id of its own.

    A title made of values is cut where it is too long: they are valid elsewhere.
    """
    metadata = data.get("metadata") or {}
    if data.keys() & {"workstreams", "job_id"} or not isinstance(metadata, Mapping):
        return data
    given = metadata.get("title") or title
    return {**data, "metadata": {**metadata, "title": str(given)[:_LONGEST_TITLE]}} if given else data


def _placeholders(value: Any, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """The route and the name of each placeholder in the values."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _placeholders(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _placeholders(item, (*route, index))
    elif isinstance(value, str):
        yield from ((route, name) for name in _PLACEHOLDER.findall(value))


def _keys(value: Any, route: Route = ()) -> Iterator[Route]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*route, key)
            yield from _keys(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _keys(item, (*route, index))


def _wrong_placeholders(body: Document, head: TemplateHead) -> Iterator[JobFileError]:
    for route in _keys(body.data):
        if _PLACEHOLDER.search(str(route[-1])):
            yield _error("a key cannot hold a parameter; only values can", route, body)
    for route, name in _placeholders(body.data):
        if name not in head.parameters:
            near = nearest(name, head.parameters)
            yield _error(f"{name} is not declared in {HEAD}.parameters{near}", route, body)


def _unused_parameters(document: Document, body: Document, head: TemplateHead) -> Iterator[JobFileError]:
    used = {name for _, name in _placeholders(body.data)}
    for name in head.parameters:
        if name not in used:
            route = (HEAD, "parameters", name)
            yield _error(f"is not used; write {{{{ {name} }}}} in a value, or remove it", route, document)


def _filled(value: Any, values: Mapping[str, Value | None]) -> Any:
    """The value with its placeholders filled in; what is one placeholder alone and left empty is left out."""
    if isinstance(value, Mapping):
        filled = {key: _filled(item, values) for key, item in value.items()}
        return {key: item for key, item in filled.items() if item is not _NOTHING}
    if isinstance(value, list):
        return [item for item in (_filled(item, values) for item in value) if item is not _NOTHING]
    if not isinstance(value, str):
        return value
    if alone := _PLACEHOLDER.fullmatch(value.strip()):
        return _in_words(values[alone[1]]) or _NOTHING
    return _PLACEHOLDER.sub(lambda match: _in_words(values[match[1]]), value)


def _in_words(value: Value | None) -> str:
    """The value as YAML would give it: every scalar is text until a model needs a number."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def placed(data: Mapping[str, Any], *, base: Path, new_id: str) -> dict[str, Any]:
    """The file with an id of its own and with absolute folders, so that it means the same wherever it is written."""
    if "workstreams" in data:
        repo = data.get("repo")
        return {"run_id": new_id, **data, "repo": _absolute(repo, base)}
    paths = data.get("paths") or {}
    if not isinstance(paths, Mapping):
        return dict(data)
    return {
        "job_id": new_id,
        **data,
        "paths": {**paths, "repo_root": _absolute(paths.get("repo_root"), base)},
    }


def _absolute(folder: object, base: Path) -> object:
    return str(base / at_home(folder or ".")) if isinstance(folder, str | None) else folder


def _error(reason: str, route: Route, document: Document) -> JobFileError:
    return JobFileError(reason, file=document.name, line=document.line_of(route), field=dotted(route))
