"""Remembers that nothing more may start, until that can have changed: so most turns of an engine claim nothing.

What may start follows from rows and from the time alone. A claim that took all there was holds until somebody writes to
one of these tables, or until the time comes for which a job or a hold waits.
"""

from typing import NamedTuple

from engine.interfaces import Choose
from engine.state_store.store_access import StoreAccess
from state import queue_queries
from state.change_counts import BY_ATTEMPTS

CLAIM_READS = ("jobs", BY_ATTEMPTS, "step_attempts", "job_dependencies", "holds", "limits", "settings")
_DUE_READS = ("jobs", "holds")
_TURN_S = 1.0
"""A claim that settles ends first has a later time than the turn it is part of; no turn takes longer."""


class _Rest(NamedTuple):
    choose: Choose
    runner: str
    stamp: int
    since: float
    until: float | None


class ClaimRest:
    """Whether a claim can be done without, for one store."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._rest: _Rest | None = None
        self._due: tuple[int, float, float | None] | None = None

    def lasts(self, choose: Choose, runner: str, now: float) -> bool:
        """Whether there is still nothing to claim for the one who chooses."""
        rest = self._rest
        if rest is None or (rest.choose, rest.runner) != (choose, runner):
            return False
        was_set_back = rest.since - now > _TURN_S
        is_time = was_set_back or (rest.until is not None and now >= rest.until)
        return not is_time and rest.stamp == self._access.change_stamp(*CLAIM_READS)

    def end(self) -> None:
        """Claim next time, whatever happens until then."""
        self._rest = None

    def begin(self, choose: Choose, runner: str, now: float) -> None:
        """Remember that the open transaction has claimed all that may start now, once it is committed."""
        database = self._access.database
        rest = _Rest(choose, runner, database.stamp_once_committed(*CLAIM_READS), now, self.next_due(now))

        def keep(is_committed: bool) -> None:  # noqa: FBT001 - as the database calls it
            self._rest = rest if is_committed else None

        database.on_end(keep)

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start or a hold ends, or None."""
        database = self._access.database
        if database.joined is not None and database.changes.is_open(*_DUE_READS):
            return self._access.read(queue_queries.next_due, now)
        stamp = self._access.change_stamp(*_DUE_READS)
        if self._due is not None:
            known, since, due = self._due
            if known == stamp and since <= now and (due is None or now < due):
                return due
        due = self._access.read(queue_queries.next_due, now)
        self._due = (stamp, now, due)
        return due
