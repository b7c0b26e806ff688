"""Writes what people decide on finished work: approved, sent back, discarded; and the way back from each."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, update

from state import worktree_queries
from state.change_writer import columns
from state.database_errors import SignalboxError
from state.ledger_writer import LedgerWriter
from state.lifecycle import STATUS_OF_REVIEW, is_restorable
from state.records import ReviewState, Workstream
from state.status_words import status_in_words
from state.tables import workstreams, worktrees
from state.worktree_records import SeenWorkstream, Worktree
from state.write_comments import CommentWriter

_R = ReviewState


class ReviewRefusedError(SignalboxError):
    """What was decided does not fit the workstream as it is now; nothing was changed."""


class ReviewWriter:
    """Moves the reviews of workstreams as people decide; refuses in words what does not fit."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer
        self.comments = CommentWriter(writer)

    def approve(self, seen: SeenWorkstream, *, target: str | None = None) -> Workstream:
        """Approve work that waits for review: it enters the merge queue of its branch, or of the `target` named."""
        with self._writer.transaction() as connection:
            stream = self._fitting(connection, seen, {_R.WAITING}, "approved")
            self._refuse_unseen(connection, seen, "approved")
            self._aim(connection, stream, target)
            return self.move(connection, stream, _R.APPROVED)

    def withdraw(self, seen: SeenWorkstream) -> Workstream:
        """Withdraw an approval: the work leaves the merge queue and waits for review again."""
        with self._writer.transaction() as connection:
            stream = self._fitting(connection, seen, {_R.APPROVED}, "taken out of the merge queue")
            return self.move(connection, stream, _R.WAITING)

    def discard(self, seen: SeenWorkstream) -> Workstream:
        """Discard work that waits for review or for its merge; what it changed is archived, not deleted."""
        with self._writer.transaction() as connection:
            stream = self._fitting(connection, seen, {_R.WAITING, _R.APPROVED}, "discarded")
            self._refuse_unseen(connection, seen, "discarded")
            return self.move(connection, stream, _R.DISCARDED)

    def restore(self, seen: SeenWorkstream) -> Workstream:
        """Let discarded work wait for review again."""
        with self._writer.transaction() as connection:
            stream = self._fitting(connection, seen, {_R.DISCARDED}, "restored")
            tree = worktree_queries.find_worktree(connection, seen.run_id, seen.ws_id)
            if not is_restorable(stream.review, tree):
                raise ReviewRefusedError(
                    f"Nothing is kept of workstream {seen} any more: its archive was pruned. Add its jobs again."
                )
            return self.move(connection, stream, _R.WAITING)

    def send_back(self, seen: SeenWorkstream, *, attempt: int) -> Workstream:
        """Record what a person has looked at, and that their comments are sent to this attempt.

        The caller gives the job its words in the same transaction; its review follows from that.
        """
        with self._writer.transaction() as connection:
            stream = self._fitting(connection, seen, {_R.WAITING, _R.APPROVED}, "sent back")
            tree = self._refuse_unseen(connection, seen, "sent back")
            now = self._writer.clock()
            sent = self.comments.send(connection, stream, attempt=attempt)
            changed = replace(stream, reviewed_commit=tree.head, reviewed_at=now)
            key = (workstreams.c.run_id == stream.run_id) & (workstreams.c.ws_id == stream.ws_id)
            values = columns(changed, "reviewed_commit", "reviewed_at")
            connection.execute(update(workstreams).where(key).values(**values))
            with_comments = f" with {_comments(sent)}" if sent else ""
            message = f"Workstream {stream.title or stream.ws_id} was sent back{with_comments}."
            self._writer.record_event(connection, "workstream.sent_back", message, workstream=changed)
            return changed

    def move(self, connection: Connection, stream: Workstream, review: ReviewState) -> Workstream:
        """Move the review of a workstream whose jobs have ended well; its run follows, and the merge queue.

        Raises:
            IllegalReviewError: it may not go there.
        """
        since = self._writer.clock() if review is _R.WAITING else None
        changed = replace(stream, review=review, waits_since=since)
        moved = self._writer.write_workstream(connection, changed, STATUS_OF_REVIEW[review])
        self._writer.follow(connection, stream.run_id, stream.ws_id)
        return moved

    def _fitting(
        self, connection: Connection, seen: SeenWorkstream, fits: set[ReviewState], participle: str
    ) -> Workstream:
        """The workstream, whose review is in one of these states."""
        stream = self._writer.workstream(connection, seen.run_id, seen.ws_id)
        if stream.review in fits:
            return stream
        needed = " or ".join(_NEEDED[review] for review in sorted(fits, reverse=True))
        raise ReviewRefusedError(
            f"Workstream {seen} {_stands(stream)}, and only one that {needed} can be {participle}."
        )

    @staticmethod
    def _refuse_unseen(connection: Connection, seen: SeenWorkstream, participle: str) -> Worktree:
        """The worktree of work that is complete, and is what the person has looked at."""
        tree = worktree_queries.find_worktree(connection, seen.run_id, seen.ws_id)
        if tree is None or tree.head is None:
            kept = "" if tree is None else tree.kept_reason
            raise ReviewRefusedError(
                f"The last changes of workstream {seen} are not committed on its branch yet, so it cannot be "
                f"{participle}. {kept or 'A running engine does that in a moment; try again.'}"
            )
        if seen.head is not None and seen.head != tree.head:
            raise ReviewRefusedError(
                f"Workstream {seen} has changed since you looked at it: its branch is at {tree.head[:9]} and not at "
                f"{seen.head[:9]}. Review it again; it was not {participle}."
            )
        return tree

    @staticmethod
    def _aim(connection: Connection, stream: Workstream, target: str | None) -> None:
        """Have the work merged into this branch; refuse where none is known."""
        mine = (worktrees.c.run_id == stream.run_id) & (worktrees.c.ws_id == stream.ws_id)
        if target is not None:
            connection.execute(update(worktrees).where(mine).values(target=target))
            return
        tree = worktree_queries.find_worktree(connection, stream.run_id, stream.ws_id)
        if tree is None or tree.target is None:
            raise ReviewRefusedError(
                f"Nothing says which branch the work of {stream.run_id}/{stream.ws_id} is for. Name it: "
                f"`signalbox review approve {stream.run_id}/{stream.ws_id} --target BRANCH`, or `target` in "
                "the project file."
            )


_NEEDED: Mapping[ReviewState, str] = {
    _R.WAITING: "waits for review",
    _R.APPROVED: "is in the merge queue",
    _R.DISCARDED: "was discarded",
}


def _stands(stream: Workstream) -> str:
    """How the workstream stands, as the verb of a sentence."""
    match stream.review:
        case ReviewState.NONE:
            return "is not isolated in a worktree of its own"
        case ReviewState.WORKING:
            return status_in_words(stream.status)
        case _:
            return status_in_words(STATUS_OF_REVIEW[stream.review])


def _comments(number: int) -> str:
    return f"{number} comment{'' if number == 1 else 's'}"
