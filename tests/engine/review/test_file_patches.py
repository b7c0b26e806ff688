"""The rows of a file are what the two commits hold, whatever is in them."""

import string
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.review.diff_records import ChangeLetter, DiffNote, DiffRow, FilePatch, RowKind
from engine.review.file_patches import MOST_LINES, context_rows, file_patch, opened_above
from engine.review.patch_parser import LONGEST
from tests.engine.review.conftest import TwoCommits


def lines(count: int) -> list[str]:
    return [f"line {number}" for number in range(1, count + 1)]


def text(*parts: str) -> str:
    return "".join(f"{part}\n" for part in parts)


def side(rows: Sequence[DiffRow], *, old: bool) -> str:
    """What these rows say that one side is."""
    missing = RowKind.ADDED if old else RowKind.REMOVED
    return "".join(row.text + row.end for row in rows if row.kind is not missing)


def test_v2_rows_have_the_numbers_of_both_sides(commits: TwoCommits) -> None:
    before = lines(12)
    commits.commit({"a": text(*before)})
    commits.commit({"a": text(*before[:4], "new", "newer", *before[5:])})
    (hunk,) = commits.patch().hunks
    assert hunk.head == "@@ -2,7 +2,8 @@"
    assert [(row.kind.value[0], row.old_no, row.new_no, row.text) for row in hunk.rows] == [
        ("c", 2, 2, "line 2"),
        ("c", 3, 3, "line 3"),
        ("c", 4, 4, "line 4"),
        ("r", 5, None, "line 5"),
        ("a", None, 5, "new"),
        ("a", None, 6, "newer"),
        ("c", 6, 7, "line 6"),
        ("c", 7, 8, "line 7"),
        ("c", 8, 9, "line 8"),
    ]


def test_v2_a_hunk_names_its_section(commits: TwoCommits) -> None:
    commits.commit({"a.py": text("def total():", *["    pass"] * 9)})
    commits.commit({"a.py": text("def total():", *["    pass"] * 8, "    end")})
    assert commits.patch().hunks[0].section == "def total():"


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("a\n", "a", ["\n", ""]),
        ("a", "a\n", ["", "\n"]),
        ("a\n", "a\r\n", ["\n", "\r\n"]),
        ("a\r", "a\r\n", ["", "\r\n"]),
    ],
)
def test_v2_lines_that_differ_in_their_end_say_so(
    commits: TwoCommits, before: str, after: str, ends: list[str]
) -> None:
    commits.commit({"a": before})
    commits.commit({"a": after})
    rows = commits.patch().hunks[0].rows
    assert [row.end for row in rows] == ends
    assert (side(rows, old=True), side(rows, old=False)) == (before, after)


def test_v2_lines_that_look_like_a_patch_are_lines(commits: TwoCommits) -> None:
    evil = [
        "@@ -1,2 +1,2 @@ x",
        "diff --git a/x b/x",
        "index 123..456 100644",
        "\\ No newline at end of file",
        "--- a/x",
        "+++ b/x",
        "",
        "+",
        "-",
    ]
    commits.commit({"a": text("first", *evil)})
    commits.commit({"a": text(*evil, "last", *evil)})
    rows = [row for hunk in commits.patches(context=100)["a"].hunks for row in hunk.rows]
    assert side(rows, old=True) == text("first", *evil)
    assert side(rows, old=False) == text(*evil, "last", *evil)


def test_v2_a_name_that_looks_like_a_hunk_makes_no_rows(commits: TwoCommits) -> None:
    evil = "a\n@@ -1 +1 @@\n-good\n+bad"
    commits.commit({"x": "1"})
    commits.commit({evil: "only\n"})
    assert [row.text for row in commits.patch().hunks[0].rows] == ["only"]


