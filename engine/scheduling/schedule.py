"""Decide which jobs may start now, and explain in one sentence why each of the others waits.

Pure functions over records: no clock, no database, no tool. `choose` decides inside the claiming transaction;
`Explainer` gives cards, command line and banners the same explanation from a snapshot.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from engine.interfaces import QueueView
from engine.jobfile.fields import PRIORITIES
from engine.scheduling.path_scopes import PathScopes
from engine.system.formatting import moment
from state.handed_priority import HandedPriority, effective, handed_down
from state.lifecycle import SATISFIED
from state.records import (
    DAY_BUDGET,
    NOTHING,
    Hold,
    HoldCause,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    nothing,
    run_budget,
)


class WaitKind(StrEnum):
    """Why a job does not run at this moment."""

    NO_ENGINE = "no_engine"
    STOPPING = "stopping"
    PAUSED = "paused"
    HELD = "held"
    MISSING = "missing"
    BLOCKED = "blocked"
    BACKOFF = "backoff"
    QUOTA = "quota"
    START_AT = "start_at"
    HOLD = "hold"
    BUDGET = "budget"
    TREE = "tree"
    NO_SLOT = "no_slot"
    READY = "ready"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """One reason to wait: its kind, a plain sentence, when it ends by itself, and the state shown for it.

    `handed` is the priority that a job behind this one hands down to it.
    """

    kind: WaitKind
    sentence: str
    until: float | None = None
    shown: str = "queued"
    handed: HandedPriority | None = None


@dataclass(frozen=True, kw_only=True)
class QueueFacts:
    """The input of an explanation. `jobs` contains every open job and every known parent.

    `accounts` are the names of the accounts of each tool that has some, `used_accounts` those that running jobs use,
    by the ids of the jobs.
    """

    jobs: Mapping[str, Job]
    holds: Sequence[Hold] = ()
    limits: Sequence[Limit] = ()
    accounts: Mapping[str, Sequence[str]] = field(default_factory=nothing)
    used_accounts: Mapping[str, str] = field(default_factory=nothing)
    engine_running: bool = True
    stopping: bool = False


def active(holds: Iterable[Hold], now: float) -> dict[tuple[HoldKind, str], Hold]:
    """The holds in force at `now`."""
    return {(hold.kind, hold.key): hold for hold in holds if hold.is_in_force(now)}


def in_force(holds: Iterable[Hold], jobs: Iterable[Job], now: float) -> dict[tuple[HoldKind, str], Hold]:
    """The same for people: without the budgets of runs that have nothing left to start."""
    found = active(holds, now)
    runs = {key for kind, key in found if kind is HoldKind.BUDGET and key != DAY_BUDGET}
    idle = runs and runs - {run_budget(job.run_id) for job in jobs if job.status is JobStatus.QUEUED}
    return {target: hold for target, hold in found.items() if target[1] not in idle}


class Load:
    """Counts running jobs against every limit, and records the trees and files they write."""

    def __init__(self, running: Iterable[Job], limits: Iterable[Limit]) -> None:
        self.limits = {(limit.kind, limit.key): limit.value for limit in limits}
        self.counts: Counter[tuple[LimitKind, str]] = Counter()
        self._trees: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._scoped: dict[str, str] = {}
        self._files: PathScopes[str] = PathScopes()
        for job in running:
            self.add(job)

    def add(self, job: Job) -> None:
        """Count one more running job."""
        self.counts.update(_keys(job))
        if job.tree is not None:
            self._trees.setdefault(job.tree, job.job_id)
            if not job.files_scope:
                self._whole.setdefault(job.tree, job.job_id)
        if job.scope_root is not None and job.files_scope:
            self._scoped.setdefault(job.scope_root, job.job_id)
            self._files.add(job.job_id, job.scope_root, job.files_scope)

    def full(self, job: Job) -> tuple[LimitKind, str] | None:
        """The first limit that leaves no slot for this job, or None."""
        for key in _keys(job):
            limit = self.limits.get(key)
            if limit is not None and self.counts[key] >= limit:
                return key
        return None

    def writer(self, job: Job) -> tuple[str, str] | None:
        """The running job whose writes this one would collide with, and how; None for a job that only reads."""
        if job.tree is not None:
            if (other := self._trees.get(job.tree)) is not None:
                return other, "works in the same tree"
            if not job.files_scope and (other := self._scoped.get(job.tree)) is not None:
                return other, "writes files of the same tree"
        if job.scope_root is not None and job.files_scope:
            if (other := self._whole.get(job.scope_root)) is not None:
                return other, "works in the same tree"
            if (other := self._files.holder(job.scope_root, job.files_scope)) is not None:
                return other, "writes some of the same files"
        return None


def _keys(job: Job) -> list[tuple[LimitKind, str]]:
    keys = [(LimitKind.GLOBAL, ""), (LimitKind.TOOL, job.tool), (LimitKind.GROUP, job.group_name)]
    return [*keys, (LimitKind.ACCOUNT, job.account)] if job.account else keys


def order(jobs: Iterable[Job], handed: Mapping[str, HandedPriority] = NOTHING) -> list[Job]:
    """The queue order: higher priority first, then the position a person set, else the order of acceptance.

    A priority that a waiting job hands down counts as the job's own.
    """
    return sorted(jobs, key=lambda job: queue_key(job, handed.get(job.job_id)))


def queue_key(job: Job, handed: HandedPriority | None) -> tuple[int, float]:
    """The sort key of the queue, with the priority that is handed down to the job."""
    return (-effective(job.priority, handed), job.queue_key[1])


def handed_among(jobs: Iterable[Job]) -> dict[str, HandedPriority]:
    """What the queued ones of these jobs hand down to each other."""
    queued = [job for job in jobs if job.status is JobStatus.QUEUED]
    return handed_down(
        {job.job_id: job.priority for job in queued}, {job.job_id: job.depends_on for job in queued}
    )


def handed_words(handed: HandedPriority) -> str:
    """A priority handed down, in words."""
    named = {number: word for word, number in PRIORITIES.items()}
    word = named.get(handed.priority, f"priority {handed.priority}")
    return f"{word} through {handed.through}"


def choose(view: QueueView, now: float) -> list[str]:
    """The ids of the candidates to start now, in order.

    `view.candidates` are queued jobs whose dependencies are satisfied, with the priority that counts.
    """
    holds = active(view.holds, now)
    if (HoldKind.ENGINE, "") in holds:
        return []
    load = Load(view.running, view.limits)
    chosen = []
    for job in order(view.candidates):
        early = job.not_before is not None and job.not_before > now
        if early or job.cancel_requested_at or hold_on(job, holds) or load.full(job) or load.writer(job):
            continue
        if (placed := with_account(job, view.accounts, holds, load)) is not None:
            load.add(placed)
            chosen.append(job.job_id)
    return chosen


def accounts_of(view: QueueView, chosen: Iterable[str], now: float) -> dict[str, str | None]:
    """The account that each of the chosen candidates uses, by its id; the first to start have the first choice."""
    holds, load = active(view.holds, now), Load(view.running, view.limits)
    known, accounts = {job.job_id: job for job in view.candidates}, {}
    for job_id in filter(known.__contains__, chosen):
        job = with_account(known[job_id], view.accounts, holds, load) or known[job_id]
        load.add(job)
        accounts[job_id] = job.account
    return accounts


def with_account(
    job: Job, accounts: Mapping[str, Sequence[str]], holds: Mapping[tuple[HoldKind, str], Hold], load: Load
) -> Job | None:
    """The job with the account it uses: its own, or the first of its tool's that is free; None where none is."""
    names = () if job.account else accounts.get(job.tool, ())
    if not names:
        return job
    placed = (replace(job, account=name) for name in names if (HoldKind.ACCOUNT, name) not in holds)
    return next((one for one in placed if not load.full(one)), None)


