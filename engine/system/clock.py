"""The wall clock of an engine; ``SIGNALBOX_CLOCK=+3600`` sets it ahead by that many seconds, ``-60`` back.

Used only for comparisons with times of day; durations are measured by a clock that never jumps. A value that is not
valid counts as none here: `environment` has reported it when the program started.
"""

import os
import sys
import time

from state.times import is_time

VARIABLE = "SIGNALBOX_CLOCK"
VALID = "a number of seconds such as +3600 or -60 that leads to a time between 1970 and 9998"


def offset_of(text: str) -> float:
    """The offset in seconds that a value of the variable means.

    Raises:
        ValueError: it is no number, or leads to no time.
    """
    offset = float(text or 0.0)
    if not is_time(time.time() + offset):
        raise ValueError(text)
    return offset


def _offset(text: str) -> float:
    try:
        return offset_of(text)
    except ValueError:
        return 0.0


_OFFSET_S = _offset(os.environ.get(VARIABLE, ""))


def wall() -> float:
    """Seconds since the epoch, by this engine's clock."""
    return time.time() + _OFFSET_S


def since_boot() -> float | None:
    """Seconds since the machine was switched on, also those asleep; None where the system cannot say."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else None


def asleep() -> float:
    """For how many seconds the machine has slept since it was switched on; 0 where the system cannot say."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
