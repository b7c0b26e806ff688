"""A workstream becomes its card. Pure functions."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from engine.scheduling.buckets import needs_person
from engine.scheduling.explainer import Wait
from engine.trust.waiting import waits_for_trust
from gui.data.card import BoardColumn, Card, CardButton
from gui.data.card_columns import entered, rank_in_queue, rank_in_review, shown_column
from gui.data.card_words import (
    job_sentence,
    notes_on,
    outside_of,
    progress_forms,
    review_sentence,
    session_of,
)
from gui.data.job_actions import SHOW_LINE, decisions, is_held_by_alarm
from gui.data.job_display import WaitOf, focus_of, job_state, state_word, step_states
from gui.data.shown_review import ShownReview, shown_review, shown_status
from gui.translation import tr
from state.command_table import has_worked
from state.costs import total_cost
from state.lifecycle import FINAL
from state.records import (
    Attempt,
    Job,
    JobStatus,
    ReviewState,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.shown_names import ShownNames
from state.worktree_records import Merge, Worktree

N = TypeVar("N", int, float)
_NEED_YOU = frozenset({BoardColumn.DECIDE, BoardColumn.REVIEW})


def _no_attempt(_job: Job) -> Attempt | None:
    return None


def card_of(
    workstream: Workstream,
    jobs: Sequence[Job],
    *,
    run: Run | None,
    files: Iterable[WorkstreamFile],
    wait_of: WaitOf,
    attempt_of: Callable[[Job], Attempt | None] = _no_attempt,
    merge: Merge | None = None,
    tree: Worktree | None = None,
    names: ShownNames | None = None,
    is_between_steps: bool = False,
) -> Card:
    """The card of a workstream in its current state."""
    names = names or ShownNames({workstream.key: workstream}, {} if run is None else {run.run_id: run})
    focus = focus_of(jobs)
    wait = wait_of(focus) if focus else None
    review = shown_review(workstream, merge, tree)
    column = shown_column(workstream, focus, review, is_between_steps=is_between_steps)
    declared = tuple(files)
    touched = [file for file in declared if file.touched]
    standing = (
        _standing_in_queue(workstream, column, jobs, focus=focus, wait=wait, touched=len(touched), tree=tree)
        if review is None
        else _standing_in_review(workstream, review, jobs, touched=touched, tree=tree)
    )
    cost = total_cost(job.cost for job in jobs)
    return Card(
        run_id=workstream.run_id,
        ws_id=workstream.ws_id,
        name=names.workstream(workstream.key),
        apart=names.apart(workstream.key),
        run_title=names.run(workstream.run_id),
        repo=repo_name(workstream.repo or (run.repo if run else None)),
        state=standing.state,
        word=standing.word,
        column=column,
        needs_you=column in _NEED_YOU,
        is_open=column is not BoardColumn.DONE,
        was_sent_back=workstream.reviewed_at is not None,
        since=standing.since,
        until=wait.until if wait else None,
        steps=step_states(jobs, wait_of),
        progress=standing.progress[0],
        shorter_progress=standing.progress[1:],
        focus=focus,
        sentence=standing.sentence,
        session=session_of(focus, attempt_of),
        buttons=standing.buttons,
        files=len(touched) or len(declared),
        added=_sum(file.added for file in declared),
        removed=_sum(file.removed for file in declared),
        cost=cost.usd,
        cost_source=cost.source,
        target_ids=_target_ids(column, jobs, focus),
        rank=standing.rank,
        labels=tuple(sorted({label for job in jobs for label in job.labels})),
        note=notes_on(jobs, names),
    )


class _Standing(NamedTuple):
    """What a card shows of its work in the queue, or else of its review."""

    state: str
    word: str
    since: float | None
    progress: tuple[str, ...]
    sentence: str
    buttons: tuple[CardButton, ...]
    rank: tuple[float, ...]


def _standing_in_queue(
    workstream: Workstream,
    column: BoardColumn,
    jobs: Sequence[Job],
    *,
    focus: Job | None,
    wait: Wait | None,
    touched: int,
    tree: Worktree | None,
) -> _Standing:
    state = job_state(focus, wait) if focus else shown_status(workstream.status)
    if column is BoardColumn.DONE and focus:
        state = "completed" if focus.status is JobStatus.COMPLETED else focus.status.value
    since = _since(workstream, jobs, focus)
    return _Standing(
        state,
        state_word(state, focus),
        since,
        progress_forms(jobs, focus, tree),
        job_sentence(column, jobs, focus, wait, touched),
        _buttons(column, focus),
        rank_in_queue(column, focus, entered(workstream, column, since), workstream.position, wait),
    )


def _standing_in_review(
    workstream: Workstream,
    review: ShownReview,
    jobs: Sequence[Job],
    *,
    touched: Sequence[WorkstreamFile],
    tree: Worktree | None,
) -> _Standing:
    return _Standing(
        review.state,
        review.word,
        review.since,
        (review.word,),
        review_sentence(review, jobs, len(touched), outside_of(jobs, touched, tree)),
        _buttons_of_review(review),
        rank_in_review(review, workstream.position),
    )


def repo_name(repo: str | None) -> str:
    """The last part of a repository's path; empty without a path."""
    return PurePath(repo).name if repo else ""


