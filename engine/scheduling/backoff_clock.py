"""Back-offs whose length is kept although the clock is set back: each ends by a clock that never jumps.

What is to start at a time of day, or when a quota returns, goes by the wall clock and is left alone. A clock set ahead,
or a machine that slept, lets a retry start at once.
"""

from collections.abc import Callable

from engine.interfaces import QueueStore
from engine.scheduling import retry_policy
from engine.types import FailureClass
from state.records import Job

_SLACK_S = 1.0
"""Clocks are nudged by less than this all the time."""


class BackoffClock:
    """The back-offs of one queue, as one engine sees them. `monotonic` gives seconds that never jump."""

    def __init__(self, store: QueueStore, monotonic: Callable[[], float]) -> None:
        self._store, self._monotonic = store, monotonic
        self._ends: dict[str, tuple[float | None, float]] = {}
        """By job, the end of its wait as it is written, and the same by the clock that never jumps."""

    def look(self, now: float) -> bool:
        """Bring forward what would wait longer than it was to; whether anything did."""
        moment, before, moved = self._monotonic(), self._ends, False
        self._ends = {}
        for job in self._store.backing_off():
            written = job.not_before or now
            known = before.get(job.job_id)
            if known is None or known[0] != written:
                known = (written, moment + min(written - now, self._length(job)))
            due = now + known[1] - moment
            if written - due > _SLACK_S and self._store.bring_forward(job.job_id, written, due) is not None:
                known, moved = (due, known[1]), True
            self._ends[job.job_id] = known
        return moved

    def _length(self, job: Job) -> float:
        """The longest the wait that follows the last attempt of this job can be."""
        backoff = retry_policy.backoff(self._store.job_spec(job.job_id).metadata.retry, job.attempts)
        return max(backoff, retry_policy.LEAST_RATE_WAIT_S if job.failure_class == FailureClass.RATE else 0.0)