def test_v2_files_too_many_to_be_searched_for_renames_have_all_their_rows(commits: TwoCommits) -> None:
    commits.git("config", "diff.renameLimit", "40")
    commits.commit({f"{number:02}a": text(f"file {number}", *lines(9)) for number in range(45)})
    moved = {f"{number:02}b": text(f"file {number}", *lines(9), "more") for number in range(45)}
    commits.commit({**moved, **{f"{number:02}a": None for number in range(45)}})
    found = commits.patches()
    assert {patch.file.letter for patch in found.values()} == {ChangeLetter.ADDED, ChangeLetter.DELETED}
    assert {len(patch.hunks[0].rows) if patch.hunks else 0 for patch in found.values()} == {10, 11}


def test_v2_renames_that_look_otherwise_among_others_have_their_rows(commits: TwoCommits) -> None:
    body = lines(40)
    commits.commit({"a/foo.c": text(*body), "b/x.c": text("#", *body[16:])})
    commits.commit(
        {
            "a/foo.c": None,
            "b/x.c": None,
            "a/qux.c": text(*body, "more"),
            "b/foo.c": text(*body[:3], *body[8:], "less"),
            "c/foo.c": "another\n",
        }
    )
    found = commits.patches()
    assert all(patch.hunks for patch in found.values())


def test_v2_bytes_that_are_no_utf8_and_invisible_characters_are_told(commits: TwoCommits) -> None:
    commits.commit({"a": "x\n", "b": "x\n", "c": "x\n"})
    commits.commit({"a": b"caf\xe9\n", "b": "x\u202ey\n", "c": "\tx\n"})
    found = commits.patches()
    assert found["a"].notes == {DiffNote.NOT_UTF8}
    assert found["a"].hunks[0].rows[-1].text == "caf\ufffd"
    assert found["b"].notes == {DiffNote.INVISIBLE}
    assert found["c"].notes == frozenset()


def test_v2_a_name_without_a_shape_is_told(commits: TwoCommits) -> None:
    commits.commit({"a": "x\n"})
    commits.commit({"a": "const {timeout,\u3164} = query\n"})
    assert commits.patch().notes == {DiffNote.INVISIBLE}


def test_v2_a_very_long_line_is_cut_and_says_by_how_much(commits: TwoCommits) -> None:
    commits.commit({"a": "x\n"})
    commits.commit({"a": "y" * 1_000_000 + "\n"})
    row = commits.patch().hunks[0].rows[-1]
    assert (len(row.text), row.cut) == (LONGEST, 1_000_000 - LONGEST)
    assert commits.patch().notes == {DiffNote.LONG_LINES}


def test_v2_of_a_huge_file_no_rows_are_made_and_that_is_told(commits: TwoCommits) -> None:
    commits.commit({"a": "x\n"})
    commits.commit({"a": "0123456789\n" * 3_000_000})
    patch = commits.patch()
    assert patch.hunks == []
    assert patch.notes == {DiffNote.TOO_LARGE}
    assert patch.file.added == 3_000_000


def test_v2_a_file_of_a_great_many_short_lines_makes_no_rows_either(commits: TwoCommits) -> None:
    commits.commit({"a": "x\n", "b": "x\n"})
    commits.commit({"a": "\n" * (MOST_LINES + 1), "b": "\n" * (MOST_LINES - 2)})
    found = commits.patches()
    assert found["a"].hunks == []
    assert found["a"].notes == {DiffNote.TOO_LARGE}
    assert len(found["b"].hunks[0].rows) == MOST_LINES - 1


def test_v2_a_link_in_place_of_a_file_is_removed_and_added(commits: TwoCommits) -> None:
    commits.commit({"a": "text\n"})
    (commits.root / "a").unlink()
    (commits.root / "a").symlink_to("elsewhere")
    commits.commit()
    assert [(row.kind, row.text) for hunk in commits.patch().hunks for row in hunk.rows] == [
        (RowKind.REMOVED, "text"),
        (RowKind.ADDED, "elsewhere"),
    ]


def test_v2_a_folder_in_place_of_a_file_and_the_other_way_round(commits: TwoCommits) -> None:
    commits.commit({"a": "file\n", "b/c": "inner\n"})
    commits.commit({"a": None, "b/c": None})
    (commits.root / "b").rmdir() if (commits.root / "b").exists() else None
    commits.commit({"a/x": "now inner\n", "b": "now a file\n"})
    commits.before = commits.git("rev-parse", "HEAD~2")
    assert {
        path: [row.text for hunk in patch.hunks for row in hunk.rows]
        for path, patch in commits.patches().items()
    } == {
        "a": ["file"],
        "a/x": ["now inner"],
        "b": ["now a file"],
        "b/c": ["inner"],
    }


