"""What moves on the round display and for how long: blips on their way to another ring, and rings that fade.

Pure in the time it is given; nothing moves unless something happened, and at most twelve things at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gui.panels.radar.geometry import Point
from gui.panels.radar.pipeline_map import FileKey

TRAVEL_S = 0.22
FADE_S = 0.6
STILL_S = 2.0
"""How long the outline of a change stays where motion is reduced."""
MOST = 12
FRAME_MS = 33


@dataclass(frozen=True, slots=True)
class Pulse:
    """The ring round something that just changed: how far it has grown (px) and how strong it still is (0 to 1)."""

    growth: float
    strength: float


class Motion:
    """Starts when places or states differ from the picture before; times are monotonic seconds."""

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
        """Note what moved or changed its state between two pictures of the same disc; many at once jump."""
        changed = [key for key in after.keys() & before.keys() if after[key] != before[key]]
        if not changed or len(changed) > MOST:
            return
        self._still = still
        for key in changed:
            self._began[key] = at
            if before[key][0] != after[key][0] and not still:
                self._from[key] = before[key][0]

    def active(self, now: float) -> bool:
        """Whether anything still moves; forgets what has come to rest."""
        lasts = STILL_S if self._still else FADE_S
        for key in [key for key, began in self._began.items() if now - began >= lasts]:
            del self._began[key]
            self._from.pop(key, None)
        return bool(self._began)

    def stop(self) -> None:
        """Everything is where it belongs."""
        self._began.clear()
        self._from.clear()

    def moving(self) -> frozenset[FileKey]:
        """The files that are, or a moment ago were, on their way or fading."""
        return frozenset(self._began)

    def place(self, key: FileKey, goal: Point, now: float) -> Point:
        """Where a file is drawn now: ease-out cubic from its old place to its new one."""
        start = self._from.get(key)
        if start is None:
            return goal
        rest = 1 - min(1.0, (now - self._began[key]) / TRAVEL_S)
        done = 1 - rest**3
        return Point(start.x + (goal.x - start.x) * done, start.y + (goal.y - start.y) * done)

    def pulse(self, key: FileKey, now: float) -> Pulse | None:
        """The ring of a file that just changed."""
        began = self._began.get(key)
        if began is None:
            return None
        if self._still:
            return Pulse(4.0, 1.0)
        done = min(1.0, (now - began) / FADE_S)
        return Pulse(8.0 * done, 1.0 - done)
