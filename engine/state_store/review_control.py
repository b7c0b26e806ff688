"""What a person does with finished work: approve, send back, discard, comment; and the way back from each."""

from engine.errors import CommandRefusedError, SignalboxError
from engine.review.approval_reasons import words_on_unviewed
from engine.review.send_back_words import returned_words, send_back_words
from engine.review.work_to_view import WorkToView, work_to_view
from engine.scheduling.follow_up import refuse_wordless
from engine.state_store.job_control import JobControl
from engine.state_store.store_access import StoreAccess
from engine.system.branch_names import is_branch_name, short_branch
from state import queries, worktree_queries
from state.database import Connection
from state.database_errors import DatabaseError
from state.records import Job, JobStatus, ReviewState
from state.review_queries import ReviewRows, review_rows
from state.worktree_records import CommentState, ReviewComment, SeenWorkstream, ViewedFile

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
        target = None if target is None else short_branch(target)
        if target is not None and not is_branch_name(target):
            raise CommandRefusedError(
                f"{target!r} cannot be the name of a branch, so {seen} was not approved. Name the branch to merge into."
            )
        with self._access.ledger.transaction() as connection:
            self._reviews.approve(seen, target=target)
            return _as_it_is(connection, seen)

    def to_view(self, seen: SeenWorkstream) -> WorkToView | None:
        """What a person has to have viewed of work that waits for review. Asks the repository: not in a transaction."""
        found = self._access.read(_waiting_work, seen)
        return None if found is None else work_to_view(found)

    def approve_viewed(
        self, seen: SeenWorkstream, *, target: str | None = None, read: WorkToView | None = None
    ) -> SeenWorkstream:
        """Approve work of which a person has viewed what lies outside its scope, as it is now.

        Every approval by a person comes here, also one that is done again. `read` is what `to_view` has said; it is
        read here where it is missing.

        Raises:
            CommandRefusedError: a file was not viewed as it is now, or nothing can be read.
        """
        needed = read or self.to_view(seen)
        with self._access.ledger.transaction() as connection:
            found = _waiting_work(connection, seen)
            if found is not None:
                _refuse_unviewed(found, needed)
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


def _waiting_work(connection: Connection, seen: SeenWorkstream) -> ReviewRows | None:
    """What is known of work that waits for review; None where it does not."""
    stream = queries.find_workstream(connection, seen.ws_id, seen.run_id)
    if stream is None or stream.review is not ReviewState.WAITING:
        return None
    return review_rows(connection, stream)


def _refuse_unviewed(found: ReviewRows, needed: WorkToView | None) -> None:
    name = f"{found.stream.run_id}/{found.stream.ws_id}"
    head = None if found.tree is None else found.tree.head
    if needed is None or needed.head != head:
        raise CommandRefusedError(f"Workstream {name} has changed at this moment. Review it again.")
    if needed.problem:
        raise CommandRefusedError(
            f"The work of {name} cannot be read, so it was not approved: {needed.problem}"
        )
    viewed = {(one.path, one.blob) for one in found.viewed}
    if unseen := sorted(path for path, _ in needed.marks - viewed):
        raise CommandRefusedError(
            f"{words_on_unviewed(unseen)}, outside the scope of {name}, as it is now. It was not approved."
        )


def _drafts(connection: Connection, seen: SeenWorkstream) -> list[ReviewComment]:
    comments = worktree_queries.comments_of(connection, seen.run_id, seen.ws_id)
    return [comment for comment in comments if comment.state is CommentState.DRAFT]


def _why_returned(connection: Connection, seen: SeenWorkstream) -> str:
    merge = worktree_queries.newest_merge(connection, seen.run_id, seen.ws_id)
    return returned_words(merge, worktree_queries.find_worktree(connection, seen.run_id, seen.ws_id))


def _steps_after(connection: Connection, job: Job) -> list[str]:
    """The completed steps of its workstream that depend on a job: they were about work that changes now."""
    found = queries.find_jobs(connection, queries.dependents(connection, [job.job_id]))
    return [
        one.job_id
        for one in found.values()
        if (one.run_id, one.ws_id) == (job.run_id, job.ws_id) and one.status is JobStatus.COMPLETED
    ]
