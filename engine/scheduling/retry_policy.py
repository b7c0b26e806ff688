"""Decide what follows an ended attempt; others carry the decision out. Pure: reads no clock and no store."""

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from engine.attempt_decisions import Decision, Done, EscalateTo, GiveUp, RetryAt, WaitForQuota
from engine.system.formatting import duration
from engine.system.usage_windows import windows_in, windows_text
from engine.types import Assessment, EndReason, FailureClass, JobResult
from state.recordable import recordable
from state.records import Attempt, AttemptStatus, Hold, HoldCause, HoldKind, Job

if TYPE_CHECKING:
    from engine.jobfile.fields import OnQuota
    from engine.jobfile.job_sections import Retry
    from engine.jobfile.spec import JobSpec

QUARANTINE_AFTER = 3
"""After this many attempts that were lost with their engine or shim a person decides: it may be the job's doing."""

BREAKS_AFTER = 5
"""After this many attempts in a row that could not start or were refused, the tool or account is held."""

QUOTA_WAIT_S = 3600.0
"""How long an account is held when its tool does not report when the quota returns."""

LONGEST_QUOTA_WAIT_S = 8 * 24 * 3600.0
"""After waiting so long in all for quotas whose ends are known, a person decides; a week is what providers count."""

LONGEST_BLIND_WAIT_S = 12 * 3600.0
"""The same where the tool does not report when the quota returns: it may be money that is missing."""

LEAST_QUOTA_WAIT_S = 60.0
"""The shortest hold: a reported reset that is already past would start the job again and again."""

LEAST_RATE_WAIT_S = 30.0
"""The shortest wait after "too many requests": a request sent sooner only prolongs it."""

LONGEST_RATE_WAIT_S = 120.0
"""The longest wait that a provider may name for one job; what lasts longer is a quota, or an ordinary back-off."""

DISK_WAIT_S = 5.0
"""The first wait for a disk that allows no start; each further one is twice as long."""

LONGEST_DISK_WAIT_S = 300.0
"""The longest wait for a disk: a night on one that is read-only must not fill the history with attempts."""

_NEVER_RETRIED = frozenset({FailureClass.AUTH, FailureClass.SPAWN_FAILED, FailureClass.CONTEXT})
"""Failures the same tool would only repeat: the next tool of the ladder takes over at once, or a person decides."""


def decide(
    spec: "JobSpec",
    job: Job,
    assessment: Assessment,
    *,
    now: float,
    default_ladder: Sequence[str] = (),
    default_retry: "Retry | None" = None,
    default_on_quota: "OnQuota" = "wait",
    earlier: Sequence[Attempt] = (),
) -> Decision:
    """Decide what follows an ended attempt of `job`.

    `job.attempts` includes this attempt. `default_ladder` is used when the job names no tools to escalate to,
    `default_retry` counts instead of what its file says of retries.
    `earlier` are the attempts of the job, oldest first; they are needed after a start that a disk
    refused, and after a used-up quota.
    """
    summary, failure = str(assessment), assessment.failure
    # A setup or a git step that a disk kept from its work ended by itself.
    match EndReason.DISK if failure is FailureClass.DISK else assessment.end.reason:
        case EndReason.CANCELLED:
            return GiveUp(status="cancelled", summary=summary or "Cancelled.")
        case EndReason.DISK | EndReason.INTERRUPTED | EndReason.STOPPED as reason:
            return _after_interruption(spec, job, reason, now=now, summary=summary, earlier=earlier)
        case _ if failure is None:
            return Done(summary=summary)
        case _ if failure is FailureClass.QUOTA and assessment.is_sure:
            on_quota, ladder = spec.metadata.on_quota or default_on_quota, spec.ladder or default_ladder
            return _after_quota(
                spec, job, assessment, now=now, on_quota=on_quota, ladder=ladder, earlier=earlier
            )
        case _ if (
            failure is FailureClass.UNVERIFIED
        ):  # the work may be done: neither a retry nor another tool
            return GiveUp(status="held", cause=HoldCause.UNVERIFIED, summary=summary)
        case _:
            ladder = spec.ladder or default_ladder
            retry = default_retry or spec.metadata.retry
            return _after_failure(spec, retry, job, assessment, now=now, ladder=ladder)


def _needs_new_session(failure: FailureClass, result: JobResult) -> bool:
    """Whether the session alone is to blame, not the job: it could not be resumed, or has grown too long."""
    has_grown = failure is FailureClass.CONTEXT and result.metadata.get("resumed") is True
    return has_grown or failure is FailureClass.SESSION


