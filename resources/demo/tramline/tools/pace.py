"""Printing at a pace that can be followed: TRAMLINE_PACE=0 does not wait at all."""

import os
import time

PACE = float(os.environ.get("TRAMLINE_PACE", "1"))


def say(line, seconds=0.4):
    """Print a line now, then wait."""
    print(line, flush=True)
    time.sleep(seconds * PACE)
