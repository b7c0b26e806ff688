"""Decides which sound a notification makes, and how often there is one. Knows no way to play it."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from gui.control.notification import NotificationKind
from gui.control.preferences import Layout

LEAST_PAUSE_S = 2.0
"""Never two sounds within this time."""
_URGENT_FIRST = (
    NotificationKind.NEEDS_YOU,
    NotificationKind.FAILED,
    NotificationKind.IDLE,
    NotificationKind.DONE,
)


class PlaysSounds(Protocol):
    """What can make the sound of a kind heard; does not wait for its end, and never raises."""

    def play(self, kind: NotificationKind) -> None:
        """Begin to play it."""


class Sounds:
    """Plays one sound for what came together: that of the most urgent kind whose sound is on.

    Args:
        player: plays it.
        layout: which sounds are on; read each time.
        monotonic: seconds that only go forward.
    """

    def __init__(
        self, player: PlaysSounds, layout: Layout, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._player, self._layout, self._monotonic = player, layout, monotonic
        self._played_at = float("-inf")

    def is_on(self, kind: NotificationKind) -> bool:
        """Whether this kind has a sound."""
        match kind:
            case NotificationKind.NEEDS_YOU:
                return self._layout.sound_needs_you
            case NotificationKind.FAILED:
                return self._layout.sound_failed
            case NotificationKind.DONE:
                return self._layout.sound_done
            case NotificationKind.IDLE:
                return self._layout.sound_idle

    def play_for(self, kinds: Sequence[NotificationKind]) -> None:
        """Play the most urgent of these whose sound is on, unless one was played a moment ago."""
        found = next((kind for kind in _URGENT_FIRST if kind in kinds and self.is_on(kind)), None)
        if found is not None:
            self.test(found)

    def test(self, kind: NotificationKind) -> None:
        """Play this sound whether it is on or not, unless one was played a moment ago."""
        now = self._monotonic()
        if now - self._played_at >= LEAST_PAUSE_S:
            self._played_at = now
            self._player.play(kind)
