"""Why jobs wait, as phrases: the same for cards, command line and banners, in any language. Pure functions."""

from engine.system.formatting import moment
from engine.system.phrase import Phrase, phrase, verbatim
from state.records import Hold, HoldCause, HoldKind, Job, JobStatus, LimitKind

NO_SLOT = {
    LimitKind.GLOBAL: phrase("No free slot ({taken} of {limit} running); {rank}."),
    LimitKind.TOOL: phrase("No free slot for {key} ({taken} of {limit} running); {rank}."),
    LimitKind.ACCOUNT: phrase("No free slot for account {key} ({taken} of {limit} running); {rank}."),
    LimitKind.GROUP: phrase("No free slot in group {key} ({taken} of {limit} running); {rank}."),
}
"""Why a job waits that only lacks a slot, by the limit that is reached."""
SLOTS_TAKEN = {
    LimitKind.GLOBAL: phrase("Those before it take the free slots; {rank}."),
    LimitKind.TOOL: phrase("Those before it take the free slots for {key}; {rank}."),
    LimitKind.ACCOUNT: phrase("Those before it take the free slots for account {key}; {rank}."),
    LimitKind.GROUP: phrase("Those before it take the free slots in group {key}; {rank}."),
}
"""Why a job does not start that could, by the limit that the next turn of the engine reaches before it."""


def why_held(job: Job) -> Phrase:
    """Why a held job does not start."""
    return verbatim(job.hold_reason) if job.hold_reason else phrase("Held; release it to queue it.")


def behind_disk(job: Job, at: str) -> Phrase:
    """What a job waits for that needs a disk; it is tried again at a time of day."""
    if not job.summary:
        return phrase("Waits for a disk (its state allows no start); tried again at {at}.", at=at)
    reason = verbatim(job.summary).as_clause()
    return phrase("Waits for a disk ({reason}); tried again at {at}.", reason=reason, at=at)


def next_attempt(job: Job, at: str) -> Phrase:
    """Which attempt starts at a time of day, and after what."""
    number, most = job.attempts + 1, job.max_attempts
    if not job.summary:
        return phrase("Attempt {number} of {most} starts at {at}.", number=number, most=most, at=at)
    return phrase(
        "Attempt {number} of {most} starts at {at} after: {reason}.",
        number=number,
        most=most,
        at=at,
        reason=verbatim(job.summary).as_clause(),
    )


def behind_hold(hold: Hold, now: float) -> Phrase:
    """Why a job behind a hold waits, and when it may start."""
    if hold.kind is HoldKind.BUDGET:
        return verbatim(hold.reason)
    named, at = _named(hold), moment(hold.until, now) if hold.until is not None else ""
    reason = f": {hold.reason.rstrip('.')}" if hold.reason else ""
    if hold.cause is HoldCause.QUOTA and at:
        return phrase(
            "{name} has used its quota{reason}; starts again at {at}.", name=named, reason=reason, at=at
        )
    if hold.cause is HoldCause.QUOTA:
        return phrase("{name} has used its quota{reason}; starts again.", name=named, reason=reason)
    if at:
        return phrase("{name} is on hold{reason}; starts again at {at}.", name=named, reason=reason, at=at)
    return phrase("{name} is on hold{reason}; resume it to continue.", name=named, reason=reason)


def _named(hold: Hold) -> Phrase:
    match hold.kind:
        case HoldKind.TOOL:
            return verbatim(hold.key)  # as cards name it
        case HoldKind.ACCOUNT:
            return phrase("Account {key}", key=hold.key)
        case HoldKind.GROUP:
            return phrase("Group {key}", key=hold.key)
        case _:
            return verbatim(f"{hold.kind.value.capitalize()} {hold.key}")


def behind(parent: Job, name: str) -> Phrase:
    """Why a job waits for one that it depends on, which is called by this name."""
    match parent.status:
        case JobStatus.TIMEOUT:
            return phrase("Blocked by {name}, which timed out; retry or skip that one.", name=name)
        case JobStatus.CANCELLED:
            return phrase("Blocked by {name}, which was cancelled; retry or skip that one.", name=name)
        case JobStatus.FAILED:
            return phrase("Blocked by {name}, which failed; retry or skip that one.", name=name)
        case JobStatus.HELD:
            return phrase("Waits for {name}, which is held.", name=name)
        case _:
            return phrase("Waits for {name} to finish.", name=name)


def hold_phrase(hold: Hold, now: float, running: int) -> Phrase:
    """What a hold keeps from starting and what ends it, as one sentence for a banner.

    The message of a provider stands last: it may be long, and a banner cuts its end.
    """
    reason = f" ({hold.reason.rstrip('.')})" if hold.reason else ""
    if hold.kind is HoldKind.BUDGET:
        return verbatim(hold.reason)
    if hold.kind is not HoldKind.ENGINE:
        return _hold_of_some(hold, now, reason)
    since = moment(hold.since, now)
    if hold.cause is not HoldCause.DRAIN:
        return phrase(
            "Paused since {since}{reason}: running jobs continue, nothing new starts until it is resumed.",
            since=since,
            reason=reason,
        )
    return phrase(
        "Draining since {since}{reason}: {going}, nothing new starts until it is resumed.",
        since=since,
        reason=reason,
        going=_still_going(running),
    )


def hold_sentence(hold: Hold, now: float, running: int) -> str:
    """The same in English."""
    return str(hold_phrase(hold, now, running))


def _hold_of_some(hold: Hold, now: float, reason: str) -> Phrase:
    named, at = _named(hold), moment(hold.until, now) if hold.until is not None else ""
    if hold.cause is HoldCause.QUOTA and at:
        return phrase(
            "{name} has used its quota; its jobs start again at {at}{reason}.",
            name=named,
            at=at,
            reason=reason,
        )
    if hold.cause is HoldCause.QUOTA:
        return phrase("{name} has used its quota; its jobs start again{reason}.", name=named, reason=reason)
    if at:
        return phrase(
            "{name} is on hold{reason}; its jobs start again at {at}.", name=named, reason=reason, at=at
        )
    return phrase("{name} is on hold{reason}; its jobs wait until it is resumed.", name=named, reason=reason)


def _still_going(running: int) -> Phrase:
    if not running:
        return phrase("nothing is running")
    if running == 1:
        return phrase("1 still runs")
    return phrase("{number} still run", number=running)
