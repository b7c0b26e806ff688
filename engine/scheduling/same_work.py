"""Which earlier attempts of a job an attempt goes on with: what they changed counts as one work. Pure."""

from collections.abc import Sequence

from engine.types import FailureClass
from state.records import Attempt, AttemptStatus


def of_same_work(earlier: Sequence[Attempt]) -> list[Attempt]:
    """Of the attempts before one, oldest first, those whose work it goes on with.

    A job begins anew after it was completed, and after a person has checked what git could not say; however else an
    attempt ended, by itself or through a person, the next one goes on.
    """
    same: list[Attempt] = []
    for attempt in earlier:
        if attempt.status is AttemptStatus.COMPLETED or attempt.failure_class == FailureClass.UNVERIFIED:
            same.clear()
        elif may_have_worked(attempt):
            same.append(attempt)
    return same


def may_have_worked(attempt: Attempt) -> bool:
    """Whether its tool may have been started; one that somebody else ran has no folder."""
    if attempt.runner == "external" or attempt.failure_class == FailureClass.DISK:
        return False
    match attempt.status:
        case AttemptStatus.SPAWN_FAILED:
            return False
        case AttemptStatus.INTERRUPTED:
            return attempt.failure_class is not None  # a claim that was given back has none
        case AttemptStatus.CANCELLED:
            return bool(attempt.duration_s)  # otherwise before it started
        case _:
            return True
