"""Which workstreams need a person, run, wait, failed or are done: the one vocabulary of every counter.

Header, Dashboard, board, tray and `signalbox status` count workstreams by these rules; each workstream is in exactly
one of four buckets, and those that failed are among those that need a person. Pure functions over stored states: why
a job waits changes nothing here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.system.formatting import plural
from state.lifecycle import FINAL, STATUS_OF_REVIEW
from state.records import GroupStatus, HoldCause, Job, JobStatus, ReviewState, Workstream
from state.worktree_records import Merge, MergeState


class Bucket(StrEnum):
    """The counters. `FAILED` counts some of those in `NEEDS_YOU`; the other four are disjoint and complete."""

    NEEDS_YOU = "needsyou"
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"
    DONE = "done"


SHOWN_STATES: Mapping[Bucket, frozenset[str]] = {
    Bucket.NEEDS_YOU: frozenset({"needsyou", "quarantined", "failed", "timeout"}),
    Bucket.RUNNING: frozenset({"running"}),
    Bucket.WAITING: frozenset({"queued", "waiting", "blocked", "held"}),
    Bucket.FAILED: frozenset({"failed", "timeout"}),
    Bucket.DONE: frozenset({"completed", "skipped", "cancelled"}),
}
"""The shown states of the workstreams and jobs that each counter counts."""

WORDS: Mapping[Bucket, str] = {
    Bucket.NEEDS_YOU: "need you",
    Bucket.RUNNING: "running",
    Bucket.WAITING: "waiting",
    Bucket.FAILED: "failed",
    Bucket.DONE: "done",
}
"""What stands after the number of each counter."""

BETWEEN_STEPS_S = 1.0
"""For so long a workstream still counts as running after a step of it has ended well and the next one is queued."""

_ONLY_HELD = frozenset({None, HoldCause.PERSON})
"""A person has held the job, and knows it; every other cause needs one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The bucket of one workstream or job, and whether it needs a person because it failed."""

    bucket: Bucket
    is_failed: bool = False

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The counters that count it."""
        return (self.bucket, Bucket.FAILED) if self.is_failed else (self.bucket,)


_NEEDS, _FAILED = Standing(Bucket.NEEDS_YOU), Standing(Bucket.NEEDS_YOU, is_failed=True)
_RUNNING, _WAITING, _DONE = Standing(Bucket.RUNNING), Standing(Bucket.WAITING), Standing(Bucket.DONE)
_OF_GROUP: Mapping[GroupStatus, Standing] = {
    GroupStatus.RUNNING: _RUNNING,
    GroupStatus.QUEUED: _WAITING,
    GroupStatus.HELD: _WAITING,
    GroupStatus.FAILED: _FAILED,
    GroupStatus.TIMEOUT: _FAILED,
    GroupStatus.QUARANTINED: _NEEDS,
}


def was_interrupted(job: Job) -> bool:
    """Whether it is unknown how the last attempt ended, so that a person has to decide what follows."""
    return job.status is JobStatus.HELD and job.hold_cause is HoldCause.INTERRUPTED


def needs_person(job: Job) -> bool:
    """Whether the job waits for a person's decision."""
    match job.status:
        case JobStatus.FAILED | JobStatus.TIMEOUT:
            return True
        case JobStatus.HELD:
            return job.quarantined or job.hold_cause not in _ONLY_HELD
        case _:
            return False


def standing_of_job(job: Job) -> Standing:
    """The bucket of one job."""
    if needs_person(job):
        failed = job.status is not JobStatus.HELD or was_interrupted(job)
        return _FAILED if failed and not job.quarantined else _NEEDS
    if job.status is JobStatus.RUNNING:
        return _RUNNING
    return _DONE if job.status in FINAL else _WAITING


def next_step_due(jobs: Collection[Job]) -> float | None:
    """Until when, in epoch seconds, these jobs count as running though none runs, as the next step is about to start.

    None if something keeps it. With the next step each would otherwise go from running to waiting and right back.
    """
    still_open = [job for job in jobs if job.status not in FINAL]
    is_next = still_open and still_open[0].status is JobStatus.QUEUED and still_open[0].not_before is None
    ended = [job.completed_at for job in jobs if job.status is JobStatus.COMPLETED and job.completed_at]
    if not is_next or not ended or any(job.status is JobStatus.RUNNING for job in still_open):
        return None
    return max(ended) + BETWEEN_STEPS_S


