"""Which transitions of a job and of a review are legal, and how the status of a run or workstream follows from them.

Drawn in specs/lifecycle.md; a test holds the drawing and this table equal. Knows no SQLAlchemy.
"""

from collections.abc import Iterable, Mapping

from state.database_errors import SignalboxError
from state.records import AttemptStatus, GroupStatus, JobStatus, ReviewState
from state.worktree_records import TreeState, Worktree

_S = JobStatus

JOB_MOVES: Mapping[JobStatus, frozenset[JobStatus]] = {
    _S.HELD: frozenset({_S.QUEUED, _S.CANCELLED, _S.SKIPPED}),
    _S.QUEUED: frozenset({_S.RUNNING, _S.HELD, _S.CANCELLED, _S.SKIPPED}),
    # A running job returns to queued for a retry, and becomes held when it was interrupted or needs a person.
    _S.RUNNING: frozenset({_S.COMPLETED, _S.FAILED, _S.TIMEOUT, _S.CANCELLED, _S.QUEUED, _S.HELD}),
    _S.COMPLETED: frozenset(
        {_S.QUEUED, _S.RUNNING}
    ),  # only where a person names it, or run_job; a new attempt
    _S.FAILED: frozenset({_S.QUEUED, _S.SKIPPED, _S.RUNNING}),
    _S.TIMEOUT: frozenset({_S.QUEUED, _S.SKIPPED, _S.RUNNING}),
    _S.CANCELLED: frozenset({_S.QUEUED, _S.SKIPPED, _S.RUNNING}),
    _S.SKIPPED: frozenset({_S.QUEUED, _S.RUNNING}),
}

FINAL: frozenset[JobStatus] = frozenset({_S.COMPLETED, _S.FAILED, _S.TIMEOUT, _S.CANCELLED, _S.SKIPPED})
"""States a job stays in until a person acts."""

SATISFIED: frozenset[JobStatus] = frozenset({_S.COMPLETED, _S.SKIPPED})
"""States of a parent that let its dependents start."""

ATTEMPT_FINAL: frozenset[AttemptStatus] = frozenset(AttemptStatus) - {AttemptStatus.RUNNING}


class IllegalTransitionError(SignalboxError):
    """The lifecycle does not allow this transition; the message includes what happened to the job."""

    def __init__(self, job_id: str, old: JobStatus, new: JobStatus, story: Iterable[str] = ()) -> None:
        self.job_id, self.old, self.new, self.story = job_id, old, new, tuple(story)
        story = "".join(f"\n  {line}" for line in self.story) or " nothing recorded"
        super().__init__(
            f"Job {job_id} is {old} and cannot become {new}; "
            f"from {old} it can become {', '.join(sorted(JOB_MOVES[old]))}. What happened to it:{story}",
        )


def check_move(job_id: str, old: JobStatus, new: JobStatus, story: Iterable[str] = ()) -> None:
    """Raise `IllegalTransitionError` unless a job may go from `old` to `new`."""
    if new not in JOB_MOVES[old]:
        raise IllegalTransitionError(job_id, old, new, story)


_PRECEDENCE: tuple[tuple[JobStatus, GroupStatus], ...] = (
    (_S.RUNNING, GroupStatus.RUNNING),
    (_S.FAILED, GroupStatus.FAILED),
    (_S.TIMEOUT, GroupStatus.TIMEOUT),
    (_S.QUEUED, GroupStatus.QUEUED),
    (_S.HELD, GroupStatus.HELD),
    (_S.CANCELLED, GroupStatus.CANCELLED),
    (_S.COMPLETED, GroupStatus.COMPLETED),
    (_S.SKIPPED, GroupStatus.SKIPPED),
)


def group_status(jobs: Iterable[JobStatus], *, quarantined: bool = False) -> GroupStatus | None:
    """The status of a run or workstream with these jobs; None if it has none.

    Running wins while anything runs; otherwise what needs a person wins over what merely waits. A group with both
    completed and queued jobs counts as running: it is between two steps. Where one of its jobs is held it waits: the
    queued ones may all come after that one.
    """
    present = set(jobs)
    if quarantined and _S.RUNNING not in present:
        return GroupStatus.QUARANTINED
    if present >= {_S.COMPLETED, _S.QUEUED} and not present & {_S.FAILED, _S.TIMEOUT, _S.HELD}:
        return GroupStatus.RUNNING
    return next((group for job, group in _PRECEDENCE if job in present), None)


