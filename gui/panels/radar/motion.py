"""Animate changes on the round display: blips that travel to another ring, and rings that fade.

A function of the time it is given. Nothing moves without a change, and at most twelve things move at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gui.panels.radar.geometry import Point
from gui.panels.radar.pipeline_records import FileKey

TRAVEL_S = 0.22
FADE_S = 0.6
STILL_S = 2.0
"""How long the outline of a change stays visible when motion is reduced."""
MAX_MOVING = 12
FRAME_MS = 33


@dataclass(frozen=True, slots=True)
class Pulse:
    """The ring around a recent change: its growth in pixels and its remaining strength (0 to 1)."""

    growth: float
    strength: float


class Motion:
    """Starts when positions or states differ from the previous picture; times are monotonic seconds."""

    def __init__(self) -> None:
        self._from: dict[FileKey, Point] = {}
        self._began: dict[FileKey, float] = {}
        self._still = False

    def begin(
        self,
        before: Mapping[FileKey, tuple[Point, str]],
        after: Mapping[FileKey, tuple[Point, str]],
        *,
        at: float,
        still: bool,
    ) -> None:
        """Record what moved or changed state between two pictures of the same disc; many changes at once jump."""
        changed = [key for key in after.keys() & before.keys() if after[key] != before[key]]
        if not changed or len(changed) > MAX_MOVING:
            return
        self._still = still
        for key in changed:
            self._began[key] = at
            if before[key][0] != after[key][0] and not still:
                self._from[key] = before[key][0]

    def active(self, now: float) -> bool:
        """Whether anything still moves; drops what has come to rest."""
        lasts = STILL_S if self._still else FADE_S
        for key in [key for key, began in self._began.items() if now - began >= lasts]:
            del self._began[key]
            self._from.pop(key, None)
        return bool(self._began)

    def stop(self) -> None:
        """End all movement; everything is at its target."""
        self._began.clear()
        self._from.clear()

    def moving(self) -> frozenset[FileKey]:
        """The files that are moving or fading, or were at the last check."""
        return frozenset(self._began)

    def place(self, key: FileKey, goal: Point, now: float) -> Point:
        """Where to draw a file now: ease-out cubic from its old position to its new one."""
        start = self._from.get(key)
        if start is None:
            return goal
        rest = 1 - min(1.0, (now - self._began[key]) / TRAVEL_S)
        done = 1 - rest**3
        return Point(start.x + (goal.x - start.x) * done, start.y + (goal.y - start.y) * done)

    def pulse(self, key: FileKey, now: float) -> Pulse | None:
        """The ring of a recently changed file."""
        began = self._began.get(key)
        if began is None:
            return None
        if self._still:
            return Pulse(4.0, 1.0)
        done = min(1.0, (now - began) / FADE_S)
        return Pulse(8.0 * done, 1.0 - done)
