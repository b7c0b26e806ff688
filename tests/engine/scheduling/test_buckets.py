"""Which bucket a workstream counts in: the vocabulary of every counter."""

from dataclasses import replace

import pytest

from engine.scheduling.buckets import (
    BETWEEN_STEPS_S,
    Bucket,
    BucketCounts,
    Standing,
    count,
    needs_person,
    standing,
    standing_of_job,
)
from state.records import GroupStatus, HoldCause, Job, JobStatus, ReviewState, Workstream
from state.worktree_records import Merge, MergeState

FAILED = Standing(Bucket.NEEDS_YOU, is_failed=True)
NEEDS = Standing(Bucket.NEEDS_YOU)
RUNNING, WAITING, DONE = Standing(Bucket.RUNNING), Standing(Bucket.WAITING), Standing(Bucket.DONE)


NOW = 1_790_000_000.0


def job(
    status: JobStatus,
    number: int = 1,
    *,
    cause: HoldCause | None = None,
    quarantined: bool = False,
    **more: float,
) -> Job:
    made = Job(
        job_id=f"j{number}", run_id="r", ws_id="w", seq=number, status=status, hold_cause=cause, quarantined=quarantined
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]  # times only


def stream(
    status: GroupStatus = GroupStatus.QUEUED, review: ReviewState = ReviewState.NONE, ws_id: str = "w"
) -> Workstream:
    return Workstream(run_id="r", ws_id=ws_id, status=status, review=review)


def merge(state: MergeState, *, held: bool = False) -> Merge:
    return Merge(id=1, run_id="r", ws_id="w", repo="/repo", target="main", state=state, held=held)


@pytest.mark.parametrize("cause", [None, *HoldCause])
def test_a_held_job_needs_a_person_unless_a_person_holds_it(cause: HoldCause | None) -> None:
    held = job(JobStatus.HELD, cause=cause)
    assert needs_person(held) is (cause not in {None, HoldCause.PERSON})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (job(JobStatus.FAILED), FAILED),
        (job(JobStatus.TIMEOUT), FAILED),
        (job(JobStatus.FAILED, quarantined=True), NEEDS),
        (job(JobStatus.HELD, cause=HoldCause.INTERRUPTED), FAILED),
        (job(JobStatus.HELD, cause=HoldCause.TRUST), NEEDS),
        (job(JobStatus.HELD, cause=HoldCause.PERSON), WAITING),
        (job(JobStatus.QUEUED), WAITING),
        (job(JobStatus.RUNNING), RUNNING),
        (job(JobStatus.COMPLETED), DONE),
        (job(JobStatus.SKIPPED), DONE),
        (job(JobStatus.CANCELLED), DONE),
    ],
)
def test_every_job_is_in_one_bucket(found: Job, expected: Standing) -> None:
    assert standing_of_job(found) == expected


def test_what_needs_a_person_counts_before_what_runs_and_that_before_what_waits() -> None:
    done, queued, runs = job(JobStatus.COMPLETED), job(JobStatus.QUEUED, 2), job(JobStatus.RUNNING, 3)
    failed, quarantined = job(JobStatus.FAILED, 4), job(JobStatus.FAILED, 5, quarantined=True)
    assert standing(stream(), [done], now=NOW) == DONE
    assert standing(stream(), [done, queued], now=NOW) == WAITING
    assert standing(stream(), [done, queued, runs], now=NOW) == RUNNING
    assert standing(stream(), [done, queued, runs, failed, quarantined], now=NOW) == FAILED
    assert standing(stream(), [quarantined, failed], now=NOW) == NEEDS


def test_between_two_steps_a_workstream_still_runs_for_a_moment_unless_something_keeps_the_next_one() -> None:
    done = job(JobStatus.COMPLETED, completed_at=NOW)
    following = job(JobStatus.QUEUED, 2)
    assert standing(stream(), [done, following], now=NOW + BETWEEN_STEPS_S / 2) == RUNNING
    assert standing(stream(), [done, following], now=NOW + BETWEEN_STEPS_S) == WAITING
    assert standing(stream(), [done, following], now=NOW - 1) == WAITING
    for kept in (job(JobStatus.HELD, 2), job(JobStatus.QUEUED, 2, not_before=NOW + 60)):
        assert standing(stream(), [done, kept], now=NOW) == WAITING
    failed = job(JobStatus.FAILED, 3)
    assert standing(stream(), [done, following, failed], now=NOW) == FAILED
    assert standing(stream(), [done], now=NOW) == DONE


@pytest.mark.parametrize(
    ("review", "newest", "expected"),
    [
        (ReviewState.WAITING, None, NEEDS),
        (ReviewState.APPROVED, None, WAITING),
        (ReviewState.APPROVED, merge(MergeState.WAITING), WAITING),
        (ReviewState.APPROVED, merge(MergeState.CHECKING), RUNNING),
        (ReviewState.APPROVED, merge(MergeState.CHECKING, held=True), WAITING),
        (ReviewState.MERGED, merge(MergeState.MERGED), DONE),
        (ReviewState.DISCARDED, None, DONE),
    ],
)
def test_a_review_counts_once_the_jobs_have_ended(
    review: ReviewState, newest: Merge | None, expected: Standing
) -> None:
    status = {
        ReviewState.WAITING: GroupStatus.REVIEW,
        ReviewState.APPROVED: GroupStatus.MERGING,
        ReviewState.MERGED: GroupStatus.MERGED,
        ReviewState.DISCARDED: GroupStatus.DISCARDED,
    }[review]
    assert standing(stream(status, review), [job(JobStatus.COMPLETED)], newest, now=NOW) == expected


def test_a_workstream_without_jobs_counts_as_its_recorded_status() -> None:
    assert standing(stream(GroupStatus.RUNNING), [], now=NOW) == RUNNING
    assert standing(stream(GroupStatus.FAILED), [], now=NOW) == FAILED
    assert standing(stream(GroupStatus.COMPLETED), [], now=NOW) == DONE


def test_the_counters_count_workstreams_and_jobs_and_sum_both_up() -> None:
    streams = [stream(ws_id=name) for name in ("a", "b", "c")]
    review = stream(GroupStatus.REVIEW, ReviewState.WAITING, ws_id="d")
    jobs = {
        ("r", "a"): [job(JobStatus.FAILED), job(JobStatus.FAILED, 2), job(JobStatus.RUNNING, 3)],
        ("r", "b"): [job(JobStatus.QUEUED), job(JobStatus.QUEUED, 2)],
        ("r", "c"): [job(JobStatus.COMPLETED)],
        ("r", "d"): [job(JobStatus.COMPLETED)],
    }
    counts = count([*streams, review], jobs, {}, now=NOW, refused_files=1)
    assert {bucket: counts.number(bucket) for bucket in Bucket} == {
        Bucket.NEEDS_YOU: 2, Bucket.RUNNING: 0, Bucket.WAITING: 1, Bucket.FAILED: 1, Bucket.DONE: 1,
    }  # fmt: skip
    assert {bucket: counts.jobs.get(bucket, 0) for bucket in Bucket} == {
        Bucket.NEEDS_YOU: 2, Bucket.RUNNING: 1, Bucket.WAITING: 2, Bucket.FAILED: 2, Bucket.DONE: 2,
    }  # fmt: skip
    assert counts.summary() == "2 need you (1 failed), 1 waiting, 1 refused file"
    assert BucketCounts().summary() == ""
