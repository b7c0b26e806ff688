"""When ages on the screen are due again: a window at rest is woken no more often than what it shows changes."""

MINUTE_S = 60
"""Younger ages are shown with their seconds."""
_SECOND_MS = 1000


def is_young(since: float | None, now: float) -> bool:
    """Whether the age of what began then changes every second."""
    return since is not None and now - since < MINUTE_S


def next_tick_ms(now: float, *, every_second: bool) -> int:
    """Milliseconds until ages are due: a second, or until the clock shows another minute."""
    return _SECOND_MS if every_second else MINUTE_S * 1000 - int(now * 1000) % (MINUTE_S * 1000)
