"""The queue position of a moved job: between which two others, and with which number. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.errors import CommandRefusedError
from engine.types import QueuePosition
from state.records import Job


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A job's new priority and place."""

    job_id: str
    priority: int
    place: float


def moves(line: Sequence[Job], job_ids: Collection[str], position: QueuePosition) -> list[Moved]:
    """What to change so that these jobs stand at that position, in the order they have among themselves.

    `line` is every waiting job in order. They take the priority of the job they are put beside.

    Raises:
        CommandRefusedError: a job does not wait, or they stand there already.
    """
    moving = [job for job in line if job.job_id in job_ids]
    rest = [job for job in line if job.job_id not in job_ids]
    _refuse_others(line, job_ids, position)
    at = _index(line, moving, rest, position)
    if [*rest[:at], *moving, *rest[at:]] == list(line):
        named = moving[0].job_id if len(moving) == 1 else f"these {len(moving)} jobs"
        raise CommandRefusedError(f"{named} cannot go there: nothing in the queue would change.")
    before = rest[at - 1] if at else None
    after = rest[at] if at < len(rest) else None
    beside = (
        before if position.where in {"bottom", "down", "after"} and before is not None else after or before
    )
    priority = moving[0].priority if beside is None else beside.priority
    return _between(before, after, moving, priority) or _renumbered(rest, at, moving, priority)


def _refuse_others(line: Sequence[Job], job_ids: Collection[str], position: QueuePosition) -> None:
    waiting = {job.job_id for job in line}
    for job_id in job_ids:
        if job_id not in waiting:
            raise CommandRefusedError(f"{job_id} does not wait; only a waiting job has a queue position.")
    if position.job_id is not None and (position.job_id not in waiting or position.job_id in job_ids):
        why = "is moved itself" if position.job_id in job_ids else "does not wait and has no queue position"
        raise CommandRefusedError(f"Nothing can be put {position.where} {position.job_id}: it {why}.")


def _index(line: Sequence[Job], moving: Sequence[Job], rest: Sequence[Job], position: QueuePosition) -> int:
    """How many of the rest stand before the moved ones."""
    match position.where:
        case "top":
            return 0
        case "bottom":
            return len(rest)
        case "up":
            return max(line.index(moving[0]) - 1, 0)
        case "down":
            after_last = len(line) - 1 - line.index(moving[-1])
            return len(rest) - max(after_last - 1, 0)
        case "before" | "after":
            at = next(place for place, job in enumerate(rest) if job.job_id == position.job_id)
            return at if position.where == "before" else at + 1


def _between(
    before: Job | None, after: Job | None, moving: Sequence[Job], priority: int
) -> list[Moved] | None:
    """Numbers between those of the neighbours; None where there is no room left between them."""
    low = before.in_line[1] if before is not None and before.priority == priority else None
    high = after.in_line[1] if after is not None and after.priority == priority else None
    if low is None:
        low = 0.0 if high is None else high - 1
    if high is None:
        high = low + 1  # less than the number of any job that is still to come
    step = (high - low) / (len(moving) + 1)
    places = [low + step * number for number in range(1, len(moving) + 1)]
    stairs = [low, *places, high]
    if any(one >= other for one, other in pairwise(stairs)):
        return None
    return [
        Moved(job_id=job.job_id, priority=priority, place=place)
        for job, place in zip(moving, places, strict=True)
    ]


def _renumbered(rest: Sequence[Job], at: int, moving: Sequence[Job], priority: int) -> list[Moved]:
    """All of that priority with whole numbers anew, which stay below the number of any job still to come."""
    order = [*rest[:at], *moving, *rest[at:]]
    mine = [job for job in order if job.priority == priority or job in moving]
    return [Moved(job_id=job.job_id, priority=priority, place=float(place)) for place, job in enumerate(mine)]
