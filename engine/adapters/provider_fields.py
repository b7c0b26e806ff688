"""The fields of a provider's error: beside a message and in the JSON inside it, whoever wrapped it. Knows no tool."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.adapters.resets import reset_of
from engine.streams.tool_json import objects_in

_DEPTH = 8
_WHOLE = _DEPTH - 1
"""The depth of the message itself, where a tool may put words before its provider's object."""
_OBJECTS = ("{", "[", "b'{", "b'[")
"""How a text begins that is an object; one inside a sentence is quoted: out of a file, or of a job."""
_KINDS = frozenset(
    {
        "type",
        "code",
        "status",
        "reason",
        "name",
        "quotaid",
        "error",
        "errorcode",
        "errortype",
        "codexerrorinfo",
    }
)
_STATUSES = frozenset(
    {"code", "status", "statuscode", "httpstatus", "httpstatuscode", "errorstatus", "apierrorstatus"}
)
_MOMENTS = frozenset({"resetsat", "resetat", "resettime", "nextresettime", "xratelimitreset"})
_LENGTHS = frozenset(
    {"resetsinseconds", "resetinseconds", "resetafterseconds", "retryafterseconds", "retryafter"}
)
_MILLISECONDS = frozenset({"retryafterms", "retryaftermillis", "retrydelayms"})
_WIDEST_STATUS = 600
_LARGEST = 1e15
_AFTER_SECONDS = 1e11
"""A larger number of a moment counts milliseconds."""


@dataclass(frozen=True, kw_only=True)
class ProviderFields:
    """What a provider says in fields: HTTP statuses, types and codes (letters only, in small), when its limit ends."""

    statuses: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    ends_at: tuple[float, ...] = ()


def fields_of(value: Mapping[str, Any], at: float) -> ProviderFields:
    """The fields of an error that a tool printed at `at` (epoch seconds), however deep they are nested."""
    found = list(_pairs(value, _DEPTH))
    moments = (moment for key, field in found if (moment := _moment(key, field, at)) is not None)
    return ProviderFields(
        statuses=tuple(
            status for key, field in found if key in _STATUSES and (status := _status(field)) is not None
        ),
        kinds=tuple(
            letters_of(field) for key, field in found if key in _KINDS and isinstance(field, str) and field
        ),
        ends_at=tuple(moments),
    )


def letters_of(kind: str) -> str:
    """A type or code as it is compared: ``rate_limit_error`` and ``RateLimitError`` are the same."""
    return re.sub("[^a-z]", "", kind.lower())


def _pairs(value: object, depth: int) -> Iterator[tuple[str, object]]:
    if depth == 0:
        return
    match value:
        case Mapping():
            for key, field in value.items():
                yield letters_of(str(key)), field
                yield from _pairs(field, depth - 1)
        case list():
            for each in value:
                yield from _pairs(each, depth - 1)
        case str() if "{" in value and (depth == _WHOLE or value.lstrip().startswith(_OBJECTS)):
            for _, _, inner in objects_in(value):
                yield from _pairs(inner, depth - 1)
        case _:
            return


def _status(field: object) -> int | None:
    if isinstance(field, str) and field.isascii() and field.isdecimal() and len(field) == 3:  # noqa: PLR2004
        field = int(field)
    return field if type(field) is int and 100 <= field < _WIDEST_STATUS else None  # noqa: PLR2004


def _moment(key: str, field: object, at: float) -> float | None:
    """When the limit ends, where this field says so."""
    number = _number(field)
    match key:
        case _ if key in _MOMENTS and number is not None:
            return number / 1000 if number > _AFTER_SECONDS else number
        case _ if key in _MOMENTS and isinstance(field, str):
            return reset_of(f"resets at {field}", at)
        case _ if key in _LENGTHS and number is not None:
            return at + number
        case _ if key in _MILLISECONDS and number is not None:
            return at + number / 1000
        case "retrydelay" | "retryafter" if isinstance(field, str):
            return reset_of(f"retry after {field}", at)
        case _:
            return None


def _number(field: object) -> float | None:
    if isinstance(field, str):
        try:
            field = float(field) if len(field) < 20 else None  # noqa: PLR2004
        except ValueError:
            return None
    if not isinstance(field, int | float) or isinstance(field, bool):
        return None
    return float(field) if 0 <= field < _LARGEST else None
