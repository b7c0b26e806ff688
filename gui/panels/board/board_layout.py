"""Compute the rectangles of columns, lanes, cells and cards. Pure arithmetic; knows neither model nor painter.

A cell is where a lane and a column meet; it has a scroll position of its own. Cells are placed in coordinates of the
page, which holds all lanes and may be larger than the viewport; cards in those of the contents of their cell.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect

INSET = 12
MIN_COLUMN_WIDTH = 150
"""Narrow enough for the four columns of the docked board in a window of 1280 px."""
FOLDED_WIDTH = 36
GUTTER = 10
"""Where the scroll handle of a cell is, at the right of its cards; taken only where they do not fit."""
COLUMN_GAP = 12
CARD_GAP = 10
LANE_HEADER_HEIGHT = 32
MORE_HEIGHT = 28
WIDE_FROM = 1200
"""From this width on, the board has five columns."""
_MIN_BODY = 200
_EMPTY_HEIGHT = 48

CellKey = tuple[str, int]
"""A lane and the number of a column."""
Height = Callable[[int, int], int]
"""The height of the card of a row at a width."""


class CardPlacement(NamedTuple):
    """One card to lay out: its row in the model, its lane and column, and its rank there (smaller is higher)."""

    row: int
    lane: str
    column: int
    rank: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ColumnBox:
    """The place of a column across the page."""

    left: int
    width: int
    folded: bool = False

    @property
    def right(self) -> int:
        """Where the next thing can begin."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class LaneBox:
    """The header of a lane and the body below it."""

    key: str
    header: QRect
    body: QRect


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardCell:
    """The cards of one lane in one column. `tops` and `bottoms` are those of `rows`, in the contents.

    `ranked` also has the rows beyond the limit, `more` is where the button stands that shows them.
    """

    key: CellKey
    rect: QRect
    rows: Sequence[int] = ()
    ranked: Sequence[int] = ()
    tops: Sequence[int] = ()
    bottoms: Sequence[int] = ()
    card_width: int = 0
    height: int = 0
    more: QRect | None = None

    @property
    def most(self) -> int:
        """How far it can be scrolled."""
        return max(0, self.height - self.rect.height())

    def card(self, number: int) -> QRect:
        """The rectangle of its card of this number, in its contents."""
        return QRect(0, self.tops[number], self.card_width, self.bottoms[number] - self.tops[number])

    def between(self, top: int, bottom: int) -> range:
        """The numbers of the cards that are at least partly between two heights of the contents."""
        return range(bisect_right(self.bottoms, top), bisect_left(self.tops, bottom))

    def at(self, y: int) -> int | None:
        """The number of the card at a height of the contents."""
        number = bisect_right(self.tops, y) - 1
        return number if number >= 0 and y < self.bottoms[number] else None

    def handle(self, offset: int) -> QRect | None:
        """The scroll handle, in coordinates of the page; None where everything is in view."""
        if not self.most:
            return None
        track = self.rect.height() - 4
        length = max(24, track * self.rect.height() // self.height)
        top = self.rect.top() + 2 + (track - length) * offset // self.most
        return QRect(self.rect.right() - 7, top, 6, length)


@dataclass(frozen=True, kw_only=True)
class BoardLayout:
    """The finished layout. `order` lists the rows of each column from top to bottom, across all lanes."""

    width: int = 0
    height: int = 0
    columns: Sequence[ColumnBox] = ()
    lanes: Sequence[LaneBox] = ()
    cells: Mapping[CellKey, BoardCell] = field(default_factory=dict)
    places: Mapping[int, tuple[CellKey, int]] = field(default_factory=dict)
    """The cell of each row that is laid out, and its number there."""
    order: Sequence[Sequence[int]] = ()

    def column_at(self, x: int) -> int | None:
        """The column at this x of the page; a gap belongs to the column before it."""
        found = [number for number, column in enumerate(self.columns) if column.left <= x]
        return found[-1] if found else None

    def cell_at(self, point: QPoint) -> BoardCell | None:
        """The cell at a point of the page."""
        return next((cell for cell in self.cells.values() if cell.rect.contains(point)), None)

    def first(self) -> int | None:
        """The topmost card of the first column that has cards."""
        return next((rows[0] for rows in self.order if rows), None)

    def position(self, row: int) -> tuple[int, int] | None:
        """The column of a card and its index within that column; None while it is not laid out."""
        if row not in self.places:
            return None
        column = self.places[row][0][1]
        return column, self.order[column].index(row)

    def along(self, row: int, step: int) -> int:
        """The card `step` positions further down (or up) in the same column, clamped to its ends."""
        column, number = self.position(row) or (0, 0)
        rows = self.order[column]
        return rows[min(max(0, number + step), len(rows) - 1)]

    def beside(self, row: int, step: int, *, middle: Callable[[int], int]) -> int:
        """The card at the same height in the next column with cards on that side; else the card itself.

        `middle` is where the middle of a card is in view, since each column is scrolled by itself.
        """
        column, _ = self.position(row) or (0, 0)
        y = middle(row)
        column += step
        while 0 <= column < len(self.order):
            if self.order[column]:
                return min(self.order[column], key=lambda other: abs(middle(other) - y))
            column += step
        return row


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a layout has to fit into: the viewport, the columns that are folded, and whether lanes have headers."""

    width: int
    height: int
    folded_columns: Sequence[bool]
    headers: bool = False
    folded_lanes: frozenset[str] = frozenset()


def column_boxes(width: int, folded: Sequence[bool]) -> list[ColumnBox]:
    """The columns across a width: those that are open share what the folded ones leave."""
    closed = sum(folded)
    free = width - 2 * INSET - (len(folded) - 1) * COLUMN_GAP - closed * FOLDED_WIDTH
    each = max(MIN_COLUMN_WIDTH, free // max(1, len(folded) - closed))
    boxes: list[ColumnBox] = []
    left = INSET
    for is_folded in folded:
        boxes.append(ColumnBox(left, FOLDED_WIDTH if is_folded else each, is_folded))
        left = boxes[-1].right + COLUMN_GAP
    return boxes


def lay_out(
    cards: Sequence[CardPlacement],
    lanes: Sequence[str],
    *,
    room: Room,
    height: Height,
    limit: Callable[[CellKey], int],
) -> BoardLayout:
    """Lay out the cards in lanes and columns by rank.

    Without headers there is one lane, as high as the viewport. Otherwise a lane is as high as its fullest cell, but
    never higher than what is in view below its header. No cell has more cards than its limit.
    """
    columns = column_boxes(room.width, room.folded_columns)
    across = max(room.width, columns[-1].right + INSET if columns else 0)
    members: dict[CellKey, list[CardPlacement]] = {}
    for card in cards:
        members.setdefault((card.lane, card.column), []).append(card)
    boxes: list[LaneBox] = []
    cells: dict[CellKey, BoardCell] = {}
    top = 0
    for lane in lanes:
        header = QRect(0, top, across, LANE_HEADER_HEIGHT if room.headers else 0)
        top += header.height()
        if lane in room.folded_lanes:
            boxes.append(LaneBox(lane, header, QRect(0, top, across, 0)))
            continue
        most = max(_MIN_BODY, room.height - header.height())
        made = [
            _cell(
                (lane, number), column, members, most=most, headers=room.headers, height=height, limit=limit
            )
            for number, column in enumerate(columns)
        ]
        tall = min(most, max(cell.height for cell in made)) if room.headers else room.height
        cells |= {cell.key: _placed(cell, top, tall) for cell in made}
        boxes.append(LaneBox(lane, header, QRect(0, top, across, tall)))
        top += tall
    return BoardLayout(
        width=across,
        height=top,
        columns=columns,
        lanes=boxes,
        cells=cells,
        places={row: (cell.key, n) for cell in cells.values() for n, row in enumerate(cell.rows)},
        order=[
            [row for lane in lanes if (lane, number) in cells for row in cells[lane, number].rows]
            for number in range(len(columns))
        ],
    )


def _placed(cell: BoardCell, top: int, tall: int) -> BoardCell:
    """The cell in its lane; its contents are moved nowhere."""
    rect = QRect(cell.rect.left(), top, cell.rect.width(), tall)
    return BoardCell(
        key=cell.key,
        rect=rect,
        rows=cell.rows,
        ranked=cell.ranked,
        tops=cell.tops,
        bottoms=cell.bottoms,
        card_width=cell.card_width,
        height=cell.height,
        more=cell.more,
    )


def _cell(
    key: CellKey,
    column: ColumnBox,
    members: Mapping[CellKey, Sequence[CardPlacement]],
    *,
    most: int,
    headers: bool,
    height: Height,
    limit: Callable[[CellKey], int],
) -> BoardCell:
    """A cell without its place; its cards are narrower where they need the scroll handle."""
    ranked = [card.row for card in sorted(members.get(key, ()), key=lambda card: card.rank)]
    rows = ranked[: limit(key)]
    start = INSET if headers else 2
    width = column.width
    tops, bottoms = _stacked(rows, start, width=width, height=height)
    end = _end(bottoms, start, more=len(ranked) > len(rows))
    if end > most:
        width -= GUTTER
        tops, bottoms = _stacked(rows, start, width=width, height=height)
        end = _end(bottoms, start, more=len(ranked) > len(rows))
    return BoardCell(
        key=key,
        rect=QRect(column.left, 0, column.width, 0),
        rows=rows,
        ranked=ranked,
        tops=tops,
        bottoms=bottoms,
        card_width=width,
        height=end,
        more=QRect(0, end - INSET - MORE_HEIGHT, width, MORE_HEIGHT) if len(ranked) > len(rows) else None,
    )


def _stacked(rows: Sequence[int], start: int, *, width: int, height: Height) -> tuple[list[int], list[int]]:
    tops: list[int] = []
    bottoms: list[int] = []
    top = start
    for row in rows:
        tops.append(top)
        bottoms.append(top + height(row, width))
        top = bottoms[-1] + CARD_GAP
    return tops, bottoms


def _end(bottoms: Sequence[int], start: int, *, more: bool) -> int:
    """The height of the contents below these cards."""
    end = bottoms[-1] if bottoms else start + _EMPTY_HEIGHT
    return end + (CARD_GAP + MORE_HEIGHT if more else 0) + INSET
