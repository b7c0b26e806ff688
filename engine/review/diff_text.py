"""A diff as lines of plain text for a terminal, and as JSON values for programs. Pure.

Nothing in the text acts on a terminal: invisible characters are escaped, tabs stay.
"""

from collections.abc import Iterator
from typing import Any

from engine.review.diff_records import DiffNote, DiffRow, FileChange, FilePatch, Hunk, RowKind
from engine.review.word_marks import marked
from engine.system.formatting import plural
from engine.system.plain_text import escape_invisible

_SIGNS = {RowKind.CONTEXT: " ", RowKind.ADDED: "+", RowKind.REMOVED: "-"}
_NOTES = {
    DiffNote.NOT_UTF8: "Some bytes are not UTF-8; each is shown as \ufffd.",
    DiffNote.INVISIBLE: "Invisible characters are shown escaped.",
    DiffNote.LONG_LINES: "Very long lines are cut.",
    DiffNote.TOO_LARGE: "The file is too large to be shown line by line.",
}


def stat_line(file: FileChange) -> str:
    """One file of the list: letter, counts, path, and what else is to be known."""
    counts = "binary" if file.is_binary else f"+{file.added} -{file.removed}"
    path = escape_invisible(file.path)
    if file.old_path is not None:
        path = f"{escape_invisible(file.old_path)} -> {path}"
    remarks = "".join(f" ({remark})" for remark in _remarks(file))
    return f"{file.letter} {counts:>14}  {path}{remarks}"


def _remarks(file: FileChange) -> Iterator[str]:
    if file.is_outside_scope:
        yield "outside the scope"
    if file.is_generated:
        yield "generated"
    if file.is_large:
        yield "large"
    if file.is_whitespace_only:
        yield "only white space differs"
    if file.is_link:
        yield "link"
    if file.is_submodule:
        yield "submodule"
    if file.is_new_program:
        yield "may be executed"
    if file.is_mode_changed:
        yield f"mode {file.old_mode} -> {file.new_mode}"


def patch_lines(patch: FilePatch, *, folded: bool) -> Iterator[str]:
    """A file with its rows, or where it is folded with the way to see them."""
    yield stat_line(patch.file)
    if folded:
        yield "Folded; name the file to see its lines."
        return
    for note in sorted(patch.notes):
        yield _NOTES[note]
    for hunk in patch.hunks:
        yield f"{hunk.head} {escape_invisible(hunk.section)}".rstrip()
        yield from map(_row_line, hunk.rows)


def _row_line(row: DiffRow) -> str:
    text = "\t".join(map(escape_invisible, row.text.split("\t")))
    more = f" … {plural(row.cut, 'more character')}" if row.cut else ""
    end = {"\n": "", "\r\n": "\\r", "": " (no newline at the end)"}[row.end]
    return f"{_SIGNS[row.kind]}{text}{more}{end}"


def file_json(file: FileChange) -> dict[str, Any]:
    """A changed file."""
    return {
        "path": file.path,
        "old_path": file.old_path,
        "letter": file.letter.value,
        "added": file.added,
        "removed": file.removed,
        "old_mode": file.old_mode,
        "new_mode": file.new_mode,
        "binary": file.is_binary,
        "generated": file.is_generated,
        "large": file.is_large,
        "whitespace_only": file.is_whitespace_only,
        "outside_scope": file.is_outside_scope,
    }


def patch_json(patch: FilePatch) -> dict[str, Any]:
    """A changed file with its hunks."""
    notes = sorted(note.value for note in patch.notes)
    return {**file_json(patch.file), "notes": notes, "hunks": [_hunk_json(hunk) for hunk in patch.hunks]}


def _hunk_json(hunk: Hunk) -> dict[str, Any]:
    return {
        "old_start": hunk.old_start,
        "old_count": hunk.old_count,
        "new_start": hunk.new_start,
        "new_count": hunk.new_count,
        "section": hunk.section,
        "rows": [_row_json(row) for row in marked(hunk.rows)],
    }


def _row_json(row: DiffRow) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "old": row.old_no,
        "new": row.new_no,
        "text": row.text,
        "end": row.end,
        "cut": row.cut,
        "marks": [list(span) for span in row.marks],
    }
