"""The wall clock an engine is handed; ``SIGNALBOX_CLOCK=+3600`` sets it ahead by so many seconds, ``-60`` back.

Only what is compared with times of day asks it; how long anything takes is measured by a clock that never jumps.
"""

import os
import time

_OFFSET_S = float(os.environ.get("SIGNALBOX_CLOCK") or 0.0)


def wall() -> float:
    """Seconds since the epoch, as this engine takes them to be."""
    return time.time() + _OFFSET_S
