"""Read what differs in changed files: their hunks, and the unchanged lines around them.

Every file is compared as text, whatever an attribute says; `FileChange.is_binary` comes from its content.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.review.blobs import content
from engine.review.diff_records import DiffNote, DiffRow, FileChange, FilePatch, Hunk, RowKind, UnchangedLines
from engine.review.file_diffs import diffs_by_sides
from engine.review.patch_parser import (
    ParsedPatch,
    Sides,
    decoded,
    notes_of,
    parse_patch,
    replaced,
    row_of,
    unended,
)
from state.records import NOTHING

CONTEXT = 3
MOST_BYTES = 32_000_000
MOST_LINES = 200_000
"""Of a file whose two sides are larger together, or that differs in more lines, no rows are made."""
_AT_ONCE = 50


def file_patch(
    repo: Path,
    before: str,
    after: str,
    *,
    file: FileChange,
    ignore_whitespace: bool = False,
    context: int = CONTEXT,
) -> FilePatch:
    """The hunks of one changed file, without word marks and without the count of its lines.

    Raises:
        GitError: the commits or the file cannot be read.
    """
    found = file_patches(
        repo, before, after, files=[file], ignore_whitespace=ignore_whitespace, context=context
    )
    return next(found)


def file_patches(
    repo: Path,
    before: str,
    after: str,
    *,
    files: Sequence[FileChange],
    ignore_whitespace: bool = False,
    context: int = CONTEXT,
    env: Mapping[str, str] = NOTHING,
) -> Iterator[FilePatch]:
    """The hunks of many changed files, in their order; some dozens at a time.

    Raises:
        GitError: the commits or the files cannot be read.
    """
    for start in range(0, len(files), _AT_ONCE):
        some = files[start : start + _AT_ONCE]
        shown = [file for file in some if has_rows(file)]
        parsed = diffs_by_sides(
            repo,
            (before, after),
            *("-p", "--text", f"--unified={context}"),
            files=shown,
            parse=parse_patch,
            ignore_whitespace=ignore_whitespace,
            env=env,
        )
        for file in some:
            found = _of(file, parsed) if file in shown else ParsedPatch([], set())
            notes = found.notes | ({DiffNote.TOO_LARGE} if _is_too_large(file) else set())
            yield FilePatch(file=file, hunks=found.hunks, notes=frozenset(notes))


def has_rows(file: FileChange) -> bool:
    """Whether rows are made of the file at all."""
    return not file.is_binary and not _is_too_large(file) and file.old_blob != file.new_blob


def _is_too_large(file: FileChange) -> bool:
    is_huge = file.old_size + file.new_size > MOST_BYTES or file.added + file.removed > MOST_LINES
    return is_huge and not file.is_binary


def _of(file: FileChange, parsed: Mapping[Sides, ParsedPatch]) -> ParsedPatch:
    """The hunks of a file; one whose type changed is removed and added again."""
    sides = [(file.old_blob, file.new_blob)]
    if sides[0] not in parsed:
        sides = [(file.old_blob, ""), ("", file.new_blob)]
    parts = [parsed[each] for each in sides if each in parsed]
    return ParsedPatch(
        [hunk for part in parts for hunk in part.hunks], {note for part in parts for note in part.notes}
    )


def line_count(data: bytes) -> int:
    """How many lines there are, the last one with or without a line feed."""
    return data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


def context_rows(repo: Path, file: FileChange, lines: UnchangedLines) -> list[DiffRow]:
    """The rows of unchanged lines, which `FilePatch.next_above` names.

    Raises:
        GitError: the file cannot be read.
    """
    every = decoded(content(repo, file.new_blob)).split("\n")
    numbers = range(lines.first, min(lines.last, len(every)) + 1)
    rows = [row_of(RowKind.CONTEXT, number + lines.offset, number, every[number - 1]) for number in numbers]
    if rows and rows[-1].new_no == len(every):  # what follows the last line feed
        rows[-1] = unended(rows[-1])
    return replaced(rows)


def opened_above(patch: FilePatch, index: int, rows: Sequence[DiffRow]) -> FilePatch:
    """The patch with these unchanged rows above that hunk, or below the last; hunks that meet become one."""
    hunks = list(patch.hunks)
    if not rows:
        return patch
    if index < len(hunks):
        hunks[index] = _joined([_of_context(rows), hunks[index]])
        if index and hunks[index - 1].end_new >= hunks[index].first_new:
            hunks[index - 1 : index + 1] = [_joined(hunks[index - 1 : index + 1])]
    elif hunks:
        hunks[-1] = _joined([hunks[-1], _of_context(rows)])
    return replace(patch, hunks=hunks, notes=patch.notes | set(notes_of(rows)))


def _of_context(rows: Sequence[DiffRow]) -> Hunk:
    old, new = rows[0].old_no or 1, rows[0].new_no or 1
    return Hunk(old_start=old, old_count=len(rows), new_start=new, new_count=len(rows), rows=rows)


def _joined(parts: Sequence[Hunk]) -> Hunk:
    """These hunks, which follow each other without a gap, as one."""
    parts = [part for part in parts if part.rows]
    old_count, new_count = sum(part.old_count for part in parts), sum(part.new_count for part in parts)
    return Hunk(
        old_start=parts[0].first_old - (not old_count),
        old_count=old_count,
        new_start=parts[0].first_new - (not new_count),
        new_count=new_count,
        section=next((part.section for part in parts if part.section), ""),
        rows=[row for part in parts for row in part.rows],
    )
