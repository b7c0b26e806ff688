"""One workstream as a card of the board: everything the card shows, as plain values, without Qt and without state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import TypeVar

from engine.review.declared_scope import declared_scope, outside_scope
from engine.scheduling.buckets import needs_person
from engine.scheduling.explainer import Wait
from engine.scheduling.schedule import queue_key
from engine.scheduling.wait_phrases import why_held
from engine.system.formatting import clock_minute
from engine.trust.launch import waits_for_trust
from gui.data.cost_captions import cost_caption
from gui.data.failure_cause import unexplained
from gui.data.filter_words import keeps
from gui.data.job_actions import SHOW_LINE, decisions, is_held_by_alarm
from gui.data.job_display import WaitOf, focus_of, job_state, state_inside, state_word, step_states
from gui.data.panel_filter import PanelFilter
from gui.data.session_captions import session_caption
from gui.data.shown_review import ShownReview, shown_review, shown_status
from gui.translation import tr, tr_count, tr_phrase
from state.command_table import has_worked
from state.costs import CostSource, total_cost
from state.lifecycle import FINAL
from state.records import (
    Attempt,
    GroupStatus,
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


class BoardColumn(StrEnum):
    """The columns of the board: the buckets of `engine.scheduling.buckets`.

    A card computes its own. What needs a person is in `DECIDE` or `REVIEW`; a narrow board has `NEEDS_YOU` for both.
    """

    WAITING = "waiting"
    RUNNING = "running"
    NEEDS_YOU = "needs_you"
    DECIDE = "decide"
    REVIEW = "review"
    DONE = "done"


NARROW = (BoardColumn.WAITING, BoardColumn.RUNNING, BoardColumn.NEEDS_YOU, BoardColumn.DONE)
WIDE = (
    BoardColumn.WAITING,
    BoardColumn.RUNNING,
    BoardColumn.DECIDE,
    BoardColumn.REVIEW,
    BoardColumn.DONE,
)
_AFTER_QUEUE = 1e6
"""What waits to be merged starts no job: in the column of what waits it comes after every priority of the queue."""
_NEED_YOU = frozenset({BoardColumn.DECIDE, BoardColumn.REVIEW})


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button on a card: the command it requests, and its label."""

    command: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What one card shows.

    `state` is one of the twelve shown states, `word` its name. `since` is when it entered that state.
    `steps` is the shown state of each job, `progress` the step in focus, or how its review stands. `sentence` says why
    it waits, what failed, or how it ended. `target_ids` are the jobs a command on the card applies
    to, the one in focus first.
    """

    run_id: str
    ws_id: str
    name: str = ""
    apart: str = ""
    """What sets it apart from others of its name: its run, its repository."""
    run_title: str = ""
    repo: str = ""
    state: str = "queued"
    word: str = ""
    column: BoardColumn = BoardColumn.WAITING
    needs_you: bool = False
    is_open: bool = False
    """Whether anything of it is still to come: jobs, a review, its merge."""
    was_sent_back: bool = False
    """Whether some of its earlier attempts did not fail, but were sent back."""
    since: float | None = None
    until: float | None = None
    steps: tuple[str, ...] = ()
    progress: str = ""
    shorter_progress: tuple[str, ...] = ()
    """The same in fewer words, for a narrow card: first without the port, then without the number of the step."""
    focus: Job | None = None
    sentence: str = ""
    session: str = ""
    buttons: tuple[CardButton, ...] = ()
    files: int = 0
    added: int | None = None
    removed: int | None = None
    cost: float | None = None
    cost_source: CostSource | None = None
    target_ids: tuple[str, ...] = ()
    rank: tuple[float, ...] = field(default=())
    labels: tuple[str, ...] = ()
    """Those of all its jobs."""
    note: str = ""
    """What people wrote on its jobs."""

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the workstream."""
        return (self.run_id, self.ws_id)

    @property
    def distinct_name(self) -> str:
        """Its name, with what sets it apart."""
        return f"{self.name} ({self.apart})" if self.apart else self.name

    @property
    def tool(self) -> str:
        """The tool of the step in focus; empty without one."""
        return self.focus.tool if self.focus else ""

    @property
    def attempts(self) -> tuple[int, int]:
        """Attempts so far, and the most allowed, of the step in focus."""
        if self.focus is None:
            return (0, 0)
        return (self.focus.attempts, max(self.focus.max_attempts, self.focus.attempts))

    def column_in(self, columns: Sequence[BoardColumn]) -> BoardColumn:
        """The column of the card on a board with these columns."""
        return self.column if self.column in columns else BoardColumn.NEEDS_YOU

    def matches(self, text: str) -> bool:
        """Whether every word of a filter text occurs in the card."""
        names = (self.ws_id, self.name, self.run_title, self.run_id, self.repo)
        searched = (*names, self.progress, self.tool, self.word, self.sentence, self.note)
        return keeps(text.casefold().split(), searched, self.labels)

    def passes(self, limits: PanelFilter) -> bool:
        """Whether the filter of all panels keeps the card: by its state, or as it needs a person or goes on running."""
        also = {"needsyou": self.needs_you, "running": self.column is BoardColumn.RUNNING}
        return limits.keeps(self.run_id, self.state, *(state for state, is_so in also.items() if is_so))


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
    declared = tuple(files)
    state = job_state(focus, wait) if focus else shown_status(workstream.status)
    review = shown_review(workstream, merge, tree)
    column = _column_of(workstream, focus, review, is_between_steps=is_between_steps)
    if column is BoardColumn.DONE and focus:
        state = "completed" if focus.status is JobStatus.COMPLETED else focus.status.value
    since = _since(workstream, jobs, focus)
    if review is not None:
        state, since = review.state, review.since
    touched = [file for file in declared if file.touched]
    cost = total_cost(job.cost for job in jobs)
    forms = _progress(jobs, focus, tree) if review is None else ()
    return Card(
        run_id=workstream.run_id,
        ws_id=workstream.ws_id,
        name=names.workstream(workstream.key),
        apart=names.apart(workstream.key),
        run_title=names.run(workstream.run_id),
        repo=repo_name(workstream.repo or (run.repo if run else None)),
        state=state,
        word=state_word(state, focus) if review is None else review.word,
        column=column,
        needs_you=column in _NEED_YOU,
        is_open=column is not BoardColumn.DONE,
        was_sent_back=workstream.reviewed_at is not None,
        since=since,
        until=wait.until if wait else None,
        steps=step_states(jobs, wait_of),
        progress=forms[0] if review is None else review.word,
        shorter_progress=forms[1:],
        focus=focus,
        sentence=_sentence(column, jobs, focus, wait, len(touched))
        if review is None
        else _under_review(review, jobs, len(touched), _outside(jobs, touched, tree)),
        session=_session(focus, attempt_of),
        buttons=_buttons(column, focus) if review is None else _buttons_of_review(review),
        files=len(touched) or len(declared),
        added=_sum(file.added for file in declared),
        removed=_sum(file.removed for file in declared),
        cost=cost.usd,
        cost_source=cost.source,
        target_ids=_target_ids(column, jobs, focus),
        rank=_rank(column, focus, _entered(workstream, column, since), workstream.position, wait)
        if review is None
        else _rank_of_review(review, workstream.position),
        labels=tuple(sorted({label for job in jobs for label in job.labels})),
        note=_notes(jobs, names),
    )


