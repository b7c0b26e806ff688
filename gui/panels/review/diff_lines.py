"""The rows of one file with the current line, its range, and where each row is. Knows no widgets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.review.diff_records import FilePatch, RowKind
from engine.review.display_text import DisplayText
from gui.panels.review.shown_rows import (
    HUNK_HEAD,
    ROW,
    Place,
    RowPlaces,
    ShownKind,
    ShownRow,
    shown_rows,
)
from gui.translation import tr, tr_count, translatable
from state.worktree_records import DiffSide

_WORDS = {
    RowKind.ADDED: translatable("added, line {number}, {text}"),
    RowKind.REMOVED: translatable("removed, line {number}, {text}"),
    RowKind.CONTEXT: translatable("unchanged, line {number}, {text}"),
}


@dataclass(frozen=True)
class Line:
    """Lines of one side that a comment is about, and what stands there."""

    side: DiffSide
    first: int
    last: int
    quoted: str

    @property
    def place(self) -> Place:
        """Where its thread stands: below the last line."""
        return self.side, self.last


Anchor = tuple[Place | None, int, int]
"""A line, the row it had, and how far the view was below its top."""


class DiffLines:
    """What the area shows of a file."""

    def __init__(self) -> None:
        self.patch: FilePatch | None = None
        self._closed: frozenset[int] = frozenset()
        self.unified = False
        self.rows: Sequence[ShownRow] = ()
        self.places = RowPlaces([])
        self.longest = 0
        self.current = self._origin = -1
        self.side = DiffSide.NEW
        self._threads: Sequence[Place] = []
        self._thread_rows: Sequence[int] = ()
        self._searched: dict[str, list[int]] = {}

    def show_file(self, patch: FilePatch | None) -> None:
        """Show a file with nothing opened."""
        self.patch, self._closed, self._threads = patch, frozenset(), []
        self.select(-1)
        self._make()

    def show_unified(self, *, unified: bool) -> None:
        """Show the sides beside or below each other."""
        self.unified = unified
        self.select(-1)
        self._make()

    def place_threads(self, threads: Sequence[Place]) -> None:
        """Make room for threads below these lines."""
        if threads == self._threads:
            return  # the rows of a long file take longer than a frame
        self._threads = threads
        place = self._place_of(self.current)
        self._make()
        self.select(-1 if place is None else self.row_of_line(place) or -1)

    def show_more(self, patch: FilePatch) -> None:
        """Show the same file with more of its unchanged lines."""
        if self.patch is not None and len(patch.hunks) != len(self.patch.hunks):
            self._closed = frozenset()  # hunks have met, so their numbers say nothing now
        self.patch = patch
        self._make()

    def toggle(self, hunk: int) -> None:
        """Hide the lines of a hunk, or show them again."""
        self._closed ^= {hunk}
        self._make()

    def lay_out(self, thread_heights: Sequence[int]) -> None:
        """Give every row its place."""
        heights = [ROW if row.kind is ShownKind.LINE else HUNK_HEAD for row in self.rows]
        for number, row in enumerate(self.rows if thread_heights else ()):
            if row.kind is ShownKind.THREAD:
                heights[number] = thread_heights[row.thread]
        self.places = RowPlaces(heights)

    def hidden(self, row: ShownRow) -> int:
        """How many unchanged lines a hunk head, or the end of the file, stands for."""
        return 0 if self.patch is None else self.patch.unchanged_above(row.hunk)

    # --- the current line ------------------------------------------------------------------------------------------

    def select(self, row: int) -> None:
        """Make a row the current one, without a range."""
        self.current = self._origin = row

    def extend_to(self, row: int) -> None:
        """Select from where the range began to a line."""
        if 0 <= row < len(self.rows) and self.rows[row].kind is ShownKind.LINE:
            self.current = row

    def move(self, step: int, *, extend: bool) -> None:
        """Go on by rows, over threads."""
        row = self.current + step
        while 0 <= row < len(self.rows) and self.rows[row].kind is ShownKind.THREAD:
            row += step
        if 0 <= row < len(self.rows):
            (self.extend_to if extend else self.select)(row)

    def has_range(self) -> bool:
        """Whether more than one line is selected."""
        return self.current != self._origin

    def selected_rows(self) -> tuple[int, int]:
        """The first and the last selected row."""
        return min(self._origin, self.current), max(self._origin, self.current)

    def current_row(self) -> ShownRow | None:
        """The current row."""
        return self.rows[self.current] if 0 <= self.current < len(self.rows) else None

    def selected_line(self) -> Line | None:
        """The selected lines of their side; None if no line is selected."""
        first, last = self.selected_rows()
        return self._line(self.rows[max(0, first) : last + 1]) if self.current >= 0 else None

    def first_line(self, start: int) -> Line | None:
        """The first changed line from a row on, or the first line at all."""
        lines = [row for row in self.rows[start : start + 200] if row.kind is ShownKind.LINE]
        found = next((row for row in lines if row.is_changed), next(iter(lines), None))
        return self._line([found]) if found is not None else None

    def words(self) -> str:
        """The current line in words, for screen readers."""
        row = self.current_row()
        if row is None or self.patch is None:
            return ""
        if row.kind is ShownKind.LINE:
            line = row.side(self.side) or row.right or row.left
            if line is None:
                return ""
            number = line.old_no if line.new_no is None else line.new_no
            return tr(_WORDS[line.kind], number=number, text=DisplayText(line.text).text.strip())
        hidden = self.hidden(row)
        if row.kind is ShownKind.REST:
            return tr_count("{n} unchanged line below", "{n} unchanged lines below", hidden)
        hunk = tr("hunk {number} of {count}", number=row.hunk + 1, count=len(self.patch.hunks))
        if not hidden:
            return hunk
        return f"{hunk}, {tr_count('{n} unchanged line above', '{n} unchanged lines above', hidden)}"

    # --- finding rows ----------------------------------------------------------------------------------------------

    @property
    def closed(self) -> frozenset[int]:
        """The hunks of which only the head is shown."""
        return self._closed

    @property
    def last_hunk(self) -> int:
        """The number of the last hunk."""
        return max(0, len(self.patch.hunks) - 1) if self.patch is not None else 0

    def row_of_hunk(self, hunk: int) -> int | None:
        """The row of a hunk head."""
        if hunk < 0:
            return None
        return next(
            (n for n, row in enumerate(self.rows) if row.kind is ShownKind.HUNK and row.hunk == hunk), None
        )

    def row_of_line(self, place: Place) -> int | None:
        """The row that has a line."""
        side, number = place
        for index, row in enumerate(self.rows):
            line = row.side(side) if row.kind is ShownKind.LINE else None
            if line is not None and (line.old_no if side is DiffSide.OLD else line.new_no) == number:
                return index
        return None

    def rows_of_threads(self) -> Iterator[int]:
        """The rows of threads."""
        return iter(self._thread_rows)

    def current_thread(self) -> int | None:
        """The thread below the current line; None if it has none."""
        for row in self.rows[self.current + 1 : self.current + 2] if self.current >= 0 else ():
            if row.kind is ShownKind.THREAD:
                return row.thread
        return None

    def tops_of_threads(self) -> Iterator[tuple[int, int]]:
        """Each thread that is shown, and its top."""
        return ((self.rows[row].thread, self.places.top(row)) for row in self.rows_of_threads())

    def found(self, needle: str) -> list[int]:
        """The rows whose text has `needle`, which is in small letters."""
        if needle not in self._searched:
            self._searched = {needle: [n for n, row in enumerate(self.rows) if _has(row, needle)]}
        return self._searched[needle]

    def anchor(self, above: int) -> Anchor | None:
        """The line at the top of the view, so that the view can stay there."""
        if not self.rows:
            return None
        row = self.places.row_at(above)
        return self._place_of(row), row, above - self.places.top(row)

    def top_of_anchor(self, at: Anchor) -> int:
        """Where the view must begin to show the line it had at its top."""
        place, row, below = at
        found = None if place is None else self.row_of_line(place)
        if not self.rows:
            return 0
        return self.places.top(min(row, len(self.rows) - 1) if found is None else found) + below

    def _make(self) -> None:
        self._searched.clear()
        patch = self.patch
        self.rows = (
            shown_rows(patch, unified=self.unified, closed=self._closed, threads=self._threads)
            if patch
            else ()
        )
        self._thread_rows = [
            number
            for number, row in enumerate(self.rows if self._threads else ())
            if row.kind is ShownKind.THREAD
        ]
        self.longest = _longest(patch)
        self.lay_out([HUNK_HEAD] * len(self._threads))

    def _place_of(self, row: int) -> Place | None:
        shown = self.rows[row] if 0 <= row < len(self.rows) else None
        if shown is None or shown.kind is not ShownKind.LINE:
            return None
        if shown.right is not None and shown.right.new_no is not None:
            return DiffSide.NEW, shown.right.new_no
        return (DiffSide.OLD, shown.left.old_no) if shown.left and shown.left.old_no is not None else None

    def _line(self, rows: Sequence[ShownRow]) -> Line | None:
        """The lines of the current side in these rows; in the unified view that of the last row."""
        side = self.side
        lines = [row for row in rows if row.kind is ShownKind.LINE]
        if lines and all(row.side(side) is None for row in lines):
            side = DiffSide.OLD if side is DiffSide.NEW else DiffSide.NEW
        found = [one for row in lines if (one := row.side(side)) is not None]
        numbers = [one.old_no if side is DiffSide.OLD else one.new_no for one in found]
        known = [number for number in numbers if number is not None]
        if not known:
            return None
        return Line(side, known[0], known[-1], "\n".join(one.text for one in found))


def _has(row: ShownRow, needle: str) -> bool:
    return any(one is not None and needle in one.text.casefold() for one in (row.left, row.right))


def _longest(patch: FilePatch | None) -> int:
    hunks = () if patch is None else patch.hunks
    return max((len(row.text) for hunk in hunks for row in hunk.rows), default=0)
