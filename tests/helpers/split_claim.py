"""The mutant ``split_claim``: what to start is chosen in one transaction and claimed in another, as if nobody else did.

A test of claims counts only if it fails with it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from engine.interfaces import QueueView
from engine.scheduling import schedule
from engine.state_store.job_state_store import JobStateStore
from state import claim_query, queries, write_attempts
from state.database import Database
from state.records import Hold, Job, Limit
from state.running_job import RunningJob
from state.write_attempts import AttemptWriter

GAP_S = 0.1
"""How long the choice is old when it is claimed: as long as an engine on a busy machine may be kept waiting there."""


def install() -> None:
    """Break the claims of this process."""
    vars(write_attempts)["candidates"] = _as_chosen
    JobStateStore.claim = _split(JobStateStore.claim, lambda store: store.database)  # type: ignore[method-assign]  # that is the mutation
    AttemptWriter.claim = _split(AttemptWriter.claim, lambda attempts: attempts._writer._database)  # type: ignore[method-assign]  # as above


_chosen: list[list[Job]] = []
"""What was chosen before the transaction that claims; the outermost claim chooses."""


def _split(claim: Callable[..., Any], database_of: Callable[[Any], Database]) -> Callable[..., Any]:
    def split(self: Any, *args: Any, **named: Any) -> Any:
        if _chosen:
            return claim(self, *args, **named)
        memory = claim_query.QueueMemory(database_of(self))
        reading = database_of(self).reading_engine(busy_ms=5_000)
        with reading.begin() as connection:
            _chosen.append(
                list(claim_query.candidates(connection, _choose, named.get("now", args[-1]), memory))
            )
        reading.dispose()
        time.sleep(GAP_S)
        try:
            return claim(self, *args, **named)
        finally:
            _chosen.pop()

    return split


def _choose(
    running: Sequence[RunningJob],
    page: Sequence[Job],
    holds: Sequence[Hold],
    limits: Sequence[Limit],
    now: float,
) -> Sequence[str]:
    return schedule.choose(QueueView(running=running, candidates=page, holds=holds, limits=limits), now)


def _as_chosen(connection: Connection, _choose: object, _now: float, _memory: object) -> Iterator[Job]:
    """What was chosen, whatever became of it meanwhile; only the number of the attempt is read anew.

    With the old number the database itself would refuse the second claim.
    """
    for job in _chosen[-1]:
        found = queries.find_job(connection, job.job_id)
        yield job if found is None else replace(job, attempts=found.attempts)
