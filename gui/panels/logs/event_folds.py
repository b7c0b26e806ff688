"""Fold the events between lines of output into one row: a job that prints one line has nine of them. Knows no Qt."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from engine.streams.entries import Level
from gui.panels.logs.filter import Query
from gui.panels.logs.line_store import LineStore

_QUIET = frozenset({Level.EVENT, Level.DEBUG})
_GAP_S = 60.0
"""Events further apart are listed apart: the time beside the row is that of its first event."""


def may_fold(query: Query) -> bool:
    """Whether events may be folded: where a text or events alone are looked for, each is listed."""
    texts = any(chip.kind == "text" for chip in query.chips)
    events = any(chip.kind == "level" and not chip.hide for chip in query.chips)
    return not (texts or events or query.needle)


class EventFolds:
    """Which of the passing lines are folded behind the first event of their run; both are serial numbers."""

    def __init__(self, store: LineStore) -> None:
        self.on = False
        self._store = store
        self._folded = array("q")
        self._opened: set[int] = set()

    def __len__(self) -> int:
        return len(self._folded)

    def clear(self) -> None:
        """Fold nothing yet."""
        self._folded = array("q")
        self._opened.clear()

    def listed(self, passing: Sequence[int], *, after: int | None = None) -> "array[int]":
        """Fold the events among newer passing lines that follow the listed line `after`; return the others."""
        rows, folded = self._divided(passing, after)
        self._folded.extend(folded)
        return rows

    def listed_before(self, passing: Sequence[int], first: int | None) -> tuple["array[int]", bool]:
        """Fold events among older passing lines; return the others, and whether `first`, listed so far, is folded."""
        rows, folded = self._divided(passing, None)
        self._folded = folded + self._folded
        if first is None or not passing or not self._joins(passing[-1], first):
            return rows, False
        self._folded.insert(len(folded), first)
        return rows, True

    def behind(self, head: int, following: int | None) -> "array[int]":
        """The lines folded behind a listed one, up to the `following` listed line."""
        low = bisect_right(self._folded, head)
        high = len(self._folded) if following is None else bisect_left(self._folded, following)
        return self._folded[low:high]

    def open(self, head: int, following: int | None) -> "array[int]":
        """List what is folded behind a line; return it."""
        found = self.behind(head, following)
        if found:
            low = bisect_right(self._folded, head)
            del self._folded[low : low + len(found)]
            self._opened.update((head, *found))
        return found

    def cut(self, serial: int) -> None:
        """Forget the lines from a serial number on."""
        del self._folded[bisect_left(self._folded, serial) :]

    def trim(self, base: int) -> None:
        """Forget the lines before a serial number."""
        del self._folded[: bisect_left(self._folded, base)]

    def _divided(self, passing: Sequence[int], after: int | None) -> tuple["array[int]", "array[int]"]:
        if not self.on or not (passing and self._store.has_events(passing[0], passing[-1] + 1)):
            return array("q", passing), array("q")
        rows, folded = array("q"), array("q")
        before = self._newest(after)
        is_open = after in self._opened
        for serial in passing:
            follows = before is not None and self._follows(before, serial)
            is_open = is_open and follows
            before = serial
            if is_open:
                self._opened.add(serial)
            elif follows:
                folded.append(serial)
                continue
            rows.append(serial)
        return rows, folded

    def _newest(self, row: int | None) -> int | None:
        """The newest line that is folded behind the last row, or the row itself."""
        if row is None:
            return None
        behind = self.behind(row, None)
        return behind[-1] if behind else row

    def _follows(self, before: int, serial: int) -> bool:
        """Whether an event belongs to the run of the line before it."""
        both = self._is_event(before) and self._is_event(serial)
        return both and self._store.at(serial) - self._store.at(before) <= _GAP_S

    def _is_event(self, serial: int) -> bool:
        """Whether it is an event that came with every job; those that stand out are listed as they are."""
        return self._store.level_number(serial) in _QUIET and self._store.ref(serial) != 0

    def _joins(self, last: int, first: int) -> bool:
        return self.on and self._follows(last, first) and first not in self._opened
