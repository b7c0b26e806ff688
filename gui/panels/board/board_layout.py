"""Compute the rectangles of columns, lanes and cards. Pure arithmetic; knows neither model nor painter.

Coordinates are those of the whole board, which may be larger than the viewport.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect

INSET = 12
MIN_COLUMN_WIDTH = 164
"""Narrow enough for the four columns of the docked board in a window of 1280 px."""
COLUMN_GAP = 12
CARD_GAP = 10
LANE_HEADER_HEIGHT = 32
WIDE_FROM = 1200
"""From this width on, the board has five columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardPlacement:
    """One card to lay out: its row in the model, its lane and column, and its rank there (smaller is higher)."""

    row: int
    lane: str
    column: int
    rank: tuple[float, ...]
    height: int


@dataclass(frozen=True, slots=True)
class LaneBox:
    """The header of a lane and the body below it."""

    key: str
    header: QRect
    body: QRect


@dataclass(frozen=True, kw_only=True)
class BoardLayout:
    """The finished layout. `order` lists the rows of each column from top to bottom, across all lanes."""

    width: int = 0
    height: int = 0
    column_width: int = MIN_COLUMN_WIDTH
    lefts: Sequence[int] = ()
    lanes: Sequence[LaneBox] = ()
    cards: Mapping[int, QRect] = field(default_factory=dict)
    order: Sequence[Sequence[int]] = ()
    empty: Sequence[tuple[int, QRect]] = ()
    """Cells without a card, as (column, rectangle)."""

    def column_at(self, x: int) -> int | None:
        """The column at this x; a gap belongs to the column before it."""
        found = [number for number, left in enumerate(self.lefts) if left <= x]
        return found[-1] if found else None

    def first(self) -> int | None:
        """The topmost card of the first column that has cards."""
        return next((rows[0] for rows in self.order if rows), None)

    def position(self, row: int) -> tuple[int, int] | None:
        """The column of a card and its index within that column; None while its lane is folded."""
        for column, rows in enumerate(self.order):
            if row in rows:
                return column, rows.index(row)
        return None

    def along(self, row: int, step: int) -> int:
        """The card `step` positions further down (or up) in the same column, clamped to its ends."""
        column, number = self.position(row) or (0, 0)
        rows = self.order[column]
        return rows[min(max(0, number + step), len(rows) - 1)]

    def further(self, row: int, distance: int) -> int:
        """The card of the same column nearest to `distance` pixels below (or above)."""
        column, _ = self.position(row) or (0, 0)
        return self._nearest(column, self.cards[row].center().y() + distance)

    def beside(self, row: int, step: int) -> int:
        """The card at the same height in the next column with cards on that side; else the card itself."""
        column, _ = self.position(row) or (0, 0)
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
    """The width of a column, and the left edge of each."""
    each = max(MIN_COLUMN_WIDTH, (width - 2 * INSET - (columns - 1) * COLUMN_GAP) // columns)
    return each, [INSET + number * (each + COLUMN_GAP) for number in range(columns)]


def lay_out(
    cards: Sequence[CardPlacement],
    lanes: Sequence[str],
    *,
    columns: int,
    width: int,
    headers: bool,
    folded: frozenset[str] = frozenset(),
) -> BoardLayout:
    """Lay out the cards in lanes and columns by rank; `folded` lanes show only their header."""
    each, lefts = column_widths(width, columns)
    across = max(width, lefts[-1] + each + INSET)
    cells: dict[tuple[str, int], list[CardPlacement]] = {}
    for card in cards:
        cells.setdefault((card.lane, card.column), []).append(card)
    rects: dict[int, QRect] = {}
    order: list[list[int]] = [[] for _ in range(columns)]
    boxes: list[LaneBox] = []
    empty: list[tuple[int, QRect]] = []
    top = 0
    for lane in lanes:
        header = QRect(0, top, across, LANE_HEADER_HEIGHT if headers else 0)
        top += header.height()
        if lane in folded:
            boxes.append(LaneBox(lane, header, QRect(0, top, across, 0)))
            continue
        bottom = top + INSET
        for column in range(columns):
            members = sorted(cells.get((lane, column), ()), key=lambda card: card.rank)
            y = top + (INSET if headers else 2)
            if not members:
                empty.append((column, QRect(lefts[column], y, each, 48)))
                y += 48 + CARD_GAP
            for card in members:
                rects[card.row] = QRect(lefts[column], y, each, card.height)
                order[column].append(card.row)
                y += card.height + CARD_GAP
            bottom = max(bottom, y - CARD_GAP + INSET)
        boxes.append(LaneBox(lane, header, QRect(0, top, across, bottom - top)))
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
