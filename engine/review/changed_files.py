"""List the files that differ between two commits, with counts and with what folds or flags each of them.

Reads git, runs no program that a repository names, and believes no attribute that hides text: a file counts as binary
by its content alone.
"""

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.review.blobs import contents, sizes
from engine.review.diff_records import ChangeLetter, FileChange
from engine.review.file_diffs import diffs_by_sides
from engine.review.file_patches import has_rows
from engine.review.generated import generated_by_attributes, is_generated_content, is_generated_name
from engine.review.patch_parser import line_counts
from engine.review.tree_diff import tree_diff
from engine.scheduling.path_scopes import covers
from state.records import NOTHING

LARGE_LINES = 5_000
"""A file with more changed lines is folded."""
LARGE_BYTES = 1_000_000
"""So is a larger one."""
_SEARCHED_BYTES = 16_000_000
_BINARY_WITHIN = 8_000  # where git, too, searches for a NUL
_LETTERS = {b"A": ChangeLetter.ADDED, b"D": ChangeLetter.DELETED, b"R": ChangeLetter.RENAMED}
_Counts = Mapping[str, tuple[int, int] | None]


def changed_files(
    repo: Path,
    before: str,
    after: str,
    *,
    ignore_whitespace: bool = False,
    scope: Collection[str] = (),
    env: Mapping[str, str] = NOTHING,
) -> list[FileChange]:
    """The files that differ between two commits or trees, by path; `scope` are the patterns the workstream declared.

    `env` may name folders with more objects than the repository has.

    Raises:
        GitError: one of the commits does not exist, or the repository cannot be read.
    """
    data = tree_diff(
        repo, (before, after), "-z", "--raw", "--numstat", ignore_whitespace=ignore_whitespace, env=env
    )
    fields = deque(data.split(b"\0"))
    raw, counts = list(_raw(fields)), _counts(fields)
    files = _measured(repo, raw, counts, env=env)
    texts = _texts_called_binary(repo, files, env=env)
    known = _recounted(repo, (before, after), texts, ignore_whitespace=ignore_whitespace, env=env)
    files = [known.get(file.path, file) for file in files]
    generated = _generated(repo, before, files, env=env)
    return [
        replace(
            file,
            is_generated=file.path in generated,
            is_large=_is_large(file),
            is_whitespace_only=ignore_whitespace and _has_no_lines(file),
            is_outside_scope=_outside(file, scope),
        )
        for file in files
    ]


def raw_changes(repo: Path, before: str, after: str) -> list[FileChange]:
    """The files that differ between two commits by path, without their counts and sizes.

    Raises:
        GitError: one of the commits does not exist, or the repository cannot be read.
    """
    return list(_raw(deque(tree_diff(repo, (before, after), "-z", "--raw").split(b"\0"))))


def _outside(file: FileChange, scope: Collection[str]) -> bool:
    touched = [file.path] if file.old_path is None else [file.path, file.old_path]
    return bool(scope) and not all(covers(scope, path) for path in touched)


def _raw(fields: deque[bytes]) -> Iterator[FileChange]:
    """Take the entries of ``--raw -z`` off the fields."""
    while fields and fields[0].startswith(b":"):
        old_mode, new_mode, old_blob, new_blob, letter = fields.popleft()[1:].split(b" ")
        first = os.fsdecode(fields.popleft())
        renamed = letter.startswith(b"R")
        yield FileChange(
            path=os.fsdecode(fields.popleft()) if renamed else first,
            old_path=first if renamed else None,
            letter=_LETTERS.get(letter[:1], ChangeLetter.MODIFIED),
            old_blob=_known(old_blob),
            new_blob=_known(new_blob),
            old_mode=_known(old_mode),
            new_mode=_known(new_mode),
        )


def _known(word: bytes) -> str:
    """A mode or an id; empty if it is all zeros."""
    return word.decode() if word.strip(b"0") else ""


