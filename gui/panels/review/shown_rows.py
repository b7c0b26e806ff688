"""The rows of one file as the diff shows them: hunk heads, lines, threads; side by side or unified. Pure, no Qt."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple

from engine.review.diff_records import DiffRow, FilePatch, Hunk, RowKind, RowPair, pairs
from state.worktree_records import DiffSide

ROW, HUNK_HEAD = 20, 24
Place = tuple[DiffSide, int]
"""A line of one side."""


class ShownKind(IntEnum):
    """What a row of the view is."""

    HUNK = 0
    LINE = 1
    REST = 2
    """The unchanged lines below the last hunk."""
    THREAD = 3


class ShownRow(NamedTuple):
    """One row of the view; a line in the context stands on both sides, in the unified view once."""

    kind: ShownKind
    hunk: int
    left: DiffRow | None = None
    right: DiffRow | None = None
    thread: int = -1

    def side(self, side: DiffSide) -> DiffRow | None:
        """What stands on a side."""
        return self.left if side is DiffSide.OLD else self.right

    @property
    def is_changed(self) -> bool:
        """Whether the line is added or removed."""
        left, right = self.left, self.right
        return self.kind is ShownKind.LINE and (
            (left is not None and left.kind is not RowKind.CONTEXT)
            or (right is not None and right.kind is not RowKind.CONTEXT)
        )


def shown_rows(
    patch: FilePatch, *, unified: bool, closed: Collection[int] = (), threads: Sequence[Place] = ()
) -> list[ShownRow]:
    """The rows of a file; of `closed` hunks only the heads. `threads` are the places of its comment threads."""
    places = _Threads(patch, closed, threads)
    rows: list[ShownRow] = []
    for number, hunk in enumerate(patch.hunks):
        rows.append(ShownRow(ShownKind.HUNK, number))
        rows.extend(places.below_head(number))
        if number not in closed:
            for pair in _pairs(hunk, unified=unified):
                rows.append(ShownRow(ShownKind.LINE, number, *pair))
                if threads:
                    rows.extend(places.below(pair, number))
    if patch.hunks and patch.unchanged_above(len(patch.hunks)):
        rows.append(ShownRow(ShownKind.REST, len(patch.hunks)))
    return rows


def _pairs(hunk: Hunk, *, unified: bool) -> Iterator[RowPair]:
    if not unified:
        yield from pairs(hunk.rows)
        return
    for row in hunk.rows:
        left = None if row.kind is RowKind.ADDED else row
        yield RowPair(left, None if row.kind is RowKind.REMOVED else row)


class _Threads:
    """Where each thread stands: below its line, or below a hunk head where its line is not shown."""

    def __init__(self, patch: FilePatch, closed: Collection[int], threads: Sequence[Place]) -> None:
        self._by_place: dict[Place, list[int]] = {}
        for index, place in enumerate(threads):
            self._by_place.setdefault(place, []).append(index)
        self._by_hunk: dict[int, list[int]] = {}
        shown = set(_places(patch, closed)) if threads else set()
        for place, indexes in self._by_place.items():
            if place not in shown and patch.hunks:
                self._by_hunk.setdefault(_nearest(patch, place), []).extend(indexes)

    def below_head(self, hunk: int) -> Iterator[ShownRow]:
        yield from (ShownRow(ShownKind.THREAD, hunk, thread=one) for one in self._by_hunk.get(hunk, ()))

    def below(self, pair: RowPair, hunk: int) -> Iterator[ShownRow]:
        if pair.left is not None and pair.left.old_no is not None:
            yield from self._at((DiffSide.OLD, pair.left.old_no), hunk)
        if pair.right is not None and pair.right.new_no is not None:
            yield from self._at((DiffSide.NEW, pair.right.new_no), hunk)

    def _at(self, place: Place, hunk: int) -> Iterator[ShownRow]:
        yield from (ShownRow(ShownKind.THREAD, hunk, thread=one) for one in self._by_place.get(place, ()))


def _places(patch: FilePatch, closed: Collection[int]) -> Iterator[Place]:
    for rows in (hunk.rows for number, hunk in enumerate(patch.hunks) if number not in closed):
        for row in rows:
            if row.old_no is not None:
                yield DiffSide.OLD, row.old_no
            if row.new_no is not None:
                yield DiffSide.NEW, row.new_no


def _nearest(patch: FilePatch, place: Place) -> int:
    side, line = place
    for number, hunk in enumerate(patch.hunks):
        old = side is DiffSide.OLD
        end = hunk.old_start + hunk.old_count if old else hunk.new_start + hunk.new_count
        if line < end:
            return number
    return len(patch.hunks) - 1


class RowPlaces:
    """Where rows of different heights are, in pixels from the top."""

    def __init__(self, heights: Sequence[int]) -> None:
        self._tops = [0, *accumulate(heights)]

    @property
    def height(self) -> int:
        """The height of all rows."""
        return self._tops[-1]

    def top(self, row: int) -> int:
        """Where a row begins."""
        return self._tops[row]

    def row_at(self, y: int) -> int:
        """The row at a height; the last one below all."""
        return max(0, min(bisect_right(self._tops, y) - 1, len(self._tops) - 2))
