"""Makes the commands to the engine of what a person decides in a review."""

from collections.abc import Callable

from engine.host.commands import EngineCommand
from engine.host.merge_commands import HoldMerges, MoveMerge, ReleaseMerges
from engine.host.review_commands import (
    AddComment,
    ApproveWorkstreams,
    DeleteComment,
    DiscardWorkstreams,
    MarkViewed,
    RestoreWorkstreams,
    SendBackWorkstream,
    SettleComment,
    WithdrawApprovals,
)
from engine.review.diff_records import FileChange
from engine.review.viewed_marks import mark_of
from gui.panels.review.drafts import CommentDraft
from gui.panels.review.review_records import ReviewedWork, WorkstreamKey
from gui.panels.review.review_source import Answered
from state.worktree_records import ReviewComment, SeenWorkstream, ViewedFile

Send = Callable[[EngineCommand], object]
SendText = Callable[[EngineCommand, Answered], object]
"""Sends a command with a text that was typed; the function learns why it was refused."""


class EngineReviews:
    """Gives each decision to the engine, with the commit that the person has looked at."""

    def __init__(self, send: Send, send_text: SendText) -> None:
        self._send, self._send_text = send, send_text

    def approve(self, work: ReviewedWork) -> None:
        """Put the work into the merge queue."""
        self._send(ApproveWorkstreams(workstreams=(_seen(work),)))

    def send_back(self, work: ReviewedWork, words: str, then: Answered) -> None:
        """Turn the comments, and these words, into the next prompt."""
        self._send_text(SendBackWorkstream(workstream=_seen(work), words=words), then)

    def discard(self, work: ReviewedWork) -> None:
        """Archive the work."""
        self._send(DiscardWorkstreams(workstreams=(_seen(work),)))

    def restore(self, work: ReviewedWork) -> None:
        """Bring discarded work back; it waits for review again."""
        self._send(RestoreWorkstreams(workstreams=(_seen(work),)))

    def add_comment(self, work: ReviewedWork, draft: CommentDraft, then: Answered) -> None:
        """Keep a comment until the work is sent back; its id is given then."""
        path, line, text = draft.path, draft.line, draft.text.strip()
        comment = ReviewComment(
            id=0, run_id=work.key[0], ws_id=work.key[1], text=text, path=path, commit=work.head
        )
        if line is not None:
            comment = ReviewComment(
                id=0,
                run_id=work.key[0],
                ws_id=work.key[1],
                text=text,
                path=path,
                side=line.side,
                line=line.first,
                last_line=line.last,
                commit=work.head,
                quoted=line.quoted,
            )
        self._send_text(AddComment(comment=comment), then)

    def remove_comment(self, comment_id: int) -> None:
        """Drop a comment that was not sent."""
        self._send(DeleteComment(comment_id=comment_id))

    def settle_comment(self, comment_id: int, *, settled: bool) -> None:
        """Mark a comment that was sent as settled, or as open again."""
        self._send(SettleComment(comment_id=comment_id, settled=settled))

    def set_viewed(self, key: WorkstreamKey, file: FileChange, *, viewed: bool) -> None:
        """Mark this content of a file as viewed, or not."""
        path, blob = mark_of(file)
        mark = ViewedFile(run_id=key[0], ws_id=key[1], path=path, blob=blob)
        self._send(MarkViewed(file=mark, viewed=viewed))

    def take_out(self, key: WorkstreamKey) -> None:
        """Take a merge out of the queue."""
        self._send(WithdrawApprovals(workstreams=(SeenWorkstream(*key),)))

    def hold(self, key: WorkstreamKey, *, held: bool) -> None:
        """Keep a merge from being carried out, or let it go on."""
        seen = (SeenWorkstream(*key),)
        self._send(HoldMerges(workstreams=seen) if held else ReleaseMerges(workstreams=seen))

    def move_up(self, key: WorkstreamKey, before: WorkstreamKey) -> None:
        """Let a merge go before another."""
        self._send(MoveMerge(workstream=SeenWorkstream(*key), before=SeenWorkstream(*before)))


def _seen(work: ReviewedWork) -> SeenWorkstream:
    return SeenWorkstream(*work.key, work.head or None)
