"""How the rows of jobs and attempts change when attempts start and end. Pure functions; writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from state import rows
from state.attempt_results import stored_result
from state.codec import values_to_json, with_values
from state.costs import Cost, CostSource, total_cost
from state.job_changes import NOT_HELD
from state.new_session import NewSession
from state.records import (
    Attempt,
    AttemptStatus,
    Hold,
    Job,
    JobHold,
    JobStatus,
    WorkstreamFile,
)
from state.status_words import status_in_words

_MOST_COUNTED = 2**53
"""Beyond this, the numbers of JSON are no longer exact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRun:
    """How the tool of a new attempt runs, as its row records it; without a `follow_up` it gets the job's."""

    account: str | None = None
    model: str | None = None
    permission: str | None = None
    session_id: str | None = None
    follow_up: str | None = None
    resumes: int | None = None
    new_session: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptOutcome:
    """How an attempt ended: the columns of its row and the whole result as JSON values.

    `is_interruption` is set where it was lost with its engine or its shim, which may be the job's doing. `session_id`
    names the session its tool was heard in.
    """

    status: AttemptStatus
    result: Mapping[str, Any]
    exit_code: int | None = None
    duration_s: float = 0.0
    failure_class: str | None = None
    summary: str = ""
    cost_usd: float | None = None
    cost_source: CostSource | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    files: Sequence[WorkstreamFile] = ()
    is_interruption: bool = False
    session_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """What follows for the job whose attempt has ended.

    `tool` and `rung` are None where they stay; `account` counts where there is a rung.
    `extra_attempts` are added where the ended one does not count. `hold` is set with it. `held` says why the
    job itself is held, where that is its status.
    """

    status: JobStatus
    not_before: float | None = None
    waits_for: str | None = None
    tool: str | None = None
    rung: int | None = None
    account: str | None = None
    quarantined: bool = False
    extra_attempts: int = 0
    hold: Hold | None = None
    held: JobHold | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """The end of one attempt, and what follows for its job."""

    attempt: Attempt
    outcome: AttemptOutcome
    following: Following


_RUN_COLUMNS = tuple(item.name for item in fields(AttemptRun))


def run_columns(job: Job, run: AttemptRun) -> dict[str, Any]:
    """The columns of a new attempt that say how its tool runs."""
    return {**values_to_json(run, _RUN_COLUMNS), "follow_up": run.follow_up or job.follow_up}


def started_job(job: Job, now: float) -> dict[str, Any]:
    """The columns of a job that starts."""
    number = job.attempts + 1
    return {
        "status": JobStatus.RUNNING, "tool": job.tool, "rung": job.rung, "attempts": number,
        "max_attempts": max(job.max_attempts, number),
        "not_before": None, "waits_for": None, "started_at": now, "completed_at": None, "exit_code": None,
        **NOT_HELD, "cancel_requested_at": None, "quarantined": False, "follow_up": None, "fresh_session": False,
    }  # fmt: skip


def settled_job(job: Job, ending: Ending, now: float) -> dict[str, Any]:
    """The columns of a job whose attempt has ended."""
    outcome, following = ending.outcome, ending.following
    status, quarantined = following.status, following.quarantined
    if job.cancel_requested_at is not None and status not in {JobStatus.COMPLETED, JobStatus.TIMEOUT}:
        # To be cancelled: never retried, however the attempt ended.
        status, quarantined = JobStatus.CANCELLED, False
    waiting = status in {JobStatus.QUEUED, JobStatus.HELD}
    held = following.held if status is JobStatus.HELD else None
    return {
        "status": status, "quarantined": quarantined, "summary": outcome.summary,
        "failure_class": outcome.failure_class, "exit_code": outcome.exit_code,
        "not_before": following.not_before if waiting else None,
        "waits_for": following.waits_for if waiting else None,
        "completed_at": None if waiting else now, "cancel_requested_at": None, "tool": following.tool or job.tool,
        "rung": job.rung if following.rung is None else following.rung,
        "account": job.account if following.rung is None else following.account,
        **_unheard(job, ending),
        "max_attempts": job.max_attempts + following.extra_attempts,
        "interruptions": job.interruptions + outcome.is_interruption,
        **(NOT_HELD if held is None else {"hold_cause": held.cause, "hold_reason": held.reason}),
        **_used(job, outcome), "denied": _denied(outcome),
    }  # fmt: skip


