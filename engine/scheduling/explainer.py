"""Explain in one sentence why each job that does not start waits: the same for cards, command line and banners.

Pure functions over records, from a snapshot: no clock, no database. Who may start, `schedule` decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from engine.scheduling.schedule import (
    OF_ALL,
    Load,
    TreeWriter,
    active,
    handed_among,
    handed_phrase,
    hold_on,
    hold_on_all,
    order,
    starting,
    with_account,
)
from engine.scheduling.wait_phrases import (
    NO_SLOT,
    SLOTS_TAKEN,
    behind,
    behind_disk,
    behind_hold,
    next_attempt,
    why_held,
)
from engine.system.formatting import moment
from engine.system.phrase import Phrase, phrase
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

    `phrase` is the sentence with its values, for those who show it in another language.

    `handed` is the priority that a job behind this one hands down to it.
    """

    kind: WaitKind
    phrase: Phrase
    until: float | None = None
    shown: str = "queued"
    handed: HandedPriority | None = None

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return str(self.phrase)


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
        self._running = [
            job
            if (used := facts.used_accounts.get(job.job_id, job.account)) == job.account
            else replace(job, account=used)
            for job in facts.jobs.values()
            if job.status is JobStatus.RUNNING
        ]
        self._load = Load(self._running, facts.limits)

    def wait(self, job: Job) -> Wait | None:
        """Why this job waits; None for a job that runs or has ended."""
        match job.status:
            case JobStatus.HELD:
                return Wait(
                    kind=WaitKind.HELD,
                    shown="held",
                    phrase=why_held(job),
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
                    phrase=phrase("Stopping; waiting for its processes to end."),
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
                    phrase=phrase("Waits for {name}, which has not arrived.", name=parent_id),
                )
            if parent.status not in SATISFIED:
                name = self._facts.names.job(parent, seen_from=job)
                return Wait(kind=WaitKind.BLOCKED, shown="blocked", phrase=behind(parent, name))
        return None

    def _timed(self, job: Job) -> Wait | None:
        if job.not_before is None or job.not_before <= self._now:
            return None
        at = moment(job.not_before, self._now)
        match job.waits_for:
            case "quota":
                kind = WaitKind.QUOTA
                why = phrase("{tool} has used its quota; starts again at {at}.", tool=job.tool, at=at)
            case "start_at":
                kind, why = WaitKind.START_AT, phrase("Starts at {at}, as its file says.", at=at)
            case "disk":
                kind, why = WaitKind.BACKOFF, behind_disk(job, at)
            case _:
                kind, why = WaitKind.BACKOFF, next_attempt(job, at)
        return Wait(kind=kind, shown="waiting", until=job.not_before, phrase=why)

    def _not_starting(self) -> Wait | None:
        pause = self._holds.get((HoldKind.ENGINE, ""))
        if pause is not None:
            reason = f" ({pause.reason})" if pause.reason else ""
            why = phrase("Paused{reason}; resume to start it.", reason=reason)
            if pause.cause is HoldCause.DRAIN:
                why = phrase("Draining{reason}; resume to start it.", reason=reason)
            return Wait(kind=WaitKind.PAUSED, until=pause.until, phrase=why)
        if self._facts.stopping:
            return Wait(kind=WaitKind.STOPPING, phrase=phrase("The engine is stopping; nothing new starts."))
        if not self._facts.engine_running:
            return Wait(
                kind=WaitKind.NO_ENGINE,
                phrase=phrase("No engine is running; open the window or run `signalbox engine`."),
            )
        return None

    def _held(self, job: Job) -> Wait | None:
        hold = self._hold_on(job)
        if hold is None:
            return None
        kind = WaitKind.HOLD
        if hold.kind is HoldKind.BUDGET:
            kind = WaitKind.BUDGET
        elif hold.cause is HoldCause.QUOTA:
            kind = WaitKind.QUOTA
        return Wait(kind=kind, shown="waiting", until=hold.until, phrase=behind_hold(hold, self._now))

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
            return Wait(kind=WaitKind.TREE, shown="blocked", phrase=self._collision(job, writer))
        full = self._load.full(job) or self._full_account(job)
        if full is None:
            return self._next_turn_of(job)
        return self._without_slot(job, full, NO_SLOT, self._load)

    def _next_turn_of(self, job: Job) -> Wait:
        """Whether a job that nothing running is in the way of starts now, or what starts before it is in its way."""
        chosen, load = self._next
        if job.job_id in chosen:
            return Wait(kind=WaitKind.READY, phrase=phrase("Starts next."))
        if (writer := load.writer(job)) is not None:
            return Wait(kind=WaitKind.TREE, shown="blocked", phrase=self._collision(job, writer))
        return self._without_slot(job, load.full(job) or OF_ALL, SLOTS_TAKEN, load)

    def _without_slot(
        self, job: Job, full: tuple[LimitKind, str], phrases: Mapping[LimitKind, Phrase], load: Load
    ) -> Wait:
        kind, key = full
        position = self._positions.get(job.job_id, 0)
        rank = phrase("first in the queue")
        if position > 1:
            rank = phrase("number {position} in the queue", position=position)
        values = {"key": key, "taken": load.counts[full], "limit": load.limits.get(full, 0), "rank": rank}
        return Wait(
            kind=WaitKind.NO_SLOT,
            shown="queued" if kind is LimitKind.GLOBAL else "waiting",
            phrase=Phrase(phrases[kind].text, values),
        )

    def _collision(self, job: Job, writer: TreeWriter) -> Phrase:
        """The job that writes where this one would write, and where that is."""
        other, names = self._facts.jobs[writer.job_id], self._facts.names
        same = other.ws_key == job.ws_key
        name = names.job(other, seen_from=job) if same else names.workstream(other.ws_key)
        return phrase("Waits for {name}: {why}.", name=name, why=writer.phrase)

    def _with_handed(self, wait: Wait, handed: HandedPriority, job: Job) -> Wait:
        why, through = wait.phrase, self._facts.jobs.get(handed.through)
        if wait.kind in {WaitKind.READY, WaitKind.NO_SLOT, WaitKind.TREE}:
            name = handed.through if through is None else self._facts.names.job(through, seen_from=job)
            why = phrase("{wait}; {handed}.", wait=why.as_clause(), handed=handed_phrase(handed, name))
        return replace(wait, phrase=why, handed=handed)

    @cached_property
    def _positions(self) -> dict[str, int]:
        """The queue position of each job that only lacks a slot. No sentences here: there may be thousands of jobs."""
        return {job.job_id: position for position, job in enumerate(self._ready, start=1)}

    @cached_property
    def _ready(self) -> list[Job]:
        """The jobs that only lack a slot, in the order of the queue."""
        return order((job for job in self._facts.jobs.values() if self._is_ready(job)), self._handed)

    @cached_property
    def _next(self) -> tuple[frozenset[str], Load]:
        """The jobs that the next turn of the engine starts, and the load with them."""
        load = Load(self._running, self._facts.limits)
        found = starting(self._ready, load, accounts=self._facts.accounts, holds=self._holds)
        return frozenset(job.job_id for job in found), load

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