def _after_quota(
    spec: "JobSpec",
    job: Job,
    assessment: Assessment,
    *,
    now: float,
    on_quota: "OnQuota",
    ladder: Sequence[str],
    earlier: Sequence[Attempt],
) -> Decision:
    """Wait for the quota as long as it is worth it, or do not; the account rests in any case."""
    summary, quota = str(assessment), _quota(job, assessment, now=now)
    escalation = _next_rung(spec, job, ladder, now=now, summary=summary, quota=quota)
    if on_quota == "escalate" and escalation is not None:
        return escalation
    if on_quota == "fail":
        return GiveUp(status="failed", summary=summary, quota=quota)
    is_blind = assessment.result.metadata.get("quota_until") is None
    waited = waited_for_quota(earlier)
    if waited + quota.until - now > (LONGEST_BLIND_WAIT_S if is_blind else LONGEST_QUOTA_WAIT_S):
        reason = f"{summary.rstrip('.')}. It has waited {duration(waited)} for quotas; release it to wait on."
        return GiveUp(status="held", cause=HoldCause.QUOTA, summary=reason, quota=quota)
    return quota


def _quota(job: Job, assessment: Assessment, *, now: float) -> WaitForQuota:
    """What is used up, and until when; a guess where the tool does not say."""
    named = assessment.result.metadata.get("quota_until")
    until = max(float(named or now + QUOTA_WAIT_S), now + LEAST_QUOTA_WAIT_S)
    windows = windows_text(windows_in(assessment.result.metadata), now)
    reason = str(assessment).removeprefix(
        f"{job.tool} failed: "
    )  # the hold names the tool, and says what happened
    summary = f"{reason.rstrip('.')} ({windows})." if windows else reason
    return WaitForQuota(account=job.account or job.tool, until=until, summary=summary)


def waited_for_quota(attempts: Sequence[Attempt]) -> float:
    """Seconds that a job has waited for quotas between its attempts, which are given oldest first."""
    return sum(
        max(later.started_at - one.completed_at, 0.0)
        for one, later in pairwise(attempts)
        if one.status is AttemptStatus.QUOTA and one.completed_at is not None
    )


def _next_rung(
    spec: "JobSpec",
    job: Job,
    ladder: Sequence[str],
    *,
    now: float,
    summary: str,
    quota: WaitForQuota | None = None,
) -> EscalateTo | None:
    """The next tool of the ladder, None where there is none."""
    if job.rung >= len(ladder):
        return None
    tool, rung = ladder[job.rung], job.rung + 1
    account = account_at(spec, rung, tool)
    return EscalateTo(tool=tool, rung=rung, at=now, summary=summary, account=account, quota=quota)


def _after_failure(
    spec: "JobSpec",
    retry: "Retry",
    job: Job,
    assessment: Assessment,
    *,
    now: float,
    ladder: Sequence[str],
) -> Decision:
    result, summary = assessment.result, str(assessment)
    failure = assessment.failure or FailureClass.FAILED
    if _needs_new_session(failure, result):
        return RetryAt(at=now, why="session", free=True, summary=summary)
    retried = not retry.exit_code or result.exit_code in retry.exit_code
    is_final = failure in _NEVER_RETRIED and assessment.is_sure
    if not is_final and retried and job.attempts < job.max_attempts:
        wait = max(backoff(retry, job.attempts), _least_wait(failure, result, now=now))
        return RetryAt(at=now + wait, why="backoff", summary=summary)
    ladder = () if failure is FailureClass.SETUP_FAILED else ladder  # it would fail before any tool
    if (escalation := _next_rung(spec, job, ladder, now=now, summary=summary)) is not None:
        return escalation
    status = "timeout" if failure in {FailureClass.TIMEOUT, FailureClass.STALLED} else "failed"
    exhausted = retry.limit > 0 or bool(ladder)
    return GiveUp(status=status, summary=summary, quarantined=exhausted)


def _least_wait(failure: FailureClass, result: JobResult, *, now: float) -> float:
    """Seconds until a request has a chance again, as the provider says or as we know."""
    named = float(result.metadata.get("retry_at") or now) - now
    least = LEAST_RATE_WAIT_S if failure in {FailureClass.RATE, FailureClass.QUOTA} else 0.0
    return max(least, min(named, LONGEST_RATE_WAIT_S))


def longest_wait(retry: "Retry", failures: int, failure: str | None) -> float:
    """The longest wait in seconds that `decide` chooses after a failure of this class, the `failures`-th in number."""
    named = LONGEST_RATE_WAIT_S if failure in {FailureClass.RATE, FailureClass.NETWORK} else 0.0
    least = LEAST_RATE_WAIT_S if failure == FailureClass.QUOTA else 0.0
    return max(backoff(retry, failures), named, least)


