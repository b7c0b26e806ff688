"""Say for every stretch of time in which a job did not run what it waited for. Pure functions, without Qt.

Events say when a job was held, backed off or lacked a quota; jobs say what they depend on; holds and engines have
times of their own. What is left lacked a slot. The reason of a wait that still lasts is the explainer's.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.scheduling.explainer import Wait, WaitKind
from engine.scheduling.schedule import Load
from engine.system.formatting import clock_minute
from gui.translation import tr, translatable
from state.lifecycle import SATISFIED
from state.records import Attempt, HoldCause, HoldKind, Job, JobStatus
from state.timeline_queries import TimelineEvent

_SHORTEST_S = 1.0
_LAST = math.inf


@dataclass(frozen=True, slots=True)
class WaitSpan:
    """A stretch of time and what was waited for in it; `held` is its cause where the job was held."""

    start: float
    end: float
    words: str = ""
    held: str | None = None
    names_end: bool = False
    """Whether the words name the end, too."""


@dataclass(frozen=True, slots=True)
class HoldPeriod:
    """When a hold was in force; its end may be infinite."""

    kind: str
    key: str
    cause: str
    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class WaitFacts:
    """What the waits of all jobs have in common. `titles` are those of workstreams, `lives` those of engines."""

    jobs: Mapping[str, Job]
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    holds: Sequence[HoldPeriod] = ()
    no_engine: Sequence[WaitSpan] = ()
    writers: Mapping[str, Sequence[tuple[float, float, Job]]] = field(default_factory=dict)
    """When jobs ran that write below a tree or a folder, by its path."""


def hold_periods(events: Iterable[TimelineEvent]) -> list[HoldPeriod]:
    """The times in which holds were in force, as far as events say it."""
    running: dict[tuple[str, str], HoldPeriod] = {}
    found = []
    for event in events:
        if event.hold_kind is None or event.hold_key is None:
            continue
        key = (event.hold_kind, event.hold_key)
        if (before := running.pop(key, None)) is not None:
            found.append(HoldPeriod(*key, before.cause, before.start, min(before.end, event.at)))
        if event.event_type == "hold.set":
            end = _LAST if event.until is None else event.until
            running[key] = HoldPeriod(*key, event.cause or "", event.at, end)
    return [period for period in (*found, *running.values()) if period.end > period.start]


def without_engine(lives: Iterable[tuple[float, float | None]], since: float, now: float) -> list[WaitSpan]:
    """The times in which no engine lived."""
    found, at = [], since
    for start, end in sorted((start, _LAST if end is None else end) for start, end in lives):
        if start > at + _SHORTEST_S:
            found.append(WaitSpan(at, min(start, now), tr("no engine")))
        at = max(at, end)
    if at < now:
        found.append(WaitSpan(at, now, tr("no engine")))
    return [span for span in found if span.end > span.start]


def writers_of(
    attempts: Iterable[Attempt], jobs: Mapping[str, Job]
) -> dict[str, list[tuple[float, float, Job]]]:
    """When jobs ran that write below a tree or a folder, by its path."""
    found: dict[str, list[tuple[float, float, Job]]] = defaultdict(list)
    for attempt in attempts:
        job = jobs.get(attempt.job_id)
        if job is not None:
            end = _LAST if attempt.completed_at is None else attempt.completed_at
            for root in {job.tree, job.scope_root} - {None}:
                found[root].append((attempt.started_at, end, job))  # type: ignore[index]  # None is taken out
    return found


def waits_of(
    job: Job,
    attempts: Sequence[Attempt],
    moves: Sequence[TimelineEvent],
    facts: WaitFacts,
    *,
    since: float,
    now: float,
    present: Wait | None = None,
) -> list[WaitSpan]:
    """Every stretch of time after `since` in which a job waited, oldest first.

    Its last wait may end after `now`, where it is known until when. While another step of its own workstream is to come
    first, or failed, nothing is said: that step has bars and waits of its own.
    """
    found: list[WaitSpan] = []
    begins = _begins(job, facts.jobs)
    if begins is None:
        return []
    layers = _layers(job, moves, facts, since=since)
    for start, end in _idle(job, attempts, now):
        first = max(start, begins, since)
        if end - first >= _SHORTEST_S:
            found += _labelled(job, first, end, layers, facts)
    return _with_present(job, found, facts, present=present, now=now)


def _begins(job: Job, jobs: Mapping[str, Job]) -> float | None:
    """From when on a job itself is what its workstream waits for; None as long as an earlier step is open or failed."""
    begins = job.created_at
    for parent_id in job.depends_on:
        parent = jobs.get(parent_id)
        if parent is not None and (parent.run_id, parent.ws_id) == (job.run_id, job.ws_id):
            if parent.completed_at is None or parent.status not in SATISFIED:
                return None
            begins = max(begins, parent.completed_at)
    return begins


def _idle(job: Job, attempts: Sequence[Attempt], now: float) -> list[tuple[float, float]]:
    """The times in which a job that had not ended did not run."""
    found, at = [], job.created_at
    for attempt in attempts:
        found.append((at, attempt.started_at))
        at = now if attempt.completed_at is None else attempt.completed_at
    if job.status in {JobStatus.HELD, JobStatus.QUEUED}:
        found.append((at, now))
    elif job.status is not JobStatus.RUNNING and job.completed_at is not None:
        found.append((at, job.completed_at))
    return [(start, end) for start, end in found if end > start]


def _layers(
    job: Job, moves: Sequence[TimelineEvent], facts: WaitFacts, *, since: float
) -> list[list[WaitSpan]]:
    """What a job waited for, the reasons that count most first."""
    return [
        _held_spans(job, moves, since),
        _parent_spans(job, facts),
        _timed_spans(moves),
        [_hold_span(one) for one in facts.holds if _concerns(one, job)],
        list(facts.no_engine),
    ]


def _held_spans(job: Job, moves: Sequence[TimelineEvent], since: float) -> list[WaitSpan]:
    found, held = [], None
    for move in moves:
        if held is not None:
            found.append(WaitSpan(held.at, move.at, held_words(held.cause), held.cause or ""))
        held = move if move.event_type == "job.held" else None
    if held is not None:
        found.append(WaitSpan(held.at, _LAST, held_words(held.cause), held.cause or ""))
    elif job.status is JobStatus.HELD and not moves:
        cause = "" if job.hold_cause is None else job.hold_cause.value
        found.append(WaitSpan(since, _LAST, held_words(cause), cause))
    return found


def _parent_spans(job: Job, facts: WaitFacts) -> list[WaitSpan]:
    found = []
    for parent_id in job.depends_on:
        parent = facts.jobs.get(parent_id)
        if parent is None:
            found.append(WaitSpan(0.0, _LAST, tr("waits for {name}", name=parent_id)))
        elif (parent.run_id, parent.ws_id) != (job.run_id, job.ws_id):
            name = facts.titles.get((parent.run_id, parent.ws_id), parent.ws_id)
            end = _LAST if parent.completed_at is None else parent.completed_at
            found.append(WaitSpan(0.0, end, tr("waits for {name}", name=name)))
    return sorted(found, key=lambda span: -span.end)


def _timed_spans(moves: Sequence[TimelineEvent]) -> list[WaitSpan]:
    return [
        WaitSpan(
            move.at,
            move.until,
            _timed_words(move.waits_for, move.until),
            names_end=move.waits_for == "quota",
        )
        for move in moves
        if move.event_type == "job.queued" and move.until is not None and move.until > move.at
    ]


def _timed_words(waits_for: str | None, until: float) -> str:
    match waits_for:
        case "quota":
            return tr("quota until {at}", at=clock_minute(until))
        case "start_at":
            return tr("starts at {at}", at=clock_minute(until))
        case "disk":
            return tr("waits for a disk")
        case _:
            return tr("backing off")


def _concerns(period: HoldPeriod, job: Job) -> bool:
    match period.kind:
        case HoldKind.ENGINE:
            return True
        case HoldKind.TOOL:
            return period.key == job.tool
        case HoldKind.GROUP:
            return period.key == job.group_name
        case HoldKind.ACCOUNT:
            return period.key == job.account
        case _:
            return period.key in {"day", f"run:{job.run_id}"}


def _hold_words(period: HoldPeriod) -> str:
    if period.kind == HoldKind.BUDGET:
        return tr("budget used up")
    if period.cause == HoldCause.QUOTA:
        if math.isinf(period.end):
            return tr("{name} quota", name=period.key)
        return tr("{name} quota until {at}", name=period.key, at=clock_minute(period.end))
    if period.kind == HoldKind.ENGINE:
        return tr("draining") if period.cause == HoldCause.DRAIN else tr("paused")
    return tr("{name} on hold", name=period.key)


def _hold_span(period: HoldPeriod) -> WaitSpan:
    is_quota = period.kind != HoldKind.BUDGET and period.cause == HoldCause.QUOTA
    names_end = is_quota and not math.isinf(period.end)
    return WaitSpan(period.start, period.end, _hold_words(period), names_end=names_end)


_HELD_WORDS = {
    HoldCause.PERSON: translatable("held by you"),
    HoldCause.INBOX: translatable("held until you look at it"),
    HoldCause.TRUST: translatable("held until you trust it"),
    HoldCause.INTERRUPTED: translatable("interrupted"),
    HoldCause.BUDGET: translatable("held, budget used up"),
    HoldCause.CONFLICT: translatable("held, its start has conflicts"),
}


def held_words(cause: str | None) -> str:
    """Why a job is held, in a few words."""
    return tr(next((words for known, words in _HELD_WORDS.items() if known == cause), translatable("held")))


def _labelled(
    job: Job, start: float, end: float, layers: Sequence[Sequence[WaitSpan]], facts: WaitFacts
) -> list[WaitSpan]:
    """A stretch of time divided among its reasons; what none explains lacked a slot, or a tree to itself."""
    found: list[WaitSpan] = []
    free = [(start, end)]
    for layer in layers:
        for span in layer:
            free, taken = _cut(free, span.start, span.end)
            found += [replace(span, start=first, end=last) for first, last in taken]
    found += [WaitSpan(first, last, _rest_words(job, first, last, facts)) for first, last in free]
    long = sorted(
        (span for span in found if span.end - span.start >= _SHORTEST_S), key=lambda span: span.start
    )
    return _joined(long)


def _cut(
    free: Sequence[tuple[float, float]], start: float, end: float
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    rest, taken = [], []
    for first, last in free:
        low, high = max(first, start), min(last, end)
        if high <= low:
            rest.append((first, last))
            continue
        taken.append((low, high))
        rest += [part for part in ((first, low), (high, last)) if part[1] > part[0]]
    return rest, taken


def _joined(spans: Sequence[WaitSpan]) -> list[WaitSpan]:
    found: list[WaitSpan] = []
    for span in spans:
        if found and (found[-1].words, found[-1].held) == (span.words, span.held):
            found[-1] = replace(span, start=found[-1].start)
        else:
            found.append(span)
    return found


def _rest_words(job: Job, start: float, end: float, facts: WaitFacts) -> str:
    """What a job waited for that nothing else explains: what another one wrote for half of that time, or a slot."""
    found = next(_writers(job, facts, start, end, least=(end - start) / 2), None)
    return tr("no slot") if found is None else _waits_for(found[1], facts)


def _writers(
    job: Job, facts: WaitFacts, start: float, end: float, *, least: float = 0.0
) -> Iterator[tuple[float, Job]]:
    """Since when other jobs ran that this one must not run beside, at least for so long of a stretch of time."""
    for root in (job.tree, job.scope_root):
        for first, last, other in facts.writers.get(root or "", ()):
            if min(last, end) - max(first, start) < least or last <= start or first >= end:
                continue
            if other.job_id != job.job_id and Load([other], ()).writer(job) is not None:
                yield first, other


def _waits_for(other: Job, facts: WaitFacts) -> str:
    return tr("waits for {name}", name=facts.titles.get((other.run_id, other.ws_id), other.ws_id))


_PRESENT_WORDS = {
    WaitKind.NO_ENGINE: translatable("no engine"),
    WaitKind.STOPPING: translatable("the engine stops"),
    WaitKind.PAUSED: translatable("paused"),
    WaitKind.BUDGET: translatable("budget used up"),
    WaitKind.NO_SLOT: translatable("no slot"),
    WaitKind.READY: translatable("starts next"),
}


def _with_present(
    job: Job, spans: list[WaitSpan], facts: WaitFacts, *, present: Wait | None, now: float
) -> list[WaitSpan]:
    """The spans, the last of which still lasts and is worded as the explainer explains it."""
    if present is None or not spans or spans[-1].end < now:
        return spans
    last = spans[-1]
    if present.kind is WaitKind.TREE:
        writing = next(_writers(job, facts, now - _SHORTEST_S, _LAST), None)
        if writing is not None and writing[0] > last.start:
            earlier = replace(last, end=writing[0])
            return [*spans[:-1], earlier, WaitSpan(writing[0], now, _waits_for(writing[1], facts))]
    words, names_end = last.words, last.names_end
    if present.kind in _PRESENT_WORDS:
        words, names_end = tr(_PRESENT_WORDS[present.kind]), False
    if present.kind in {WaitKind.BACKOFF, WaitKind.QUOTA, WaitKind.START_AT} and job.not_before:
        words, names_end = _timed_words(job.waits_for, job.not_before), job.waits_for == "quota"
    end = last.end if present.until is None else max(now, present.until)
    return [*spans[:-1], WaitSpan(last.start, end, words, last.held, names_end)]