def hold_on(job: Job, holds: Mapping[tuple[HoldKind, str], Hold]) -> Hold | None:
    """The hold on the tool, the group or the account of a job, or of a budget that pays for it; None without any."""
    keys = [(HoldKind.TOOL, job.tool), (HoldKind.GROUP, job.group_name)]
    keys += [(HoldKind.BUDGET, DAY_BUDGET), (HoldKind.BUDGET, run_budget(job.run_id))]
    if job.account:
        keys.append((HoldKind.ACCOUNT, job.account))
    return next((holds[key] for key in keys if key in holds), None)


def hold_on_all(
    job: Job, accounts: Mapping[str, Sequence[str]], holds: Mapping[tuple[HoldKind, str], Hold]
) -> Hold | None:
    """The hold on all accounts of a job's tool that ends first, or None where one of them has none."""
    names = () if job.account else accounts.get(job.tool, ())
    found = [holds[HoldKind.ACCOUNT, name] for name in names if (HoldKind.ACCOUNT, name) in holds]
    if not names or len(found) < len(names):
        return None
    return min(found, key=lambda hold: math.inf if hold.until is None else hold.until)


class Explainer:
    """Explains in one sentence why a job waits; counts the load once, so that each explanation is cheap."""

    def __init__(self, facts: QueueFacts, now: float) -> None:
        self._facts = facts
        self._now = now
        self._holds = active(facts.holds, now)
        running = (
            replace(job, account=facts.used_accounts.get(job.job_id, job.account))
            for job in facts.jobs.values()
            if job.status is JobStatus.RUNNING
        )
        self._load = Load(running, facts.limits)

    def wait(self, job: Job) -> Wait | None:
        """Why this job waits; None for a job that runs or has ended."""
        match job.status:
            case JobStatus.HELD:
                return Wait(
                    kind=WaitKind.HELD,
                    shown="held",
                    sentence=job.hold_reason or "Held; release it to queue it.",
                )
            case JobStatus.QUEUED:
                wait = (
                    self._blocked(job)
                    or self._timed(job)
                    or self._held(job)
                    or self._not_starting()
                    or self._slot(job)
                )
                handed = self._handed.get(job.job_id)
                return wait if handed is None else _with_handed(wait, handed)
            case JobStatus.RUNNING if job.cancel_requested_at:
                return Wait(
                    kind=WaitKind.STOPPING,
                    shown="running",
                    sentence="Stopping; waiting for its processes to end.",
                )
            case _:
                return None

    def _blocked(self, job: Job) -> Wait | None:
        for parent_id in job.depends_on:
            parent = self._facts.jobs.get(parent_id)
            if parent is None:
                return Wait(
                    kind=WaitKind.MISSING,
                    shown="blocked",
                    sentence=f"Waits for {parent_id}, which has not arrived.",
                )
            if parent.status not in SATISFIED:
                return Wait(kind=WaitKind.BLOCKED, shown="blocked", sentence=_after(parent))
        return None

    def _timed(self, job: Job) -> Wait | None:
        if job.not_before is None or job.not_before <= self._now:
            return None
        at = moment(job.not_before, self._now)
        match job.waits_for:
            case "quota":
                kind, sentence = WaitKind.QUOTA, f"{job.tool} has used its quota; starts again at {at}."
            case "start_at":
                kind, sentence = WaitKind.START_AT, f"Starts at {at}, as its file says."
            case "disk":
                reason = job.summary.rstrip(".") or "its state allows no start"
                kind, sentence = WaitKind.BACKOFF, f"Waits for a disk ({reason}); tried again at {at}."
            case _:
                after = f" after: {job.summary.rstrip('.')}" if job.summary else ""
                kind, sentence = (
                    WaitKind.BACKOFF,
                    f"Attempt {job.attempts + 1} of {job.max_attempts} starts at {at}{after}.",
                )
        return Wait(kind=kind, shown="waiting", until=job.not_before, sentence=sentence)

    def _not_starting(self) -> Wait | None:
        pause = self._holds.get((HoldKind.ENGINE, ""))
        if pause is not None:
            reason = f" ({pause.reason})" if pause.reason else ""
            word = "Draining" if pause.cause is HoldCause.DRAIN else "Paused"
            return Wait(
                kind=WaitKind.PAUSED, until=pause.until, sentence=f"{word}{reason}; resume to start it."
            )
        if self._facts.stopping:
            return Wait(kind=WaitKind.STOPPING, sentence="The engine is stopping; nothing new starts.")
        if not self._facts.engine_running:
            return Wait(
                kind=WaitKind.NO_ENGINE,
                sentence="No engine is running; open the window or run `signalbox engine`.",
            )
        return None

    def _held(self, job: Job) -> Wait | None:
        hold = self._hold_on(job)
        if hold is None:
            return None
        named = f"{hold.kind.value.capitalize()} {hold.key}"
        reason = f": {hold.reason.rstrip('.')}" if hold.reason else ""
        if hold.kind is HoldKind.BUDGET:
            kind, sentence = WaitKind.BUDGET, hold.reason
        elif hold.cause is HoldCause.QUOTA:
            kind, sentence = (
                WaitKind.QUOTA,
                f"{named} has used its quota{reason}; starts again{_at(hold, self._now)}.",
            )
        elif hold.until is not None:
            kind, sentence = WaitKind.HOLD, f"{named} is on hold{reason}; starts again{_at(hold, self._now)}."
        else:
            kind, sentence = WaitKind.HOLD, f"{named} is on hold{reason}; resume it to continue."
        return Wait(kind=kind, shown="waiting", until=hold.until, sentence=sentence)

    def _hold_on(self, job: Job) -> Hold | None:
        return hold_on(job, self._holds) or hold_on_all(job, self._facts.accounts, self._holds)

    def _full_account(self, job: Job) -> tuple[LimitKind, str] | None:
        """The limit of the first account of its tool that only lacks a slot, where none has one."""
        if with_account(job, self._facts.accounts, self._holds, self._load) is not None:
            return None
        names = self._facts.accounts[job.tool]
        return next(
            ((LimitKind.ACCOUNT, name) for name in names if (HoldKind.ACCOUNT, name) not in self._holds), None
        )

    def _slot(self, job: Job) -> Wait:
        writer = self._load.writer(job)
        if writer is not None:
            sentence = f"Waits for {writer[0]}, which {writer[1]}."
            return Wait(kind=WaitKind.TREE, shown="blocked", sentence=sentence)
        full = self._load.full(job) or self._full_account(job)
        if full is None:
            return Wait(kind=WaitKind.READY, sentence="Starts next.")
        kind, key = full
        named = {
            "global": "",
            "tool": f" for {key}",
            "account": f" for account {key}",
            "group": f" in group {key}",
        }
        position = self._positions.get(job.job_id, 0)
        rank = "first in the queue" if position <= 1 else f"number {position} in the queue"
        taken = self._load.counts[full]
        return Wait(
            kind=WaitKind.NO_SLOT,
            shown="queued" if kind is LimitKind.GLOBAL else "waiting",
            sentence=f"No free slot{named[kind.value]} ({taken} of {self._load.limits[full]} running); {rank}.",
        )

    @cached_property
    def _positions(self) -> dict[str, int]:
        """The queue position of each job that only lacks a slot. No sentences here: there may be thousands of jobs."""
        ready = [job for job in self._facts.jobs.values() if self._is_ready(job)]
        return {job.job_id: position for position, job in enumerate(order(ready, self._handed), start=1)}

    @cached_property
    def _handed(self) -> dict[str, HandedPriority]:
        return handed_among(self._facts.jobs.values())

    def _is_ready(self, job: Job) -> bool:
        if job.status is not JobStatus.QUEUED:
            return False
        if job.not_before is not None and job.not_before > self._now:
            return False
        parents = (self._facts.jobs.get(parent) for parent in job.depends_on)
        if not all(parent is not None and parent.status in SATISFIED for parent in parents):
            return False
        return not self._holds or self._hold_on(job) is None


