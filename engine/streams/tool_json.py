"""The only reader of the JSON that tools print and write: typed, and it never fails.

A line that is not a JSON object is skipped. A field of another type than requested is as good as none: text is "", a
number that is not finite, too large, negative or not a number at all is None. Knows no tool by name.
"""

import ast
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from state.storable import storable_text

N = TypeVar("N", int, float)
_MOST_DIGITS = 20
"""Longer whole numbers are nothing a tool counts, and Python refuses to read very long ones."""
_MOST_COUNTED = 2**53
"""Beyond this, the numbers of JSON are no longer exact."""
_LAYERS = 8
"""How many objects a message of a provider may be wrapped in."""
_LONGEST_MESSAGE = 64 * 1024
_MOST_BRACES = 20
_TEXTS = ("message", "detail", "msg", "error_message", "error_description")
_DECODER = json.JSONDecoder(strict=False)
_MOST_MONEY = 1e9
"""Costs are added up; a sum of these is still a number."""


class ToolObject:
    """One JSON object of a tool, read field by field."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def __bool__(self) -> bool:
        return bool(self._fields)

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields as they came, for a reader that looks for what it knows wherever it stands."""
        return self._fields

    def has(self, name: str) -> bool:
        """Whether the field holds anything that counts as true."""
        return bool(self._fields.get(name))

    def holds(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._fields

    def with_fields(self, **fields: str) -> "ToolObject":
        """The same object with other values in these fields."""
        return ToolObject({**self._fields, **fields})

    def text(self, name: str) -> str:
        """The text of a field, whole characters only."""
        return storable_text(self.piece(name))

    def piece(self, name: str) -> str:
        """A piece of a text that goes on in other objects; it may begin or end with half a character."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""

    def word(self, name: str) -> str:
        """The text of a field, or a number or truth value as JSON spells it; "" for anything else."""
        value = self._fields.get(name)
        return json.dumps(value) if isinstance(value, bool | int | float) else self.text(name)

    def count(self, name: str) -> int | None:
        """A whole number from 0 on."""
        value = self._number(name, _MOST_COUNTED)
        return int(value) if value is not None and value == int(value) else None

    def whole(self, name: str) -> int | None:
        """A whole number that may be negative, such as an exit code."""
        value = self._fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def money(self, name: str) -> float | None:
        """An amount of money from 0 on."""
        return self._number(name, _MOST_MONEY)

    def moment(self, name: str) -> float | None:
        """A time in seconds since the epoch; whether it is believable is for the caller to say."""
        return self._number(name, _MOST_COUNTED)

    def part(self, name: str) -> "ToolObject":
        """The object in a field; an empty one where there is none."""
        value = self._fields.get(name)
        return ToolObject(value if isinstance(value, dict) else {})

    def parts(self, name: str | None = None) -> "list[ToolObject]":
        """The objects in the list or object of a field, or in this object; whatever else stands there is skipped."""
        value = self._fields if name is None else self._fields.get(name)
        found = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        return [ToolObject(each) for each in found if isinstance(each, dict)]

    def named_parts(self, name: str) -> "list[tuple[str, ToolObject]]":
        """The objects in the object of a field, each with its name."""
        value = self._fields.get(name)
        found = value.items() if isinstance(value, dict) else ()
        return [(storable_text(key), ToolObject(each)) for key, each in found if isinstance(each, dict)]

    def texts(self, name: str) -> list[str]:
        """The texts in the list of a field."""
        value = self._fields.get(name)
        return (
            [storable_text(each) for each in value if isinstance(each, str)]
            if isinstance(value, list)
            else []
        )

    def _number(self, name: str, most: float) -> float | None:
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            return None  # not a number, or NaN, which is in no range
        return value


def whole_text(pieces: Iterable[str]) -> str:
    """The text that came in these pieces, with characters that were cut in two joined again."""
    return storable_text("".join(pieces))


def sum_of(numbers: Iterable[N | None]) -> N | None:
    """The sum of what a tool counted; None where one of the numbers is not known."""
    every = list(numbers)
    known = [number for number in every if number is not None]
    return sum(known[1:], start=known[0]) if known and len(known) == len(every) else None


def objects(lines: Iterable[bytes]) -> Iterator[ToolObject]:
    """The JSON objects among these lines; bytes that are not UTF-8 only cost their own character."""
    for line in lines:
        if line.startswith(b"{") and (found := _object(line.decode(errors="replace"))) is not None:
            yield ToolObject(found)


def objects_in(message: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The objects in a text, of JSON or as Python writes them, each with its beginning and its end."""
    start = message.find("{")
    for _ in range(_MOST_BRACES):
        if not 0 <= start < _LONGEST_MESSAGE:
            return
        found, end = _object_at(message, start)
        if isinstance(found, dict):
            yield start, end, found
        start = message.find("{", end)


def unwrapped(message: str) -> str:
    """The words of a message, where a provider's JSON is wrapped around them."""
    for _ in range(_LAYERS):
        for start, end, value in objects_in(message):
            if (inner := _words_of(value)) is not None:
                message = message[:start] + inner + message[end:]
                break
        else:
            break
    return message


def fields_in_words(text: str) -> str:
    """A text that is a JSON object as ``name: value, name: value``; any other text as it is."""
    found = _object(text) if text.lstrip().startswith("{") else None
    if found is None:
        return text
    plain = ((name, value) for name, value in found.items() if not isinstance(value, dict | list))
    return ", ".join(f"{name}: {value}" for name, value in plain) or "data"


def _words_of(value: Mapping[str, Any]) -> str | None:
    error = value.get("error", value)
    if isinstance(error, str):
        error = value if isinstance(value.get("message"), str) else {"message": error}
    if not isinstance(error, dict):
        return None
    words = next((error[key] for key in _TEXTS if isinstance(error.get(key), str)), None)
    code = error.get("code")
    if words is None or not isinstance(code, int) or "{" in words:
        return words
    return f"{code} {words}"


def _object_at(message: str, start: int) -> tuple[object, int]:
    """What stands at this brace, and where the search goes on."""
    try:
        return _DECODER.raw_decode(message, start)
    except (ValueError, RecursionError):
        pass
    end = message.rfind("}") + 1
    try:
        return ast.literal_eval(message[start:end]), end
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None, start + 1


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf
