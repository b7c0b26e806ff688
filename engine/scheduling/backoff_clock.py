"""Keep the length of back-offs when the clock is set back, by a clock that never jumps.

Jobs that start at a time of day, or when a quota returns, follow the wall clock and are left alone. When the clock is
set ahead, or the machine has slept, a retry starts at once.
"""

import math
from collections.abc import Callable

from engine.errors import CommandRefusedError
from engine.interfaces import QueueStore
from engine.jobfile.known_projects import read_projects
from engine.scheduling import retry_policy
from engine.tool_defaults import default_retry, known_tools_in
from state.records import Job

_SLACK_S = 1.0
"""Time synchronisation adjusts clocks by less than this all the time."""


class BackoffClock:
    """The back-offs of one queue, as one engine sees them. `monotonic` returns seconds that never jump."""

    def __init__(self, store: QueueStore, monotonic: Callable[[], float]) -> None:
        self._store, self._monotonic = store, monotonic
        self._ends: dict[str, tuple[float | None, float]] = {}
        """By job, the end of its wait as stored, and the same moment by the clock that never jumps."""

    def correct(self, now: float) -> bool:
        """Bring forward the jobs that would wait longer than intended; return whether there were any."""
        ticks, before, moved = self._monotonic(), self._ends, False
        self._ends = {}
        for job in self._store.backing_off():
            stored = job.not_before or now
            known = before.get(job.job_id)
            if known is None or known[0] != stored:
                known = (stored, ticks + min(stored - now, self._length(job)))
            due = now + known[1] - ticks
            if stored - due > _SLACK_S and self._store.bring_forward(job.job_id, stored, due) is not None:
                known, moved = (due, known[1]), True
            self._ends[job.job_id] = known
        return moved

    def _length(self, job: Job) -> float:
        """The longest possible wait after the last attempt of this job."""
        try:
            spec = self._store.job_spec(job.job_id)
            with_tool = spec.at_rung(job.rung, job.tool)
        except CommandRefusedError:  # it is held as soon as its time has come
            return math.inf
        read_projects([spec.repo_root])
        tools = known_tools_in(spec.repo_root, self._store.settings().tools)
        retry = default_retry(with_tool, tools)
        retry = retry or spec.metadata.retry
        return retry_policy.longest_wait(retry, job.attempts, job.failure_class)
