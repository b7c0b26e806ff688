"""Turns pydantic errors into sentences with file, line and field, and suggests the nearest valid word."""

import difflib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import JobFileError
from engine.jobfile.document import Document, Route, dotted
from engine.jobfile.fields import ENV_PATTERN, ID_PATTERN
from engine.jobfile.spec import IncompatibleFieldsError, JobSpec
from engine.jobfile.tool_names import TOOL_PATTERN

_Model = TypeVar("_Model", bound=BaseModel)
_FORMS: Mapping[str, str] = {
    ID_PATTERN: "an id (letters, digits, '.', '_', '-', up to 64, the first a letter or digit)",
    TOOL_PATTERN: "the name of a tool (small letters, digits, '_', '-', up to 32, the first a letter)",
    ENV_PATTERN: "the name of an environment variable (letters, digits and '_')",
    r"^[^\r\n]*$": "one line",
    r"\S": "more than white space",
}
_SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "union_tag_not_found": "is missing",
    "too_short": "should not be empty",
}
_TITLES = "; a job is named by metadata.title, its workstream by workstream_title"
_TAG_ERRORS = frozenset({"union_tag_invalid", "union_tag_not_found"})


def validated(
    model: type[_Model], document: Document, *, tool_problem: Callable[[object], str] | None = None
) -> _Model:
    """The document as an instance of `model`.

    `tool_problem` says why a tool that is named cannot be used; without it, any name is one.

    Raises:
        JobFileError: carries every error of the document, in the order of the lines.
    """
    try:
        return model.model_validate(document.data, context=tool_problem)
    except ValidationError as error:
        found = [each for details in error.errors() for each in _errors_from(details, model, document)]
        raise joined(found) from error


def sentence_of(error: ValidationError, data: Mapping[str, Any], model: type[BaseModel] = JobSpec) -> str:
    """What is wrong with data that is in no file: every field and its reason, as the end of a sentence."""
    document = Document(data, "")
    found = (each for details in error.errors() for each in _errors_from(details, model, document))
    return "; ".join(each.in_file for each in found)


def joined(errors: list[JobFileError]) -> JobFileError:
    """Several errors of one file as one error that carries the others, in the order of the lines."""
    first, *others = sorted(errors, key=lambda error: error.line or 0)
    return JobFileError(first.reason, file=first.file, line=first.line, field=first.field, others=others)


def nearest(word: str, words: Iterable[str]) -> str:
    """``; did you mean …?`` if one of the words is similar, otherwise empty."""
    found = difflib.get_close_matches(word.lower(), list(words), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def _is_title(word: str, known: Iterable[str]) -> bool:
    """Whether somebody looks for the title of a job among its keys."""
    return word.lower() in {"title", "name"} and "workstream_title" in known


def _errors_from(details: ErrorDetails, model: type[BaseModel], document: Document) -> Iterator[JobFileError]:
    kind, route = details["type"], _route(details["loc"], document.data)
    if kind == "default_factory_not_called" or (kind == "too_short" and details["input"]):
        return  # follows from another error, which is reported
    problem = details.get("ctx", {}).get("error")
    if isinstance(problem, IncompatibleFieldsError):
        for field, reason in problem.problems:
            here = (*route, *(int(step) if step.isdigit() else step for step in field.split(".")))
            yield _error(reason, here, document)
        return
    yield _error(
        _reason(details, route, model), (*route, "action") if kind in _TAG_ERRORS else route, document
    )


def _error(reason: str, route: Route, document: Document) -> JobFileError:
    file = document.name or None
    return JobFileError(
        reason, file=file, line=document.line_of(route), field=dotted((*document.within, *route))
    )


def _route(loc: tuple[int | str, ...], data: Any) -> Route:
    """The path in the file: `loc` without the tags pydantic adds for unions and keys."""
    route: list[int | str] = []
    for position, step in enumerate(loc):
        last = position == len(loc) - 1
        match data:
            case Mapping() if step in data:
                data = data[step]
            case list() | tuple() if isinstance(step, int) and step < len(data):
                data = data[step]
            case Mapping() if last and step != "[key]" and step != data.get("action"):
                data = None
            case _:
                continue
        route.append(step)
    return tuple(route)


def _reason(details: ErrorDetails, route: Route, model: type[BaseModel]) -> str:
    given, context = details["input"], details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            word = str(route[-1]) if route else ""
            known = _known_keys(model, details["loc"][:-1])
            reason = f"is not a known key{_TITLES if _is_title(word, known) else nearest(word, known)}"
        case "literal_error" | "enum":
            reason = _wrong_word(given, context["expected"])
        case "union_tag_invalid":
            reason = _wrong_word(context["tag"], context["expected_tags"])
        case "string_pattern_mismatch":
            form = _FORMS.get(context["pattern"], f"of the form {context['pattern']}")
            reason = f"should be {form}, not {_shown(given)}"
        case "value_error":
            reason = str(context["error"])
        case "model_type" | "model_attributes_type" | "dict_type":
            reason = f"should be a mapping of keys to values, not {_shown(given)}"
        case "tuple_type":
            reason = f"should be a list, not {_shown(given)}"
        case kind if "datetime" in kind or "timezone" in kind:
            reason = f"should be a time with its zone, such as 2030-12-31T18:00:00+01:00, not {_shown(given)}"
        case kind if kind in _SENTENCES:
            reason = _SENTENCES[kind]
        case _:
            reason = f"{details['msg'].replace('Input should', 'should')}, not {_shown(given)}"
    return reason


def _wrong_word(given: object, expected: str) -> str:
    words = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    return f"{_shown(given)} is not one of {', '.join(words)}{nearest(str(given), words)}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - what fits into a sentence


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    found = [model]
    for step in loc:
        inner = [
            each
            for one in found
            if step in one.model_fields
            for each in _models_of(one.model_fields[str(step)].annotation)
        ]
        tagged = [one for one in found if step in _tags(one)]
        found = inner or tagged or found
    return [name for one in found for name in one.model_fields]


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get("action")
    return () if field is None else typing.get_args(field.annotation)


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in typing.get_args(annotation) for found in _models_of(part)]
