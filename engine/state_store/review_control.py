"""What a person does with finished work: approve, send back, discard, comment; and the way back from each."""

from collections.abc import Collection

from engine.errors import CommandRefusedError, SignalboxError
from engine.review.approval_reasons import words_on_unviewed
from engine.review.evidence_summary import evidence_of
from engine.review.send_back_words import returned_words, send_back_words
from engine.review.viewed_marks import ViewedMark
from engine.scheduling.follow_up import refuse_wordless
from engine.state_store.job_control import JobControl
from engine.state_store.store_access import StoreAccess
from engine.system.branch_names import is_branch_name
from state import queries, queue_queries, worktree_queries
from state.database import Connection
from state.database_errors import DatabaseError
from state.records import Job, JobStatus, ReviewState
from state.review_queries import ReviewRows, review_rows
from state.storable import storable_text
from state.worktree_records import CommentState, ReviewComment, ViewedFile
from state.write_reviews import SeenWorkstream

__all__ = ["SeenWorkstream"]


class ReviewControl:
    """Decisions on finished work, its comments and its viewed marks, each in one transaction."""

    def __init__(self, access: StoreAccess, jobs: JobControl) -> None:
        self._access, self._jobs = access, jobs
        self._reviews = access.ledger.reviews

    def approve(self, seen: SeenWorkstream, *, target: str | None = None) -> SeenWorkstream:
        """Put work that waits for review into the merge queue, and return it with the commit that was approved.

        Raises:
            CommandRefusedError: no branch can have the name of the target.
        """
        if target is not None and not is_branch_name(target):
            raise CommandRefusedError(
                f"{target!r} cannot be the name of a branch, so {seen} was not approved. Name the branch to merge into."
            )
        with self._access.ledger.transaction() as connection:
            self._reviews.approve(seen, target=target)
            return _as_it_is(connection, seen)

    def approve_viewed(
        self, seen: SeenWorkstream, *, to_view: Collection[ViewedMark] | None, target: str | None = None
    ) -> SeenWorkstream:
        """Approve work of which a person has viewed what lies outside its scope.

        `to_view` are the marks that those files must have at the commit `seen`. Whoever gives the command has read them
        from the repository, since nobody waits for git here; None: those that the attempts reported must have one.

        Raises:
            CommandRefusedError: one of them was not viewed as it is now.
        """
        with self._access.ledger.transaction() as connection:
            stream = queries.find_workstream(connection, seen.ws_id, seen.run_id)
            if stream is not None and stream.review is ReviewState.WAITING:
                _refuse_unviewed(review_rows(connection, stream), to_view)
            return self.approve(seen, target=target)

    def withdraw(self, seen: SeenWorkstream) -> SeenWorkstream:
        """Take approved work out of the merge queue; it waits for review again."""
        with self._access.ledger.transaction() as connection:
            self._reviews.withdraw(seen)
            return _as_it_is(connection, seen)

    def discard(self, seen: SeenWorkstream) -> SeenWorkstream:
        """Discard work; the engine archives it."""
        with self._access.ledger.transaction() as connection:
            self._reviews.discard(seen)
            return _as_it_is(connection, seen)

    def restore(self, seen: SeenWorkstream) -> SeenWorkstream:
        """Let discarded work wait for review again."""
        with self._access.ledger.transaction() as connection:
            self._reviews.restore(seen)
            return _as_it_is(connection, seen)

    def send_back(self, seen: SeenWorkstream, words: str = "") -> list[Job]:
        """Give the last coding tool of a workstream the comments, and queue it with the steps after it again.

        `words` are one more comment on all of the work. Where the merge queue returned it, its reason is the first of
        them. The tool goes on in the session it worked in.

        Raises:
            CommandRefusedError: there is nothing to send, or nobody who could do it.
        """
        job = self._last_coding_job(seen)
        with self._access.ledger.transaction() as connection:
            if words.strip():
                general = ReviewComment(id=0, run_id=seen.run_id, ws_id=seen.ws_id, text=words)
                self._reviews.comments.add(general)
            drafts, returned = _drafts(connection, seen), _why_returned(connection, seen)
            if not drafts and not returned:
                raise CommandRefusedError(
                    f"There is no comment on {seen} to send back. Comment on a line, or say in general what to change."
                )
            self._reviews.send_back(seen, attempt=job.attempts + 1)
            again = self._jobs.follow_up(job.job_id, send_back_words(drafts, returned))
            after = _steps_after(connection, job)
            return [again, *self._jobs.retry_each(after).all()]

    def add_comment(self, comment: ReviewComment) -> ReviewComment:
        """Keep a comment as a draft until the work is sent back; its id is given here."""
        return self._reviews.comments.add(comment)

    def edit_comment(self, comment_id: int, text: str) -> ReviewComment:
        """Replace the text of a comment that was not sent."""
        return self._reviews.comments.edit(comment_id, text)

    def delete_comment(self, comment_id: int) -> ReviewComment:
        """Delete a comment that was not sent."""
        return self._reviews.comments.delete(comment_id)

    def settle_comment(self, comment_id: int, *, settled: bool = True) -> ReviewComment:
        """Mark a comment that was sent as settled, or as open again."""
        return self._reviews.comments.settle(comment_id, settled=settled)

    def set_viewed(self, file: ViewedFile, *, viewed: bool = True) -> None:
        """Mark this content of a file as viewed, or not."""
        self._reviews.comments.set_viewed(file, viewed=viewed)

    def _last_coding_job(self, seen: SeenWorkstream) -> Job:
        steps = self._access.read(queries.jobs_of_workstream, seen.run_id, seen.ws_id)
        for job in reversed(steps):
            try:
                refuse_wordless(self._jobs.job_spec(job.job_id), job.tool)
            except DatabaseError:
                raise
            except SignalboxError:
                continue
            return job
        raise CommandRefusedError(
            f"No step of {seen} takes words from a person, so it cannot be sent back; "
            "retry a step of it, or discard it."
        )