def test_v2_where_white_space_is_ignored_only_the_rest_differs(commits: TwoCommits) -> None:
    commits.commit({"a": "if x:\n  y\n  z\n"})
    commits.commit({"a": "if x:\n    y\n    zz\n"})
    rows = commits.patches(ignore_whitespace=True)["a"].hunks[0].rows
    assert [(row.kind.value, row.text) for row in rows] == [
        ("context", "if x:"),
        ("context", "    y"),
        ("removed", "  z"),
        ("added", "    zz"),
    ]


def test_v2_one_file_and_many_files_are_read_alike(commits: TwoCommits) -> None:
    commits.commit({f"f{number}": f"{number}\n" for number in range(120)})
    commits.commit({f"f{number}": f"{number} more\n" for number in range(120)})
    many = commits.patches()
    assert len(many) == 120
    for file in commits.files()[::30]:
        assert (
            file_patch(commits.root, commits.before, commits.after, file=file).hunks == many[file.path].hunks
        )


def opened(patch: FilePatch, root: Path, index: int) -> FilePatch:
    return opened_above(patch, index, context_rows(root, patch.file, patch.next_above(index)))


def test_v2_unchanged_lines_open_twenty_at_a_time_until_the_hunks_meet(commits: TwoCommits) -> None:
    before = lines(100)
    commits.commit({"a": text(*before)})
    commits.commit({"a": text("top", *before[:29], "changed", *before[30:79], *before[80:])})
    patch = commits.patch()
    assert [patch.unchanged_above(index) for index in range(4)] == [0, 23, 43, 17]
    once = opened(patch, commits.root, 1)
    assert (once.unchanged_above(1), len(once.hunks), once.hunks[1].head) == (3, 3, "@@ -7,27 +8,27 @@")
    twice = opened(once, commits.root, 1)
    assert (len(twice.hunks), twice.hunks[0].head) == (2, "@@ -1,33 +1,34 @@")
    below = opened(twice, commits.root, 2)
    assert below.unchanged_above(2) == 0
    assert below.hunks[-1].rows[-1][:4] == (RowKind.CONTEXT, 100, 100, "line 100")
    while below.unchanged_above(1):
        below = opened(below, commits.root, 1)
    (whole,) = below.hunks
    assert side(whole.rows, old=True) == text(*before)
    assert (whole.old_count, whole.new_count) == (100, 100)


@pytest.mark.parametrize("last", ["last", "last\n", "last\r\n", "last\r"])
def test_v2_the_last_line_opens_as_it_is(commits: TwoCommits, last: str) -> None:
    commits.commit({"a": text(*lines(9)) + last})
    commits.commit({"a": text("new", *lines(9)[1:]) + last})
    patch = opened(commits.patch(), commits.root, 1)
    assert side(patch.hunks[0].rows, old=False) == text("new", *lines(9)[1:]) + last
    assert patch.unchanged_above(1) == 0


ODD = st.text(
    st.sampled_from(string.ascii_lowercase[:3] + "\n\n\r\t\x00\x0b\x0c\x85\u2028\ufeff\\+-@ é"), max_size=60
)


@settings(max_examples=25)
@given(before=ODD, after=ODD)
def test_v2_the_rows_of_any_two_texts_add_up_to_both(before: str, after: str) -> None:
    with TemporaryDirectory() as folder:
        commits = TwoCommits(Path(folder, "repo"))
        commits.git("config", "core.autocrlf", "false")
        commits.commit({"a": before, ".gitattributes": "* diff\n"})
        commits.commit({"a": after})
        for patch in commits.patches(context=1000).values():
            rows = [row for hunk in patch.hunks for row in hunk.rows]
            assert side(rows, old=True) == before
            assert side(rows, old=False) == after
            assert patch.file.added == sum(row.kind is RowKind.ADDED for row in rows)
