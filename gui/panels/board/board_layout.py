"""Where every card of the board lies: columns, lanes, rectangles. Pure arithmetic; knows neither model nor painter.

Coordinates are those of the whole board, which may be larger than its window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect

INSET = 12
LEAST_COLUMN = 164
"""So narrow that the four columns of the docked board have room in a window of 1280 px."""
COLUMN_GAP = 12
CARD_GAP = 10
LANE_HEAD = 32
WIDE_FROM = 1200
"""From this width on the board has five columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One card to be laid out: its row in the model, where it belongs, its rank there (smaller is higher)."""

    row: int
    lane: str
    column: int
    rank: tuple[float, ...]
    height: int


@dataclass(frozen=True, slots=True)
class LaneBox:
    """The head of a lane and the body below it."""

    key: str
    head: QRect
    body: QRect


@dataclass(frozen=True, kw_only=True)
class BoardLayout:
    """The board, laid out. `order` lists the rows of each column from top to bottom, over all lanes."""

    width: int = 0
    height: int = 0
    column_width: int = LEAST_COLUMN
    lefts: Sequence[int] = ()
    lanes: Sequence[LaneBox] = ()
    cards: Mapping[int, QRect] = field(default_factory=dict)
    order: Sequence[Sequence[int]] = ()
    empty: Sequence[tuple[int, QRect]] = ()
    """Cells without a card as (column, room)."""

    def column_at(self, x: int) -> int | None:
        """The column at this place, the gaps belonging to the column before."""
        found = [number for number, left in enumerate(self.lefts) if left <= x]
        return found[-1] if found else None

    def first(self) -> int | None:
        """The topmost card of the first column that has one."""
        return next((rows[0] for rows in self.order if rows), None)

    def place(self, row: int) -> tuple[int, int] | None:
        """Column and number inside the column of a card; None while its lane is folded."""
        for column, rows in enumerate(self.order):
            if row in rows:
                return column, rows.index(row)
        return None

    def along(self, row: int, step: int) -> int:
        """The card so many places further down (or up) in the same column, at most its last."""
        column, number = self.place(row) or (0, 0)
        rows = self.order[column]
        return rows[min(max(0, number + step), len(rows) - 1)]

    def further(self, row: int, distance: int) -> int:
        """The card of the same column about so many pixels below (or above)."""
        column, _ = self.place(row) or (0, 0)
        return self._nearest(column, self.cards[row].center().y() + distance)

    def beside(self, row: int, step: int) -> int:
        """The card at the same height in the next column to that side which has one; else the card itself."""
        column, _ = self.place(row) or (0, 0)
        y = self.cards[row].center().y()
        column += step
        while 0 <= column < len(self.order):
            if self.order[column]:
                return self._nearest(column, y)
            column += step
        return row

    def _nearest(self, column: int, y: int) -> int:
        return min(self.order[column], key=lambda row: abs(self.cards[row].center().y() - y))


def column_widths(width: int, columns: int) -> tuple[int, list[int]]:
    """The width of a column and where each starts."""
    each = max(LEAST_COLUMN, (width - 2 * INSET - (columns - 1) * COLUMN_GAP) // columns)
    return each, [INSET + number * (each + COLUMN_GAP) for number in range(columns)]


def lay_out(
    cards: Sequence[Placed],
    lanes: Sequence[str],
    *,
    columns: int,
    width: int,
    heads: bool,
    folded: frozenset[str] = frozenset(),
) -> BoardLayout:
    """Lay the cards out in lanes, each in its column by rank; `folded` lanes show their head only."""
    each, lefts = column_widths(width, columns)
    across = max(width, lefts[-1] + each + INSET)
    cells: dict[tuple[str, int], list[Placed]] = {}
    for card in cards:
        cells.setdefault((card.lane, card.column), []).append(card)
    rects: dict[int, QRect] = {}
    order: list[list[int]] = [[] for _ in range(columns)]
    boxes: list[LaneBox] = []
    empty: list[tuple[int, QRect]] = []
    top = 0
    for lane in lanes:
        head = QRect(0, top, across, LANE_HEAD if heads else 0)
        top += head.height()
        if lane in folded:
            boxes.append(LaneBox(lane, head, QRect(0, top, across, 0)))
            continue
        bottom = top + INSET
        for column in range(columns):
            members = sorted(cells.get((lane, column), ()), key=lambda card: card.rank)
            y = top + (INSET if heads else 2)
            if not members:
                empty.append((column, QRect(lefts[column], y, each, 48)))
                y += 48 + CARD_GAP
            for card in members:
                rects[card.row] = QRect(lefts[column], y, each, card.height)
                order[column].append(card.row)
                y += card.height + CARD_GAP
            bottom = max(bottom, y - CARD_GAP + INSET)
        boxes.append(LaneBox(lane, head, QRect(0, top, across, bottom - top)))
        top = bottom
    return BoardLayout(
        width=across,
        height=top,
        column_width=each,
        lefts=lefts,
        lanes=boxes,
        cards=rects,
        order=order,
        empty=empty,
    )
