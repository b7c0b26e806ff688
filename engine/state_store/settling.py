"""Translate an ended attempt into the terms of the ledger: its status, and what follows for the job. Pure."""

from collections.abc import Mapping

from engine.types import (
    Assessment,
    Decision,
    Done,
    EndReason,
    EscalateTo,
    GiveUp,
    JobResult,
    RetryAt,
    WaitForQuota,
)
from state.ledger import AttemptOutcome, Following
from state.records import Attempt, Hold, HoldCause, HoldKind, JobHold, JobStatus, WorkstreamFile


def outcome(attempt: Attempt, assessment: Assessment) -> AttemptOutcome:
    """The columns of the ended attempt."""
    result = assessment.result
    files = [
        WorkstreamFile(
            run_id=attempt.run_id, ws_id=attempt.ws_id, path=str(changed["path"]), touched=True,
            added=changed.get("added"), removed=changed.get("removed"),
        )
        for changed in result.metadata.get("changed_files") or ()
    ]  # fmt: skip
    return AttemptOutcome(
        status=assessment.status,
        result={**result.to_json(), "job_id": attempt.job_id},
        exit_code=result.exit_code,
        duration_s=result.duration_s,
        failure_class=assessment.failure,
        summary=str(assessment),
        is_interruption=assessment.end.reason is EndReason.INTERRUPTED,
        cost_usd=cost_of(result),
        files=files,
    )


def cost_of(result: JobResult) -> float | None:
    """What an attempt cost; None where that is not known."""
    usage = result.metadata.get("usage")
    cost = usage.get("cost_usd") if isinstance(usage, Mapping) else None
    return cost if isinstance(cost, int | float) and not isinstance(cost, bool) else None


def following(decision: Decision, *, account: str | None, now: float) -> Following:
    """What follows for the job, in the ledger's terms."""
    match decision:
        case Done():
            return Following(status=JobStatus.COMPLETED)
        case RetryAt(at=at, why=why, free=free):
            return Following(
                status=JobStatus.QUEUED, not_before=at if at > now else None, waits_for=why if at > now else None,
                extra_attempts=1 if free else 0,
            )  # fmt: skip
        case EscalateTo(tool=tool, at=at):
            return Following(
                status=JobStatus.QUEUED, not_before=at if at > now else None, waits_for="backoff" if at > now else None,
                tool=tool, extra_attempts=1,
            )  # fmt: skip
        case WaitForQuota(account=key, until=until, summary=summary):
            kind = HoldKind.ACCOUNT if account is not None else HoldKind.TOOL
            hold = Hold(
                kind=kind, key=key, reason=summary or "quota used up", since=now, until=until, cause=HoldCause.QUOTA,
            )  # fmt: skip
            return Following(
                status=JobStatus.QUEUED, not_before=until, waits_for="quota", extra_attempts=1, hold=hold,
            )  # fmt: skip
        case GiveUp(status=status, summary=summary, quarantined=quarantined, cause=cause):
            held = None if cause is None else JobHold(cause, summary)
            # An attempt whose outcome nobody knows is no failure: it costs no retry.
            more = 1 if cause is HoldCause.INTERRUPTED else 0
            return Following(
                status=JobStatus(status), quarantined=quarantined, held=held, extra_attempts=more
            )
