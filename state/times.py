"""The one rule for times: which numbers are a moment, and which a duration. Pure.

Every entrance checks with it: job files, imports, what tools print, settings, options, and the rows of a database.
Times are seconds since the epoch, UTC. The year 9999 is out of range, so that no time zone leads past the last day that
a calendar has.
"""

import math
from typing import TypeGuard

EARLIEST = 0.0
"""1970-01-01T00:00:00Z. The time of a record whose time is unknown, so not itself a time that is known."""
LATEST = 253_370_764_800.0
"""9999-01-01T00:00:00Z, which is past the last time that is known."""
RANGE = "between 1970 and 9998"
"""The valid times, for a sentence."""


def is_time(value: object) -> TypeGuard[float]:
    """Whether a value is a moment that can be compared, stored and shown."""
    return isinstance(value, int | float) and EARLIEST < value < LATEST


def is_duration(value: object) -> TypeGuard[float]:
    """Whether a value is a finite number of seconds, not negative and not longer than all times."""
    return isinstance(value, int | float) and 0 <= value <= LATEST


def time_or_none(value: object) -> float | None:
    """The moment, or None for what is none."""
    return value if is_time(value) else None


def bounded_time(value: object) -> float:
    """The moment, or the end of time it lies beyond: what waits until the year 10,000 still waits. 0 for no number."""
    if is_time(value):
        return value
    beyond = isinstance(value, int | float) and value >= LATEST
    return LATEST if beyond else EARLIEST


def checked_time(value: object) -> float:
    """The moment.

    Raises:
        ValueError: it is no number, or not a time; the message is the end of a sentence that begins with its name.
    """
    if not is_time(value):
        raise ValueError(f"should be a time {RANGE}, not {_brief(value)}")
    return value


def checked_duration(value: object) -> float:
    """The number of seconds.

    Raises:
        ValueError: it is no number, negative, infinite or longer than all times; the message is as above.
    """
    if not is_duration(value):
        raise ValueError(f"should be a number of seconds, not {_brief(value)}")
    return value


def finite_or_none(value: object) -> float | None:
    """The number, or None for an infinite one, for NaN, and for what is no number."""
    try:
        return value if isinstance(value, int | float) and math.isfinite(value) else None
    except OverflowError:  # a whole number that is larger than any float
        return None


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - what fits into a sentence
