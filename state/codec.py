"""Converts records to plain JSON values and back, as in event payloads and ``--json`` output."""

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from state import records
from state.times import EARLIEST, bounded_time, finite_or_none, is_duration, time_or_none

R = TypeVar("R")


def record_to_json(record: Any, *, sparse: bool = False) -> dict[str, Any]:
    """A record as a dict of JSON values; `sparse` omits fields that have their default."""
    values = {}
    for name, default, may_be_empty in _defaults(type(record)):  # type: ignore[arg-type]  # as below
        value = getattr(record, name)
        if sparse and (value == default or (may_be_empty and not value)):
            continue
        values[name] = value if type(value) in _PLAIN else _plain(value)
    return values


def record_from_json(kind: type[R], values: Mapping[str, Any]) -> R:
    """The record of these values; unknown keys are ignored, so that payloads of newer releases can be read.

    Earlier releases accepted and imported numbers that are no time: whatever is stored, a record has only times that
    can be shown, and numbers that are finite.
    """
    names, makers = _makers(kind)  # type: ignore[arg-type]  # a type is hashable
    given = {name: values[name] for name in names if name in values}
    for name, make in makers:
        if given.get(name) is not None:
            given[name] = make(given[name])
    return kind(**given)


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value


@cache
def _defaults(kind: Hashable) -> tuple[tuple[str, Any, bool], ...]:
    """For each field its name, its default, and whether an empty value equals the default."""
    record: Any = kind
    return tuple((item.name, item.default, item.default_factory is not MISSING) for item in fields(record))


@cache
def _makers(kind: Hashable) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """The names of all fields, and the converters of those whose JSON value has another type."""
    record: Any = kind
    hints = get_type_hints(record, vars(records))
    names = tuple(item.name for item in fields(record))
    makers = ((name, _number_maker(name, hints[name]) or _maker(hints[name])) for name in names)
    return names, tuple((name, make) for name, make in makers if make is not None)


def _maker(hint: Any) -> Any:
    for part in get_args(hint) if get_origin(hint) is types.UnionType else (hint,):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
        if get_origin(part) is not None and get_origin(part).__name__ == "Sequence":
            return tuple
    return None


_WAITS_UNTIL = frozenset({"not_before", "until"})
_TIMES = frozenset({"at", "since"})


def _number_maker(name: str, hint: Any) -> Any:
    """What makes a number of this field usable; None where it holds no float."""
    optional = type(None) in get_args(hint)
    if float not in (get_args(hint) if optional else (hint,)):
        return None
    if name in _WAITS_UNTIL:
        return bounded_time
    if name in _TIMES or name.endswith("_at"):
        return time_or_none if optional else _time_or_earliest
    return _duration_or_none if name == "duration_s" else finite_or_none


def _time_or_earliest(value: object) -> float:
    return time_or_none(value) or EARLIEST


def _duration_or_none(value: object) -> float | None:
    return value if is_duration(value) else None
