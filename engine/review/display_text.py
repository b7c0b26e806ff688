"""Make a row safe to paint: tabs as blanks, invisible characters escaped, and every span moved with the text. Pure."""

from collections.abc import Sequence
from itertools import accumulate

from engine.review.diff_records import Span
from engine.system.plain_text import escaped_characters, is_plain

TAB = 4
"""Blanks to the next stop; code is read in narrow columns."""


class DisplayText:
    """A row's text as it is painted, and where its spans are in it."""

    def __init__(self, text: str) -> None:
        self._places: Sequence[int] | None = None
        self.text = text
        if not is_plain(text):
            shown = _pieces(text)
            self.text = "".join(shown)
            self._places = (0, *accumulate(map(len, shown)))

    def place(self, index: int) -> int:
        """Where the character with this index in the row's text begins."""
        return index if self._places is None else self._places[min(index, len(self._places) - 1)]

    def span(self, start: int, end: int) -> Span:
        """Where this part of the row's text is."""
        return self.place(start), self.place(end)

    def index(self, place: int) -> int:
        """The character of the row's text at this place of what is painted: for a click or a selection."""
        if self._places is None:
            return place
        return next((at - 1 for at, begin in enumerate(self._places) if begin > place), len(self._places) - 1)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    column = 0
    for one, shown in zip(text, escaped_characters(text), strict=True):
        piece = " " * (TAB - column % TAB) if one == "\t" else shown
        pieces.append(piece)
        column += len(piece)
    return pieces
