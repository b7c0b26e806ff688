"""Parses JSON more strictly than the json module, and finds the line of each value."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from engine.errors import JobFileError
from engine.jobfile import odd_characters
from engine.jobfile.document import MAX_DEPTH, Document, LineMap, Route, dotted

_MAX_DIGITS = 18
_CONTROL = re.compile("[\\x00-\\x1f]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class _RefusedError(ValueError):
    """Something the json module would accept; the position is found by the token scan below."""


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


def document(text: str, name: str) -> Document:
    """The document in the text.

    Raises:
        JobFileError: it is not JSON, or could be read in two ways.
    """
    try:
        data = json.loads(
            text, object_pairs_hook=_unique, parse_float=_finite, parse_int=_small, parse_constant=_never
        )
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid control character"):
            advice = f"in JSON, write it as \\u{ord(text[error.pos]):04x}"
            odd_characters.refuse(text, error.pos, name=name, advice=advice, fit=_fit, data_of=json.loads)
        raise JobFileError(f"is not JSON: {error.msg}", file=name, line=error.lineno) from error
    except RecursionError as error:
        raise JobFileError(f"is nested more than {MAX_DEPTH} levels deep", file=name) from error
    except _RefusedError as error:
        line, reason = _first_refused(text)
        raise JobFileError(reason, file=name, line=line) from error
    return Document(data, name, LineMap(lambda: _lines(text)))


def _fit(text: str, stand_in: str) -> str:
    return _STRING.sub(lambda found: _CONTROL.sub(stand_in, found[0]), text)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield found.group(), line


def _walk(text: str) -> Iterator[tuple[Route, str, int]]:
    """The route, first token and line of each value, in a text whose syntax the json module accepts."""
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


def _lines(text: str) -> dict[Route, int]:
    return {route: line for route, _, line in _walk(text)}


def _first_refused(text: str) -> tuple[int, str]:
    seen: set[Route] = set()
    for route, word, line in _walk(text):
        if route in seen:
            return line, f"{dotted(route)} is given twice"
        seen.add(route)
        if word[:1] not in '"{[tfn' and not _is_plain_number(word):
            return line, f"{dotted(route)} is not a number a file may contain"
    return 1, "contains a key twice"


def _is_plain_number(token: str) -> bool:
    try:
        whole = token.removeprefix("-").isdigit()
        return math.isfinite(float(token)) and not (whole and len(token.removeprefix("-")) > _MAX_DIGITS)
    except ValueError:
        return False