def _as_it_is(connection: Connection, seen: SeenWorkstream) -> SeenWorkstream:
    tree = worktree_queries.find_worktree(connection, seen.run_id, seen.ws_id)
    return seen._replace(head=None if tree is None else tree.head)


def _refuse_unviewed(found: ReviewRows, to_view: Collection[ViewedMark] | None) -> None:
    viewed = {(one.path, one.blob) for one in found.viewed}
    if to_view is None:
        paths = {path for path, _ in viewed}
        unseen = [path for path in evidence_of(found).outside if storable_text(path) not in paths]
    else:
        unseen = sorted(path for path, blob in to_view if (path, blob) not in viewed)
    if unseen:
        raise CommandRefusedError(
            f"{words_on_unviewed(unseen)}, outside the scope of {found.stream.run_id}/{found.stream.ws_id}, as it is "
            "now. It was not approved."
        )


def _drafts(connection: Connection, seen: SeenWorkstream) -> list[ReviewComment]:
    comments = worktree_queries.comments_of(connection, seen.run_id, seen.ws_id)
    return [comment for comment in comments if comment.state is CommentState.DRAFT]


def _why_returned(connection: Connection, seen: SeenWorkstream) -> str:
    merge = worktree_queries.newest_merge(connection, seen.run_id, seen.ws_id)
    return returned_words(merge, worktree_queries.find_worktree(connection, seen.run_id, seen.ws_id))


def _steps_after(connection: Connection, job: Job) -> list[str]:
    """The completed steps of its workstream that depend on a job: they were about work that changes now."""
    found = queries.find_jobs(connection, queue_queries.dependents(connection, [job.job_id]))
    return [
        one.job_id
        for one in found.values()
        if (one.run_id, one.ws_id) == (job.run_id, job.ws_id) and one.status is JobStatus.COMPLETED
    ]
