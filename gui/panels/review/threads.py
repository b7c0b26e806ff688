"""The comment threads of a file, and the rows of all comments, from the stored comments and what is being written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.review.comment_lines import LineNow
from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible, one_line
from gui.panels.review.drafts import CommentDraft
from gui.panels.review.evidence_words import comment_outcome
from gui.panels.review.review_records import ReviewedWork
from gui.panels.review.shown_rows import Place
from gui.panels.review.side_rows import SideComment
from gui.panels.review.thread_card import Message, Thread
from gui.translation import tr, translatable
from state.storable import storable_text
from state.worktree_records import CommentState, ReviewComment

_IN_GENERAL = translatable("in general")


def place_of(comment: ReviewComment, now: Mapping[int, LineNow]) -> Place | None:
    """Where the thread of a comment stands: where its line is `now`, if that is known."""
    last = comment.last_line or comment.line
    if last is None:
        return None
    found = now.get(comment.id)
    return (comment.side, last if found is None else found.line)


def unsent(comments: Iterable[ReviewComment]) -> list[ReviewComment]:
    """The comments that go back with the next attempt."""
    return [comment for comment in comments if comment.state is CommentState.DRAFT]


def threads_of(
    work: ReviewedWork,
    path: str,
    drafts: Sequence[CommentDraft],
    *,
    now: Mapping[int, LineNow],
    viewed: bool = False,
) -> list[Thread]:
    """The threads of one file, in the order of their lines, which are where `now` says."""
    stored = storable_text(path)
    here = [comment for comment in work.comments if comment.path == stored]
    written = {draft.place: draft for draft in drafts if draft.path == path and draft.place is not None}
    by_place: dict[Place, list[ReviewComment]] = {place: [] for place in written if place is not None}
    for comment in here:
        if (place := place_of(comment, now)) is not None:
            by_place.setdefault(place, []).append(comment)
    return [
        _thread(work, place, by_place[place], written.get(place), viewed=viewed)
        for place in sorted(by_place, key=lambda place: (place[1], place[0]))
    ]


def comment_rows(work: ReviewedWork, drafts: Sequence[CommentDraft]) -> list[SideComment]:
    """A row for each comment: what is being written first, then the stored ones."""
    rows = [
        SideComment(
            title=_title(draft.path, draft.line.first if draft.line else None),
            note=tr("being written"),
            text=one_line(draft.text),
            path=draft.path,
            place=draft.place,
            is_open=True,
        )
        for draft in drafts
        if draft.text.strip()
    ]
    return rows + [_row(work, comment) for comment in work.comments]


def _thread(
    work: ReviewedWork,
    place: Place,
    here: Sequence[ReviewComment],
    draft: CommentDraft | None,
    *,
    viewed: bool,
) -> Thread:
    settled = bool(here) and draft is None and all(one.state is CommentState.SETTLED for one in here)
    return Thread(
        place=place,
        lines=_lines(place, here, draft),
        messages=list(_messages(work, here)),
        note=_note(work, here, settled=settled),
        settled=settled,
        folded=settled and viewed,
        draft=None if draft is None else draft.text,
        comment_ids=[comment.id for comment in here if comment.state is CommentState.DRAFT],
        sent_ids=[comment.id for comment in here if comment.state is CommentState.SENT],
        settled_ids=[comment.id for comment in here if comment.state is CommentState.SETTLED],
    )


def _lines(place: Place, here: Sequence[ReviewComment], draft: CommentDraft | None) -> str:
    above = [_lines_above(one) for one in here]
    if draft is not None and draft.line is not None:
        above.append(draft.line.last - draft.line.first)
    first = max(1, place[1] - (above[0] if above else 0))
    return (
        tr("Line {number}", number=place[1])
        if first >= place[1]
        else tr("Lines {first} to {last}", first=first, last=place[1])
    )


def _messages(work: ReviewedWork, here: Sequence[ReviewComment]) -> Iterator[Message]:
    """What the person wrote, and below what was sent together what came of it."""
    last = {comment.attempt: comment.id for comment in here}
    for comment in here:
        yield Message(tr("You"), comment.text, comment.created_at)
        answer = work.answers.get(comment.id)
        if answer is not None and answer.words and last.get(comment.attempt) == comment.id:
            yield Message(escape_invisible(answer.tool), answer.words, answer.at)


def _note(work: ReviewedWork, here: Sequence[ReviewComment], *, settled: bool) -> str:
    sent = [one for one in here if one.state is not CommentState.DRAFT]
    newest = sent[-1] if sent else None
    if settled and newest is not None:
        answer = work.answers.get(newest.id)
        attempt = newest.attempt if answer is None else answer.attempt
        return tr("settled in attempt {number}", number=attempt) if attempt is not None else tr("settled")
    if newest is not None and len(sent) == len(here):
        return what_came_of(work, newest)
    open_ones = unsent(work.comments)
    number = next((n for n, one in enumerate(open_ones, 1) if one in here), None)
    return (
        tr("{number} of {count} comments", number=number, count=len(open_ones))
        if number is not None and len(open_ones) > 1
        else ""
    )


def what_came_of(work: ReviewedWork, comment: ReviewComment) -> str:
    """Which attempt worked on a comment that was sent, and whether its line has changed since."""
    answer, now = work.answers.get(comment.id), work.lines_now.get(comment.id)
    if answer is None:
        return (
            tr("sent to attempt {number}", number=comment.attempt)
            if comment.attempt is not None
            else tr("sent")
        )
    return comment_outcome(comment, answer, now)


def _lines_above(comment: ReviewComment) -> int:
    """How many lines a comment is about besides its last one."""
    return (comment.last_line or comment.line or 0) - (comment.line or 0)


def _row(work: ReviewedWork, comment: ReviewComment) -> SideComment:
    answer, now = work.answers.get(comment.id), work.lines_now.get(comment.id)
    notes = {
        CommentState.DRAFT: clock_minute(comment.created_at),
        CommentState.SENT: tr("sent") if answer is None else tr("attempt {number}", number=answer.attempt),
        CommentState.SETTLED: tr("settled"),
    }
    moved = now is not None and comment.line is not None
    line = max(1, now.line - _lines_above(comment)) if moved and now is not None else comment.line
    return SideComment(
        title=_title(comment.path, line),
        note=notes[comment.state],
        text=one_line(comment.text),
        path=comment.path,
        place=place_of(comment, work.lines_now),
        state=comment.state,
        comment_id=comment.id,
        detail=_detail(work, comment),
    )


def _detail(work: ReviewedWork, comment: ReviewComment) -> str:
    """What came of it, for its tip and for screen readers."""
    if comment.state is CommentState.DRAFT:
        return ""
    answer = work.answers.get(comment.id)
    closing = f"{answer.tool}: {answer.words}" if answer is not None and answer.words else ""
    return escape_invisible(". ".join(filter(None, (what_came_of(work, comment), closing))))


def _title(path: str | None, line: int | None) -> str:
    if path is None:
        return tr(_IN_GENERAL)
    name = escape_invisible(path.rpartition("/")[2])
    return name if line is None else f"{name} {line}"
