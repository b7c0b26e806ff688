"""What one load brought, merged in order of time and handed on in pieces: no turn merges more than it hands on."""

from collections import deque
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from operator import attrgetter

from gui.panels.logs.line_store import LogEntry

_DROPPED_AT_ONCE = 2_000
"""Entries without room that one turn may go past; each takes about a microsecond."""
_AT = attrgetter("at")


class MergedLoad:
    """Events and lines of one period, both in order of time; of more than `room` the newest.

    With `newest_first` the pieces go back in time, as lines that are put before others have to; each piece is in order
    of time.
    """

    def __init__(
        self, events: Sequence[LogEntry], lines: Sequence[LogEntry], *, room: int, newest_first: bool
    ) -> None:
        number = len(events) + len(lines)
        self._left, self._newest_first = min(number, max(0, room)), newest_first
        self._surplus = 0 if newest_first else number - self._left
        self._entries: Iterator[LogEntry] = (
            merge(reversed(lines), reversed(events), key=_AT, reverse=True)
            if newest_first
            else merge(events, lines, key=_AT)
        )

    @property
    def is_over(self) -> bool:
        """Whether every entry was taken."""
        return not self._left

    def take(self, most: int) -> Sequence[LogEntry]:
        """The next entries; none while those without room are passed."""
        if self._surplus:
            passed = min(self._surplus, _DROPPED_AT_ONCE)
            self._surplus -= passed
            deque(islice(self._entries, passed), maxlen=0)
            return ()
        found = list(islice(self._entries, min(most, self._left)))
        self._left -= len(found)
        return found[::-1] if self._newest_first else found
