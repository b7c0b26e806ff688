"""The one rule for what the database can hold: text that is UTF-8, numbers that are finite and fit into 64 bits.

What others hand us, a tool's output above all, passes here before it becomes a row. Pure.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from state.database_errors import NumberTooLargeError

REPLACEMENT = "\ufffd"
_LARGEST = 2**63 - 1
_DEEPEST = 64
"""Nested deeper than this, JSON is a trap for whoever reads it back."""


def whole_characters(text: str) -> str:
    """The text with the two halves of a character joined, and halves that stand alone replaced."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def storable_text(text: str) -> str:
    """Text of a tool as it can be stored and searched: whole characters, and none of them NUL."""
    return whole_characters(text).replace("\0", REPLACEMENT)


def storable(value: Any, depth: int = _DEEPEST) -> Any:
    """The value as JSON that can be stored and read back: a number that is none becomes None, other objects text."""
    match value:
        case bool() | None:
            return value
        case int() | float():
            return _number(value)
        case bytes():
            return storable_text(value.decode(errors="replace"))
        case Iterable() if not isinstance(value, str):
            return _container(value, depth - 1) if depth else None
        case _:
            return storable_text(str(value))


def _container(value: Iterable[Any], depth: int) -> Any:
    if isinstance(value, Mapping):
        return {storable_text(str(name)): storable(each, depth) for name, each in value.items()}
    return [storable(each, depth) for each in value]


def storable_parameters(parameters: Any) -> Any:
    """The parameters of a statement, or of several, as SQLite takes them.

    Raises:
        NumberTooLargeError: a whole number does not fit into a column.
    """
    if isinstance(parameters, list):
        return [storable_parameters(each) for each in parameters]
    return storable_values(parameters) if isinstance(parameters, tuple) else parameters


def storable_values(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values of one row, as SQLite takes them.

    Raises:
        NumberTooLargeError: a whole number does not fit into a column.
    """
    return tuple(
        [
            value if value is None or (type(value) is str and value.isascii()) else _parameter(value)
            for value in values
        ]
    )


def _parameter(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else whole_characters(value)
    if isinstance(value, int):
        if -_LARGEST <= value <= _LARGEST:
            return value
        raise NumberTooLargeError(value)
    return _number(value) if isinstance(value, float) else value


def _number(number: float) -> int | float | None:
    if isinstance(number, int):
        return number if abs(number) <= _LARGEST else None
    return number if math.isfinite(number) else None
