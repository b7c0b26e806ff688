r"""Parse what ``git diff-tree -p --full-index`` prints: hunks and their rows, by the blob ids of both sides. Pure.

The counts of a hunk head say which lines belong to it, so no line of a file can pass for a head; and paths, which git
quotes where they are odd, are not read at all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.review.diff_records import DiffNote, DiffRow, Hunk, RowKind
from engine.system.plain_text import escape_invisible, is_plain

LONGEST = 2_000
"""Characters of a line that are shown; what follows is counted."""
_HEAD = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)", re.DOTALL)
_INDEX = re.compile(r"index ([0-9a-f]+)\.\.([0-9a-f]+)")
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_KINDS = {" ": RowKind.CONTEXT, "": RowKind.CONTEXT, "-": RowKind.REMOVED, "+": RowKind.ADDED}

Sides = tuple[str, str]
"""The blob ids of the old and the new side; empty where there is none."""


class ParsedPatch(NamedTuple):
    """What is said of one pair of blobs."""

    hunks: list[Hunk]
    notes: set[DiffNote]


def parse_patch(data: bytes) -> Mapping[Sides, ParsedPatch]:
    """The hunks of each pair of blobs in a patch."""
    lines = decoded(data).split("\n")
    found: dict[Sides, ParsedPatch] = {}
    current = ParsedPatch([], set())
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("index ") and (index := _INDEX.match(line)):
            current = found[_id(index[1]), _id(index[2])] = ParsedPatch([], set())
        elif line.startswith("@@ ") and (head := _HEAD.fullmatch(line)):
            hunk, at = _hunk(head, lines, at, notes=current.notes)
            current.hunks.append(hunk)
    return found


def line_counts(data: bytes) -> Mapping[Sides, tuple[int, int]]:
    """The added and removed lines of each pair of blobs in a patch without context; makes no rows."""
    lines = data.split(b"\n")
    found: dict[Sides, tuple[int, int]] = {}
    sides, at = ("", ""), 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(b"index ") and (index := _INDEX.match(line.decode())):
            sides = _id(index[1]), _id(index[2])
            found[sides] = (0, 0)
        elif line.startswith(b"@@ ") and (head := _HEAD.fullmatch(decoded(line))):
            removed, added = _count(head[2]), _count(head[4])
            found[sides] = (found[sides][0] + added, found[sides][1] + removed)
            at += removed
            at += lines[at].startswith(b"\\")
            at += added
    return found


def _count(word: str | None) -> int:
    return 1 if word is None else int(word)


def decoded(data: bytes) -> str:
    """The text of these bytes, with half a surrogate pair in place of each that is no UTF-8: see `replaced`."""
    return data.decode(errors="surrogateescape")


def _id(word: str) -> str:
    return word if word.strip("0") else ""


def _hunk(head: re.Match[str], lines: Sequence[str], at: int, *, notes: set[DiffNote]) -> tuple[Hunk, int]:
    """The hunk with this head, and where the next line is that is not its own."""
    old_start, new_start = int(head[1]), int(head[3])
    old_count, new_count = _count(head[2]), _count(head[4])
    old, new = old_start or 1, new_start or 1
    rows: list[DiffRow] = []
    old_end, new_end = old + old_count, new + new_count
    while at < len(lines) and (old < old_end or new < new_end or lines[at].startswith("\\")):
        line = lines[at]
        at += 1
        if line.startswith("\\"):  # "No newline at end of file", of the row before
            rows[-1] = unended(rows[-1])
            continue
        kind = _KINDS[line[:1]]
        in_old, in_new = kind is not RowKind.ADDED, kind is not RowKind.REMOVED
        rows.append(row_of(kind, old if in_old else None, new if in_new else None, line[1:]))
        old, new = old + in_old, new + in_new
    found = set(notes_of(rows))
    notes |= found
    made = Hunk(
        old_start=old_start,
        old_count=old_count,
        new_start=new_start,
        new_count=new_count,
        section=_replaced(head[5]),
        rows=replaced(rows) if DiffNote.NOT_UTF8 in found else rows,
    )
    return made, at


def row_of(kind: RowKind, old: int | None, new: int | None, line: str) -> DiffRow:
    """The row of a line that ended with a line feed."""
    end = "\n"
    if line.endswith("\r"):
        line, end = line[:-1], "\r\n"
    if len(line) > LONGEST:
        return DiffRow(kind, old, new, line[:LONGEST], (), end, len(line) - LONGEST)
    return DiffRow(kind, old, new, line, (), end)


def unended(row: DiffRow) -> DiffRow:
    """The same row where the file ends without a line feed; a carriage return there belongs to the text."""
    return row._replace(text=row.text + row.end[:-1], end="")


def notes_of(rows: Sequence[DiffRow]) -> Iterator[DiffNote]:
    """What these rows, as they were decoded, cannot show."""
    if any(row.cut for row in rows):
        yield DiffNote.LONG_LINES
    odd = [row.text for row in rows if not is_plain(row.text)]
    if any(map(_NO_UTF8.search, odd)):
        yield DiffNote.NOT_UTF8
    visible = (_NO_UTF8.sub("", text).replace("\t", "") for text in odd)
    if any(escape_invisible(text) != text for text in visible):
        yield DiffNote.INVISIBLE


def replaced(rows: list[DiffRow]) -> list[DiffRow]:
    """The rows with a replacement character in place of every byte that is no UTF-8."""
    return [row if row.text.isprintable() else row._replace(text=_replaced(row.text)) for row in rows]


def _replaced(text: str) -> str:
    return _NO_UTF8.sub("\ufffd", text)
