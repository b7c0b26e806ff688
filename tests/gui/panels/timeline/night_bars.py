"""Bars, waits and rows for tests of their places: a minute is ten pixels unless a test says otherwise."""

from typing import Any

from gui.panels.timeline.night_records import BarKind, NightBar, NightWait
from gui.panels.timeline.time_axis import TimeAxis

AXIS = TimeAxis(0.0, 6000.0, 100.0, 1000.0)
"""Six seconds a pixel, from x = 100 on."""


def measure(text: str) -> int:
    """Six pixels a letter."""
    return 6 * len(text)


def bar(start: float, end: float | None, state: str = "completed", **more: Any) -> NightBar:
    """An attempt of a step named edit by aider."""
    values: dict[str, Any] = {"kind": BarKind.ATTEMPT, "label": "edit", "letters": "ai", "job_id": "edit"}
    values |= {"description": "cart, edit, attempt 1, aider, completed", "attempt_id": int(start)} | more
    return NightBar(start=start, end=end, state=state, **values)


def wait(start: float, end: float | None, words: str = "no slot") -> NightWait:
    """A wait."""
    return NightWait(start=start, end=end, words=words, description=words)
