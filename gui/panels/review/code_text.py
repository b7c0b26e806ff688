"""A line of code cut into pieces of one colour each, with the grounds of its changed words. Paints nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from engine.review.diff_records import ColourSpan, DiffRow, Syntax
from engine.review.display_text import DisplayText

SYNTAX_TOKENS = {
    Syntax.KEYWORD: "synKeyword",
    Syntax.STRING: "synString",
    Syntax.NUMBER: "synNumber",
    Syntax.FUNCTION: "synFunc",
    Syntax.TYPE: "synType",
    Syntax.COMMENT: "synComment",
}
Stretch = tuple[float, float]
"""Left edge and width in pixels."""


class CodePiece(NamedTuple):
    """Text of one colour: where it begins, and what it is; None is plain."""

    left: float
    text: str
    syntax: Syntax | None


class CodeText(NamedTuple):
    """What is painted of one line: its pieces, and the grounds of the words that differ from the paired line."""

    pieces: Sequence[CodePiece]
    marks: Sequence[Stretch]
    text: str

    def stretches(self, needle: str, measure: Callable[[str], float]) -> Iterator[Stretch]:
        """Where a text that is searched for stands."""
        low, at = self.text.casefold(), 0
        while (at := low.find(needle, at)) >= 0:
            end = at + len(needle)
            left = measure(self.text[:at])
            yield left, measure(self.text[:end]) - left
            at = end


def code_text(row: DiffRow, colours: Sequence[ColourSpan], measure: Callable[[str], float]) -> CodeText:
    """The pieces of a row; `measure` is the width of a text."""
    shown = DisplayText(row.text)
    text = f"{shown.text}…" if row.cut else shown.text
    pieces, at = [], 0
    for begin, end, syntax in colours:
        start, stop = shown.span(begin, end)
        if start > at:
            pieces.append(CodePiece(measure(text[:at]), text[at:start], None))
        if stop > start >= at:
            pieces.append(CodePiece(measure(text[:start]), text[start:stop], syntax))
            at = stop
    if at < len(text):
        pieces.append(CodePiece(measure(text[:at]), text[at:], None))
    marks = []
    for begin, end in row.marks:
        start, stop = shown.span(begin, end)
        left = measure(text[:start])
        marks.append((left, measure(text[:stop]) - left))
    return CodeText(pieces, marks, text)