def _denied(outcome: AttemptOutcome) -> int:
    """How often the attempt was not allowed what it wanted to do."""
    metadata = outcome.result.get("metadata")
    denied = metadata.get("denied") if isinstance(metadata, Mapping) else None
    return len(denied) if isinstance(denied, list | tuple) else 0


def _used(job: Job, outcome: AttemptOutcome) -> dict[str, Any]:
    """The sums over the attempts of a job, with the one that has just ended."""
    cost = total_cost((job.cost, Cost.of(outcome.cost_usd, outcome.cost_source)))
    return {
        "cost_usd": cost.usd, "cost_source": cost.source,
        "input_tokens": _sum(job.input_tokens, outcome.input_tokens),
        "cached_tokens": _sum(job.cached_tokens, outcome.cached_tokens),
        "output_tokens": _sum(job.output_tokens, outcome.output_tokens),
    }  # fmt: skip


def _unheard(job: Job, ending: Ending) -> dict[str, Any]:
    """What a person wants of the next attempt again, because this one may never have heard it."""
    attempt, outcome = ending.attempt, ending.outcome
    has_heard = outcome.session_id is not None and outcome.status is not AttemptStatus.INTERRUPTED
    if outcome.status is AttemptStatus.COMPLETED or has_heard or attempt.follow_up is None:
        return {"follow_up": job.follow_up}
    is_fresh = attempt.new_session == NewSession.REQUESTED
    return {"follow_up": job.follow_up or attempt.follow_up, "fresh_session": job.fresh_session or is_fresh}


def ended_attempt(ending: Ending, now: float) -> Attempt:
    """The attempt as it has ended."""
    outcome = ending.outcome
    return with_values(ending.attempt, {
        "status": outcome.status, "completed_at": now, "exit_code": outcome.exit_code,
        "duration_s": outcome.duration_s, "failure_class": outcome.failure_class, "summary": outcome.summary,
        "cost_usd": outcome.cost_usd, "cost_source": outcome.cost_source, "input_tokens": outcome.input_tokens,
        "cached_tokens": outcome.cached_tokens, "output_tokens": outcome.output_tokens, "result": outcome.result,
        "session_id": outcome.session_id or ending.attempt.session_id,
    })  # fmt: skip


def ended_columns(ending: Ending, now: float) -> dict[str, Any]:
    """The columns of an ended attempt, and by what its row is found."""
    outcome = ending.outcome
    values = {
        "this": ending.attempt.id, "owner": ending.attempt.engine_id, "status": outcome.status, "completed_at": now,
        "exit_code": outcome.exit_code, "duration_s": outcome.duration_s, "failure_class": outcome.failure_class,
        "summary": outcome.summary, "cost_usd": outcome.cost_usd, "cost_source": outcome.cost_source,
        "input_tokens": outcome.input_tokens, "cached_tokens": outcome.cached_tokens,
        "output_tokens": outcome.output_tokens, "session_id": outcome.session_id or ending.attempt.session_id,
    }  # fmt: skip
    result = stored_result(outcome.result, {**values, "job_id": ending.attempt.job_id})
    return {**values, "result_json": rows.dump(result)}


def ending_sentence(job: Job, attempt: Attempt) -> str:
    """The event of an ended attempt, as a sentence."""
    summary = f" {attempt.summary}" if attempt.summary else ""
    tried = f"attempt {attempt.number} of {job.max_attempts}"
    match job.status:
        case JobStatus.COMPLETED:
            return f"{job.job_id} completed.{summary}"
        case JobStatus.QUEUED:
            return (
                f"{job.job_id}: {tried} {status_in_words(attempt.status)}; the job is queued again.{summary}"
            )
        case JobStatus.HELD:
            return f"{job.job_id} waits for a person.{summary}"
        case _:
            return f"{job.job_id} {status_in_words(job.status)}, {tried}.{summary}"


def _sum(before: int | None, more: int | None) -> int | None:
    return before if more is None else min((before or 0) + more, _MOST_COUNTED)


def without_numbers(text: str) -> str:
    """A text in which all digits are alike, so that the same failure is counted once."""
    return "".join("#" if character.isdigit() else character for character in text)
