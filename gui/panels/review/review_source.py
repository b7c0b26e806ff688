"""The ports of the review view: where its facts come from, and who carries out what a person decides."""

from collections.abc import Callable
from typing import Protocol

from engine.review.diff_records import FileChange
from gui.panels.review.drafts import CommentDraft
from gui.panels.review.review_records import ReviewedWork, ReviewQueue, WorkstreamKey

Answered = Callable[[str], None]
"""Called with why a text was refused; with an empty sentence once it was taken."""


class ReviewSource(Protocol):
    """Where the facts come from.

    Both are short reads in the GUI thread, from records; the diff itself is read by the helper process.
    """

    def queue(self) -> ReviewQueue:
        """What waits for review, was sent back, is being merged, was merged."""

    def work(self, key: WorkstreamKey) -> ReviewedWork | None:
        """The work of a workstream; None if it has none to review."""


class ReviewCommands(Protocol):
    """Carries out what a person decides; refusals reach the person by other ways.

    What carries a text that was typed also says whether it was taken, so that the text is given back where it was not.
    """

    def approve(self, work: ReviewedWork) -> None:
        """Put the work into the merge queue."""

    def send_back(self, work: ReviewedWork, words: str, then: Answered) -> None:
        """Turn the comments, and these words, into the next prompt."""

    def discard(self, work: ReviewedWork) -> None:
        """Archive the work."""

    def restore(self, work: ReviewedWork) -> None:
        """Bring discarded work back."""

    def add_comment(self, work: ReviewedWork, draft: CommentDraft, then: Answered) -> None:
        """Keep a comment on lines, or on all of the work, until it is sent back."""

    def remove_comment(self, comment_id: int) -> None:
        """Drop a comment that was not sent."""

    def settle_comment(self, comment_id: int, *, settled: bool) -> None:
        """Mark a comment that was sent as settled, or as open again."""

    def set_viewed(self, key: WorkstreamKey, file: FileChange, *, viewed: bool) -> None:
        """Mark a file as viewed, or not."""

    def take_out(self, key: WorkstreamKey) -> None:
        """Take a merge out of the queue."""

    def hold(self, key: WorkstreamKey, *, held: bool) -> None:
        """Keep a merge from being carried out, or let it go on."""

    def move_up(self, key: WorkstreamKey, before: WorkstreamKey) -> None:
        """Let a merge go before another."""


class NoCommands:
    """Carries out nothing, for a window that has no engine behind its reviews."""

    def approve(self, work: ReviewedWork) -> None:
        """Nothing."""

    def send_back(self, work: ReviewedWork, words: str, then: Answered) -> None:
        """Nothing."""

    def discard(self, work: ReviewedWork) -> None:
        """Nothing."""

    def restore(self, work: ReviewedWork) -> None:
        """Nothing."""

    def add_comment(self, work: ReviewedWork, draft: CommentDraft, then: Answered) -> None:
        """Nothing."""

    def remove_comment(self, comment_id: int) -> None:
        """Nothing."""

    def settle_comment(self, comment_id: int, *, settled: bool) -> None:
        """Nothing."""

    def set_viewed(self, key: WorkstreamKey, file: FileChange, *, viewed: bool) -> None:
        """Nothing."""

    def take_out(self, key: WorkstreamKey) -> None:
        """Nothing."""

    def hold(self, key: WorkstreamKey, *, held: bool) -> None:
        """Nothing."""

    def move_up(self, key: WorkstreamKey, before: WorkstreamKey) -> None:
        """Nothing."""
