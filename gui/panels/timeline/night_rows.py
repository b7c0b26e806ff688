"""Make the row of a workstream: its attempts as bars, what it waited for, and what matters most about it now. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.jobfile.tool_registry import tile_letters
from engine.scheduling.explainer import Wait
from engine.system.formatting import clock_minute, short_duration
from engine.system.plain_text import escape_invisible
from gui.data.attempts_model import attempt_display
from gui.data.captions import time_span
from gui.data.card import Card
from gui.panels.timeline.night_records import BarKind, Ghost, NightBar, NightRow, NightWait
from gui.panels.timeline.past_waits import WaitFacts, WaitSpan, waits_of
from gui.translation import tr, translatable, uncapitalized
from state.records import Attempt, AttemptStatus, GroupStatus, Job, JobStatus, Workstream
from state.timeline_queries import TimelineEvent

_HALF_HOUR, _FIVE_MINUTES = 1800.0, 300.0


@dataclass(frozen=True, kw_only=True)
class RowFacts:
    """Everything a row is made of. `estimates` are when jobs may run, by their ids."""

    card: Card
    workstream: Workstream
    jobs: Sequence[Job]
    attempts: Mapping[str, Sequence[Attempt]]
    """The attempts of each job, oldest first."""
    moves: Mapping[str, Sequence[TimelineEvent]]
    """The events of each job, oldest first."""
    stream_moves: Sequence[TimelineEvent] = ()
    waits: WaitFacts
    wait_of: Callable[[Job], Wait | None]
    estimates: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    since: float
    now: float


def row_of(facts: RowFacts) -> NightRow:
    """The row of a workstream."""
    card = facts.card
    name = card.distinct_name
    held: list[NightBar] = []
    waits: list[NightWait] = []
    for job in facts.jobs:
        spans = waits_of(
            job,
            facts.attempts.get(job.job_id, ()),
            facts.moves.get(job.job_id, ()),
            facts.waits,
            since=facts.since,
            now=facts.now,
            present=facts.wait_of(job),
        )
        for span in spans:
            if span.held is None:
                waits.append(_wait(name, job, span, facts.now))
            else:
                held.append(_held_bar(name, job, span, facts.now))
    bars = [*_attempt_bars(name, facts), *held, *_review_bars(name, facts)]
    return NightRow(
        key=card.key,
        name=name,
        state=card.state,
        step=_step(card, facts.jobs),
        fact=fact_of(card, facts.now),
        is_urgent=card.needs_you,
        job_id=card.focus.job_id if card.focus else None,
        bars=tuple(sorted(bars, key=lambda bar: bar.start)),
        waits=tuple(sorted(waits, key=lambda wait: wait.start)),
        ghosts=tuple(_ghosts(name, facts)),
    )


def _attempt_bars(name: str, facts: RowFacts) -> Iterator[NightBar]:
    for job in facts.jobs:
        mine = facts.attempts.get(job.job_id, ())
        for attempt in mine:
            state, word = attempt_display(attempt)
            is_last = attempt is mine[-1]
            if is_last and job.quarantined and job.status in {JobStatus.FAILED, JobStatus.TIMEOUT}:
                state, word = "quarantined", tr("Quarantined")
            letters = tile_letters(attempt.tool)
            if attempt.status is AttemptStatus.QUOTA:
                letters = tr("{tool}, limit", tool=letters)
            step = _step_name(job)
            yield NightBar(
                kind=BarKind.ATTEMPT,
                start=attempt.started_at,
                end=attempt.completed_at,
                state=state,
                label=step,
                letters=letters,
                description=tr(
                    "{name}, {step}, attempt {number}, {tool}, {state}",
                    name=name,
                    step=step,
                    number=attempt.number,
                    tool=attempt.tool,
                    state=uncapitalized(word),
                ),
                job_id=job.job_id,
                attempt_id=attempt.id,
            )


def _step_name(job: Job) -> str:
    return escape_invisible(job.step_name or job.tool)


def _held_bar(name: str, job: Job, span: WaitSpan, now: float) -> NightBar:
    return NightBar(
        kind=BarKind.HELD,
        start=span.start,
        end=None if span.end >= now else span.end,
        state="held",
        label=span.words,
        description=f"{name}, {_step_name(job)}, {span.words}",
        job_id=job.job_id,
    )


def _wait(name: str, job: Job, span: WaitSpan, now: float) -> NightWait:
    lasts = span.end >= now
    description = f"{name}, {_step_name(job)}, {span.words}"
    if not span.names_end:
        if lasts and span.end == now:
            description = tr("{what}, since {start}", what=description, start=clock_minute(span.start))
        else:
            description = f"{description}, {time_span(span.start, span.end)}"
    return NightWait(
        start=span.start,
        end=None if span.end == now else span.end,
        words=span.words,
        description=description,
        job_id=job.job_id,
    )


_REVIEW_ENDS = frozenset(
    {"workstream.merging", "workstream.merged", "workstream.discarded", "workstream.sent_back"}
)


def _review_bars(name: str, facts: RowFacts) -> Iterator[NightBar]:
    """One bar for each time the work waited for a review."""
    since: float | None = None
    for move in facts.stream_moves:
        if move.event_type == "workstream.review":
            since = move.at if since is None else since
        elif move.event_type in _REVIEW_ENDS and since is not None:
            yield _review_bar(name, facts, since, move.at)
            since = None
    if facts.workstream.status is GroupStatus.REVIEW:
        begun = since if since is not None else facts.workstream.waits_since
        if begun is not None:
            yield _review_bar(name, facts, begun, None)


def _review_bar(name: str, facts: RowFacts, start: float, end: float | None) -> NightBar:
    return NightBar(
        kind=BarKind.REVIEW,
        start=start,
        end=end,
        state="needsyou",
        label=tr("review"),
        description=(
            tr("{name}, waits for your review", name=name)
            if end is None
            else tr("{name}, waited for your review", name=name)
        ),
        job_id=facts.jobs[-1].job_id if facts.jobs else "",
    )


_MAY_END = translatable("{name}, {step}, {tool}, estimated: may end at {at}")
_MAY_START = translatable("{name}, {step}, {tool}, estimated: may start at {at}")


def _ghosts(name: str, facts: RowFacts) -> Iterator[Ghost]:
    for job in facts.jobs:
        if (expected := facts.estimates.get(job.job_id)) is None:
            continue
        start, end = expected
        if job.status is JobStatus.RUNNING:
            start = facts.now
        if end > start:
            step = _step_name(job)
            at = end if job.status is JobStatus.RUNNING else start
            yield Ghost(
                start=start,
                end=end,
                label="" if job.status is JobStatus.RUNNING else step,
                letters="" if job.status is JobStatus.RUNNING else tile_letters(job.tool),
                description=tr(
                    _MAY_END if job.status is JobStatus.RUNNING else _MAY_START,
                    name=name,
                    step=step,
                    tool=job.tool,
                    at=about(at, facts.now),
                ),
                job_id=job.job_id,
            )


def about(at: float, now: float) -> str:
    """A moment that is estimated: ``about 04:35``, at full five minutes beyond half an hour."""
    if at - now > _HALF_HOUR:
        at = round(at / _FIVE_MINUTES) * _FIVE_MINUTES
    return tr("about {at}", at=clock_minute(at))


def _step(card: Card, jobs: Sequence[Job]) -> str:
    if not jobs:
        return ""
    if card.focus is None or not card.is_open:
        done = sum(job.status is JobStatus.COMPLETED for job in jobs)
        return tr("{done} of {total} done", done=done, total=len(jobs))
    number = next((number for number, job in enumerate(jobs, 1) if job.job_id == card.focus.job_id), 1)
    return tr("step {number} of {total}", number=number, total=len(jobs))


def fact_of(card: Card, now: float) -> str:
    """The one thing about a workstream that matters most now."""
    job = card.focus
    if job is not None and job.status is JobStatus.RUNNING and card.state == "running":
        since = short_duration(now - job.started_at) if job.started_at else ""
        runs = tr("runs for {since}", since=since) if since else tr("runs")
        if job.max_attempts <= 1:
            return runs
        return tr("{runs}, attempt {number} of {most}", runs=runs, number=job.attempts, most=job.max_attempts)
    if card.needs_you and card.state == "needsyou" and card.since is not None:
        waits = tr("waits for you {lasted}", lasted=short_duration(now - card.since))
        return f"{card.sentence.rstrip('.')}, {waits}" if card.sentence else waits
    if not card.is_open and card.since is not None:
        return f"{clock_minute(card.since)} {card.sentence}"
    return card.sentence


def grouped(items: Iterable[TimelineEvent]) -> dict[str, list[TimelineEvent]]:
    """The events of each job, in their order."""
    found: dict[str, list[TimelineEvent]] = {}
    for item in items:
        if item.job_id is not None and item.event_type.startswith("job."):
            found.setdefault(item.job_id, []).append(item)
    return found
