"""Parses YAML without anchors, tags and second documents, every scalar as a string, and finds the lines of the values.

libyaml parses it if installed, ten times as fast as the parser written in Python. The Python parser handles everything
doubtful: it alone finds errors and their lines, and it parses what the two would read in different ways.
"""

import re
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from engine.errors import JobFileError
from engine.jobfile import odd_characters
from engine.jobfile.document import MAX_DEPTH, Document, LineMap, Route, dotted
from engine.jobfile.odd_characters import SEPARATORS, StandIns
from engine.system.plain_text import code_of

try:
    from _ruamel_yaml import CParser
except ImportError:  # some machines have no wheel of it
    CParser = None

MAX_YAML_BYTES = 256 * 1024
"""The parser written in Python takes 6 s for a megabyte."""

_FORBIDDEN = re.compile("[^\\t\\n\\r -~\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What no YAML may contain, as the specification says."""
_ONLY_PURE = re.compile(
    r"""
    [^\n\r\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\U0010ffff]  # tabs; line breaks of YAML 1.1 alone; byte order marks
    | \r(?!\n)                                   # breaks no comment of YAML 1.2
    | ^[%.]                                      # directives, and the end of a document
    | ["']:[^\s]                                 # {"a":1} is an error in Python
    | [|>][-+0-9]*\#                             # so is a block that begins with a comment,
    | [|>][-+0-9 ]*\r?\n(?:[ ]*\r?\n)*(?:[ ]+\r?\n|\#)  # or with a line of spaces
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Texts that libyaml reads differently from the Python parser, found by trying many; it never gets to read them."""


def document(text: str, name: str) -> Document:
    """The document in the text.

    Raises:
        JobFileError: it is not YAML, is too large, or could be read in two ways.
    """
    if len(text) > MAX_YAML_BYTES:
        raise JobFileError("is larger than 256 KB of YAML; write it as JSON or split it", file=name)
    if forbidden := _FORBIDDEN.search(text):
        at = forbidden.start()
        advice = f"in YAML, write it as {code_of(text[at])} in double quotes"
        odd_characters.refuse(text, at, name=name, advice=advice, fit=_fit, data_of=_data_of)
    stand_ins = StandIns(text, SEPARATORS)
    if not stand_ins:
        return _parsed(text, name)
    try:
        parsed = _parsed(stand_ins.text, name)
    except JobFileError as error:
        reason, field = stand_ins.original(error.reason), stand_ins.original(error.field)
        raise JobFileError(reason, file=name, line=error.line, field=field) from error
    lines = LineMap(
        lambda: {stand_ins.original(route): line for route, line in parsed.line_map.lines.items()}
    )
    return Document(stand_ins.original(parsed.data), name, lines)


def _parsed(text: str, name: str) -> Document:
    try:
        data = _read_by_libyaml(text)
    except _UnsureError:
        built = _built(text, name)
        return Document(built.data, name, LineMap(lambda: built.lines))
    return Document(data, name, LineMap(lambda: _built(text, name).lines))


def _fit(text: str, stand_in: str) -> str:
    return _FORBIDDEN.sub(stand_in, text)


def _data_of(text: str) -> Any:
    return _built(text, "").data


class _UnsureError(Exception):
    """The Python parser has to read the text."""


def _read_by_libyaml(text: str) -> Any:
    """The data of a text that both parsers read alike.

    Raises:
        _UnsureError: libyaml is missing or refuses the text, or only the Python parser can decide.
    """
    if CParser is None or _ONLY_PURE.search(text):
        raise _UnsureError
    parser = CParser(text)
    try:
        _expect(parser.get_event(), StreamStartEvent)
        _expect(parser.get_event(), DocumentStartEvent)
        data = _value(parser, parser.get_event(), 0)
        _expect(parser.get_event(), DocumentEndEvent)
        _expect(parser.get_event(), StreamEndEvent)
    except (
        Exception
    ) as error:  # libyaml may raise anything; the Python parser reports what is wrong and where
        raise _UnsureError from error
    return data


def _expect(event: Any, kind: type) -> None:
    if type(event) is not kind:
        raise _UnsureError


def _value(parser: Any, event: Any, depth: int) -> Any:
    kind = type(event)
    if event.anchor is not None or event.tag is not None or depth > MAX_DEPTH:
        raise _UnsureError
    if kind is ScalarEvent:
        return None if not event.style and event.value in {"", "~", "null"} else event.value
    if kind is MappingStartEvent:
        return _mapping(parser, depth)
    _expect(event, SequenceStartEvent)
    items = []
    while type(event := parser.get_event()) is not SequenceEndEvent:
        items.append(_value(parser, event, depth + 1))
    return items


def _mapping(parser: Any, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    while type(event := parser.get_event()) is not MappingEndEvent:
        _expect(event, ScalarEvent)
        if event.anchor is not None or event.tag is not None or event.value in made:
            raise _UnsureError
        made[event.value] = _value(parser, parser.get_event(), depth + 1)
    return made


def _built(text: str, name: str) -> "_Builder":
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
    except Exception as error:  # the parser may raise anything, and no file may stop the engine
        reason = f"is not YAML: {str(error).splitlines()[0][:200]}"
        raise JobFileError(reason, file=name, line=builder.line, field=builder.field) from error
    return builder


class _Builder:
    """Builds plain data from parser events, so that nothing is resolved, expanded or constructed."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self.lines: dict[Route, int] = {}
        self.data: Any = None
        self.line = 1
        self._documents = 0
        self._open: list[tuple[Any, Route]] = []
        self._key: list[str | None] = []

    @property
    def field(self) -> str:
        """Where the next value belongs."""
        if not self._open:
            return ""
        key = self._key[-1]
        return dotted(self._open[-1][1] if key is None else (*self._open[-1][1], key))

    def take(self, event: Any) -> None:
        """Add one event of the parser."""
        line = self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse("contains a second document; one file is one job or pipeline", line)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            self._refuse("uses an anchor or alias (& or *); write the value out", line)
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            self._refuse(f"uses a tag ({event.tag}); job files contain plain values only", line)
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
                self._refuse(f"{dotted((*route, event.value))} is given twice", line)
            self._key[-1] = event.value
            self.lines[*route, event.value] = line
            return
        nothing = event.style is None and event.value in {"", "~", "null"}
        self._put(None if nothing else event.value, line)

    def _put(self, value: Any, line: int) -> Route:
        if not self._open:
            self.data = value
            self.lines[()] = line
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
        self.lines.setdefault(here, line)
        return here

    def _refuse(self, reason: str, line: int) -> NoReturn:
        raise JobFileError(reason, file=self._name, line=line)
