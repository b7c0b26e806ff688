"""The comment threads of a file, and the rows of all comments, from the stored comments and what is being written."""

from collections.abc import Iterable, Sequence

from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible, one_line
from gui.panels.review.drafts import CommentDraft
from gui.panels.review.review_records import ReviewedWork
from gui.panels.review.shown_rows import Place
from gui.panels.review.side_rows import SideComment
from gui.panels.review.thread_card import Message, Thread
from state.worktree_records import CommentState, ReviewComment

_IN_GENERAL = "in general"


def place_of(comment: ReviewComment) -> Place | None:
    """Where the thread of a comment stands."""
    last = comment.last_line or comment.line
    return None if last is None else (comment.side, last)


def unsent(comments: Iterable[ReviewComment]) -> list[ReviewComment]:
    """The comments that go back with the next attempt."""
    return [comment for comment in comments if comment.state is CommentState.DRAFT]


def threads_of(
    work: ReviewedWork,
    path: str,
    drafts: Sequence[CommentDraft],
    *,
    gone: Iterable[Place] = (),
    viewed: bool = False,
) -> list[Thread]:
    """The threads of one file, in the order of their lines; of a place that is `gone` it says so."""
    here = [comment for comment in work.comments if comment.path == path]
    written = {draft.place: draft for draft in drafts if draft.path == path and draft.place is not None}
    places = {place for comment in here if (place := place_of(comment)) is not None} | written.keys()
    lost = set(gone)
    known = [place for place in places if place is not None]
    return [
        _thread(work, place, here, written.get(place), gone=place in lost, viewed=viewed)
        for place in sorted(known, key=lambda place: (place[1], place[0]))
    ]


def comment_rows(work: ReviewedWork, drafts: Sequence[CommentDraft]) -> list[SideComment]:
    """A row for each comment: what is being written first, then the stored ones."""
    rows = [
        SideComment(
            title=_title(draft.path, draft.line.first if draft.line else None),
            note="being written",
            text=one_line(draft.text),
            path=draft.path,
            place=draft.place,
            is_open=True,
        )
        for draft in drafts
        if draft.text.strip()
    ]
    return rows + [_row(comment) for comment in work.comments]


def _thread(
    work: ReviewedWork,
    place: Place,
    comments: Sequence[ReviewComment],
    draft: CommentDraft | None,
    *,
    gone: bool,
    viewed: bool,
) -> Thread:
    here = [comment for comment in comments if place_of(comment) == place]
    settled = bool(here) and draft is None and all(one.state is CommentState.SETTLED for one in here)
    first = next((one.line for one in here), None) or (draft.line.first if draft and draft.line else place[1])
    lines = f"Line {place[1]}" if first == place[1] else f"Lines {first} to {place[1]}"
    return Thread(
        place=place,
        lines=lines,
        messages=[Message("You", comment.text, comment.created_at) for comment in here],
        note=", ".join(
            filter(None, ("the line is gone" if gone else "", _note(work, here, settled=settled)))
        ),
        settled=settled,
        folded=settled and viewed,
        draft=None if draft is None else draft.text,
        comment_ids=[comment.id for comment in here if comment.state is CommentState.DRAFT],
    )


def _note(work: ReviewedWork, here: Sequence[ReviewComment], *, settled: bool) -> str:
    attempt = max((one.attempt for one in here if one.attempt is not None), default=None)
    if settled:
        return f"settled in attempt {attempt}" if attempt is not None else "settled"
    if here and all(one.state is CommentState.SENT for one in here):
        return f"sent to attempt {attempt}" if attempt is not None else "sent"
    open_ones = unsent(work.comments)
    number = next((n for n, one in enumerate(open_ones, 1) if one in here), None)
    return f"{number} of {len(open_ones)} comments" if number is not None and len(open_ones) > 1 else ""


def _row(comment: ReviewComment) -> SideComment:
    settled = comment.state is CommentState.SETTLED
    notes = {CommentState.DRAFT: clock_minute(comment.created_at), CommentState.SENT: "sent"}
    return SideComment(
        title=_title(comment.path, comment.line),
        note="settled" if settled else notes[comment.state],
        text=one_line(comment.text),
        path=comment.path,
        place=place_of(comment),
        settled=comment.state is not CommentState.DRAFT,
    )


def _title(path: str | None, line: int | None) -> str:
    if path is None:
        return _IN_GENERAL
    name = escape_invisible(path.rpartition("/")[2])
    return name if line is None else f"{name} {line}"
