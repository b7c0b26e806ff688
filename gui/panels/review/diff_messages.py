"""The records of a diff as JSON and back: what the window and its helper process send each other. Pure.

Rows are lists, since a change has tens of thousands of them. Both sides are of one release; nothing is stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from engine.review.diff_records import (
    ChangeLetter,
    ColourSpan,
    DiffNote,
    DiffRow,
    FileChange,
    FilePatch,
    Hunk,
    RowKind,
    Syntax,
)
from engine.review.word_marks import marked

FIRST_ROWS = 200
"""Rows of the first part: what a window shows at once."""
MORE_ROWS = 1_000
"""Rows of each further part; building them takes the window a few milliseconds."""
_MOST_CHARACTERS = 256 * 1024

_FIELDS = tuple(each.name for each in fields(FileChange))

Part = dict[str, Any]


def file_to_json(file: FileChange) -> dict[str, Any]:
    """A changed file."""
    return {name: getattr(file, name) for name in _FIELDS}


def file_from_json(values: dict[str, Any]) -> FileChange:
    """The changed file of these values."""
    return FileChange(**{**values, "letter": ChangeLetter(values["letter"])})


def row_from_json(values: Sequence[Any]) -> DiffRow:
    """The row of these values."""
    kind, old, new, text, marks, end, cut = values
    spans = tuple((start, stop) for start, stop in marks)
    return DiffRow(_KINDS[kind], old, new, text, spans, end, cut)


_KINDS = {kind.value: kind for kind in RowKind}


def parts_of(patch: FilePatch) -> Iterator[list[Part]]:
    """The hunks of a patch in parts that a window can take in at once; a part without a head continues a hunk."""
    part: list[Part] = []
    rows = characters = 0
    limit = FIRST_ROWS
    for hunk in patch.hunks:
        part.append({"head": _head(hunk), "rows": []})
        for row in marked(hunk.rows):
            part[-1]["rows"].append(row)
            rows, characters = rows + 1, characters + len(row.text)
            if rows >= limit or characters >= _MOST_CHARACTERS:
                yield part
                part, rows, characters, limit = [{"head": None, "rows": []}], 0, 0, MORE_ROWS
    yield part


def _head(hunk: Hunk) -> list[Any]:
    return [hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count, hunk.section]


def hunk_from_json(head: Sequence[Any], rows: list[DiffRow]) -> Hunk:
    """The hunk with this head."""
    old_start, old_count, new_start, new_count, section = head
    return Hunk(
        old_start=old_start, old_count=old_count, new_start=new_start, new_count=new_count, section=section, rows=rows
    )  # fmt: skip


def notes_from_json(values: Iterable[str]) -> frozenset[DiffNote]:
    """The notes of these values."""
    return frozenset(map(DiffNote, values))


def colours_from_json(lines: Iterable[Iterable[Sequence[int]]]) -> list[tuple[ColourSpan, ...]]:
    """The colours of some lines."""
    return [tuple((start, end, Syntax(kind)) for start, end, kind in line) for line in lines]