def _with_handed(wait: Wait, handed: HandedPriority) -> Wait:
    sentence = wait.sentence
    if wait.kind in {WaitKind.READY, WaitKind.NO_SLOT, WaitKind.TREE}:
        sentence = f"{sentence.rstrip('.')}; {handed_words(handed)}."
    return replace(wait, sentence=sentence, handed=handed)


def _after(parent: Job) -> str:
    match parent.status:
        case JobStatus.FAILED | JobStatus.TIMEOUT | JobStatus.CANCELLED:
            ended = {JobStatus.TIMEOUT: "timed out", JobStatus.CANCELLED: "was cancelled"}.get(
                parent.status, "failed"
            )
            return f"Blocked by {parent.job_id}, which {ended}; retry or skip that one."
        case JobStatus.HELD:
            return f"Waits for {parent.job_id}, which is held."
        case _:
            return f"Waits for {parent.job_id} to finish."


SHOWN_PRECEDENCE = (
    "needsyou",
    "quarantined",
    "failed",
    "timeout",
    "running",
    "waiting",
    "blocked",
    "queued",
    "held",
    "completed",
    "cancelled",
    "skipped",
)
"""The state shown for a group of jobs: the first of these that any of them shows."""


def shown_state(job: Job, wait: Wait | None) -> str:
    """The state shown for a job: one of the twelve in the visual language."""
    if job.quarantined and job.status in {JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.HELD}:
        return "quarantined"
    if job.status is JobStatus.QUEUED and wait is not None:
        return wait.shown
    return job.status.value


def shown_group(states: Iterable[str]) -> str:
    """The state shown for a group of jobs; ``queued`` for an empty group."""
    present = set(states)
    return next((state for state in SHOWN_PRECEDENCE if state in present), "queued")


def hold_sentence(hold: Hold, now: float, running: int) -> str:
    """What a hold keeps from starting and what ends it, as one sentence for a banner.

    The message of a provider stands last: it may be long, and a banner cuts its end.
    """
    reason = f" ({hold.reason.rstrip('.')})" if hold.reason else ""
    if hold.kind is HoldKind.BUDGET:
        return hold.reason
    if hold.kind is not HoldKind.ENGINE:
        named = f"{hold.kind.value.capitalize()} {hold.key}"
        if hold.cause is HoldCause.QUOTA:
            return f"{named} has used its quota; its jobs start again{_at(hold, now)}{reason}."
        if hold.until is not None:
            return f"{named} is on hold{reason}; its jobs start again{_at(hold, now)}."
        return f"{named} is on hold{reason}; its jobs wait until it is resumed."
    if hold.cause is HoldCause.DRAIN:
        going = f"{running} still {'runs' if running == 1 else 'run'}" if running else "nothing is running"
        return f"Draining since {moment(hold.since, now)}{reason}: {going}, nothing new starts until it is resumed."
    since = moment(hold.since, now)
    return f"Paused since {since}{reason}: running jobs continue, nothing new starts until it is resumed."


def _at(hold: Hold, now: float) -> str:
    return "" if hold.until is None else f" at {moment(hold.until, now)}"


def slots(limits: Iterable[Limit]) -> int | None:
    """The global limit of running jobs, or None."""
    return next((limit.value for limit in limits if limit.kind is LimitKind.GLOBAL), None)
