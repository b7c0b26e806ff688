"""When a used-up quota returns, read out of the message of a tool's provider; pure text and a clock that is given.

Each form is one that a tool of ours prints. An unknown reset is None: the retry policy then chooses the wait.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONG_S = 120.0
"""A rate limit that ends sooner than this is only a wait of one job; a later one holds up the whole account."""

_FARTHEST_S = 35 * 24 * 3600.0
"""A reset farther away than a month is no quota; a slip of a clock or of a unit would stop an account for years."""

_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_NAMES = "d(?:ays?)?|h(?:ours?|rs?)?|ms|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
_LENGTH = rf"(?:\d+(?:\.\d+)?\s*(?:{_NAMES})\b,?\s*|\d+(?:\.\d+)?(?:{_NAMES})(?=\d))+"
_IN = re.compile(
    rf"(?:again|retry|resets?|reset(?:ting)?)\s+(?:in|after)\s+(?P<length>{_LENGTH})", re.IGNORECASE
)
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*({_NAMES})(?![a-z])", re.IGNORECASE)
_EPOCH = re.compile(r"limit reached\|(\d{10})\b")
_AT = re.compile(
    r"(?:resets|again)\s+(?:at\s+)?"
    r"(?:(?P<month>[A-Z][a-z]{2,8})\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(?P<year>\d{4}),?\s+)?(?:at\s+)?)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap]m)\b"
    r"(?:\s*\((?P<zone>[A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)\))?",
    re.IGNORECASE,
)
_HOURS = 12
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def reset_of(message: str, now: float) -> float | None:
    """The moment, in epoch seconds, at which what was used up returns; None where it is not named or not believable."""
    at = _epoch(message) or _length(message, now) or _clock(message, now)
    return at if is_believable(at, now) else None


def is_believable(at: float | None, now: float) -> TypeGuard[float]:
    """Whether a quota may return at that moment."""
    return at is not None and now < at <= now + _FARTHEST_S


def _epoch(message: str) -> float | None:
    found = _EPOCH.search(message)
    return float(found[1]) if found else None


def _length(message: str, now: float) -> float | None:
    found = _IN.search(message)
    if found is None:
        return None
    return now + sum(float(number) * _unit(name) for number, name in _PART.findall(found["length"]))


def _unit(name: str) -> float:
    small = name.lower()
    return _UNITS["ms"] if small == "ms" else _UNITS[small[0]]


def _clock(message: str, now: float) -> float | None:
    """A time of day, with or without a date: the next one there is."""
    found = _AT.search(message)
    if found is None:
        return None
    if not 1 <= int(found["hour"]) <= _HOURS:
        return None
    hour = int(found["hour"]) % _HOURS + (_HOURS if found["half"].lower() == "pm" else 0)
    try:
        zone = ZoneInfo(found["zone"]) if found["zone"] else None
        today = datetime.fromtimestamp(now, UTC).astimezone(zone)
        then = today.replace(hour=hour, minute=int(found["minute"] or 0), second=0, microsecond=0)
        if found["month"]:
            then = then.replace(
                year=int(found["year"] or today.year),
                month=_MONTHS.index(found["month"][:3].lower()) + 1,
                day=int(found["day"]),
            )
            if then <= today and not found["year"]:
                then = then.replace(year=then.year + 1)
        elif then <= today:
            then += timedelta(days=1)
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return then.timestamp()
