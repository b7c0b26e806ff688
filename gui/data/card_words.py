"""What a card says: the step in focus, why it waits or how it ended, its notes and its session. Pure functions."""

from collections.abc import Callable, Sequence

from engine.review.declared_scope import declared_scope, outside_scope
from engine.scheduling.explainer import Wait
from engine.scheduling.wait_phrases import why_held
from engine.system.formatting import clock_minute
from gui.data.card import BoardColumn
from gui.data.cost_captions import cost_caption
from gui.data.failure_cause import unexplained
from gui.data.job_display import state_inside
from gui.data.session_captions import session_caption
from gui.data.shown_review import ShownReview
from gui.translation import tr, tr_count, tr_phrase, tr_recorded
from state.costs import total_cost
from state.records import (
    Attempt,
    Job,
    JobStatus,
    ReviewState,
    WorkstreamFile,
)
from state.shown_names import ShownNames
from state.worktree_records import Worktree


def progress_forms(jobs: Sequence[Job], focus: Job | None, tree: Worktree | None) -> tuple[str, ...]:
    """The step in focus in words, from the most to the fewest."""
    if focus is None:
        return ("",)
    number = next(number for number, job in enumerate(jobs, start=1) if job is focus)
    has_ports = tree is not None and tree.port_base is not None and focus.status is JobStatus.RUNNING
    steps, name = len(jobs), focus.step_name or focus.tool
    plain = tr("step {number} of {steps}: {name}", number=number, steps=steps, name=name)
    if tree is None or not has_ports:
        return plain, name
    whole = tr(
        "step {number} of {steps}: {name}, port {port}",
        number=number,
        steps=steps,
        name=name,
        port=tree.port_base,
    )
    return whole, plain, name


def job_sentence(
    column: BoardColumn,
    jobs: Sequence[Job],
    focus: Job | None,
    wait: Wait | None,
    touched: int,
) -> str:
    """Why it waits, what failed, or how it ended; `touched` is how many files it has changed."""
    if focus is None:
        return tr("It has no jobs in the queue yet.")
    match column:
        case BoardColumn.WAITING | BoardColumn.RUNNING:
            return tr_phrase(wait.phrase) if wait else ""
        case BoardColumn.DECIDE if focus.status is JobStatus.HELD and focus.hold_reason:
            return tr_phrase(why_held(focus))
        case BoardColumn.DECIDE:
            return (
                tr_recorded(focus.summary) or (tr_phrase(wait.phrase) if wait else "") or unexplained(focus)
            )
        case _:
            return _outcome(jobs, focus, touched)


def review_sentence(review: ShownReview, jobs: Sequence[Job], touched: int, outside: int) -> str:
    """What is off about work under review; its files and its cost stand below, once."""
    if review.review is ReviewState.MERGED:
        return ", ".join([review.reason, *_facts(jobs, touched)])
    return review.reason or ", ".join(_concerns(jobs, outside))


def notes_on(jobs: Sequence[Job], names: ShownNames) -> str:
    """The notes on jobs; where there are several jobs, each behind the name of its step."""
    noted = [job for job in jobs if job.note]
    if len(jobs) == 1 or not noted:
        return "".join(job.note for job in noted)
    return "\n".join(f"{names.step(job)}: {job.note}" for job in noted)


def session_of(focus: Job | None, attempt_of: Callable[[Job], Attempt | None]) -> str:
    """Which session the running attempt works in, where it is not the first of its job."""
    attempt = None if focus is None else attempt_of(focus)
    return "" if attempt is None else session_caption(attempt)


def _outcome(jobs: Sequence[Job], focus: Job, touched: int) -> str:
    match focus.status:
        case JobStatus.COMPLETED:
            return ", ".join([tr("completed"), *_facts(jobs, touched)])
        case JobStatus.CANCELLED:
            at = focus.completed_at
            return tr("cancelled at {at}", at=clock_minute(at)) if at else tr("cancelled")
        case _:
            word = state_inside(focus.status.value)
            return f"{word}: {tr_recorded(focus.summary)}" if focus.summary else word


def outside_of(jobs: Sequence[Job], touched: Sequence[WorkstreamFile], tree: Worktree | None) -> int:
    """How many of the files that it has changed are outside of what it declares."""
    roots = () if tree is None else (tree.path, tree.repo)
    return len(outside_scope(declared_scope(jobs, roots), touched))


def _concerns(jobs: Sequence[Job], outside: int = 0) -> list[str]:
    """What a person should look at in finished work."""
    denied = _denied(sum(job.denied for job in jobs))
    strayed = tr_count("{n} file outside scope", "{n} files outside scope", outside) if outside else ""
    return [part for part in (strayed, denied) if part]


def _facts(jobs: Sequence[Job], touched: int) -> list[str]:
    """What finished work has changed and cost."""
    files = [tr_count("{n} file", "{n} files", touched)] if touched else []
    cost = cost_caption(total_cost(job.cost for job in jobs))
    return [*files, *_concerns(jobs), *([cost] if cost else [])]


def _denied(count: int) -> str:
    return tr_count("{n} command denied", "{n} commands denied", count) if count else ""
