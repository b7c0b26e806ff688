"""The helper process behind the review: reads git, marks words and colours code, away from the window. Writes no file.

The protocol is one JSON object per line on standard input and output. Only one answer may be unacknowledged, so a busy
window is never flooded; a part of an answer is made when it is its turn. A newer request of a kind replaces an older.

Requests, by their ``do``: ``list`` {id, repo, before, after, whitespace, scope} sends the changed files; ``open`` {id,
repo, before, after, whitespace, file} sends the rows of a file, then its colours; ``context`` {id, repo, file, lines:
[first, last, offset]} sends unchanged rows; ``drop`` discards everything that was requested; ``ack`` requests the next
answer. Answers have the ``id`` of their request and one of: {files}, the list; {parts}, some rows of a file; {lines,
notes}, after the last of them; {colours: {old, new}}, the colours of the next lines of each side; {rows}, the unchanged
rows; {failed: why}. The last answer to a request has ``done``.
"""

import gc
import json
import queue
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

from engine.errors import GitError
from engine.review.blobs import contents
from engine.review.changed_files import changed_files
from engine.review.diff_records import ColourSpan, FileChange, FilePatch, UnchangedLines
from engine.review.file_patches import context_rows, file_patch, line_count
from engine.review.syntax_colours import MOST_BYTES, syntax_colours
from engine.system.git import git_program
from gui.control.line_server import Requests, serve_lines
from gui.panels.review.diff_messages import file_from_json, file_to_json, parts_of

_FILES = 500
_COLOURED_LINES = 1_000
_ROWS_BETWEEN = 200_000
_ORDER = ("list", "context", "open")
"""What is answered first."""

Answers = Iterator[dict[str, Any]]


class DiffServer:
    """Serves requests until standard input ends."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers
        self._open: dict[str, tuple[int, Answers]] = {}
        self._acknowledged = True

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while True:
            busy = self._acknowledged and bool(self._open)
            try:
                request = self._requests.get(block=not busy)
            except queue.Empty:
                self._send()
                continue
            if request is None:
                return
            self._serve(request)

    def _serve(self, request: dict[str, Any]) -> None:
        match request["do"]:
            case "ack":
                self._acknowledged = True
            case "drop":
                self._open.clear()
            case kind:
                self._open[kind] = int(request["id"]), answers_to(request)

    def _send(self) -> None:
        """Make and send the next answer."""
        kind = next(each for each in _ORDER if each in self._open)
        number, answers = self._open[kind]
        try:
            answer = next(answers, None)
        except GitError as error:
            answer = {"failed": str(error), "done": True}
        if answer is None or answer.get("done"):
            del self._open[kind]
        json.dump({"id": number, **(answer or {"done": True})}, self._answers, separators=(",", ":"))
        self._answers.write("\n")
        self._answers.flush()
        self._acknowledged = False


def answers_to(request: dict[str, Any]) -> Answers:
    """The answers to a request, without its id and made one by one.

    Raises:
        GitError: the repository or the commits cannot be read.
    """
    match request["do"]:
        case "list":
            return _files(request)
        case "context":
            return _context(request)
        case _:
            return _patch(request)


def _files(request: dict[str, Any]) -> Answers:
    found = changed_files(
        Path(request["repo"]),
        request["before"],
        request["after"],
        ignore_whitespace=request["whitespace"],
        scope=request["scope"],
    )
    for start in range(0, len(found), _FILES):
        yield {"files": [file_to_json(file) for file in found[start : start + _FILES]]}


def _context(request: dict[str, Any]) -> Answers:
    lines = UnchangedLines(*request["lines"])
    yield {"rows": context_rows(Path(request["repo"]), file_from_json(request["file"]), lines), "done": True}


def _patch(request: dict[str, Any]) -> Answers:
    repo, file = Path(request["repo"]), file_from_json(request["file"])
    patch = file_patch(
        repo, request["before"], request["after"], file=file, ignore_whitespace=request["whitespace"]
    )
    for part in parts_of(patch):
        yield {"parts": part}
    old, new = _contents(repo, patch)
    yield {"lines": line_count(new), "notes": sorted(patch.notes)}
    if patch.hunks and max(len(old), len(new)) <= MOST_BYTES:
        yield from _colours(file, old, new)


def _contents(repo: Path, patch: FilePatch) -> tuple[bytes, bytes]:
    """What the file holds on both sides; nothing where there are no rows, or no text behind them."""
    file = patch.file
    if file.is_submodule or not patch.hunks:
        return b"", b""
    found = contents(repo, [file.old_blob, file.new_blob])
    return found.get(file.old_blob, b""), found.get(file.new_blob, b"")


def _colours(file: FileChange, old: bytes, new: bytes) -> Answers:
    old_lines = syntax_colours(file.old_path or file.path, old)
    new_lines = syntax_colours(file.path, new)
    for old_part, new_part in zip_longest(_parts(old_lines), _parts(new_lines), fillvalue=()):
        yield {"colours": {"old": old_part, "new": new_part}}


def _parts(lines: Sequence[Sequence[ColourSpan]]) -> Iterator[Sequence[Sequence[ColourSpan]]]:
    for start in range(0, len(lines), _COLOURED_LINES):
        yield lines[start : start + _COLOURED_LINES]


def main() -> None:
    """Serve the client on standard input and output."""
    # Rows are no part of a circle, and looking for one takes as long as making them.
    gc.set_threshold(_ROWS_BETWEEN)
    git_program()  # a login shell may have to be started for it: now, not when somebody waits for a diff
    serve_lines(lambda requests, answers: DiffServer(requests, answers).run())


if __name__ == "__main__":
    main()