def _counts(fields: deque[bytes]) -> _Counts:
    """Take the counts of ``--numstat -z`` off the fields; None for what git calls binary."""
    found: dict[str, tuple[int, int] | None] = {}
    while len(fields) > 1:
        added, removed, path = fields.popleft().split(b"\t", 2)
        if not path:  # a rename: its two paths follow
            fields.popleft()
            path = fields.popleft()
        found[os.fsdecode(path)] = (int(added), int(removed)) if added.isdigit() else None
    return found


def _recounted(
    repo: Path,
    sides: tuple[str, str],
    files: Sequence[FileChange],
    *,
    ignore_whitespace: bool,
    env: Mapping[str, str],
) -> Mapping[str, FileChange]:
    """Files that git calls binary with the counts they have as text, by path."""
    counts = diffs_by_sides(
        repo,
        sides,
        *("-p", "--text", "--unified=0"),
        files=files,
        parse=line_counts,
        ignore_whitespace=ignore_whitespace,
        env=env,
    )
    known = {file.path: counts.get((file.old_blob, file.new_blob), (0, 0)) for file in files}
    return {
        file.path: replace(file, added=known[file.path][0], removed=known[file.path][1]) for file in files
    }


def _has_no_lines(file: FileChange) -> bool:
    """Whether both sides exist and differ, and yet no line does."""
    modified = file.letter is ChangeLetter.MODIFIED and not file.is_type_changed
    return modified and has_rows(file) and not file.added + file.removed


def _measured(
    repo: Path, files: Sequence[FileChange], counts: _Counts, *, env: Mapping[str, str]
) -> list[FileChange]:
    """The files with their sizes and counts."""
    found = sizes(repo, (blob for file in files if not file.is_submodule for blob in _blobs(file)), env=env)
    return [
        replace(
            file,
            added=count[0] if count else 0,
            removed=count[1] if count else 0,
            is_binary=count is None,
            old_size=found.get(file.old_blob, 0),
            new_size=found.get(file.new_blob, 0),
        )
        for file in files
        for count in (counts.get(file.path, (0, 0)),)
    ]


def _is_large(file: FileChange) -> bool:
    return file.added + file.removed > LARGE_LINES or max(file.old_size, file.new_size) > LARGE_BYTES


def _blobs(file: FileChange) -> list[str]:
    return [blob for blob in (file.old_blob, file.new_blob) if blob]


def _texts_called_binary(
    repo: Path, files: Sequence[FileChange], *, env: Mapping[str, str]
) -> list[FileChange]:
    """The files that are text, and that only an attribute calls binary."""
    binary = [file for file in files if file.is_binary and file.old_size + file.new_size <= _SEARCHED_BYTES]
    found = contents(repo, (blob for file in binary for blob in _blobs(file)), env=env)
    return [
        replace(file, is_binary=False)
        for file in binary
        if not any(_has_nul(found.get(blob, b"\0")) for blob in _blobs(file))
    ]


def _has_nul(content: bytes) -> bool:
    return b"\0" in content[:_BINARY_WITHIN]


def _generated(repo: Path, base: str, files: Sequence[FileChange], *, env: Mapping[str, str]) -> set[str]:
    """The paths of generated files: by the attributes of the base, else by name or by a mark inside."""
    marked = generated_by_attributes(repo, base, [file.path for file in files], env=env)
    left = [file for file in files if file.path not in marked]
    found = {file.path for file in left if is_generated_name(file.path)}
    texts = [file for file in left if file.path not in found]
    read = contents(repo, _within(texts), env=env)
    found |= {file.path for file in texts if is_generated_content(file.path, read.get(_first(file), b""))}
    return found | {path for path, is_generated in marked.items() if is_generated}


def _within(files: Sequence[FileChange]) -> Iterator[str]:
    """The blobs that are searched for a mark: text of a bearable size, and not too much in all."""
    left = _SEARCHED_BYTES
    for file in files:
        size = file.old_size or file.new_size
        if file.is_binary or file.is_submodule or not size or size > min(LARGE_BYTES, left):
            continue
        left -= size
        yield _first(file)


def _first(file: FileChange) -> str:
    """The blob whose marks count: the old one, where there is one, so that a change cannot fold its own file away."""
    return file.old_blob or file.new_blob
