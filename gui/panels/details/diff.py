"""The changes of an attempt: a unified diff, read from git outside the GUI thread and split into lines. No Qt."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from engine.errors import GitError
from engine.system import git, snapshots
from engine.system.git import ChangedFile
from engine.system.plain_text import escape_invisible
from engine.system.snapshots import TreeSnapshot
from state.records import NOTHING

_MOST_LINES = 20_000
"""The total number of changed lines shown; files beyond it are only named."""
_LONGEST_LINE = 2000
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_ESCAPED = re.compile(rb"\\([abfnrtv\\\"]|[0-7]{3})")
_PLAIN = {b"a": 7, b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"t": 9, b"v": 11, b"\\": 92, b'"': 34}

LineKind = Literal["hunk", "same", "added", "removed", "note"]


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
        return AttemptChanges(problem=f"The changes are not known: {metadata['changes_unknown']}")
    known = [ChangedFile(**file) for file in metadata.get("changed_files", ())]
    if not request.running and "changed_files" in metadata and not known:
        return AttemptChanges()
    note = _note(request.folder) or _note_of_commit(request)
    if note is None or "reason" in note:
        names = tuple(
            FileDiff(file.path, file.added, file.removed, _note_line("Its lines are no longer known."))
            for file in known
        )
        reason = "" if note is None else f": {note['reason']}"
        return AttemptChanges(
            files=names, problem="" if names else f"The changes of this attempt were not recorded{reason}."
        )
    try:
        return _compared(request, note, known)
    except (GitError, OSError) as error:
        names = tuple(FileDiff(file.path, file.added, file.removed) for file in known)
        return AttemptChanges(files=names, problem=str(error))


def parse_diff(text: str) -> Iterator[FileDiff]:
    """Split the output of ``git diff`` into files and lines."""
    for part in re.split(r"(?m)^(?=diff --git )", text):
        if part.startswith("diff --git "):
            yield _parsed(part)


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
        paths = ["--", *(file.path for file in known)] if known else []
        options = ["-M", "--no-ext-diff", "--no-textconv", "--no-color"]
        counted = git.git(["diff", "--numstat", "-z", *options, before, after, *paths], root, env=env)
        files = list(git.parse_numstat(counted))
        shown, named = _share(files)
        if shown:
            text = git.git(
                ["diff", "-U3", *options, before, after, "--", *(file.path for file in shown)], root, env=env
            )
            parsed = {file.path: file for file in parse_diff(text.decode("utf-8", "replace"))}
        else:
            parsed = {}
    compared = [parsed.get(file.path, FileDiff(file.path, file.added, file.removed)) for file in shown]
    compared += [
        FileDiff(file.path, file.added, file.removed, _note_line("Too large to show; open it in an editor."))
        for file in named
    ]
    return AttemptChanges(
        files=tuple(_binary(file) for file in compared), compared=_comparison(request, note)
    )


def _comparison(request: DiffRequest, note: Mapping[str, Any]) -> str:
    commit, head = request.metadata.get("commit"), note.get("head")
    if commit:
        return f"committed as {str(commit)[:7]}"
    if request.running:
        return "since the attempt began"
    return f"the files as they are now, against {head[:7]}" if head else "the files as they are now"


def _share(files: Iterable[ChangedFile]) -> tuple[list[ChangedFile], list[ChangedFile]]:
    """The files whose lines are shown, and those that would be too many."""
    shown: list[ChangedFile] = []
    named: list[ChangedFile] = []
    room = _MOST_LINES
    for file in files:
        lines = (file.added or 0) + (file.removed or 0)
        fits = lines <= room
        (shown if fits else named).append(file)
        room -= lines if fits else 0
    return shown, named


def _binary(file: FileDiff) -> FileDiff:
    if file.lines:
        return file
    sentence = (
        "Binary file; it has no lines to show." if file.added is None else "Only its name or mode differs."
    )
    return replace(file, lines=_note_line(sentence))


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


def _parsed(part: str) -> FileDiff:
    path, added, removed, old, new = "", 0, 0, 0, 0
    binary = False
    lines: list[DiffLine] = []
    for line in part.split("\n"):
        if found := _HUNK.match(line):
            old, new = int(found[1]), int(found[2])
            lines.append(DiffLine("hunk", escape_invisible(line)))
        elif not lines:
            path = _path_in(line) or path
            binary = binary or line.startswith("Binary files ")
        elif line.startswith("+"):
            lines.append(DiffLine("added", _cut(line), None, new))
            new, added = new + 1, added + 1
        elif line.startswith("-"):
            lines.append(DiffLine("removed", _cut(line), old, None))
            old, removed = old + 1, removed + 1
        elif line.startswith(" "):
            lines.append(DiffLine("same", _cut(line), old, new))
            old, new = old + 1, new + 1
        elif line.startswith("\\"):
            lines.append(DiffLine("note", line[2:]))
    return FileDiff(path, None if binary else added, None if binary else removed, tuple(lines))


def _path_in(line: str) -> str:
    """The path in a header line of a file; the last one is its present name."""
    match line.partition(" "):
        case ("+++" | "---", _, name):
            return _unquoted(name.rstrip("\t"))[2:] if name != "/dev/null" else ""
        case ("rename", _, rest) if rest.startswith("to "):
            return _unquoted(rest[3:])
        case ("diff", _, rest):
            names = rest.removeprefix("--git ")
            half = len(names) // 2
            return _unquoted(names[half + 1 :])[2:]
        case _:
            return ""


def _unquoted(name: str) -> str:
    if not (name.startswith('"') and name.endswith('"')):
        return name
    raw = name[1:-1].encode()
    plain = _ESCAPED.sub(lambda found: bytes([_PLAIN.get(found[1]) or int(found[1], 8) & 0xFF]), raw)
    return plain.decode("utf-8", "replace")


def _cut(line: str) -> str:
    text = escape_invisible(line[1:].rstrip("\r").expandtabs(4))
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
