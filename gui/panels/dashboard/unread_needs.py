"""Which needs are new since a person last looked at them; remembered as one moment, so that it survives a restart."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gui.panels.dashboard.attention_items import AttentionItem

_A_MOMENT_S = 0.001


class UnreadNeeds:
    """What came after `looked_at` is unread, until it was looked at itself."""

    def __init__(self, looked_at: float) -> None:
        self.looked_at = looked_at
        self._looked: set[tuple[object, float]] = set()

    def marked(self, need: AttentionItem) -> AttentionItem:
        """The need and its members, marked where they are unread."""
        members = tuple(replace(one, is_unread=self._is_unread(one)) for one in need.members)
        is_unread = any(one.is_unread for one in members) if members else self._is_unread(need)
        return replace(need, members=members, is_unread=is_unread)

    def look(self, need: AttentionItem) -> bool:
        """Mark a need as looked at, with its members; whether it was unread."""
        was_unread = need.is_unread
        self._looked.update(_marks((need, *need.members)))
        return was_unread

    def remembered(self, needs: Iterable[AttentionItem], now: float) -> float:
        """The moment before which everything was looked at."""
        unread = [
            since for one in needs for key, since in _marks(one.members or (one,)) if self._after(key, since)
        ]
        return min([now, *(since - _A_MOMENT_S for since in unread)])

    def _is_unread(self, item: AttentionItem) -> bool:
        return any(self._after(key, since) for key, since in _marks((item,)))

    def _after(self, key: object, since: float) -> bool:
        return since > self.looked_at and (key, since) not in self._looked


def _marks(items: Iterable[AttentionItem]) -> Iterator[tuple[object, float]]:
    return ((item.key, item.since) for item in items if item.since is not None)
