"""Explain in one sentence why each job that does not start waits: the same for cards, command line and banners.

Pure functions over records, from a snapshot: no clock, no database. Who may start, `schedule` decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from engine.scheduling.schedule import (
    Load,
    TreeWriter,
    active,
    handed_among,
    handed_words,
    hold_on,
    hold_on_all,
    order,
    with_account,
)
from engine.system.formatting import moment
from state.handed_priority import HandedPriority
from state.lifecycle import SATISFIED
from state.records import (
    Hold,
    HoldCause,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    nothing,
)
from state.shown_names import ShownNames


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
    by the ids of the jobs. `names` are what sentences call jobs and workstreams.
    """

    jobs: Mapping[str, Job]
    holds: Sequence[Hold] = ()
    limits: Sequence[Limit] = ()
    accounts: Mapping[str, Sequence[str]] = field(default_factory=nothing)
    used_accounts: Mapping[str, str] = field(default_factory=nothing)
    engine_running: bool = True
    stopping: bool = False
    names: ShownNames = field(default_factory=ShownNames)


class Explainer:
    """Explains in one sentence why a job waits; counts the load once, so that each explanation is cheap."""

    def __init__(self, facts: QueueFacts, now: float) -> None:
        self._facts = facts
        self._now = now
        self._holds = active(facts.holds, now)
        running = (
            job
            if (used := facts.used_accounts.get(job.job_id, job.account)) == job.account
            else replace(job, account=used)
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
                return wait if handed is None else self._with_handed(wait, handed, job)
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
                name = self._facts.names.job(parent, seen_from=job)
                return Wait(kind=WaitKind.BLOCKED, shown="blocked", sentence=_after(parent, name))
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
            return Wait(kind=WaitKind.TREE, shown="blocked", sentence=self._collision(job, writer))
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

    def _collision(self, job: Job, writer: TreeWriter) -> str:
        """The job that writes where this one would write, and where that is."""
        other, names = self._facts.jobs[writer.job_id], self._facts.names
        same = other.ws_key == job.ws_key
        name = names.job(other, seen_from=job) if same else names.workstream(other.ws_key)
        return f"Waits for {name}: {writer.words}."

    def _with_handed(self, wait: Wait, handed: HandedPriority, job: Job) -> Wait:
        sentence, through = wait.sentence, self._facts.jobs.get(handed.through)
        if wait.kind in {WaitKind.READY, WaitKind.NO_SLOT, WaitKind.TREE}:
            name = handed.through if through is None else self._facts.names.job(through, seen_from=job)
            sentence = f"{sentence.rstrip('.')}; {handed_words(handed, name)}."
        return replace(wait, sentence=sentence, handed=handed)

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


def _after(parent: Job, name: str) -> str:
    match parent.status:
        case JobStatus.FAILED | JobStatus.TIMEOUT | JobStatus.CANCELLED:
            ended = {JobStatus.TIMEOUT: "timed out", JobStatus.CANCELLED: "was cancelled"}.get(
                parent.status, "failed"
            )
            return f"Blocked by {name}, which {ended}; retry or skip that one."
        case JobStatus.HELD:
            return f"Waits for {name}, which is held."
        case _:
            return f"Waits for {name} to finish."


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
