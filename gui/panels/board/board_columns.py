"""Which columns are folded, how many cards each shows at first, and where it stays scrolled to. Paints nothing."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.scheduling.budgets import day_start
from gui.data.card import BoardColumn, Card
from gui.panels.board.board_layout import BoardCell

FOLD_AFTER_S = 10.0
"""An emptied column stays open for so long: work that comes and goes must not move what is beside it."""
FIRST_DONE = 20
"""Of what is done today, this many cards are shown at first; older ones only to fill up `LEAST_DONE`."""
LEAST_DONE = 6
FIRST_OPEN = 100
"""Every other column shows this many cards at first."""
MORE_AT_ONCE = 50

ScrollKey = tuple[str, BoardColumn]
"""A lane and a column."""


class ColumnFolds:
    """Which empty columns are folded: at once where they were empty from the start, else after a while."""

    def __init__(self) -> None:
        self._emptied: dict[BoardColumn, float] = {}
        self._known: dict[BoardColumn, int] = {}

    def fold_all_empty(self) -> None:
        """Fold what is empty at the next look: a person has changed the filter, or the board is opened."""
        self._known.clear()
        self._emptied.clear()

    def folded(self, counts: Mapping[BoardColumn, int], now: float) -> frozenset[BoardColumn]:
        """The columns that are folded now, for these numbers of cards."""
        for column, count in counts.items():
            if count:
                self._emptied.pop(column, None)
            elif self._known.get(column):
                self._emptied[column] = now
        self._known = dict(counts)
        return frozenset(
            column for column, count in counts.items() if not count and not self._waits(column, now)
        )

    def next_fold(self, now: float) -> float | None:
        """In how many seconds the next column folds; None if none is about to."""
        left = [FOLD_AFTER_S - (now - since) for since in self._emptied.values()]
        return min((seconds for seconds in left if seconds > 0), default=None)

    def _waits(self, column: BoardColumn, now: float) -> bool:
        since = self._emptied.get(column)
        return since is not None and 0 <= now - since < FOLD_AFTER_S


@dataclass
class ShownLimits:
    """How many cards each cell of the board shows: few at first, more wherever a person has asked for more."""

    extra: dict[ScrollKey, int] = field(default_factory=dict)

    def limit(self, key: ScrollKey, today: int, *, lanes: bool) -> int:
        """The number of cards of a cell, `today` of which were done today."""
        if key in self.extra:
            return self.extra[key]
        if key[1] is not BoardColumn.DONE:
            return FIRST_OPEN
        return LEAST_DONE if lanes else min(FIRST_DONE, max(LEAST_DONE, today))

    def show_more(self, key: ScrollKey, shown: int) -> None:
        """Show another batch of a cell that shows this many."""
        self.extra[key] = shown + MORE_AT_ONCE

    def reach(self, key: ScrollKey, number: int) -> None:
        """Show enough of a cell for its card of this number."""
        self.extra[key] = (number // MORE_AT_ONCE + 1) * MORE_AT_ONCE


def done_today(cards: Collection[Card], now: float) -> int:
    """How many of these cards were done today."""
    began = day_start(now)
    return sum(card.since is not None and card.since >= began for card in cards)


Anchor = tuple[Hashable, int]
"""The name of a card, and how far below the upper edge of its cell it is."""


def anchors(
    cell: BoardCell, offset: int, *, held: Hashable | None, name_of: Callable[[int], Hashable]
) -> Sequence[Anchor]:
    """The cards of a cell that should stay where they are in view, the most important first.

    That is the card under the pointer, then those in view, if the cell is scrolled. At its upper end it stays there.
    """
    shown = cell.between(offset, offset + cell.rect.height())
    found = [(name_of(cell.rows[number]), cell.tops[number] - offset) for number in shown]
    under_pointer = [anchor for anchor in found if anchor[0] == held]
    return [*under_pointer, *found] if offset or under_pointer else ()


def kept_offset(
    cell: BoardCell, before: Sequence[Anchor], offset: int, *, places: Mapping[Hashable, int]
) -> int:
    """Where a cell is scrolled to after its cards have changed, so that what was in view stays there.

    `places` are the numbers of its cards by name.
    """
    for name, below in before:
        number = places.get(name)
        if number is not None:
            offset = cell.tops[number] - below
            break
    return min(max(0, offset), cell.most)
