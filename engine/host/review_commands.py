"""The commands a person gives on finished work, as frozen records; each class has its kind. Carries out nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.host.command_kind import CommandKind, Reversal
from state.worktree_records import ReviewComment, SeenWorkstream, ViewedFile

__all__ = ["SeenWorkstream"]


@dataclass(frozen=True, kw_only=True)
class ApproveWorkstreams:
    """Put finished work into the merge queue of its branch, or of the `target` named.

    The engine refuses it while a file outside its scope was not viewed as it is now.
    """

    kind: ClassVar = CommandKind(
        name="review approve",
        title="Approve and merge",
        verb="approve",
        participle="approved",
        reversal=Reversal.WITHDRAW,
    )
    workstreams: Sequence[SeenWorkstream]
    target: str | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawApprovals:
    """Take approved work out of the merge queue; it waits for review again."""

    kind: ClassVar = CommandKind(
        name="review withdraw",
        title="Withdraw the approval",
        verb="withdraw the approval of",
        participle="taken out of the merge queue",
    )
    workstreams: Sequence[SeenWorkstream]


@dataclass(frozen=True, kw_only=True)
class SendBackWorkstream:
    """Send work back to its coding tool with the comments on it, and with `words` on all of it."""

    kind: ClassVar = CommandKind(
        name="review send-back",
        title="Send back…",
        verb="send back",
        participle="sent back",
    )
    workstream: SeenWorkstream
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class DiscardWorkstreams:
    """Discard finished work; it is archived, and can be restored."""

    kind: ClassVar = CommandKind(
        name="review discard",
        title="Discard…",
        verb="discard",
        participle="discarded",
        reversal=Reversal.RESTORE,
    )
    workstreams: Sequence[SeenWorkstream]


@dataclass(frozen=True, kw_only=True)
class RestoreWorkstreams:
    """Let discarded work wait for review again."""

    kind: ClassVar = CommandKind(
        name="review restore",
        title="Restore",
        verb="restore",
        participle="restored",
    )
    workstreams: Sequence[SeenWorkstream]


@dataclass(frozen=True, kw_only=True)
class AddComment:
    """Keep a comment on lines, or on all of the work, until it is sent back; its id is given then."""

    kind: ClassVar = CommandKind(name="review comment add", title="Comment on the line")
    comment: ReviewComment


@dataclass(frozen=True, kw_only=True)
class EditComment:
    """Replace the text of a comment that was not sent."""

    kind: ClassVar = CommandKind(name="review comment edit", title="Edit comment")
    comment_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class DeleteComment:
    """Delete a comment that was not sent."""

    kind: ClassVar = CommandKind(name="review comment delete", title="Delete comment")
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class SettleComment:
    """Mark a comment that was sent as settled, or as open again."""

    kind: ClassVar = CommandKind(name="review comment settle", title="Settle comment")
    comment_id: int
    settled: bool = True


@dataclass(frozen=True, kw_only=True)
class MarkViewed:
    """Mark this content of a file as viewed, or not."""

    kind: ClassVar = CommandKind(name="review viewed", title="Mark the file as viewed")
    file: ViewedFile
    viewed: bool = True


CommentCommand = AddComment | EditComment | DeleteComment | SettleComment | MarkViewed
"""Commands on what people write beside the work."""

WorkstreamsCommand = ApproveWorkstreams | WithdrawApprovals | DiscardWorkstreams | RestoreWorkstreams
"""Decisions on one workstream after the other; a refusal does not stop the others."""

ReviewCommand = WorkstreamsCommand | SendBackWorkstream | CommentCommand
"""Commands on finished work."""