def _notes(jobs: Sequence[Job], names: ShownNames) -> str:
    """The notes on jobs; where there are several jobs, each behind the name of its step."""
    noted = [job for job in jobs if job.note]
    if len(jobs) == 1 or not noted:
        return "".join(job.note for job in noted)
    return "\n".join(f"{names.step(job)}: {job.note}" for job in noted)


def _session(focus: Job | None, attempt_of: Callable[[Job], Attempt | None]) -> str:
    """Which session the running attempt works in, where it is not the first of its job."""
    attempt = None if focus is None else attempt_of(focus)
    return "" if attempt is None else session_caption(attempt)


def repo_name(repo: str | None) -> str:
    """The last part of a repository's path; empty without a path."""
    return PurePath(repo).name if repo else ""


def column_of(
    workstream: Workstream, jobs: Sequence[Job], *, merge: Merge | None, is_between_steps: bool
) -> BoardColumn:
    """The column of a workstream: that of its card, without the card."""
    review = shown_review(workstream, merge)
    return _column_of(workstream, focus_of(jobs), review, is_between_steps=is_between_steps)


def _column_of(
    workstream: Workstream, focus: Job | None, review: ShownReview | None, *, is_between_steps: bool
) -> BoardColumn:
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


def _progress(jobs: Sequence[Job], focus: Job | None, tree: Worktree | None) -> tuple[str, ...]:
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


