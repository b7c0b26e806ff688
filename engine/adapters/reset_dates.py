"""The date and time of day at the beginning of a phrase, as providers write them; pure text and a clock that is given.

Finds where the date ends and in which zone it is; the date itself is read by dateparser, whatever its language.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_JUST_OVER_S = 120.0
"""A time of day this short ago has just come: providers name whole minutes, and clocks differ."""

_END = re.compile(
    r"[;\n|·∙!?\[\]{}\"']|(?<!\s\d)(?<!\s\d\d)\.(?=\s+[A-Z]|\s*$)"
    r"|,?\s(?:and|or|to|for|with|if|when|by|please|unless|before|but|then)\b|\s*重置"
)
_MOST_WORDS = 9
_FIRST = 4
"""Among so many words a number, a day of the week or the like must stand, or it is no date."""
_ZONE = re.compile(
    r"\((?P<named>[^()]*)\)"
    r"|(?:\b(?:UTC|GMT)\s*|(?:(?<=:\d\d)|(?<=\.\d{3})|(?<=\.\d{6}))\s?)(?P<offset>[+-]\d{1,2}(?::?\d{2})?)$"
    r"|(?<=[\d\sMm])(?P<short>[A-Z]{1,5})$|\b(?P<region>Pacific|Eastern|Central|Mountain)(?:\s+[Tt]ime)?$"
)
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-]\d{1,2}(?::?\d{2})?)", re.IGNORECASE)
_PLACES = {
    **dict.fromkeys(("pacific", "pt"), "America/Los_Angeles"),
    **dict.fromkeys(("eastern", "et"), "America/New_York"),
    **dict.fromkeys(("central", "ct"), "America/Chicago"),
    **dict.fromkeys(("mountain", "mt"), "America/Denver"),
    "ist": "Asia/Kolkata",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
}
_OWN = frozenset({"", "local", "local time", "your time", "your local time"})
_HALVES = frozenset({"AM", "PM"})
_NAMED_HOUR = re.compile(r"\b(?:midnight|noon)\b|\b24:00\b", re.IGNORECASE)
_SAYS_WHEN = re.compile(r"\d|\b(?:tomorrow|midnight|noon|mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
_SAYS_TIME = re.compile(r"\d:\d{2}|\d\s*[ap]\.?m\b|\d\s*(?:h|uhr)\b", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(?<!\d\. )(?<!\d\.)\b\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}\b")
_EITHER_FIRST = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/\d{2,4}\b")
_NUMBER = re.compile(r"\d+")
_LAST_DAY = 31
_TIME = re.compile(
    r"\d{1,2}(?::\d{2})+(?:\s*[ap]\.?m)?|\d{1,2}(?:\.\d{2})?\s*(?:[ap]\.?m|h|uhr)\b", re.IGNORECASE
)
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_HOUR = re.compile(r"\b(\d{1,2})\s?h\s?(\d{2})\b")
_LANGUAGES = (
    *("en", "pt", "es", "fr", "de", "it", "nl", "pl", "ru", "tr", "ja", "ko", "sv", "cs"),
    *("da", "nb", "ro", "uk", "hu", "fi", "id"),
)
_CHINESE_HALF = re.compile(r"\s?([上下]午|凌晨|早上|中午|晚上)\s?(\d{1,2}:\d{2}(?::\d{2})?)")
_BEFORE_NOON = frozenset({"上午", "凌晨", "早上"})
_CHINESE_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def moment_of(phrase: str, now: float) -> float | None:
    """The moment, in epoch seconds, that a phrase names at its beginning: the next one there is, if it is no date."""
    for words in _beginnings(phrase):
        try:
            text, zone = _zoned(words)
            then = _read(text, now, zone)
        except (LookupError, ValueError, OverflowError, OSError):
            return None  # a zone or a date that does not exist
        if then is not None:
            return max(then, now + 1.0) if now - _JUST_OVER_S <= then <= now else then
    return None


def _beginnings(phrase: str) -> Iterator[str]:
    """The phrase, and then less and less of it, as long as no number is lost."""
    phrase = f" {phrase}"
    end = _END.search(phrase)
    words = phrase[: end.start() if end else None].split()[:_MOST_WORDS]
    while words and any(_SAYS_WHEN.search(word) for word in words[:_FIRST]):
        text = " ".join(words).strip(" .,:")
        yield text
        if any(letter.isdigit() for letter in words.pop()):
            return


def _zoned(text: str) -> tuple[str, tzinfo | None]:
    """The text without its zone, and the zone, None where it is the user's own.

    Raises:
        LookupError: there is no such zone.
    """
    found = _ZONE.search(text)
    if found is None or found["short"] in _HALVES:
        return text, None
    left = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,")
    name = found["named"] or found["short"] or found["region"]
    return left, _by_offset(found["offset"]) if found["offset"] else _by_name((name or "").strip())


def _by_offset(offset: str) -> tzinfo:
    digits = offset[1:].replace(":", "").rjust(2, "0").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if offset[0] == "-" else ahead)


def _by_name(name: str) -> tzinfo | None:
    """A place, or one of the short names people use for a zone.

    Raises:
        LookupError: neither knows it.
    """
    if name.lower() in _OWN:
        return None
    if offset := _NAMED_OFFSET.fullmatch(name):
        return _by_offset(offset[1])
    place = _PLACES.get(name.lower().removesuffix(" time"), name)
    try:
        return ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        noon = f"2026-01-01 12:00 {name}"
        known = next(_parsed(noon, {}), None) if name.isalpha() and name.isupper() else None
        if known is None or known.tzinfo is None:
            raise LookupError(name) from None
        return known.tzinfo


def _read(text: str, now: float, zone: tzinfo | None) -> float | None:
    """The next such moment, or the one that has just come; an hour that a clock shows twice may be either."""
    base = datetime.fromtimestamp(now - _JUST_OVER_S, zone).replace(tzinfo=None)
    text = _HOUR.sub(r"\1:\2", _CHINESE_DAY.sub(r"\1-\2-\3 ", _NAMED_HOUR.sub(_clock, text)))
    text = _CHINESE_HALF.sub(_half, text)
    rest = _TIME.sub("", text)
    found = [one for order in _orders(text) if (one := _date(text, base, order, rest=rest)) is not None]
    chosen = [one for each in found for one in _next(each, base, rest=rest)]
    moments = [moment for one in chosen for moment in _twice(one, zone)]
    coming = [one for one in moments if one >= now - _JUST_OVER_S]
    return min(coming, default=moments[0] if moments else None)


def _twice(shown: datetime, zone: tzinfo | None) -> list[float]:
    """When a clock shows this: twice, where it is set back; an hour that is left out comes right after the gap."""
    first, second = (shown.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1))
    return [first, second] if second > first else [first]


def _orders(text: str) -> tuple[str, ...]:
    """In which orders the numbers of a date may stand; between two people read differently, the earlier day counts."""
    if _DAY_FIRST.search(text):
        return ("DMY",)
    return ("MDY", "DMY") if _EITHER_FIRST.search(text) else ("MDY",)


def _date(text: str, base: datetime, order: str, *, rest: str) -> datetime | None:
    """The date as it is read in the first language that reads all of it."""
    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": order,
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    if text.isdecimal():
        return None
    found = next((one for one in _parsed(text, settings) if _names_day(one, rest)), None)
    is_today = found is not None and found.date() == base.date() and not _SAYS_TIME.search(text)
    return None if is_today else found  # of a day that has begun nobody knows when it ends


def _names_day(found: datetime, rest: str) -> bool:
    """Whether a date that was read has the day that stands there; a month in another language may be skipped."""
    days = {int(number) for number in _NUMBER.findall(rest) if int(number) <= _LAST_DAY}
    return not days or found.day in days


def _next(found: datetime, base: datetime, *, rest: str) -> list[datetime]:
    """What may be meant, the earliest first; `rest` is what was read besides a time of day."""
    if not any(
        letter.isalnum() for letter in rest
    ):  # on the last of a month, dateparser answers with its first
        today = datetime.combine(base.date(), found.time())
        return [today, today + _A_DAY]
    if found - base > _A_WEEK and not _NUMBER.search(rest):
        return [found - _A_WEEK]  # a day of the week that is today's
    return [found]


def _clock(found: re.Match[str]) -> str:
    return "12:00" if found[0].lower() == "noon" else "00:00"


def _half(found: re.Match[str]) -> str:
    return f" {found[2]} {'AM' if found[1] in _BEFORE_NOON else 'PM'}"


def _parsed(text: str, settings: dict[str, Any]) -> Iterator[datetime]:
    """What each language reads there."""
    import dateparser  # noqa: PLC0415 - slow to load, and seldom needed

    for language in _LANGUAGES:
        if found := dateparser.parse(text, languages=[language], settings=settings):
            yield found
