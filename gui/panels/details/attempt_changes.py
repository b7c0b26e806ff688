"""The changes of an attempt, as lines to paint: read from git outside the GUI thread. No Qt."""

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import GitError
from engine.review.changed_files import changed_files
from engine.review.diff_records import DiffNote, DiffRow, FileChange, FilePatch, RowKind
from engine.review.display_text import DisplayText
from engine.review.file_patches import file_patches
from engine.system import git, snapshots
from engine.system.git import ChangedFile
from engine.system.plain_text import escape_invisible
from engine.system.snapshots import TreeSnapshot
from gui.translation import tr, translatable
from state.records import NOTHING

_MOST_LINES = 20_000
"""The total number of changed lines shown; files beyond it are only named."""
_TOO_LARGE = translatable("Too large to show; open it in an editor.")

LineKind = RowKind | Literal["hunk", "note"]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One row: its line numbers in the old and the new file, None if it is not in that file."""

    kind: LineKind
    text: str
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True)
class FileDiff:
    """One file that differs; the counts are None for a binary file."""

    path: str
    added: int | None = None
    removed: int | None = None
    lines: tuple[DiffLine, ...] = ()


@dataclass(frozen=True)
class AttemptChanges:
    """The files an attempt changed, what they were compared with, or why that is not known."""

    files: tuple[FileDiff, ...] = ()
    compared: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class DiffRequest:
    """The attempt to compare: its folder, whether it runs, and the metadata of its result.

    `repo` is where its job works, for commits of attempts that recorded nothing before they began.
    """

    folder: Path
    running: bool
    metadata: Mapping[str, Any]
    repo: Path | None = None


def read_changes(request: DiffRequest) -> AttemptChanges:
    """Find out from git what the attempt changed; errors of git become `problem`, never exceptions."""
    metadata = request.metadata
    if metadata.get("changes_unknown"):
        return AttemptChanges(
            problem=tr("The changes are not known: {reason}", reason=metadata["changes_unknown"])
        )
    known = [ChangedFile(**file) for file in metadata.get("changed_files", ())]
    if not request.running and "changed_files" in metadata and not known:
        return AttemptChanges()
    note = _note(request.folder) or _note_of_commit(request)
    if note is None or "reason" in note:
        names = tuple(
            FileDiff(file.path, file.added, file.removed, _note_line(tr("Its lines are no longer known.")))
            for file in known
        )
        return AttemptChanges(files=names, problem="" if names else _not_recorded(request, note))
    try:
        return _compared(request, note, known)
    except (GitError, OSError) as error:
        names = tuple(FileDiff(file.path, file.added, file.removed) for file in known)
        return AttemptChanges(files=names, problem=str(error))


def _not_recorded(request: DiffRequest, note: Mapping[str, Any] | None) -> str:
    reason = "" if note is None else str(note["reason"])
    if request.running and reason:
        return tr("The changes of this attempt are not recorded yet: {reason}.", reason=reason)
    if request.running:
        return tr("The changes of this attempt are not recorded yet.")
    if reason:
        return tr("The changes of this attempt were not recorded: {reason}.", reason=reason)
    return tr("The changes of this attempt were not recorded.")


def lines_of(patch: FilePatch) -> Iterator[DiffLine]:
    """The rows of a file as they are painted, or the sentence that stands in place of them."""
    if patch.hunks:
        for hunk in patch.hunks:
            yield DiffLine("hunk", f"{hunk.head} {escape_invisible(hunk.section)}".rstrip())
            for row in hunk.rows:
                yield from _row_lines(row)
    elif patch.file.is_binary:
        yield DiffLine("note", tr("Binary file; it has no lines to show."))
    else:
        is_too_large = DiffNote.TOO_LARGE in patch.notes
        yield DiffLine("note", tr(_TOO_LARGE) if is_too_large else tr("Only its name or mode differs."))


def _row_lines(row: DiffRow) -> Iterator[DiffLine]:
    text = DisplayText(row.text).text
    yield DiffLine(row.kind, f"{text}…" if row.cut else text, row.old_no, row.new_no)
    if not row.end:
        yield DiffLine("note", tr("No newline at end of file"))


def _compared(request: DiffRequest, note: Mapping[str, Any], known: Sequence[ChangedFile]) -> AttemptChanges:
    root, before = Path(note["root"]), str(note["tree"])
    theirs = request.folder / "objects"
    with tempfile.TemporaryDirectory(prefix="signalbox-diff-") as scratch:
        ours = Path(scratch, "objects")
        env = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join((str(ours), str(theirs)))}
        earlier = None
        if request.running and theirs.is_dir():
            earlier = TreeSnapshot(before, note.get("apart", NOTHING), note.get("taken", 0))
        else:
            before = note["head"] or _empty_tree(root)
        after = request.metadata.get("commit")
        after = after or snapshots.take(root, ours, earlier=earlier, earlier_objects=theirs).tree
        files = tuple(_files(root, before, after, names={file.path for file in known}, env=env))
    return AttemptChanges(files=files, compared=_comparison(request, note))


def _files(
    root: Path, before: str, after: str, *, names: Collection[str], env: Mapping[str, str]
) -> Iterator[FileDiff]:
    """The files that differ, of those with these names or of all."""
    found = changed_files(root, before, after, env=env)
    shown, named = _share(file for file in found if not names or _shown_path(file) in names)
    for patch in file_patches(root, before, after, files=shown, env=env):
        yield _file_diff(patch.file, tuple(lines_of(patch)))
    for file in named:
        yield _file_diff(file, _note_line(tr(_TOO_LARGE)))


def _file_diff(file: FileChange, lines: tuple[DiffLine, ...]) -> FileDiff:
    added, removed = (None, None) if file.is_binary else (file.added, file.removed)
    return FileDiff(_shown_path(file), added, removed, lines)


def _shown_path(file: FileChange) -> str:
    """The path as results of attempts have it, with a replacement character in place of what is no UTF-8."""
    return os.fsencode(file.path).decode(errors="replace")


def _comparison(request: DiffRequest, note: Mapping[str, Any]) -> str:
    commit, head = request.metadata.get("commit"), note.get("head")
    if commit:
        return tr("committed as {commit}", commit=str(commit)[:7])
    if request.running:
        return tr("since the attempt began")
    if not head:
        return tr("the files as they are now")
    return tr("the files as they are now, against {commit}", commit=head[:7])


def _share(files: Iterable[FileChange]) -> tuple[list[FileChange], list[FileChange]]:
    """The files whose lines are shown, and those that would be too many."""
    shown: list[FileChange] = []
    named: list[FileChange] = []
    room = _MOST_LINES
    for file in files:
        lines = file.added + file.removed
        fits = lines <= room
        (shown if fits else named).append(file)
        room -= lines if fits else 0
    return shown, named


def _note_line(text: str) -> tuple[DiffLine, ...]:
    return (DiffLine("note", text),)


def _note(folder: Path) -> dict[str, Any] | None:
    """The record of the working tree from before the attempt."""
    try:
        found = json.loads((folder / "before.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _note_of_commit(request: DiffRequest) -> dict[str, Any] | None:
    """The state before a commit: its parent."""
    commit = request.metadata.get("commit")
    if request.repo is None or not commit:
        return None
    try:
        parent = git.git(["rev-parse", "--verify", "--quiet", f"{commit}^"], request.repo).decode().strip()
    except GitError:  # the first commit, or a deleted repository: the diff will show which
        parent = None
    return {"root": str(request.repo), "head": parent, "tree": parent}


def _empty_tree(root: Path) -> str:
    return git.git(["hash-object", "-t", "tree", "--stdin"], root).decode().strip()
