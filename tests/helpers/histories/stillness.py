"""Notices that nobody is at work any more, in turns of the engines, not in seconds: a busy machine changes nothing."""

from collections import Counter

from tests.helpers.histories.scene import Scene

RECOVERIES = 12
"""So often does every living engine look at what others have left before nothing counts as coming any more.

The engines of a history look every second, and no job or shim of it takes that long.
"""


class Stillness:
    """How long nothing has changed in a scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._state: object = None
        self._before: Counter[int] = Counter()

    def is_broken(self) -> bool:
        """Whether anything has changed since the last look; the first finds everything new."""
        state = (*self._scene.state(), self._scene.is_idle())
        if state == self._state:
            return False
        self._state, self._before = state, self._scene.engines.recoveries()
        return True

    def lasts(self) -> bool:
        """Whether nothing will change by itself: every engine has looked often enough, and no job waits for a time."""
        now = self._scene.engines.recoveries()
        looked = all(
            now[one.pid] - self._before[one.pid] >= RECOVERIES for one in self._scene.engines.living()
        )
        return looked and not self._scene.store.backing_off()
