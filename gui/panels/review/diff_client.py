"""The client of the helper process that reads diffs: requests files, rows, colours and context, emits the answers.

A newer request of a kind replaces an older one, whose answers are not emitted any more. If the process crashes, what
was requested is requested once more, and then fails with a sentence.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.review.diff_records import (
    ColourSpan,
    DiffRow,
    FileChange,
    FileColours,
    FilePatch,
    UnchangedLines,
)
from gui.control.line_process import LineProcess
from gui.panels.review.diff_messages import (
    colours_from_json,
    file_from_json,
    file_to_json,
    hunk_from_json,
    notes_from_json,
    row_from_json,
)
from gui.translation import tr, translatable

_log = logging.getLogger(__name__)
_CRASHED = translatable(
    "The process that reads diffs crashed twice over this. Compare the commits with git, or open it again."
)


@dataclass(frozen=True, kw_only=True)
class ComparedSides:
    """What is compared: two commits of a repository, and whether white space counts."""

    repo: Path
    before: str
    after: str
    ignore_whitespace: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the process reads it."""
        return {
            "repo": str(self.repo),
            "before": self.before,
            "after": self.after,
            "whitespace": self.ignore_whitespace,
        }


@dataclass
class _Request:
    """What was requested, and what has arrived of the answer."""

    message: dict[str, Any]
    file: FileChange | None = None
    tries: int = 1
    files: list[FileChange] = field(default_factory=list)
    heads: list[Sequence[Any]] = field(default_factory=list)
    rows: list[list[DiffRow]] = field(default_factory=list)
    old: list[Sequence[ColourSpan]] = field(default_factory=list)
    new: list[Sequence[ColourSpan]] = field(default_factory=list)
    shown: bool = False

    def start_over(self) -> None:
        """Forget what has arrived."""
        self.tries += 1
        for each in (self.files, self.heads, self.rows, self.old, self.new):
            each.clear()


class DiffClient(QObject):
    """Reads diffs for the review.

    Each request returns its number, which comes first with each signal:
        files_listed: (number, list of FileChange) all changed files, by path.
        patch_begun: (number, FilePatch) the first rows of a long file; its last hunk may go on.
        patch_opened: (number, FilePatch) all rows of the file.
        colours_found: (number, FileColours) the colours of both sides, after `patch_opened`; there may be none.
        context_opened: (number, list of DiffRow) unchanged lines.
        failed: (number, sentence) it cannot be read, and what to do.
    """

    files_listed = Signal(int, object)
    patch_begun = Signal(int, object)
    patch_opened = Signal(int, object)
    colours_found = Signal(int, object)
    context_opened = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._helper = LineProcess("gui.panels.review.diff_server", self)
        self._helper.answered.connect(self._on_answered)
        self._helper.ended.connect(self._on_ended)
        self._requests: dict[int, _Request] = {}
        self._last = 0

    @property
    def process_id(self) -> int:
        """The id of the process, 0 while there is none."""
        return self._helper.process_id

    def start(self) -> None:
        """Start the process ahead of the first request, which then need not wait for it."""
        self._helper.start()

    def list_files(self, sides: ComparedSides, *, scope: Sequence[str] = ()) -> int:
        """Request the changed files; `scope` are the patterns of the workstream, relative to the repository."""
        return self._request(_Request({"do": "list", **sides.to_json(), "scope": list(scope)}))

    def open_file(self, sides: ComparedSides, file: FileChange) -> int:
        """Request the rows of a file, then its colours."""
        return self._request(_Request({"do": "open", **sides.to_json(), "file": file_to_json(file)}, file))

    def open_context(self, repo: Path, file: FileChange, lines: UnchangedLines) -> int:
        """Request unchanged lines, which `FilePatch.next_above` names; `opened_above` puts them into the patch."""
        message = {"do": "context", "repo": str(repo), "file": file_to_json(file), "lines": list(lines)}
        return self._request(_Request(message))

    def drop(self) -> None:
        """Forget everything that was requested."""
        self._requests.clear()
        if self._helper.is_running:
            self._helper.send({"do": "drop"})

    def close(self) -> None:
        """End the process."""
        self._requests.clear()
        self._helper.close()

    def _request(self, request: _Request) -> int:
        kind = request.message["do"]
        self._requests = {
            number: each for number, each in self._requests.items() if each.message["do"] != kind
        }
        self._last += 1
        request.message["id"] = self._last
        self._requests[self._last] = request
        self._helper.send(request.message)
        return self._last

    @Slot(object)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        number = answer["id"]
        request = self._requests.get(number)
        if request is None:  # replaced or dropped
            return
        if answer.get("done"):
            del self._requests[number]
        if "failed" in answer:
            self.failed.emit(number, answer["failed"])
        elif "rows" in answer:
            self.context_opened.emit(number, list(map(row_from_json, answer["rows"])))
        elif request.file is None:
            self._take_files(number, request, answer)
        else:
            self._take_patch(number, request, request.file, answer)

    def _take_files(self, number: int, request: _Request, answer: dict[str, Any]) -> None:
        request.files += map(file_from_json, answer.get("files", ()))
        if answer.get("done"):
            self.files_listed.emit(number, request.files)

    def _take_patch(self, number: int, request: _Request, file: FileChange, answer: dict[str, Any]) -> None:
        if "parts" in answer:
            for part in answer["parts"]:
                if part["head"] is not None:
                    request.heads.append(part["head"])
                    request.rows.append([])
                request.rows[-1] += map(row_from_json, part["rows"])
            if not request.shown and request.heads:
                request.shown = True
                self.patch_begun.emit(number, _patch(request, file))
        elif "lines" in answer:
            self.patch_opened.emit(number, _patch(request, file, answer))
        elif "colours" in answer:
            request.old += colours_from_json(answer["colours"]["old"])
            request.new += colours_from_json(answer["colours"]["new"])
        else:
            self.colours_found.emit(number, FileColours(request.old, request.new))

    @Slot()
    def _on_ended(self) -> None:
        """Request once more what the crashed process has not answered."""
        _log.warning(
            "The process that reads diffs ended unexpectedly; it is started again when it is needed."
        )
        for number, request in list(self._requests.items()):
            if request.tries > 1:
                del self._requests[number]
                self.failed.emit(number, tr(_CRASHED))
            else:
                request.start_over()
                self._helper.send(request.message)


def _patch(request: _Request, file: FileChange, end: dict[str, Any] | None = None) -> FilePatch:
    hunks = [hunk_from_json(head, list(rows)) for head, rows in zip(request.heads, request.rows, strict=True)]
    if end is None:
        return FilePatch(file=file, hunks=hunks)
    return FilePatch(file=file, hunks=hunks, new_lines=end["lines"], notes=notes_from_json(end["notes"]))
