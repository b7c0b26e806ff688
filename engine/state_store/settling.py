"""Translate an ended attempt into the terms of the ledger: its status, and what follows for the job. Pure."""

from collections.abc import Mapping
from typing import Any

from engine.attempt_decisions import Decision, Done, EscalateTo, GiveUp, RetryAt, WaitForQuota
from engine.types import Assessment, EndReason, JobResult
from state.costs import Cost, CostSource
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
        session_id=_session_of(result),
        files=files,
        **usage_of(result),
    )


def _session_of(result: JobResult) -> str | None:
    """The session that the tool of an attempt was heard in."""
    session = result.metadata.get("session_id")
    return session if isinstance(session, str) else None


def usage_of(result: JobResult) -> dict[str, Any]:
    """The columns of what an attempt has used; whatever is no number of that kind is not known."""
    usage = result.metadata.get("usage")
    found = usage if isinstance(usage, Mapping) else {}
    cost, source = found.get("cost_usd"), found.get("cost_source")
    cost = _amount(cost, 1e12)
    source = CostSource(source) if source in tuple(CostSource) else None
    counts = {name: found.get(name) for name in ("input_tokens", "cached_tokens", "output_tokens")}
    return {
        "cost_usd": cost, "cost_source": Cost.of(cost, source).source,
        **{name: _amount(count, 2**53) if isinstance(count, int) else None for name, count in counts.items()},
    }  # fmt: skip


def _amount(value: Any, most: float) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= most else None


def following(decision: Decision, *, account: str | None, is_free: bool = False, now: float) -> Following:
    """What follows for the job, in the ledger's terms.

    `account` is the one that the attempt used. `is_free` says that the job may use any account of its tool: then it
    goes on with the next one at once, or waits like any other job until one of them returns.
    """
    match decision:
        case Done():
            return Following(status=JobStatus.COMPLETED)
        case RetryAt(at=at, why=why, free=free):
            return Following(
                status=JobStatus.QUEUED, not_before=at if at > now else None, waits_for=why if at > now else None,
                extra_attempts=1 if free else 0,
            )  # fmt: skip
        case EscalateTo(tool=tool, rung=rung, at=at, account=named, quota=quota):
            return Following(
                status=JobStatus.QUEUED, not_before=at if at > now else None, waits_for="backoff" if at > now else None,
                tool=tool, rung=rung, account=named, extra_attempts=1, hold=_hold(quota, account, now),
            )  # fmt: skip
        case WaitForQuota() if is_free and account is not None:
            return Following(status=JobStatus.QUEUED, extra_attempts=1, hold=_hold(decision, account, now))
        case WaitForQuota(until=until):
            return Following(
                status=JobStatus.QUEUED, not_before=until, waits_for="quota", extra_attempts=1,
                hold=_hold(decision, account, now),
            )  # fmt: skip
        case GiveUp(status=status, summary=summary, quarantined=quarantined, cause=cause, quota=quota):
            held = None if cause is None else JobHold(cause, summary)
            # An attempt whose outcome nobody knows is no failure, and a used-up quota is none of the job's.
            more = 1 if cause in {HoldCause.INTERRUPTED, HoldCause.QUOTA} else 0
            return Following(
                status=JobStatus(status), quarantined=quarantined, held=held, extra_attempts=more,
                hold=_hold(quota, account, now),
            )  # fmt: skip


def _hold(quota: WaitForQuota | None, account: str | None, now: float) -> Hold | None:
    """The hold on the account, or on a tool without one, whose quota is used up."""
    if quota is None:
        return None
    kind = HoldKind.ACCOUNT if account is not None else HoldKind.TOOL
    return Hold(
        kind=kind, key=account or quota.account, reason=quota.summary or "quota used up", since=now,
        until=quota.until, cause=HoldCause.QUOTA,
    )  # fmt: skip
