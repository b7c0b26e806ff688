"""The wall clock of an engine; ``SIGNALBOX_CLOCK=+3600`` sets it ahead by that many seconds, ``-60`` back.

Used only for comparisons with times of day; durations are measured by a clock that never jumps.
"""

import os
import time

_OFFSET_S = float(os.environ.get("SIGNALBOX_CLOCK") or 0.0)


def wall() -> float:
    """Seconds since the epoch, by this engine's clock."""
    return time.time() + _OFFSET_S
