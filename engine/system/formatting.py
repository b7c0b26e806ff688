"""Format numbers for people: durations, sizes, money, plurals, clock times. Pure, except for the time zone.

The command line and the window use these and no others. A value that is None is an empty string, never a zero; one that
is no time, no duration or not finite is `UNKNOWN`. None of these functions raises, whatever number it gets.
"""

import time
from datetime import UTC, datetime
from functools import lru_cache

from state.times import finite_or_none, is_duration, is_time

UNKNOWN = "unknown"
"""What stands for a time that none can be, such as one that an earlier release imported."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_KILO, _MEGA, _GIGA = 1_000, 1_000_000, 1_000_000_000
_MOST_KEPT = 4096
"""More seconds than any screen shows."""


def duration(seconds: float | None) -> str:
    """A duration for a sentence: ``0.4 s``, ``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    if seconds is None:
        return ""
    if (known := _length(seconds)) is None:
        return UNKNOWN
    if known < 10:  # noqa: PLR2004 - below, tenths still mean something
        return f"{known:.1f} s"
    minutes, rest = divmod(round(known), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def exact_duration(seconds: float | None) -> str:
    """A duration for a table: ``37 s``, ``4 m 02 s``, ``1 h 05 m``; below one second with a tenth, at least 0.1."""
    if seconds is None:
        return ""
    if (known := _length(seconds)) is None:
        return UNKNOWN
    if 0 < known < 1:
        return f"{max(known, 0.1):.1f} s" if known < 0.95 else "1 s"  # noqa: PLR2004 - rounds to 1.0
    whole = int(known)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m {whole % _MINUTE:02} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} m"


def short_duration(seconds: float | None) -> str:
    """A duration for narrow places: ``37 s``, ``14 m``, ``1 h 34 m``, ``3 d 4 h``."""
    if seconds is None:
        return ""
    if (known := _length(seconds)) is None:
        return UNKNOWN
    whole = int(known)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m"
    if whole < _DAY:
        return _two_units(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "m")
    return _two_units(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def in_largest_unit(seconds: float) -> tuple[int, str] | None:
    """A duration as a number of its largest unit: ``second``, ``minute`` or ``hour``; None if it is none."""
    if (known := _length(seconds)) is None:
        return None
    whole = int(known)
    if whole < _MINUTE:
        return whole, "second"
    return (whole // _MINUTE, "minute") if whole < _HOUR else (whole // _HOUR, "hour")


def age(since: float | None, now: float) -> str:
    """How long ago `since` was."""
    if since is None:
        return ""
    return short_duration(now - since) if is_time(since) and is_time(now) else UNKNOWN


def size(number: float) -> str:
    """An amount of bytes: ``640 kB``, ``3.2 MB``, ``1,204 MB``, ``212 GB``; what is not empty is not shown as 0."""
    if finite_or_none(number) is None:
        return UNKNOWN
    if number < _MEGA:
        return "<1 kB" if 0 < number < _KILO / 2 else f"{number / _KILO:,.0f} kB"
    if number >= 10 * _GIGA:
        return f"{number / _GIGA:,.0f} GB"
    return f"{number / _MEGA:,.1f} MB" if number < 10 * _MEGA else f"{number / _MEGA:,.0f} MB"


def money(dollars: float | None) -> str:
    """``$4.18``; an amount that would round to nothing is shown as less than a cent."""
    if dollars is None:
        return ""
    if finite_or_none(dollars) is None:
        return UNKNOWN
    return "<$0.01" if 0 < dollars < 0.005 else f"${dollars:,.2f}"  # noqa: PLR2004 - half a cent


def plural(number: int, noun: str, many: str | None = None) -> str:
    """``1 file``, ``6,200 files``; `many` is an irregular plural."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def clock_minute(at: float | None) -> str:
    """The local time of day: ``02:47``."""
    if at is None:
        return ""
    return f"{_local(at):%H:%M}" if is_time(at) else UNKNOWN


def clock_second(at: float) -> str:
    """The local time of day: ``02:47:18``."""
    if not is_time(at):
        return UNKNOWN
    second = int(at)
    text = _SECONDS.get(second)
    if text is None:
        if len(_SECONDS) > _MOST_KEPT:
            _SECONDS.clear()
        text = _SECONDS[second] = time.strftime("%H:%M:%S", time.localtime(second))
    return text


_SECONDS: dict[int, str] = {}
"""The log paints thousands of times of day in a row, and `time.localtime` looks up the time zone for each."""


def clock_millisecond(at: float) -> str:
    """The local time of day: ``02:47:18.042``."""
    return f"{clock_second(at)}.{int(at * 1000) % 1000:03d}" if is_time(at) else UNKNOWN


def date_millisecond(at: float) -> str:
    """A local date and time, with how far it is from UTC: ``2030-01-01 02:47:18.042+01:00``."""
    if not is_time(at):
        return UNKNOWN
    date, zone = _day_and_zone(int(at))
    return f"{date} {clock_millisecond(at)}{zone}"


@lru_cache(maxsize=_MOST_KEPT)
def _day_and_zone(second: int) -> tuple[str, str]:
    local = _local(second)
    return f"{local:%Y-%m-%d}", local.isoformat()[-6:]


def date_minute(at: float) -> str:
    """A local date and time: ``2030-01-01 02:47``."""
    return f"{_local(at):%Y-%m-%d %H:%M}" if is_time(at) else UNKNOWN


def date_second(at: float) -> str:
    """A local date and time: ``2030-01-01 02:47:18``."""
    return f"{_local(at):%Y-%m-%d %H:%M:%S}" if is_time(at) else UNKNOWN


def moment(at: float, now: float) -> str:
    """The local time of day, or the date and minute when it is not the same day as `now`."""
    return clock_second(at) if same_day(at, now) else date_minute(at)


def short_moment(at: float, now: float) -> str:
    """The same for narrow places, without year or second where there is a date: ``02:47:18``, ``01-31 02:47``."""
    if not is_time(at):
        return UNKNOWN
    return clock_second(at) if same_day(at, now) else f"{_local(at):%m-%d %H:%M}"


def same_day(one: float, other: float) -> bool:
    """Whether both moments are on the same local day."""
    return is_time(one) and is_time(other) and _local(one).date() == _local(other).date()


def iso(at: float) -> str | None:
    """A moment for programs: ISO 8601 in UTC, to the millisecond; None if it is unknown."""
    if not is_time(at):
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()


def _length(seconds: float) -> float | None:
    """The seconds of a duration, none if negative; None if no duration is that long."""
    return max(seconds, 0) if is_duration(abs(seconds)) else None


def _two_units(first: int, unit: str, second: int, smaller: str) -> str:
    return f"{first} {unit} {second} {smaller}" if second else f"{first} {unit}"
