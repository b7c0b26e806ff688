"""Converts records to plain JSON values and back, as in event payloads and ``--json`` output."""

import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from state import records
from state.database_errors import DamagedRecordError
from state.times import EARLIEST, bounded_time, finite_or_none, is_duration, time_or_none

R = TypeVar("R")


def record_to_json(
    record: Any, *, sparse: bool = False, names: frozenset[str] | None = None
) -> dict[str, Any]:
    """A record as a dict of JSON values; `sparse` omits fields that have their default, `names` all others."""
    defaults, values_of = _defaults(type(record), names)  # type: ignore[arg-type]  # as below
    values = {}
    for (name, default, may_be_empty), value in zip(defaults, values_of(record), strict=True):
        if sparse and (value is default or value == default or (may_be_empty and not value)):
            continue
        values[name] = value if type(value) in _PLAIN else _plain(value)
    return values


def values_to_json(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Some fields of a record as JSON values."""
    return {
        name: value if type(value := getattr(record, name)) in _PLAIN else _plain(value) for name in names
    }


def with_values(record: R, values: Mapping[str, Any]) -> R:
    """The record with other values in some of its fields: `dataclasses.replace` in a third of the time.

    Several records are made of each attempt, and most of the fields of one are those of the one before.
    """
    defaults, values_of = _defaults(type(record), None)  # type: ignore[arg-type]  # as below
    changed, put = object.__new__(type(record)), object.__setattr__
    for (name, _, _), value in zip(defaults, values_of(record), strict=True):
        put(changed, name, value)
    for name, value in values.items():
        put(changed, name, value)
    return changed


def record_from_json(kind: type[R], values: Mapping[str, Any]) -> R:
    """The record of these values; unknown keys are ignored, so that payloads of newer releases can be read.

    Earlier releases accepted and imported numbers that are no time: whatever is stored, a record has only times that
    can be shown, and numbers that are finite.

    Raises:
        DamagedRecordError: a value is none that its field can have.
    """
    names, makers, proven = _makers(kind)  # type: ignore[arg-type]  # a type is hashable
    try:
        given = {name: values[name] for name in names if name in values}
    except TypeError:
        raise DamagedRecordError(kind.__name__.lower(), "", values, "a mapping") from None
    for name, make in makers:
        if given.get(name) is not None:
            given[name] = make(given[name])
    shape = tuple(map(type, given.values())), len(given) == len(names) or tuple(given)
    if shape not in proven:  # of a million rows, a few are looked at more closely than this
        _check_types(kind, given)
        proven.add(shape)
    try:
        return kind(**given)
    except TypeError:
        raise DamagedRecordError(kind.__name__.lower(), "", values, "complete") from None


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
def _defaults(
    kind: Hashable, names: frozenset[str] | None
) -> tuple[tuple[tuple[str, Any, bool], ...], Callable[[Any], tuple[Any, ...]]]:
    """For each field its name, its default, and whether an empty value equals the default; and what gets the values."""
    record: Any = kind
    items = [item for item in fields(record) if names is None or item.name in names]
    defaults = tuple((item.name, item.default, item.default_factory is not MISSING) for item in items)
    found = [item.name for item in items]
    if len(found) > 1:
        return defaults, attrgetter(*found)
    return defaults, lambda one: tuple(getattr(one, name) for name in found)


@cache
def _makers(kind: Hashable) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...], set[Any]]:
    """The names of all fields, the converters of those whose JSON value has another type, and the shapes proven so far.

    A shape is proven once each of its values has a type that its field can have.
    """
    record: Any = kind
    hints = _hints(kind)
    names = tuple(item.name for item in fields(record))
    makers = ((name, _number_maker(name, hints[name]) or _maker(record, name, hints[name])) for name in names)
    return names, tuple((name, make) for name, make in makers if make is not None), set()


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    record: Any = kind
    return get_type_hints(record, vars(records))


def _parts(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is types.UnionType else (hint,)


def _maker(kind: Any, name: str, hint: Any) -> Any:
    for part in _parts(hint):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return partial(_member, kind, name, part)
        if part is bool:
            return _truth
        if get_origin(part) is not None and get_origin(part).__name__ == "Sequence":
            return partial(_texts, kind, name)
    return None


def _member(kind: Any, name: str, words: type[StrEnum], value: Any) -> StrEnum:
    try:
        return words(value)
    except ValueError:
        raise DamagedRecordError(kind.__name__.lower(), name, value, f"one of {', '.join(words)}") from None


def _truth(value: Any) -> Any:
    """A truth value, which SQLite keeps as a number."""
    return bool(value) if isinstance(value, int) else value


def _texts(kind: Any, name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
        return tuple(value)
    raise DamagedRecordError(kind.__name__.lower(), name, value, "a list of texts")


_TYPES: Mapping[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text"),
    int: ((int,), "a whole number"),
    float: ((float, int), "a number"),
    bool: ((bool, int), "true or false"),
}


def _check_types(kind: Any, given: Mapping[str, Any]) -> None:
    for name, hint in _hints(kind).items():
        parts = _parts(hint)
        if name not in given or (given[name] is None and type(None) in parts):
            continue
        allowed, words = _TYPES.get(parts[0], ((get_origin(parts[0]) or parts[0],), "a mapping"))
        if not isinstance(given[name], allowed):
            raise DamagedRecordError(kind.__name__.lower(), name, given[name], words)


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