def _sentence(
    column: BoardColumn,
    jobs: Sequence[Job],
    focus: Job | None,
    wait: Wait | None,
    touched: int,
) -> str:
    if focus is None:
        return tr("It has no jobs in the queue yet.")
    match column:
        case BoardColumn.WAITING | BoardColumn.RUNNING:
            return tr_phrase(wait.phrase) if wait else ""
        case BoardColumn.DECIDE if focus.status is JobStatus.HELD and focus.hold_reason:
            return tr_phrase(why_held(focus))
        case BoardColumn.DECIDE:
            return focus.summary or (tr_phrase(wait.phrase) if wait else "") or unexplained(focus)
        case _:
            return _outcome(jobs, focus, touched)


def _denied(count: int) -> str:
    return tr_count("{n} command denied", "{n} commands denied", count) if count else ""


def _outcome(jobs: Sequence[Job], focus: Job, touched: int) -> str:
    match focus.status:
        case JobStatus.COMPLETED:
            return ", ".join([tr("completed"), *_facts(jobs, touched)])
        case JobStatus.CANCELLED:
            at = focus.completed_at
            return tr("cancelled at {at}", at=clock_minute(at)) if at else tr("cancelled")
        case _:
            word = state_inside(focus.status.value)
            return f"{word}: {focus.summary}" if focus.summary else word


def _outside(jobs: Sequence[Job], touched: Sequence[WorkstreamFile], tree: Worktree | None) -> int:
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


def _under_review(review: ShownReview, jobs: Sequence[Job], touched: int, outside: int) -> str:
    """What is off about work under review; its files and its cost stand below, once."""
    if review.review is ReviewState.MERGED:
        return ", ".join([review.reason, *_facts(jobs, touched)])
    return review.reason or ", ".join(_concerns(jobs, outside))


def _column_of_review(review: ShownReview) -> BoardColumn:
    if review.needs_you:
        return BoardColumn.REVIEW
    if not review.is_open:
        return BoardColumn.DONE
    return BoardColumn.RUNNING if review.state == "running" else BoardColumn.WAITING


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


def _rank_of_review(review: ShownReview, position: int) -> tuple[float, ...]:
    """By age, beside the jobs of its column; in Waiting after the queue; finished, the newest first."""
    since = review.since or 0.0
    match _column_of_review(review):
        case BoardColumn.WAITING:
            return (_AFTER_QUEUE, since, position)
        case BoardColumn.DONE:
            return (-since, position)
        case _:
            return (since, position)


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


def _entered(workstream: Workstream, column: BoardColumn, since: float | None) -> float | None:
    """When it came into its column; what runs keeps its place from step to step."""
    return workstream.started_at or since if column is BoardColumn.RUNNING else since


def _rank(
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


def _sum(values: Iterable[N | None]) -> N | None:
    known = [value for value in values if value is not None]
    return sum(known[1:], start=known[0]) if known else None