def is_between_steps(jobs: Collection[Job], now: float) -> bool:
    """Whether a step has just ended well and the next one is about to start."""
    due = next_step_due(jobs)
    return due is not None and due - BETWEEN_STEPS_S <= now < due


def standing(
    workstream: Workstream, jobs: Collection[Job], merge: Merge | None = None, *, now: float
) -> Standing:
    """The bucket of a workstream with these jobs in step order and this newest merge."""
    found = [standing_of_job(job) for job in jobs]
    needing = next((one for one in found if one.bucket is Bucket.NEEDS_YOU), None)
    present = {one.bucket for one in found}
    if is_between_steps(jobs, now):
        present.add(Bucket.RUNNING)
    return combined(workstream, present, needing=needing, merge=merge)


def combined(
    workstream: Workstream, present: Collection[Bucket], *, needing: Standing | None, merge: Merge | None
) -> Standing:
    """The bucket of a workstream with jobs in the `present` buckets; `needing` is its first that needs a person.

    Its review counts once its jobs have ended well. Before that the first job that needs a person counts, then one that
    runs, then one that is still to come; between two steps `present` has `RUNNING`, too. Without jobs it counts as the
    status that another program recorded.
    """
    if STATUS_OF_REVIEW.get(workstream.review) is workstream.status:
        return _of_review(workstream.review, merge)
    if not present:
        return _OF_GROUP.get(workstream.status, _DONE)
    return needing or next((one for one in (_RUNNING, _WAITING) if one.bucket in present), _DONE)


def _of_review(review: ReviewState, merge: Merge | None) -> Standing:
    match review:
        case ReviewState.WAITING:
            return _NEEDS
        case ReviewState.APPROVED:
            checks = merge is not None and merge.state is MergeState.CHECKING and not merge.held
            return _RUNNING if checks else _WAITING
        case _:
            return _DONE


@dataclass(frozen=True, kw_only=True)
class BucketCounts:
    """How many workstreams, and how many jobs, each counter counts.

    `reviews` are the workstreams that wait for a review, which are among those that need a person. `refused_files` were
    refused by the inbox and not dismissed, `missed_runs` are recurring runs whose last due time came to nothing: they
    need a person, too, but are no workstreams.
    """

    workstreams: Mapping[Bucket, int] = field(default_factory=dict)
    jobs: Mapping[Bucket, int] = field(default_factory=dict)
    reviews: int = 0
    refused_files: int = 0
    missed_runs: int = 0

    @property
    def has_others(self) -> bool:
        """Whether something else than a workstream needs a person."""
        return bool(self.refused_files or self.missed_runs)

    def number(self, bucket: Bucket) -> int:
        """The number that the counter shows: workstreams."""
        return self.workstreams.get(bucket, 0)

    def summary(self) -> str:
        """The counters that are not zero, in a few words: ``8 need you (2 failed), 5 running``; empty without any."""
        failed = self.number(Bucket.FAILED)
        parts = []
        for bucket in (Bucket.NEEDS_YOU, Bucket.RUNNING, Bucket.WAITING):
            if number := self.number(bucket):
                word = "needs you" if bucket is Bucket.NEEDS_YOU and number == 1 else WORDS[bucket]
                of_them = f" ({failed:,} failed)" if failed and bucket is Bucket.NEEDS_YOU else ""
                parts.append(f"{number:,} {word}{of_them}")
        if self.refused_files:
            parts.append(plural(self.refused_files, "refused file"))
        if self.missed_runs:
            parts.append(plural(self.missed_runs, "missed recurring run"))
        return ", ".join(parts)


def count(
    workstreams: Iterable[Workstream],
    jobs: Mapping[tuple[str, str], Iterable[Job]],
    merges: Mapping[tuple[str, str], Merge],
    *,
    now: float,
    refused_files: int = 0,
    missed_runs: int = 0,
) -> BucketCounts:
    """Count these workstreams as of `now`, with their jobs and newest merges by their keys."""
    of_workstreams: Counter[Bucket] = Counter()
    of_jobs: Counter[Bucket] = Counter()
    reviews = 0
    for workstream in workstreams:
        here = list(jobs.get(workstream.key, ()))
        of_workstreams.update(standing(workstream, here, merges.get(workstream.key), now=now).buckets)
        of_jobs.update(bucket for job in here for bucket in standing_of_job(job).buckets)
        reviews += workstream.status is GroupStatus.REVIEW
    return BucketCounts(
        workstreams=of_workstreams,
        jobs=of_jobs,
        reviews=reviews,
        refused_files=refused_files,
        missed_runs=missed_runs,
    )