def status_at_rest(status: GroupStatus) -> GroupStatus:
    """What is shown of a run or workstream none of whose jobs runs: between two steps it is queued, not running."""
    return GroupStatus.QUEUED if status is GroupStatus.RUNNING else status


UNMERGED: frozenset[ReviewState] = frozenset({ReviewState.WORKING, ReviewState.WAITING, ReviewState.APPROVED})
"""Reviews of workstreams whose branch is still to be merged."""

STATUS_OF_REVIEW: Mapping[ReviewState, GroupStatus] = {
    ReviewState.WAITING: GroupStatus.REVIEW,
    ReviewState.APPROVED: GroupStatus.MERGING,
    ReviewState.MERGED: GroupStatus.MERGED,
    ReviewState.DISCARDED: GroupStatus.DISCARDED,
}
"""The status of a workstream whose jobs have all ended well; with another review it follows from its jobs."""
ENDED_WELL = frozenset({GroupStatus.COMPLETED, GroupStatus.SKIPPED})
"""The statuses of jobs that together have ended well: what follows is their review."""


def review_after(review: ReviewState, jobs: GroupStatus | None, *, needs_review: bool) -> ReviewState:
    """Where the review of a workstream stands now that its jobs have this status together.

    It begins when all of them have ended well, and whatever was decided is void as soon as one of them is to run again.
    """
    if review is ReviewState.NONE or jobs is None:
        return review
    if jobs not in ENDED_WELL:
        return ReviewState.WORKING
    if review is not ReviewState.WORKING:
        return review
    return ReviewState.WAITING if needs_review else ReviewState.APPROVED


def workstream_status(jobs: GroupStatus, review: ReviewState) -> GroupStatus:
    """The status of a workstream: that of its jobs, and once they have ended well that of its review."""
    return STATUS_OF_REVIEW.get(review, jobs) if jobs in ENDED_WELL else jobs


def run_status(jobs: GroupStatus, reviews: Iterable[str]) -> GroupStatus:
    """The status of a run: that of its jobs, and once they have ended well what its workstreams still wait for.

    It is merged or discarded where all of its workstreams are.
    """
    present = set(reviews) if jobs in ENDED_WELL else set()
    for waiting in (ReviewState.WAITING, ReviewState.APPROVED):
        if waiting in present:
            return STATUS_OF_REVIEW[waiting]
    whole = present & {ReviewState.MERGED, ReviewState.DISCARDED}
    return STATUS_OF_REVIEW[ReviewState(whole.pop())] if len(present) == len(whole) == 1 else jobs


_R = ReviewState

REVIEW_MOVES: Mapping[ReviewState, frozenset[ReviewState]] = {
    _R.NONE: frozenset(),
    _R.WORKING: frozenset({_R.WAITING, _R.APPROVED}),
    _R.WAITING: frozenset({_R.APPROVED, _R.DISCARDED, _R.WORKING}),
    # Withdrawn by a person, or returned by the merge queue, it waits again.
    _R.APPROVED: frozenset({_R.MERGED, _R.WAITING, _R.DISCARDED, _R.WORKING}),
    _R.MERGED: frozenset({_R.WORKING}),  # only where one of its jobs is queued again
    _R.DISCARDED: frozenset({_R.WAITING, _R.WORKING}),
}
"""From where to where a review may go; a job that is queued again takes it back to `WORKING` from anywhere."""


def is_restorable(review: ReviewState, tree: Worktree | None) -> bool:
    """Whether this work was discarded and can be brought back: somebody may have had its archive pruned."""
    return review is _R.DISCARDED and (tree is None or tree.state is not TreeState.PRUNED)


class IllegalReviewError(SignalboxError):
    """The lifecycle does not allow this move of a review."""

    def __init__(self, ws_id: str, old: ReviewState, new: ReviewState) -> None:
        self.ws_id, self.old, self.new = ws_id, old, new
        moves = ", ".join(sorted(REVIEW_MOVES[old])) or "nothing"
        super().__init__(
            f"The review of workstream {ws_id} is {old} and cannot become {new}; it can become {moves}."
        )


def check_review_move(ws_id: str, old: ReviewState, new: ReviewState) -> None:
    """Raise `IllegalReviewError` unless a review may go from `old` to `new`, or stays as it is."""
    if new is not old and new not in REVIEW_MOVES[old]:
        raise IllegalReviewError(ws_id, old, new)
