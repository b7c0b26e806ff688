"""How long tests wait. Every wait ends with the event it waits for; the limits only end a test that hangs."""

import os

PATIENCE_S = 120.0
"""For what comes within a second on an idle machine."""
PATIENCE_MS = int(PATIENCE_S * 1000)


def at_most(seconds: float) -> float:
    """A bound for what must not take long, in seconds; wider by as much as other processes keep this machine busy."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(1.0, 1.0 + 2.0 * waiting)
