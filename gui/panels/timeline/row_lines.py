"""The lines of the Night from top to bottom: heads of groups and rows, found by their place. Pure, without Qt."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gui.panels.timeline.bar_layout import HEAD_HEIGHT, ROW_HEIGHT
from gui.panels.timeline.night_records import NightGroup, NightRow, WorkstreamKey


@dataclass(frozen=True, slots=True)
class NightLine:
    """The head of a group, or one of its rows."""

    group: NightGroup
    row: NightRow | None
    top: int
    is_folded: bool = False

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return HEAD_HEIGHT if self.row is None else ROW_HEIGHT

    @property
    def key(self) -> str | WorkstreamKey:
        """The identity: that of the workstream, or of the group."""
        return self.group.key if self.row is None else self.row.key


class RowLines:
    """All lines, and which of them are at a height."""

    def __init__(self, groups: Sequence[NightGroup] = (), folded: Collection[str] = ()) -> None:
        self.lines: list[NightLine] = []
        top = 0
        for group in groups:
            is_folded = group.key in folded
            if group.title:
                self.lines.append(NightLine(group, None, top, is_folded))
                top += HEAD_HEIGHT
            for row in () if is_folded else group.rows:
                self.lines.append(NightLine(group, row, top))
                top += ROW_HEIGHT
        self.height = top
        self._tops = [line.top for line in self.lines]

    def within(self, top: int, bottom: int) -> Sequence[NightLine]:
        """The lines at least partly between two heights."""
        first = max(0, bisect_right(self._tops, top) - 1)
        return self.lines[first : bisect_right(self._tops, bottom - 1)]

    def at(self, y: int) -> NightLine | None:
        """The line at a height."""
        found = self.within(y, y + 1)
        return found[-1] if found and 0 <= y < self.height else None

    def number_of(self, key: str | WorkstreamKey | None) -> int | None:
        """The number of the line with this key."""
        return next((number for number, line in enumerate(self.lines) if line.key == key), None)
