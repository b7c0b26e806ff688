"""Estimate when each queued job may start, when each run may end, and what a used-up quota keeps waiting. Pure.

Plays the queue forward by the rules of `schedule`: every job takes as long as jobs like it took, and succeeds. Knows no
clock and no database; what it says is an estimate, never a promise (decision 14).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush

from engine.scheduling.expected_length import ExpectedLength, LengthTable
from engine.scheduling.forecast_types import (
    AccountEstimate,
    Basis,
    Forecast,
    ForecastFacts,
    JobEstimate,
    NoEstimate,
    RunEstimate,
)
from engine.scheduling.quota_forecast import QuotaForecast
from engine.scheduling.schedule import Load, active, handed_among, hold_on, hold_on_all
from engine.scheduling.simulated_queue import Holds, SimulatedQueue
from state.lifecycle import FINAL, SATISFIED
from state.records import HoldKind, Job, JobStatus

MOST_WORK = 400_000
"""How many looks at a job one forecast takes at most: with more, it says nothing of what starts after that."""


def forecast(facts: ForecastFacts, now: float, *, most_work: int = MOST_WORK) -> Forecast:
    """What may happen from `now` on; it reaches less far where `most_work` looks at a job do not suffice."""
    played = _Play(facts, now)
    reaches_to = played.run(most_work)
    jobs = {estimate.job_id: estimate for estimate in played.estimates(reaches_to)}
    return Forecast(
        made_at=now,
        jobs=jobs,
        runs=_runs(jobs.values()),
        accounts=_accounts(played),
        reaches_to=reaches_to,
        errors=facts.errors,
    )


class _Play:
    """One forecast under way: what runs, what is ready and what is still to come, at one simulated moment."""

    def __init__(self, facts: ForecastFacts, now: float) -> None:
        self.facts, self.now, self.time = facts, now, now
        self.lengths = LengthTable(facts.durations)
        self.quotas = QuotaForecast(facts, now)
        self._queue = SimulatedQueue(handed_among(facts.jobs.values()), facts.accounts)
        self._running: dict[str, Job] = {}
        self._ends: list[tuple[float, str]] = []
        self._early: list[tuple[float, str]] = []
        self._unmet: dict[str, int] = {}
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        self._found: dict[str, JobEstimate] = {}
        self._rough: set[str] = set()
        self.kept: defaultdict[tuple[HoldKind, str], dict[str, None]] = defaultdict(dict)
        """The jobs that were ready and could not start for a hold, by what it holds, in the order of the queue."""
        self._holds: Holds = active(self.quotas.holds(), now)
        self._load = Load((), facts.limits)
        self._reloads = 0
        for job in sorted(facts.jobs.values(), key=lambda one: (one.seq, one.job_id)):
            self._enter(job)

    def run(self, most_work: int) -> float | None:
        """Play until nothing more can happen; returns the moment it got to where that takes too much work."""
        self._load = Load(self._running.values(), self.facts.limits)
        self._start_what_may(is_rough=False)
        while (moment := self._next_moment()) is not None:
            if self._queue.looks + self._reloads > most_work:
                return self.time
            self.quotas.advance(self.time, moment, self._running.values())
            self.time = moment
            is_rough = self._end_what_ends()
            self._admit_early()
            self._follow_holds()
            self._start_what_may(is_rough=is_rough)
        return None

    # --- the beginning -----------------------------------------------------------------------------------------

    def _enter(self, job: Job) -> None:
        if job.status is JobStatus.RUNNING:
            self._enter_running(job)
        elif job.status is JobStatus.QUEUED and not job.cancel_requested_at:
            parents = {parent: self.facts.jobs.get(parent) for parent in job.depends_on}
            open_parents = [
                parent_id
                for parent_id, parent in parents.items()
                if parent is None or parent.status not in SATISFIED
            ]
            self._unmet[job.job_id] = len(open_parents)
            for parent_id in open_parents:
                self._children[parent_id].append(job.job_id)
            if not open_parents:
                self._admit(job)

    def _enter_running(self, job: Job) -> None:
        account = self.facts.used_accounts.get(job.job_id, job.account)
        self._running[job.job_id] = replace(job, account=account)
        since = self.facts.running_since.get(job.job_id, job.started_at)
        elapsed = 0.0 if since is None else max(self.now - since, 0.0)
        left = self.lengths.remaining(*self._kind(job), elapsed=elapsed)
        if job.cancel_requested_at:
            left = ExpectedLength(0.0, 0.0, Basis.SIMILAR)
        estimate = _with_length(
            JobEstimate(job_id=job.job_id, run_id=job.run_id, is_running=True, account=account),
            self.now,
            left,
        )
        self._note(replace(estimate, length_s=None if left is None else elapsed + left.seconds))

    def _kind(self, job: Job) -> tuple[str | None, str, str]:
        return self.facts.repos.get((job.run_id, job.ws_id)), job.step_name, job.tool

    # --- one moment --------------------------------------------------------------------------------------------

    def _next_moment(self) -> float | None:
        times = [heap[0][0] for heap in (self._ends, self._early) if heap]
        times += [hold.until for hold in self._holds.values() if hold.until is not None]
        if (used_up_at := self.quotas.next_change(self.time, self._running.values())) is not None:
            times.append(used_up_at)
        return max(min(times), self.time) if times else None

    def _end_what_ends(self) -> bool:
        """End the jobs whose time has come; whether one of these times is rough."""
        is_rough, is_any = False, False
        while self._ends and self._ends[0][0] <= self.time:
            job = self._running.pop(heappop(self._ends)[1])
            is_any, is_rough = True, is_rough or self._found[job.job_id].is_rough
            self._queue.ended(job)
            if not job.cancel_requested_at:
                self._release_children(job)
        if is_any:
            self._load = Load(self._running.values(), self.facts.limits)
            self._reloads += len(self._running)
        return is_rough

    def _release_children(self, parent: Job) -> None:
        for child in self._children.pop(parent.job_id, ()):
            self._unmet[child] -= 1
            if self._found[parent.job_id].is_rough:
                self._rough.add(child)
            if not self._unmet[child]:
                self._admit(self.facts.jobs[child])

    def _admit(self, job: Job) -> None:
        """Put a job whose parents have ended well in the queue, once its time has come."""
        if job.not_before is not None and job.not_before > self.time:
            heappush(self._early, (job.not_before, job.job_id))
        else:
            self._queue.add(job)

    def _admit_early(self) -> None:
        while self._early and self._early[0][0] <= self.time:
            self._queue.add(self.facts.jobs[heappop(self._early)[1]])

    def _follow_holds(self) -> None:
        holds = active(self.quotas.holds(), self.time)
        if holds != self._holds:
            self._note_kept()
            self._holds = holds
            self._queue.holds_changed()

    def _note_kept(self) -> None:
        for target in self._holds:
            self.kept[target].update(dict.fromkeys(self._queue.kept_by(target, self.facts.accounts)))

    def _start_what_may(self, *, is_rough: bool) -> None:
        if (HoldKind.ENGINE, "") in self._holds or not self.facts.engine_running:
            return
        for job in self._queue.start(self._load, self._holds):
            self._running[job.job_id] = job
            is_mine = is_rough or job.job_id in self._rough
            estimate = JobEstimate(
                job_id=job.job_id,
                run_id=job.run_id,
                starts_at=self.time,
                is_rough=is_mine,
                account=job.account,
            )
            self._note(_with_length(estimate, self.time, self.lengths.length(*self._kind(job))))

    def _note(self, estimate: JobEstimate) -> None:
        self._found[estimate.job_id] = estimate
        if estimate.ends_at is not None:
            heappush(self._ends, (estimate.ends_at, estimate.job_id))

    # --- the end -----------------------------------------------------------------------------------------------

    def estimates(self, reaches_to: float | None) -> Iterator[JobEstimate]:
        """The estimate of every open job, or why it has none."""
        self._note_kept()
        resting = self._queue.behind_jobs()
        for job in self.facts.jobs.values():
            if job.status in FINAL:
                continue
            if job.job_id in self._found:
                yield self._found[job.job_id]
                continue
            none, behind = self._why_none(job, reaches_to)
            yield JobEstimate(
                job_id=job.job_id, run_id=job.run_id, none=none, behind=behind or resting.get(job.job_id)
            )

    def _why_none(self, job: Job, reaches_to: float | None) -> tuple[NoEstimate, str | None]:
        if job.status is JobStatus.HELD:
            return NoEstimate.HELD, None
        if job.cancel_requested_at:
            return NoEstimate.CANCELLING, None
        parents = [parent for parent in job.depends_on if not self._is_satisfied(parent)]
        if (dead := next(filter(self._never_succeeds, parents), None)) is not None:
            return NoEstimate.BLOCKED, dead
        if not self.facts.engine_running:
            return NoEstimate.NO_ENGINE, None
        if reaches_to is not None:
            return NoEstimate.TOO_FAR, None
        return self._why_never(job, parents)

    def _why_never(self, job: Job, parents: Sequence[str]) -> tuple[NoEstimate, str | None]:
        """Why a job did not start although nothing was left to happen."""
        endless = next(
            (one for one in parents if one not in self._found or self._found[one].ends_at is None), None
        )
        is_held = (HoldKind.ENGINE, "") in self._holds or hold_on(job, self._holds)
        is_held = is_held or hold_on_all(job, self.facts.accounts, self._holds)
        return (NoEstimate.HELD if is_held and endless is None else NoEstimate.BEHIND), endless

    def _never_succeeds(self, job_id: str) -> bool:
        job = self.facts.jobs.get(job_id)
        return job is None or job.status in FINAL or job.cancel_requested_at is not None

    def _is_satisfied(self, job_id: str) -> bool:
        job = self.facts.jobs.get(job_id)
        return job is not None and job.status in SATISFIED


def _with_length(estimate: JobEstimate, at: float, length: ExpectedLength | None) -> JobEstimate:
    """The estimate with its end, for a job that has yet to run so long from `at` on."""
    if length is None:
        return replace(estimate, none=NoEstimate.NO_HISTORY)
    return replace(
        estimate,
        ends_at=at + length.seconds,
        length_s=length.seconds,
        spread_s=length.spread,
        basis=length.basis,
        is_rough=estimate.is_rough or length.basis is not Basis.MEASURED,
    )


def _runs(estimates: Iterable[JobEstimate]) -> dict[str, RunEstimate]:
    by_run: defaultdict[str, list[JobEstimate]] = defaultdict(list)
    for estimate in estimates:
        by_run[estimate.run_id].append(estimate)
    return {run_id: _run(run_id, found) for run_id, found in sorted(by_run.items())}


def _run(run_id: str, estimates: Sequence[JobEstimate]) -> RunEstimate:
    ends = [one.ends_at for one in estimates if one.ends_at is not None]
    missing = [one for one in estimates if one.ends_at is None]
    last = max(ends, default=None)
    reasons = {one.none for one in missing}
    return RunEstimate(
        run_id=run_id,
        ends_at=None if missing else last,
        rest_ends_at=last,
        is_rough=any(one.is_rough for one in estimates),
        missing=len(missing),
        none=next((reason for reason in NoEstimate if reason in reasons), None),
    )


def _accounts(played: _Play) -> tuple[AccountEstimate, ...]:
    """What each quota that is used up, or will be, keeps from starting."""
    return tuple(
        AccountEstimate(
            account=used_up.target[1],
            window=used_up.window,
            resets_at=used_up.returns_at,
            used_up_at=used_up.used_up_at,
            waiting=tuple(played.kept.get(used_up.target, ())),
        )
        for used_up in played.quotas.used_up()
    )
