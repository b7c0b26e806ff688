"""Decide which jobs may start now, and in which order.

Pure functions over records: no clock, no database, no tool. `choose` decides inside the claiming transaction; why each
of the others waits is in `explainer`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from engine.jobfile.priorities import PRIORITIES
from engine.scheduling.path_scopes import PathScopes
from engine.system.phrase import Phrase, phrase
from state.handed_priority import HandedPriority, effective, handed_down
from state.records import (
    DAY_BUDGET,
    NOTHING,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    run_budget,
)
from state.running_job import RunningJob

if TYPE_CHECKING:
    from engine.interfaces import QueueView  # the records behind it take longer to make than a short command


def active(holds: Iterable[Hold], now: float) -> dict[tuple[HoldKind, str], Hold]:
    """The holds in force at `now`."""
    return {(hold.kind, hold.key): hold for hold in holds if hold.is_in_force(now)}


def in_force(holds: Iterable[Hold], jobs: Iterable[Job], now: float) -> dict[tuple[HoldKind, str], Hold]:
    """The same for people: without the budgets of runs that have nothing left to start."""
    found = active(holds, now)
    runs = {key for kind, key in found if kind is HoldKind.BUDGET and key != DAY_BUDGET}
    idle = runs and runs - {run_budget(job.run_id) for job in jobs if job.status is JobStatus.QUEUED}
    return {target: hold for target, hold in found.items() if target[1] not in idle}


@dataclass(frozen=True, slots=True)
class TreeWriter:
    """A running job and the tree it writes in; `only_files` where it is some files there that both write."""

    job_id: str
    tree: str
    only_files: bool = False

    @property
    def phrase(self) -> Phrase:
        """What both write: ``both write in site``."""
        place = PurePath(self.tree).name or self.tree
        if self.only_files:
            return phrase("both write some of the same files in {place}", place=place)
        return phrase("both write in {place}", place=place)


class Load:
    """Counts running jobs against every limit, and records the trees and files they write."""

    def __init__(self, running: Iterable[Job | RunningJob], limits: Iterable[Limit]) -> None:
        self.limits = {(limit.kind, limit.key): limit.value for limit in limits}
        self.counts: Counter[tuple[LimitKind, str]] = Counter()
        self._trees: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._scoped: dict[str, str] = {}
        self._files: PathScopes[str] = PathScopes()
        for job in running:
            self.add(job)

    def add(self, job: Job | RunningJob) -> None:
        """Count one more running job."""
        for key in _keys(job):
            self.counts[key] += 1
        if job.tree is not None:
            self._trees.setdefault(job.tree, job.job_id)
            if not job.files_scope:
                self._whole.setdefault(job.tree, job.job_id)
        if job.scope_root is not None and job.files_scope:
            self._scoped.setdefault(job.scope_root, job.job_id)
            self._files.add(job.job_id, job.scope_root, job.files_scope)

    @property
    def is_full(self) -> bool:
        """Whether there is no slot for any job."""
        limit = self.limits.get(OF_ALL)
        return limit is not None and self.counts[OF_ALL] >= limit

    def full(self, job: Job) -> tuple[LimitKind, str] | None:
        """The first limit that leaves no slot for this job, or None."""
        for key in _keys(job):
            limit = self.limits.get(key)
            if limit is not None and self.counts[key] >= limit:
                return key
        return None

    def writer(self, job: Job) -> TreeWriter | None:
        """The running job whose writes this one would collide with, and where; None for a job that only reads."""
        if job.tree is not None:
            if (other := self._trees.get(job.tree)) is not None:
                return TreeWriter(other, job.tree)
            if not job.files_scope and (other := self._scoped.get(job.tree)) is not None:
                return TreeWriter(other, job.tree)
        if job.scope_root is not None and job.files_scope:
            if (other := self._whole.get(job.scope_root)) is not None:
                return TreeWriter(other, job.scope_root)
            if (other := self._files.holder(job.scope_root, job.files_scope)) is not None:
                return TreeWriter(other, job.scope_root, only_files=True)
        return None


OF_ALL = (LimitKind.GLOBAL, "")
"""The limit of all jobs."""


def _keys(job: Job | RunningJob) -> list[tuple[LimitKind, str]]:
    keys = [OF_ALL, (LimitKind.TOOL, job.tool), (LimitKind.GROUP, job.group_name)]
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


def handed_phrase(handed: HandedPriority, name: str) -> Phrase:
    """A priority handed down, in words; `name` is what the job is called that it comes from."""
    named = {number: word for word, number in PRIORITIES.items()}
    word = named.get(handed.priority)
    if word is None:
        return phrase("priority {number} through {name}", number=handed.priority, name=name)
    return phrase("{priority} through {name}", priority=word, name=name)


def choose(view: "QueueView", now: float) -> list[str]:
    """The ids of the candidates to start now, in order.

    `view.candidates` are queued jobs whose dependencies are satisfied, with the priority that counts.
    """
    holds = active(view.holds, now)
    if (HoldKind.ENGINE, "") in holds:
        return []
    load = Load(view.running, view.limits)
    due = (job for job in order(view.candidates) if job.not_before is None or job.not_before <= now)
    return [job.job_id for job in starting(due, load, accounts=view.accounts, holds=holds)]


def starting(
    due: Iterable[Job],
    load: Load,
    *,
    accounts: Mapping[str, Sequence[str]],
    holds: Mapping[tuple[HoldKind, str], Hold],
) -> Iterator[Job]:
    """Those of the due jobs, in the order of the queue, that start now; each is counted in the load.

    One that starts on an account that was free has the name of it.
    """
    for job in due:
        if load.is_full:
            return
        if job.cancel_requested_at or hold_on(job, holds) or load.full(job) or load.writer(job):
            continue
        if (placed := with_account(job, accounts, holds, load)) is not None:
            load.add(placed)
            yield placed


def accounts_of(view: "QueueView", chosen: Iterable[str], now: float) -> dict[str, str | None]:
    """The account that each of the chosen candidates uses, by its id; the first to start have the first choice."""
    known, accounts = {job.job_id: job for job in view.candidates}, {}
    if not view.accounts:
        return {job_id: known[job_id].account for job_id in chosen if job_id in known}
    holds, load = active(view.holds, now), Load(view.running, view.limits)
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


def slots(limits: Iterable[Limit]) -> int | None:
    """The global limit of running jobs, or None."""
    return next((limit.value for limit in limits if limit.kind is LimitKind.GLOBAL), None)
