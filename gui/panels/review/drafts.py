"""What a person is writing and has not added: kept by line until it is added or dropped, over a restart too. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gui.panels.review.diff_lines import Line
from gui.panels.review.review_records import WorkstreamKey
from gui.panels.review.shown_rows import Place
from gui.translation import tr
from state.worktree_records import MOST_COMMENT, DiffSide

_MOST = 200


@dataclass
class CommentDraft:
    """A comment being written: on these lines of a file, or on all of the work where it has no path."""

    key: WorkstreamKey
    path: str | None
    line: Line | None
    text: str = ""

    @property
    def place(self) -> Place | None:
        """Where its thread stands."""
        return None if self.line is None else self.line.place


def too_long(text: str) -> str:
    """Why this text is too long for a comment; empty where it is not."""
    number = len(text.strip())
    if number <= MOST_COMMENT:
        return ""
    return tr("{number:,} characters; {most:,} are the most", number=number, most=MOST_COMMENT)


class Drafts:
    """All drafts of one window."""

    def __init__(self) -> None:
        self._drafts: list[CommentDraft] = []
        self._sent: list[CommentDraft] = []

    def of(self, key: WorkstreamKey) -> list[CommentDraft]:
        """The drafts on a workstream."""
        return [draft for draft in self._drafts if draft.key == key]

    def written(self, key: WorkstreamKey) -> list[CommentDraft]:
        """Those with a text."""
        return [draft for draft in self.of(key) if draft.text.strip()]

    def at(self, key: WorkstreamKey, path: str | None, place: Place | None) -> CommentDraft | None:
        """The draft at a place."""
        return next((one for one in self.of(key) if (one.path, one.place) == (path, place)), None)

    def begin(self, key: WorkstreamKey, path: str | None, line: Line | None) -> CommentDraft:
        """The draft at a place, an empty one if there is none."""
        found = self.at(key, path, None if line is None else line.place)
        if found is None:
            found = CommentDraft(key, path, line)
            self._drafts = [*self._drafts, found][-_MOST:]
        return found

    def drop(self, draft: CommentDraft | None) -> None:
        """Forget a draft."""
        self._drafts = [one for one in self._drafts if one is not draft]

    def send(self, draft: CommentDraft) -> None:
        """Take a draft out of its field; it is kept until the engine has answered, see `settle`."""
        self.drop(draft)
        self._sent.append(draft)

    def settle(self, draft: CommentDraft, refusal: str) -> None:
        """Forget a draft that was taken; one that was refused is in its field again, before what is written there."""
        was_sent = any(one is draft for one in self._sent)
        self._sent = [one for one in self._sent if one is not draft]
        if not refusal:
            self.drop(draft)
        elif was_sent:
            written = self.at(draft.key, draft.path, draft.place)
            self.drop(written)
            draft.text = "\n\n".join(filter(None, (draft.text, written.text if written else "")))
            self._drafts = [*self._drafts, draft][-_MOST:]

    def drop_all(self, drafts: Iterable[CommentDraft]) -> None:
        """Forget some drafts."""
        for draft in list(drafts):
            self.drop(draft)

    def to_json(self) -> list[dict[str, Any]]:
        """The drafts as JSON values."""
        return [_to_json(draft) for draft in (*self._drafts, *self._sent) if draft.text.strip()]

    def restore(self, values: object) -> None:
        """Take drafts as `to_json` wrote them; invalid ones are ignored."""
        if isinstance(values, Sequence):
            self._drafts = [draft for one in values if (draft := _from_json(one)) is not None][-_MOST:]


def _to_json(draft: CommentDraft) -> dict[str, Any]:
    line = draft.line
    at = None if line is None else [line.side.value, line.first, line.last, line.quoted]
    return {"key": list(draft.key), "path": draft.path, "line": at, "text": draft.text}


def _from_json(value: object) -> CommentDraft | None:
    if not isinstance(value, Mapping):
        return None
    try:
        run_id, ws_id = (str(part) for part in value["key"])
        at = value.get("line")
        line = None if at is None else Line(DiffSide(at[0]), int(at[1]), int(at[2]), str(at[3]))
        path = value.get("path")
        return CommentDraft((run_id, ws_id), None if path is None else str(path), line, str(value["text"]))
    except (KeyError, TypeError, ValueError, IndexError):
        return None
