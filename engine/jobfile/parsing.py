"""Parses untrusted bytes into plain data with line numbers; knows nothing of jobs.

Refuses whatever two programs could read in different ways: duplicate keys, NaN, other encodings, YAML anchors, tags and
second documents. YAML scalars stay strings, so that ``no``, ``1:30`` and ``0123`` mean what they show; the models turn
them into numbers where a field requires one.
"""

import math
from collections.abc import Mapping
from typing import Any

from engine.errors import JobFileError
from engine.jobfile import json_text, yaml_text
from engine.jobfile.document import MAX_DEPTH, Document, Route, dotted

_TOO_LARGE = 10**18


def parse(data: bytes, name: str) -> Document:
    """Parse JSON or YAML, chosen by the suffix of the name, or by the first character.

    Raises:
        JobFileError: the bytes are neither, or could be read in two ways.
    """
    text = _decoded(data, name)
    is_json = name.lower().endswith(".json") or (
        not name.lower().endswith((".yaml", ".yml")) and text.lstrip()[:1] in {"{", "["}
    )
    document = json_text.document(text, name) if is_json else yaml_text.document(text, name)
    check_tree(document.data, document=document)
    return document


def check_tree(value: Any, *, document: Document | None = None) -> None:
    """Refuse what is not a plain JSON value or cannot be stored: depth, huge numbers, NUL, half characters.

    Raises:
        JobFileError: names the field, and the line if a document is given.
    """
    if _is_fit(value, 0):
        return
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


def _is_fit(value: Any, depth: int) -> bool:
    """Whether the value is certainly valid; without tracking routes this takes a fifth of the time."""
    kind = type(value)
    if depth > MAX_DEPTH:
        return False
    if kind is str:
        return (value.isascii() and "\0" not in value) or _unfit_text(value) is None
    if kind is dict:
        return all(
            type(key) is str and _is_fit(key, 0) and _is_fit(item, depth + 1) for key, item in value.items()
        )
    if kind is list or kind is tuple:
        return all(_is_fit(item, depth + 1) for item in value)
    return value is None or _unfit_value(value, depth) is None


def _unfit_value(value: Any, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"is nested more than {MAX_DEPTH} levels deep"
    reason = None
    match value:
        case None | bool() | list() | tuple():
            pass
        case str():
            reason = _unfit_text(value)
        case int() if abs(value) < _TOO_LARGE:
            pass
        case float() if math.isfinite(value):
            pass
        case int() | float():
            reason = "is not a number a file may contain"
        case Mapping():
            odd = [key for key in value if not isinstance(key, str) or _unfit_text(key)]
            reason = f"has a key that is not plain text: {odd[0]!r}" if odd else None
        case _:
            reason = f"is a {type(value).__name__}, which a job file cannot contain"
    return reason


def _unfit_text(text: str) -> str | None:
    if "\0" in text:
        return "contains a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "contains half a character (a lone surrogate)"
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
        raise JobFileError("contains a NUL character; is it UTF-16? Save it as UTF-8", file=name, line=line)
    return text
