"""What a person's command does to one job: the columns that change, and the event that reports it. Pure.

`state.write_commands` writes such changes, of one job or of many in one transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from state.command_table import COMMAND_STATES, WAITING, JobCommand, has_worked
from state.job_notes import NoteRefusedError, checked_labels
from state.lifecycle import IllegalTransitionError
from state.records import NOTHING, Job, JobHold, JobStatus, nothing

NOT_HELD: Mapping[str, Any] = {"hold_cause": None, "hold_reason": None}
"""The columns of a job that is no longer held."""
_NOT_WAITING: Mapping[str, Any] = {"not_before": None, "waits_for": None, "quarantined": False}


@dataclass(frozen=True, slots=True)
class JobChange:
    """The new values of some columns of a job, and the event that reports them."""

    event_type: str
    message: str
    values: Mapping[str, Any]
    details: Mapping[str, Any] = field(default_factory=nothing)
    """What the payload of the event has besides the job."""


Plan = Callable[[Job], JobChange | None]
"""The change of one job; None where nothing has to change. Raises SignalboxError where the command does not fit it."""


def cancelling(why: str, now: float) -> Plan:
    """Cancel a waiting job; request that the owner of a running one stop it."""

    def plan(job: Job) -> JobChange | None:
        if job.status is JobStatus.RUNNING:
            if job.cancel_requested_at is not None:
                return None
            message = f"{job.job_id} is to be cancelled{why}."
            return JobChange("job.cancel_requested", message, {"cancel_requested_at": now})
        _refuse_unfit(JobCommand.CANCEL, job, JobStatus.CANCELLED)
        values = {
            "status": JobStatus.CANCELLED, "completed_at": now, "summary": f"Cancelled{why}.", **NOT_HELD,
            **_NOT_WAITING,
        }  # fmt: skip
        message = f"{job.job_id} was cancelled{why}."
        return JobChange("job.cancelled", message, values, {"exit_code": None})

    return plan


def holding(held: JobHold) -> Plan:
    """Keep a queued job from starting."""

    def plan(job: Job) -> JobChange:
        values = {"hold_cause": held.cause, "hold_reason": held.reason}
        message = f"{job.job_id} is held: {held.reason}"
        return _moving(JobCommand.HOLD, job, JobStatus.HELD, message, values)

    return plan


def releasing(job: Job) -> JobChange:
    """Let a held job start, or let one that waits for its time start now."""
    if job.status is JobStatus.QUEUED and job.not_before is not None:
        message = f"{job.job_id} no longer waits for its time."
        return JobChange("job.due", message, {"not_before": None, "waits_for": None})
    message = f"{job.job_id} was released."
    return _moving(JobCommand.RELEASE, job, JobStatus.QUEUED, message, {**NOT_HELD, "quarantined": False})


class LadderPlace(NamedTuple):
    """Where on its ladder a job stands, and the account it uses there."""

    rung: int
    account: str | None


def retrying(tool: str | None, places: Mapping[str, LadderPlace] = NOTHING) -> Plan:
    """Queue an ended job again, with one more attempt at least, and with another tool if one is named.

    `places` are where on their ladders jobs stand with that tool, by their ids.
    """

    def plan(job: Job) -> JobChange:
        place = places.get(job.job_id, LadderPlace(job.rung, job.account))
        values = {
            **_NOT_WAITING, "completed_at": None, "interruptions": 0, "tool": tool or job.tool,
            "rung": place.rung, "account": place.account, "max_attempts": max(job.max_attempts, job.attempts + 1),
        }  # fmt: skip
        message = f"{job.job_id} was queued again."
        return _moving(JobCommand.RETRY, job, JobStatus.QUEUED, message, values)

    return plan


def following_up(words: str, *, fresh: bool) -> Plan:
    """Give the next attempt a person's words, and queue a job that has ended or been held over its work.

    A job that waits for something else goes on waiting. Words that no attempt has heard yet stay, before the new ones.
    """

    def plan(job: Job) -> JobChange:
        values = {
            "follow_up": "\n\n".join(filter(None, (job.follow_up, words))), "fresh_session": fresh or job.fresh_session,
            "max_attempts": max(job.max_attempts, job.attempts + 1), "interruptions": 0,
        }  # fmt: skip
        if job.status in WAITING and not has_worked(job):
            message = f"{job.job_id} has a follow-up for its next attempt."
            return JobChange("job.followed_up", message, values)
        again = {**_NOT_WAITING, **NOT_HELD, "completed_at": None}
        message = f"{job.job_id} was queued again with a follow-up."
        return _moving(JobCommand.FOLLOW_UP, job, JobStatus.QUEUED, message, {**again, **values})

    return plan


def uncancelling(before: Job) -> Plan:
    """Queue a cancelled job again as it waited before; one that was held is held after this."""

    def plan(job: Job) -> JobChange:
        names = ("quarantined", "not_before", "waits_for", "completed_at", "summary")
        values = {name: getattr(before, name) for name in names}
        message = f"{job.job_id} was queued again."
        return _moving(JobCommand.RETRY, job, JobStatus.QUEUED, message, values)

    return plan


def skipping(reason: str, now: float) -> Plan:
    """Accept a job as it is: its dependents may start."""

    def plan(job: Job) -> JobChange:
        message = f"{job.job_id} was accepted as it is{reason}."
        values = {"completed_at": now, **NOT_HELD, **_NOT_WAITING}
        return _moving(JobCommand.SKIP, job, JobStatus.SKIPPED, message, values)

    return plan


def prioritising(priority: int) -> Plan:
    """Move a waiting job forward or back in the queue."""

    def plan(job: Job) -> JobChange:
        message = f"{job.job_id} has priority {priority} now."
        return JobChange("job.reprioritised", message, {"priority": priority})

    return plan


def placing(message: str, *, priority: int, queue_position: float | None) -> JobChange:
    """Give a waiting job this priority and queue position; None restores the order of acceptance."""
    return JobChange("job.moved", message, {"priority": priority, "queue_position": queue_position})


def noting(note: str) -> Plan:
    """Write a note on a job in place of the one it has; an empty one removes it."""

    def plan(job: Job) -> JobChange | None:
        if job.note == note:
            return None
        message = f"A note was written on {job.job_id}." if note else f"The note on {job.job_id} was removed."
        return JobChange("job.noted", message, {"note": note})

    return plan


def labelling(add: Iterable[str], remove: Iterable[str]) -> Plan:
    """Give a job labels, and take others from it; it may have some of them, or none, already.

    The plan raises NoteRefusedError where the job would have too many.
    """
    added, removed = frozenset(add), frozenset(remove)

    def plan(job: Job) -> JobChange | None:
        labels = checked_labels((frozenset(job.labels) - removed) | added)
        if labels == tuple(job.labels):
            return None
        message = f"{job.job_id} has {_labels_in_words(labels)} now."
        return JobChange("job.labelled", message, {"labels": labels})

    return plan


def unwriting(before: Job, after: Job) -> Plan:
    """Give a job the note and the labels back that it had `before`, as far as they became those `after` it.

    What was written on it since stays; a note that was replaced since is refused with NoteRefusedError.
    """
    had, got = frozenset(before.labels), frozenset(after.labels)

    def plan(job: Job) -> JobChange | None:
        if before.note == after.note:
            return labelling(had - got, got - had)(job)
        if job.note != after.note:
            raise NoteRefusedError(f"Another note was written on {job.job_id} meanwhile; it stays as it is.")
        return noting(before.note)(job)

    return plan


def _labels_in_words(labels: Sequence[str]) -> str:
    if not labels:
        return "no labels"
    return f"the label{'' if len(labels) == 1 else 's'} {', '.join(labels)}"


def _moving(
    command: JobCommand, job: Job, status: JobStatus, message: str, values: Mapping[str, Any]
) -> JobChange:
    _refuse_unfit(command, job, status)
    details = {"exit_code": job.exit_code, "duration_s": None}
    return JobChange(f"job.{status}", message, {"status": status, **values}, details)


def _refuse_unfit(command: JobCommand, job: Job, status: JobStatus) -> None:
    if job.status not in COMMAND_STATES[command].allowed:
        raise IllegalTransitionError(job.job_id, job.status, status)