def _since(workstream: Workstream, jobs: Sequence[Job], focus: Job | None) -> float | None:
    if focus is None:
        return workstream.completed_at or workstream.started_at or workstream.created_at or None
    if focus.status is JobStatus.RUNNING:
        return focus.started_at
    if focus.status in FINAL and not needs_person(focus):
        return max((job.completed_at for job in jobs if job.completed_at), default=workstream.completed_at)
    own = focus.completed_at or 0.0
    before = max((job.completed_at for job in jobs if job.completed_at), default=0.0)
    return (own or before or focus.created_at) or None


def _looks_at(job: Job) -> CardButton:
    """What a person looks at before the decision on a job."""
    if waits_for_trust(job):
        return CardButton(command="show_details", label=tr("Review command"))
    if is_held_by_alarm(job):
        return CardButton(command=SHOW_LINE.command, label=SHOW_LINE.label)
    if job.status is not JobStatus.HELD or has_worked(job) or job.attempts:
        return CardButton(command="show_log", label=tr("Show log"))
    return CardButton(command="show_details", label=tr("Show details"))


def _buttons(column: BoardColumn, focus: Job | None) -> tuple[CardButton, ...]:
    match column:
        case BoardColumn.DECIDE if focus is not None:
            look = _looks_at(focus)
            settle = [CardButton(command=one.command, label=one.label) for one in decisions(focus)]
            # Releasing what waits for trust leads to the review of its command as well.
            return (look, *settle) if waits_for_trust(focus) else (*settle, look)
        case _:
            return ()


def _buttons_of_review(review: ShownReview) -> tuple[CardButton, ...]:
    if review.review is ReviewState.DISCARDED:
        restore = (CardButton(command="restore_work", label=tr("Restore")),) if review.can_restore else ()
        return (CardButton(command="show_review", label=tr("Review")), *restore)
    if not review.is_open:
        return ()
    log = (
        CardButton(command="show_check_log", label=tr("Show check log"))
        if review.check_failed
        else CardButton(command="show_log", label=tr("Show log"))
    )
    return CardButton(command="show_review", label=tr("Review")), log


def _target_ids(column: BoardColumn, jobs: Sequence[Job], focus: Job | None) -> tuple[str, ...]:
    if focus is None:
        return ()
    match column:
        case BoardColumn.DECIDE:
            targets = [job for job in jobs if needs_person(job)]
        case BoardColumn.WAITING | BoardColumn.RUNNING:
            targets = [job for job in jobs if job.status not in FINAL]
        case _:
            cancelled = [job for job in jobs if job.status is JobStatus.CANCELLED]
            targets = cancelled or [focus]
    others = [job.job_id for job in targets if job is not focus]
    return (focus.job_id, *others)


def _sum(values: Iterable[N | None]) -> N | None:
    known = [value for value in values if value is not None]
    return sum(known[1:], start=known[0]) if known else None
