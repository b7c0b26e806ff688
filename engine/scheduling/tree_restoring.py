"""Decides which snapshot of its worktree an attempt starts from, or that it goes on with the files there. Pure."""

from collections.abc import Sequence

from engine.interfaces import Claim
from engine.scheduling.same_work import may_have_worked, of_same_work


def snapshot_to_restore(claim: Claim, snapshots: Sequence[tuple[int, str | None, int | None]]) -> int | None:
    """The number of the snapshot before the attempt that is repeated; None where this attempt goes on.

    `snapshots` are those of its worktree, oldest first: the number of each, its job and its attempt. Nothing is
    restored once another job has worked there, nor for what a person has added about a result.
    """
    same = of_same_work(claim.earlier)
    if not same or not _begins_anew(claim):
        return None
    worked = {attempt.id for attempt in claim.earlier if may_have_worked(attempt)}
    for number, job_id, attempt_id in reversed(snapshots):
        if attempt_id is None or (job_id == claim.job.job_id and attempt_id not in worked):
            continue  # a copy of what was there before a restore, or an attempt whose tool never started
        return number if attempt_id in {attempt.id for attempt in same} else None
    return None


def _begins_anew(claim: Claim) -> bool:
    if claim.attempt.follow_up:
        return False
    last = of_same_work(claim.earlier)[-1]
    if last.tool != claim.attempt.tool:
        return True
    given = claim.spec.metadata.on_retry
    return given == "restore" if given is not None else claim.attempt.resumes is None
