"""The records of a diff answer what the review view asks of them."""

from engine.review.diff_records import (
    ChangeLetter,
    DiffRow,
    FileChange,
    FileColours,
    FilePatch,
    Hunk,
    RowKind,
    RowPair,
    Syntax,
    pairs,
)
from engine.review.display_text import DisplayText


def context(old: int, new: int) -> DiffRow:
    return DiffRow(RowKind.CONTEXT, old, new, "same")


def removed(old: int) -> DiffRow:
    return DiffRow(RowKind.REMOVED, old, None, f"old {old}")


def added(new: int) -> DiffRow:
    return DiffRow(RowKind.ADDED, None, new, f"new {new}")


def test_v1_the_first_removed_line_stands_beside_the_first_added_one_of_its_change() -> None:
    rows = [context(1, 1), removed(2), removed(3), added(2), context(4, 3), added(4), removed(5)]
    assert list(pairs(rows)) == [
        RowPair(rows[0], rows[0]),
        RowPair(rows[1], rows[3]),
        RowPair(rows[2], None),
        RowPair(rows[4], rows[4]),
        RowPair(None, rows[5]),
        RowPair(rows[6], None),
    ]


def test_v1_the_unchanged_lines_between_hunks_are_counted() -> None:
    hunks = [
        Hunk(old_start=10, old_count=3, new_start=10, new_count=2),
        Hunk(old_start=40, old_count=0, new_start=38, new_count=5),
        Hunk(old_start=60, old_count=4, new_start=61, new_count=0),
    ]
    patch = FilePatch(file=FileChange(path="a", letter=ChangeLetter.MODIFIED), hunks=hunks, new_lines=70)
    assert [patch.unchanged_above(index) for index in range(4)] == [9, 26, 19, 9]
    assert [hunk.offset for hunk in hunks] == [0, 3, -2]


def test_v1_a_generated_file_outside_the_scope_stays_open() -> None:
    generated = FileChange(path="uv.lock", letter=ChangeLetter.MODIFIED, is_generated=True)
    outside = FileChange(
        path="uv.lock", letter=ChangeLetter.MODIFIED, is_generated=True, is_outside_scope=True
    )
    assert (generated.is_folded, outside.is_folded) == (True, False)


def test_v1_a_context_row_has_the_colours_of_the_side_it_is_shown_on() -> None:
    colours = FileColours(old=[[(0, 1, Syntax.KEYWORD)]], new=[[], [(0, 1, Syntax.TYPE)]])
    assert colours.of(context(1, 2)) == [(0, 1, Syntax.TYPE)]
    assert colours.of(context(1, 2), old=True) == [(0, 1, Syntax.KEYWORD)]
    assert colours.of(removed(1)) == [(0, 1, Syntax.KEYWORD)]
    assert colours.of(added(3)) == ()


def test_v1_what_is_painted_has_no_tab_and_nothing_invisible_and_its_spans_stay_on_their_words() -> None:
    shown = DisplayText("\ta\u202eb\x1b[0m")
    assert shown.text == "    a\\u202eb\\x1b[0m"
    start, end = shown.span(1, 4)
    assert shown.text[start:end] == "a\\u202eb"
    assert [shown.index(place) for place in (0, 3, 4, 5, 9, 11, 99)] == [0, 0, 1, 2, 2, 3, 8]
    assert DisplayText("plain").span(1, 3) == (1, 3)
    assert DisplayText("\u2764\ufe0fx\ufe0f\t|").text == "\u2764\ufe0fx\\ufe0f   |"
