"""Writes people's comments on finished work, and which of its files they have viewed."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from state import rows
from state.codec import record_to_json
from state.database_errors import NoSuchRowError, SignalboxError
from state.ledger_writer import LedgerWriter
from state.records import ReviewState, Workstream
from state.row_changes import last_id
from state.storable import storable_text
from state.tables import review_comments, viewed_files
from state.worktree_records import MOST_COMMENT, CommentState, ReviewComment, ViewedFile

_MOST_QUOTED = 8_000
_ENDED = frozenset({ReviewState.MERGED, ReviewState.DISCARDED})


class CommentRefusedError(SignalboxError):
    """The comment cannot be kept or changed as requested; nothing was changed."""


class CommentWriter:
    """Adds, edits, sends and settles review comments, and marks files as viewed."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def add(self, comment: ReviewComment) -> ReviewComment:
        """Keep a comment as a draft until the work is sent back; its id is given here."""
        with self._writer.transaction() as connection:
            self._commentable(connection, comment.run_id, comment.ws_id)
            made = replace(
                comment,
                id=last_id(connection, "review_comments") + 1,
                text=_checked(comment.text),
                quoted=storable_text(comment.quoted)[:_MOST_QUOTED],
                state=CommentState.DRAFT,
                attempt=None,
                created_at=self._writer.clock(),
                sent_at=None,
            )
            connection.execute(insert(review_comments).values(**record_to_json(made)))
            where = "the work" if made.path is None else made.path
            self._writer.record_event(
                connection,
                "comment.added",
                f"A comment was made on {where} of {made.ws_id}.",
                level="debug",
                comment=made,
            )
            return made

    def edit(self, comment_id: int, text: str) -> ReviewComment:
        """Replace the text of a comment that was not sent."""
        with self._writer.transaction() as connection:
            draft = self._draft(connection, comment_id, "edited")
            changed = self._change(connection, replace(draft, text=_checked(text)))
            self._writer.record_event(
                connection,
                "comment.edited",
                f"Comment {comment_id} was edited.",
                level="debug",
                comment=changed,
            )
            return changed

    def delete(self, comment_id: int) -> ReviewComment:
        """Delete a comment that was not sent."""
        with self._writer.transaction() as connection:
            draft = self._draft(connection, comment_id, "deleted")
            connection.execute(delete(review_comments).where(review_comments.c.id == comment_id))
            self._writer.record_event(
                connection,
                "comment.deleted",
                f"Comment {comment_id} was deleted.",
                level="debug",
                comment=draft,
            )
            return draft

    def settle(self, comment_id: int, *, settled: bool = True) -> ReviewComment:
        """Mark a comment that was sent as settled, or as open again."""
        with self._writer.transaction() as connection:
            found = self.comment(connection, comment_id)
            if found.state is CommentState.DRAFT:
                raise CommentRefusedError(
                    f"Comment {comment_id} was not sent yet; send the work back, or delete the comment."
                )
            state = CommentState.SETTLED if settled else CommentState.SENT
            changed = self._change(connection, replace(found, state=state))
            if settled:
                self._writer.record_event(
                    connection,
                    "comment.settled",
                    f"Comment {comment_id} was settled.",
                    level="debug",
                    comment=changed,
                )
            else:
                self._writer.record_event(
                    connection,
                    "comment.reopened",
                    f"Comment {comment_id} is open again.",
                    level="debug",
                    comment=changed,
                )
            return changed

    def send(self, connection: Connection, stream: Workstream, *, attempt: int) -> int:
        """Mark the drafts on a workstream as sent to this attempt, and return how many they are."""
        mine = (review_comments.c.run_id == stream.run_id) & (review_comments.c.ws_id == stream.ws_id)
        drafts = mine & (review_comments.c.state == CommentState.DRAFT)
        sent = {"state": CommentState.SENT, "attempt": attempt, "sent_at": self._writer.clock()}
        return connection.execute(update(review_comments).where(drafts).values(**sent)).rowcount

    def set_viewed(self, file: ViewedFile, *, viewed: bool = True) -> None:
        """Mark this content of a file as viewed, or not."""
        with self._writer.transaction() as connection:
            self._commentable(connection, file.run_id, file.ws_id)
            mine = (
                (viewed_files.c.run_id == file.run_id)
                & (viewed_files.c.ws_id == file.ws_id)
                & (viewed_files.c.path == file.path)
            )
            connection.execute(delete(viewed_files).where(mine))
            if viewed:
                connection.execute(insert(viewed_files).values(**record_to_json(file)))
                message = f"{file.path} of {file.ws_id} was viewed."
                self._writer.record_event(connection, "file.viewed", message, level="debug", viewed=file)
            else:
                message = f"{file.path} of {file.ws_id} is no longer marked as viewed."
                self._writer.record_event(connection, "file.unviewed", message, level="debug", viewed=file)

    def take_in(self, comments: Iterable[ReviewComment], viewed: Iterable[ViewedFile]) -> None:
        """Keep the comments and marks of an imported run as they are; the comments get ids of this database."""
        with self._writer.transaction() as connection:
            first = last_id(connection, "review_comments") + 1
            for place, comment in enumerate(comments, first):
                made = replace(comment, id=place)
                connection.execute(insert(review_comments).values(**record_to_json(made)))
            for file in viewed:
                connection.execute(insert(viewed_files).values(**record_to_json(file)))

    @staticmethod
    def comment(connection: Connection, comment_id: int) -> ReviewComment:
        """The comment; raises NoSuchRowError."""
        query = select(review_comments).where(review_comments.c.id == comment_id)
        if (row := connection.execute(query).mappings().first()) is None:
            raise NoSuchRowError(
                f"There is no comment {comment_id} here; `signalbox review show` lists them."
            )
        return rows.review_comment(row)

    def _commentable(self, connection: Connection, run_id: str, ws_id: str) -> Workstream:
        stream = self._writer.workstream(connection, run_id, ws_id)
        if stream.review is ReviewState.NONE:
            raise CommentRefusedError(
                f"Workstream {run_id}/{ws_id} is not isolated in a worktree of its own, so it has no review."
            )
        if stream.review in _ENDED:
            raise CommentRefusedError(
                f"Workstream {run_id}/{ws_id} was {stream.review}; its review has ended."
            )
        return stream

    def _draft(self, connection: Connection, comment_id: int, participle: str) -> ReviewComment:
        found = self.comment(connection, comment_id)
        if found.state is not CommentState.DRAFT:
            raise CommentRefusedError(
                f"Comment {comment_id} was sent to attempt {found.attempt}, so it cannot be {participle}; add another."
            )
        return found

    @staticmethod
    def _change(connection: Connection, changed: ReviewComment) -> ReviewComment:
        mine = review_comments.c.id == changed.id
        connection.execute(update(review_comments).where(mine).values(text=changed.text, state=changed.state))
        return changed


def _checked(text: str) -> str:
    kept = storable_text(text).strip()
    if not kept:
        raise CommentRefusedError("The comment is empty; say what is to change.")
    if len(kept) > MOST_COMMENT:
        raise CommentRefusedError(
            f"The comment is too long: {MOST_COMMENT:,} characters are the most. "
            "Put the rest into a file of the repository and name it."
        )
    return kept
