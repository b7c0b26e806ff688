"""Compute the queue position of moved jobs: between which two others, and with which number. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.errors import CommandRefusedError
from engine.types import QueuePosition
from state.handed_priority import HandedPriority, effective
from state.records import NOTHING, Job


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A job's new priority and queue position, as its columns store them."""

    job_id: str
    priority: int
    queue_position: float


def moves(
    queue: Sequence[Job],
    job_ids: Collection[str],
    position: QueuePosition,
    handed: Mapping[str, HandedPriority] = NOTHING,
) -> list[Moved]:
    """What to change so that these jobs get that queue position and keep their own order.

    `queue` is every job that can be moved (`state.command_table`), in order. The moved jobs take the priority of their
    new neighbour, which is the one handed down to it, if there is one.

    Raises:
        CommandRefusedError: a job is not waiting, has that position already, or is kept above it by a job behind it.
    """
    own = {job.job_id: job.priority for job in queue}
    ranked = [replace(job, priority=effective(job.priority, handed.get(job.job_id))) for job in queue]
    moved = _moves(ranked, job_ids, position)
    for one in moved:
        by = handed.get(one.job_id)
        if one.job_id in job_ids and by is not None and by.priority > one.priority:
            raise CommandRefusedError(
                f"{one.job_id} cannot be moved there: {by.through} waits for it and has a higher priority. "
                f"Move {by.through} first, or change its priority."
            )
    return [one if one.job_id in job_ids else replace(one, priority=own[one.job_id]) for one in moved]


def _moves(queue: Sequence[Job], job_ids: Collection[str], position: QueuePosition) -> list[Moved]:
    moving = [job for job in queue if job.job_id in job_ids]
    rest = [job for job in queue if job.job_id not in job_ids]
    _refuse_others(queue, job_ids, position)
    at = _index(queue, moving, rest, position)
    if [*rest[:at], *moving, *rest[at:]] == list(queue):
        named = moving[0].job_id if len(moving) == 1 else f"these {len(moving)} jobs"
        raise CommandRefusedError(f"{named} cannot be moved there: nothing in the queue would change.")
    before = rest[at - 1] if at else None
    after = rest[at] if at < len(rest) else None
    neighbour = (
        before if position.where in {"bottom", "down", "after"} and before is not None else after or before
    )
    priority = moving[0].priority if neighbour is None else neighbour.priority
    return _between(before, after, moving, priority) or _renumbered(rest, at, moving, priority)


def _refuse_others(queue: Sequence[Job], job_ids: Collection[str], position: QueuePosition) -> None:
    movable = {job.job_id for job in queue}
    for job_id in job_ids:
        if job_id not in movable:
            raise CommandRefusedError(f"{job_id} is not waiting; only a waiting job has a queue position.")
    if position.job_id is not None and (position.job_id not in movable or position.job_id in job_ids):
        reason = (
            "is being moved itself"
            if position.job_id in job_ids
            else "is not waiting and has no queue position"
        )
        raise CommandRefusedError(f"Nothing can be moved {position.where} {position.job_id}: it {reason}.")


def _index(queue: Sequence[Job], moving: Sequence[Job], rest: Sequence[Job], position: QueuePosition) -> int:
    """How many of the rest come before the moved jobs."""
    match position.where:
        case "top":
            return 0
        case "bottom":
            return len(rest)
        case "up":
            return max(queue.index(moving[0]) - 1, 0)
        case "down":
            after_last = len(queue) - 1 - queue.index(moving[-1])
            return len(rest) - max(after_last - 1, 0)
        case "before" | "after":
            at = next(index for index, job in enumerate(rest) if job.job_id == position.job_id)
            return at if position.where == "before" else at + 1


def _between(
    before: Job | None, after: Job | None, moving: Sequence[Job], priority: int
) -> list[Moved] | None:
    """Numbers between those of the neighbours; None when no room is left between them."""
    low = before.queue_key[1] if before is not None and before.priority == priority else None
    high = after.queue_key[1] if after is not None and after.priority == priority else None
    if low is None:
        low = 0.0 if high is None else high - 1
    if high is None:
        high = low + 1  # below the number of any job that is still to come
    step = (high - low) / (len(moving) + 1)
    positions = [low + step * number for number in range(1, len(moving) + 1)]
    if any(one >= other for one, other in pairwise([low, *positions, high])):
        return None
    return [
        Moved(job_id=job.job_id, priority=priority, queue_position=queue_position)
        for job, queue_position in zip(moving, positions, strict=True)
    ]


def _renumbered(rest: Sequence[Job], at: int, moving: Sequence[Job], priority: int) -> list[Moved]:
    """Renumber all jobs of that priority with whole numbers, which stay below those of any job still to come."""
    order = [*rest[:at], *moving, *rest[at:]]
    renumbered = [job for job in order if job.priority == priority or job in moving]
    return [
        Moved(job_id=job.job_id, priority=priority, queue_position=float(number))
        for number, job in enumerate(renumbered)
    ]
