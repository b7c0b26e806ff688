"""Words that differ are marked where that helps."""

import time

import pytest

from engine.review.diff_records import DiffRow, RowKind, Span
from engine.review.word_marks import marked, word_marks

GRACE_S = 5.0


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        (
            '"""Sum of all lines."""',
            '"""Sum of all lines, each rounded once."""',
            [],
            [", each rounded once"],
        ),
        ("return self.total() * rate", "return self.total * rate", ["()"], []),
        ("größe = len(rest)", "größen = len(rest)", ["größe"], ["größen"]),
        ("x = a", "x = b", ["a"], ["b"]),
        ("same", "same", [], []),
        ("return sum(line.price for line in self)", "amount = Money.zero(currency)", [], []),
        ("        a", "        b", [], []),
        ("", "new", [], []),
        ("", "", [], []),
        ("  x", "    x", ["  "], ["    "]),
    ],
)
def test_v3_the_words_that_differ_are_marked_if_most_of_the_line_is_the_same(
    old: str, new: str, gone: list[str], came: list[str]
) -> None:
    old_marks, new_marks = word_marks(old, new)
    assert (words(old, old_marks), words(new, new_marks)) == (gone, came)


def test_v3_rows_are_marked_against_the_row_beside_them() -> None:
    rows = [
        DiffRow(RowKind.CONTEXT, 1, 1, "x = 0"),
        DiffRow(RowKind.REMOVED, 2, None, "x = 1"),
        DiffRow(RowKind.REMOVED, 3, None, "y = 1"),
        DiffRow(RowKind.ADDED, None, 2, "x = 2"),
        DiffRow(RowKind.ADDED, None, 3, "y = 2"),
        DiffRow(RowKind.ADDED, None, 4, "z = 2"),
    ]
    assert [row.marks for row in marked(rows)] == [(), ((4, 5),), ((4, 5),), ((4, 5),), ((4, 5),), ()]


def test_v3_long_lines_with_nothing_in_common_take_no_long_time() -> None:
    begun = time.perf_counter()
    for _ in range(20):
        word_marks("a, " * 666, "b; " * 666)
    assert time.perf_counter() - begun < GRACE_S
