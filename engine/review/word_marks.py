"""Mark the words by which two paired lines differ, where so much is the same that the marks help. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rapidfuzz.distance import LCSseq

from engine.review.diff_records import DiffRow, RowKind, Span, change_at

MOST_DIFFERENT = 0.6
"""From this share on two lines are no longer two versions of one line, and nothing is marked."""
_WORDS = re.compile(r"\w+| +|.", re.DOTALL)
_ASCII_WORDS = re.compile(r"[A-Za-z0-9_]+| +|.", re.DOTALL)  # twice as fast
_NOTHING: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())


def word_marks(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The parts of each line that the other does not have; none if they are the same, or too different."""
    if old == new:
        return _NOTHING
    old_words, new_words = _words(old), _words(new)
    old_places, new_places = (0, *accumulate(map(len, old_words))), (0, *accumulate(map(len, new_words)))
    different = [each for each in LCSseq.opcodes(old_words, new_words) if each.tag != "equal"]
    old_spans = [(old_places[each.src_start], old_places[each.src_end]) for each in different]
    new_spans = [(new_places[each.dest_start], new_places[each.dest_end]) for each in different]
    if _share(old, old_spans, new, new_spans) >= MOST_DIFFERENT:
        return _NOTHING
    return _whole(old_spans), _whole(new_spans)


def _words(text: str) -> list[str]:
    return (_ASCII_WORDS if text.isascii() else _WORDS).findall(text)


def _share(old: str, old_spans: Sequence[Span], new: str, new_spans: Sequence[Span]) -> float:
    """The share of both lines that differs, without their blanks: two lines are not alike by their indent."""
    every = _visible(old) + _visible(new)
    different = sum(_visible(old[a:b]) for a, b in old_spans) + sum(_visible(new[a:b]) for a, b in new_spans)
    return different / every if every else 0.0


def _visible(text: str) -> int:
    return len("".join(text.split()))


def _whole(spans: Sequence[Span]) -> tuple[Span, ...]:
    """These spans without empty ones, and neighbours as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        elif start < end:
            found.append((start, end))
    return tuple(found)


def marked(rows: Sequence[DiffRow]) -> Iterator[DiffRow]:
    """These rows of a hunk one by one, those of paired lines with their marks; each change is looked at as it comes."""
    at = 0
    while at < len(rows):
        if rows[at].kind is RowKind.CONTEXT:
            yield rows[at]
            at += 1
            continue
        middle, end = change_at(rows, at)
        later: dict[int, tuple[Span, ...]] = {}
        for index in range(at, middle):
            partner = middle + index - at
            old_marks, later[partner] = (
                word_marks(rows[index].text, rows[partner].text) if partner < end else _NOTHING
            )
            yield rows[index]._replace(marks=old_marks) if old_marks else rows[index]
        for index in range(middle, end):
            marks = later.get(index)
            yield rows[index]._replace(marks=marks) if marks else rows[index]
        at = end
