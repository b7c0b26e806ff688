"""When a limit ends, read out of what a tool's provider says; pure text and a clock that is given.

Finds the phrase and bounds the result; dates are read by `reset_dates`. A moment that is not named, not understood or
not believable is None: the retry policy then chooses the wait.
"""

import re
from collections.abc import Iterator
from typing import TypeGuard

from engine.adapters.reset_dates import moment_of

LONG_S = 120.0
"""A limit that ends sooner than this is only a wait of one job; a later one holds up the whole account."""

_FARTHEST_S = 35 * 24 * 3600.0
"""A reset farther away than a month is no quota; a slip of a clock or of a unit would stop an account for years."""

_REACH = 80
"""Characters after the words that announce a time, in which the time must stand."""

_ANNOUNCED = re.compile(
    r"(?:retry[-_ ]?(?:after|delay)|\breset(?:s|ting)?\b|\bagain\b|\bretry(?:ing)?\b|\bregain access\b|\bcycle ends\b"
    r"|\brenews?\b|\brefresh(?:es)?\b|\brestored\b|\bcome back\b|\bwait(?: for)?\b|\bavailable\b"
    r"|\blimit reached\b|ratelimit-reset\w*"
    r"|redefinid[oa]|novamente|r[ée]essayez|nouveau|erneut|wieder|int[ée]ntalo|nuevo|restablec\w+|将在|重置时间)"
    r"[\"'=:|\s·∙]*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:in|after|about|around|approximately|approx\.?|ca\.?|at|on|the|by|until|starting|em|às|à|le|um|am|en|el"
    r"|a las|dans)\b:?\s*|~\s*)*",
    re.IGNORECASE,
)
_AFTER_THAT = re.compile(r"\b(?:in|after)\s+(?=[~\d])", re.IGNORECASE)
_DATED = re.compile(r"\b(?:after|until|on)\s+(?=.{3,20}\d{4}\b)", re.IGNORECASE)

_UNITS = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_NAMES = "w(?:eeks?)?|d(?:ays?)?|h(?:ours?|rs?)?|ms|millis(?:econds?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
_PART = re.compile(rf"(\d{{1,9}}(?:\.\d+)?|\ban?(?=\s))\s*({_NAMES})(?![^\W\d_])", re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?:(?:\d{{1,9}}(?:\.\d+)?\s*|an?\s+)(?:{_NAMES})(?![^\W\d_]),?\s*(?:and\s+)?)+(?!\d)", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?(?!\d|\s*[ap]\.?m)", re.IGNORECASE)
"""A length as a clock shows it; with two numbers nobody knows whether the first are hours."""
_IN = re.compile(r"\bin\s*$", re.IGNORECASE)
_SECONDS = re.compile(r"retry[-_ ]?after[\"'=:\s]*(\d{1,7}(?:\.\d+)?)(?![\d.:/-]|\s*[a-z])", re.IGNORECASE)
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?(?!\d)")


def reset_of(message: str, now: float) -> float | None:
    """The moment, in epoch seconds, at which what was used up returns; None where it is not named or not believable."""
    return next((at for at in _moments(message, now) if is_believable(at, now)), None)


def is_believable(at: float | None, now: float) -> TypeGuard[float]:
    """Whether a quota may return at that moment."""
    return at is not None and now < at <= now + _FARTHEST_S


def _moments(message: str, now: float) -> Iterator[float | None]:
    """What each phrase of the message names that announces a time."""
    if seconds := _SECONDS.search(message):
        yield now + float(seconds[1])
    for found in _ANNOUNCED.finditer(message):
        start = found.end()
        yield _moment(message[start : start + _REACH], now)
    for found in (*_AFTER_THAT.finditer(message), *_DATED.finditer(message)):
        yield _moment(message[found.start() : found.end() + _REACH], now)


def _moment(phrase: str, now: float) -> float | None:
    lead = _LEAD.match(phrase)
    is_length = bool(lead and _IN.search(lead[0]))
    phrase = phrase[lead.end() if lead else 0 :]
    if is_length and (clock := _CLOCK.match(phrase)):
        hours, minutes, seconds = clock.groups()
        return None if seconds is None else now + int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    if epoch := _EPOCH.match(phrase):
        return float(epoch[1]) + float(epoch[2] or 0) / 1000
    if length := _LENGTH.match(phrase):
        return now + sum(_count(number) * _unit(name) for number, name in _PART.findall(length[0]))
    return moment_of(phrase, now)


def _count(number: str) -> float:
    return 1.0 if number.lower() in {"a", "an"} else float(number)


def _unit(name: str) -> float:
    small = name.lower()
    return _UNITS["ms"] if small == "ms" or small.startswith("milli") else _UNITS[small[0]]
