"""Records to plain JSON values and back; the form they have in event payloads and in ``--json`` output."""

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from state import records

R = TypeVar("R")


def record_to_json(record: Any, *, sparse: bool = False) -> dict[str, Any]:
    """A record as a dict of JSON values; `sparse` leaves out what has its default."""
    values = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if sparse and (value == item.default or (not value and item.default_factory is not MISSING)):
            continue
        if isinstance(value, StrEnum):
            value = value.value
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        values[item.name] = value
    return values


def record_from_json(kind: type[R], values: Mapping[str, Any]) -> R:
    """The record again; unknown keys are left out, so a payload of a newer release still reads."""
    makers: dict[str, Any] = _makers(kind)  # type: ignore[arg-type]  # a type is hashable
    return kind(**{name: makers[name](value) for name, value in values.items() if name in makers})


@cache
def _makers(kind: Hashable) -> dict[str, Any]:
    record: Any = kind
    hints = get_type_hints(record, vars(records))
    return {item.name: _maker(hints[item.name]) for item in fields(record)}


def _maker(hint: Any) -> Any:
    for part in get_args(hint) if get_origin(hint) is types.UnionType else (hint,):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
        if get_origin(part) is not None and get_origin(part).__name__ == "Sequence":
            return tuple
    return _same


def _same(value: Any) -> Any:
    return value
