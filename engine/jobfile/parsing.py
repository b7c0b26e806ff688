"""From bytes nobody vouches for to plain data with line numbers; knows nothing of jobs.

Whatever two programs could read in two ways is refused here: duplicate keys, NaN, other encodings, YAML
anchors, tags and second documents. YAML scalars stay strings, so that ``no``, ``1:30`` and ``0123`` mean what
they show; the models turn them into numbers where a field asks for one.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.errors import JobFileError

MAX_YAML_BYTES = 256 * 1024
"""The YAML parser is written in Python and takes 6 s for a megabyte; JSON takes 0.4 s."""
MAX_DEPTH = 32
_MAX_DIGITS = 18

Route = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""


@dataclass(frozen=True)
class Document:
    """What a file says as plain data, and the line each value starts on (in a mapping, its key's line).

    `within` is the way to `data` where it is only a part of the file, `beside` the way to what was merged into it.
    """

    data: Any
    name: str
    lines: Mapping[Route, int] = field(default_factory=dict, repr=False)
    within: Route = ()
    beside: Route | None = None

    def line_of(self, route: Route) -> int | None:
        """The line of the value, or of the nearest thing around it."""
        starts = [self.within] if self.beside is None else [self.within, self.beside]
        for length in range(len(route), -1, -1):
            for start in starts:
                if (line := self.lines.get((*start, *route[:length]))) is not None:
                    return line
        return None


def parse(data: bytes, name: str) -> Document:
    """Read JSON or YAML: by the suffix of the name, else by the first character.

    Raises:
        JobFileError: the bytes are neither, or say something that could be read in two ways.
    """
    text = _decoded(data, name)
    is_json = name.lower().endswith(".json") or (
        not name.lower().endswith((".yaml", ".yml")) and text.lstrip()[:1] in {"{", "["}
    )
    document = _parsed_json(text, name) if is_json else _parsed_yaml(text, name)
    check_tree(document.data, document=document)
    return document


def check_tree(value: Any, *, document: Document | None = None) -> None:
    """Refuse what is no plain JSON value or cannot be stored: depth, huge numbers, NUL, half characters.

    Raises:
        JobFileError: with the field, and the line where a document is given.
    """
    waiting: list[tuple[Route, Any]] = [((), value)]
    while waiting:
        route, here = waiting.pop()
        if reason := _unfit_value(here, len(route)):
            name, line = (document.name, document.line_of(route)) if document else (None, None)
            raise JobFileError(reason, file=name, line=line, field=dotted(route))
        if isinstance(here, Mapping):
            waiting.extend(((*route, key), item) for key, item in here.items())
        elif isinstance(here, list | tuple):
            waiting.extend(((*route, index), item) for index, item in enumerate(here))


def dotted(route: Route) -> str:
    """The route as people write it: ``metadata.retry.limit``, ``files[2]``."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _unfit_value(value: Any, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"is nested more than {MAX_DEPTH} levels deep"
    reason = None
    match value:
        case None | bool() | list() | tuple():
            pass
        case str():
            reason = _unfit_text(value)
        case int() if abs(value) < 10**_MAX_DIGITS:
            pass
        case float() if math.isfinite(value):
            pass
        case int() | float():
            reason = "is not a number a file may hold"
        case Mapping():
            odd = [key for key in value if not isinstance(key, str) or _unfit_text(key)]
            reason = f"has a key that is not plain text: {odd[0]!r}" if odd else None
        case _:
            reason = f"is a {type(value).__name__}, which a job file cannot hold"
    return reason


def _unfit_text(text: str) -> str | None:
    if "\0" in text:
        return "holds a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "holds half a character (a lone surrogate)"
    return None


def _decoded(data: bytes, name: str) -> str:
    if not data.strip():
        raise JobFileError("is empty", file=name)
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise JobFileError("starts with a byte order mark; save it as plain UTF-8", file=name, line=1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JobFileError(f"is not UTF-8 (byte {error.start})", file=name, line=line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise JobFileError("holds a NUL character; is it UTF-16? Save it as UTF-8", file=name, line=line)
    return text


# JSON


class _RefusedError(ValueError):
    """Something json would let pass; carries no position, the token scan below finds that."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RefusedError
    return made


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise _RefusedError
    return number


def _small(text: str) -> int:
    if len(text.removeprefix("-")) > _MAX_DIGITS:
        raise _RefusedError
    return int(text)


def _never(_text: str) -> NoReturn:
    raise _RefusedError


def _parsed_json(text: str, name: str) -> Document:
    try:
        data = json.loads(
            text, object_pairs_hook=_unique, parse_float=_finite, parse_int=_small, parse_constant=_never
        )
    except json.JSONDecodeError as error:
        raise JobFileError(f"is not JSON: {error.msg}", file=name, line=error.lineno) from error
    except RecursionError as error:
        raise JobFileError(f"is nested more than {MAX_DEPTH} levels deep", file=name) from error
    except _RefusedError as error:
        line, reason = _first_refused(text)
        raise JobFileError(reason, file=name, line=line) from error
    return Document(data, name, _json_lines(text))


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield found.group(), line


def _walk_json(text: str) -> Iterator[tuple[Route, str, int]]:
    """Each value's route, first token and line, of a text whose syntax json has accepted."""
    route: list[str | int] = []
    pending: int | None = None
    for word, line in _tokens(text):
        match word:
            case "{" | "[":
                yield tuple(route), word, line if pending is None else pending
                route.append("" if word == "{" else 0)
                pending = None
            case "}" | "]":
                route.pop()
            case ",":
                last = route[-1]
                route[-1] = last + 1 if isinstance(last, int) else ""
                pending = None
            case ":":
                pass
            case _ if route and isinstance(route[-1], str) and pending is None:
                route[-1] = json.loads(word)
                pending = line
            case _:
                yield tuple(route), word, line if pending is None else pending


def _json_lines(text: str) -> dict[Route, int]:
    return {route: line for route, _, line in _walk_json(text)}


def _first_refused(text: str) -> tuple[int, str]:
    seen: set[Route] = set()
    for route, word, line in _walk_json(text):
        if route in seen:
            return line, f"{dotted(route)} is said twice"
        seen.add(route)
        if word[:1] not in '"{[tfn' and not _is_plain_number(word):
            return line, f"{dotted(route)} is not a number a file may hold"
    return 1, "says something twice"


def _is_plain_number(token: str) -> bool:
    try:
        whole = token.removeprefix("-").isdigit()
        return math.isfinite(float(token)) and not (whole and len(token.removeprefix("-")) > _MAX_DIGITS)
    except ValueError:
        return False


# YAML


def _parsed_yaml(text: str, name: str) -> Document:
    if len(text) > MAX_YAML_BYTES:
        raise JobFileError("is larger than 256 KB of YAML; write it as JSON or split it", file=name)
    builder = _Builder(name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except JobFileError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise JobFileError(f"is not YAML: {error.problem or error.context}", file=name, line=line) from error
    except Exception as error:  # the parser raises whatever comes, and no file may bring us down
        raise JobFileError(f"is not YAML: {str(error).splitlines()[0][:200]}", file=name) from error
    return builder.document()


class _Builder:
    """Builds plain data from parser events, so that nothing is resolved, expanded or constructed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[Route, int] = {}
        self._data: Any = None
        self._documents = 0
        self._open: list[tuple[Any, Route]] = []
        self._key: list[str | None] = []

    def document(self) -> Document:
        """What was built."""
        return Document(self._data, self._name, self._lines)

    def take(self, event: Any) -> None:
        """Build on with one event of the parser."""
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse("holds a second document; one file is one job or pipeline", line)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            self._refuse("uses an anchor or alias (& or *); write the value out", line)
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            self._refuse(f"uses a tag ({event.tag}); job files hold plain values", line)
        match event:
            case MappingStartEvent():
                self._begin({}, line)
            case SequenceStartEvent():
                self._begin([], line)
            case MappingEndEvent() | SequenceEndEvent():
                self._open.pop()
                self._key.pop()
            case ScalarEvent():
                self._scalar(event, line)
            case _:
                pass

    def _begin(self, made: dict[str, Any] | list[Any], line: int) -> None:
        route = self._put(made, line)
        if len(route) > MAX_DEPTH:
            self._refuse(f"is nested more than {MAX_DEPTH} levels deep", line)
        self._open.append((made, route))
        self._key.append(None)

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            holder, route = self._open[-1]
            if event.value in holder:
                self._refuse(f"{dotted((*route, event.value))} is said twice", line)
            self._key[-1] = event.value
            self._lines[*route, event.value] = line
            return
        nothing = event.style is None and event.value in {"", "~", "null"}
        self._put(None if nothing else event.value, line)

    def _put(self, value: Any, line: int) -> Route:
        if not self._open:
            self._data = value
            self._lines[()] = line
            return ()
        holder, route = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
            here: Route = (*route, len(holder) - 1)
        else:
            key = self._key[-1]
            if key is None:
                self._refuse("has a key that is not plain text", line)
            holder[key] = value
            self._key[-1] = None
            here = (*route, key)
        self._lines.setdefault(here, line)
        return here

    def _refuse(self, reason: str, line: int) -> NoReturn:
        raise JobFileError(reason, file=self._name, line=line)
