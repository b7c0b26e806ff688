"""In which column of the board a workstream stands, and at which place in it. Pure functions."""

from collections.abc import Sequence

from engine.scheduling.buckets import needs_person
from engine.scheduling.explainer import Wait
from engine.scheduling.schedule import queue_key
from gui.data.card import BoardColumn
from gui.data.job_display import focus_of
from gui.data.shown_review import ShownReview, shown_review
from state.lifecycle import FINAL
from state.records import (
    GroupStatus,
    Job,
    JobStatus,
    Workstream,
)
from state.worktree_records import Merge

_AFTER_QUEUE = 1e6
"""What waits to be merged starts no job: in the column of what waits it comes after every priority of the queue."""


def column_of(
    workstream: Workstream, jobs: Sequence[Job], *, merge: Merge | None, is_between_steps: bool
) -> BoardColumn:
    """The column of a workstream: that of its card, without the card."""
    review = shown_review(workstream, merge)
    return shown_column(workstream, focus_of(jobs), review, is_between_steps=is_between_steps)


def shown_column(
    workstream: Workstream, focus: Job | None, review: ShownReview | None, *, is_between_steps: bool
) -> BoardColumn:
    """The same where the job in focus and the review are known."""
    if review is not None:
        return _column_of_review(review)
    found = _column(workstream, focus)
    return BoardColumn.RUNNING if is_between_steps and found is BoardColumn.WAITING else found


def _column(workstream: Workstream, focus: Job | None) -> BoardColumn:
    if focus is None:
        return _column_of_group(workstream.status)
    if needs_person(focus):
        return BoardColumn.DECIDE
    if focus.status is JobStatus.RUNNING:
        return BoardColumn.RUNNING
    return BoardColumn.DONE if focus.status in FINAL else BoardColumn.WAITING


def _column_of_group(status: GroupStatus) -> BoardColumn:
    """The column of a workstream without jobs, whose state another program records."""
    match status:
        case GroupStatus.RUNNING:
            return BoardColumn.RUNNING
        case GroupStatus.QUEUED | GroupStatus.HELD:
            return BoardColumn.WAITING
        case GroupStatus.FAILED | GroupStatus.TIMEOUT | GroupStatus.QUARANTINED:
            return BoardColumn.DECIDE
        case _:
            return BoardColumn.DONE


def _column_of_review(review: ShownReview) -> BoardColumn:
    if review.needs_you:
        return BoardColumn.REVIEW
    if not review.is_open:
        return BoardColumn.DONE
    return BoardColumn.RUNNING if review.state == "running" else BoardColumn.WAITING


def entered(workstream: Workstream, column: BoardColumn, since: float | None) -> float | None:
    """When it came into its column; what runs keeps its place from step to step."""
    return workstream.started_at or since if column is BoardColumn.RUNNING else since


def rank_in_queue(
    column: BoardColumn, focus: Job | None, since: float | None, position: int, wait: Wait | None
) -> tuple[float, ...]:
    """Smaller is higher: waiting in queue order, running and needing a person by age, done with the newest first."""
    match column:
        case BoardColumn.WAITING if focus is not None:
            return (*queue_key(focus, None if wait is None else wait.handed), position)
        case BoardColumn.DONE:
            return (-(since or 0.0), position)
        case _:
            return (since or 0.0, position)


def rank_in_review(review: ShownReview, position: int) -> tuple[float, ...]:
    """By age, beside the jobs of its column; in Waiting after the queue; finished, the newest first."""
    since = review.since or 0.0
    match _column_of_review(review):
        case BoardColumn.WAITING:
            return (_AFTER_QUEUE, since, position)
        case BoardColumn.DONE:
            return (-since, position)
        case _:
            return (since, position)