def breaker(
    failure: str | None,
    recent: Sequence[str | None],
    *,
    tool: str,
    account: str | None,
    summary: str,
    now: float,
) -> Hold | None:
    """The hold that a failure of this class causes when the attempts before it failed the same way, or None.

    `recent` are the failure classes of the attempts before it, newest first, None for a success. A wrong key holds
    the account; a program that cannot be started holds the tool.
    """
    if failure not in {FailureClass.AUTH, FailureClass.SPAWN_FAILED}:
        return None
    before = recent[: BREAKS_AFTER - 1]
    if len(before) < BREAKS_AFTER - 1 or any(one != failure for one in before):
        return None
    by_account = failure == FailureClass.AUTH and account is not None
    kind, key = (HoldKind.ACCOUNT, account or "") if by_account else (HoldKind.TOOL, tool)
    what = "were refused" if failure == FailureClass.AUTH else "could not start"
    reason = (
        f"{BREAKS_AFTER} attempts in a row {what}, the last one: {summary.rstrip('.') or 'no reason given'}"
    )
    return Hold(kind=kind, key=key, reason=reason, since=now, cause=HoldCause.BREAKER)


def _after_interruption(
    spec: "JobSpec", job: Job, reason: EndReason, *, now: float, summary: str, earlier: Sequence[Attempt]
) -> Decision:
    if reason is EndReason.DISK:
        return RetryAt(at=now + _disk_wait(earlier), why="disk", summary=summary, free=True)
    times = job.interruptions + 1
    if reason is EndReason.INTERRUPTED and times >= QUARANTINE_AFTER:
        return GiveUp(
            status="failed", quarantined=True, summary=f"Interrupted {times} times; a person decides."
        )
    how = "Interrupted" if reason is EndReason.INTERRUPTED else "Stopped with its engine"
    match spec.when_interrupted:
        case "rerun":
            return RetryAt(at=now, why="interrupted", free=True, summary=f"{how}; started again.")
        case "hold":
            return GiveUp(
                status="held",
                cause=HoldCause.INTERRUPTED,
                summary=f"{how}, and its outcome is unknown; check it, then release it.",
            )
        case _:
            return GiveUp(status="failed", summary=f"{how}, and its outcome is unknown.")


def _disk_wait(earlier: Sequence[Attempt]) -> float:
    """Seconds until the disk is tried again; each start that it refused in a row before this one doubles them."""
    ended = (one for one in reversed(earlier) if one.status is not AttemptStatus.RUNNING)
    times = sum(1 for _ in takewhile(lambda one: one.failure_class == FailureClass.DISK, ended))
    return float(min(DISK_WAIT_S * 2.0 ** min(times, 60), LONGEST_DISK_WAIT_S))


_OF_ANOTHER_HOME = recordable(
    "It was started in another home, which this one is a copy of, and may run there too; "
    "check it there, then release or cancel it here."
)


def of_another_home(decision: Decision, assessment: Assessment) -> Decision:
    """What follows in a copied home, where nothing may start again by itself: the original may run it, too."""
    is_known = assessment.end.reason is not EndReason.INTERRUPTED
    if is_known and isinstance(decision, Done | GiveUp):
        return decision
    return GiveUp(
        status="held",
        cause=HoldCause.INTERRUPTED,
        summary=_OF_ANOTHER_HOME,
    )


def rung_of(spec: "JobSpec", tool: str, ladder: Sequence[str]) -> int:
    """Where on its ladder a job stands with a tool that a person chose; 0 where the ladder does not name it."""
    return 0 if tool == spec.tool or tool not in ladder else ladder.index(tool) + 1


def account_at(spec: "JobSpec", rung: int, tool: str) -> str | None:
    """The account that the file of a job names for `tool` at this place of its ladder, None where it names none."""
    if rung == 0:
        return spec.metadata.account if tool == spec.tool else None
    named = spec.metadata.escalate_to[rung - 1 : rung]
    return named[0].account if named and named[0].tool == tool else None


def backoff(retry: "Retry", failures: int) -> float:
    """Seconds to wait after the `failures`-th failed attempt (from 1), capped at `max_interval_sec`."""
    match retry.backoff:
        case "immediate":
            delay = 0.0
        case "linear":
            delay = retry.interval_sec * failures
        case "exponential":
            delay = retry.interval_sec * 2.0 ** min(failures - 1, 60)
        case _:
            delay = retry.interval_sec * _fibonacci(failures)
    return min(delay, retry.max_interval_sec)


def _fibonacci(n: int) -> int:
    before, current = 0, 1
    for _ in range(min(n, 90) - 1):
        before, current = current, before + current
    return current
