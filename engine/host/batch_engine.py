"""Run some jobs of the queue to their end: an engine that claims these jobs and their parents, and no others.

Shares the home with any other engine: each of these jobs is run by the engine that claims it first. A host drives it
one step at a time, like `engine_service.EngineService`.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.health_problems import database_problem
from engine.host import assembly
from engine.host.side_tasks import SideTasks
from engine.interfaces import QueueView
from engine.orchestrator.turn import Turn
from engine.scheduling import schedule
from engine.scheduling.blocked_jobs import blocked_jobs
from engine.state_store.job_state_store import JobStateStore
from state import event_queries
from state.codec import record_from_json
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.lifecycle import FINAL, SATISFIED
from state.records import Job, JobStatus

_ARRIVED = frozenset({"job.queued", "job.held"})


@dataclass(frozen=True, kw_only=True)
class BatchState:
    """The jobs as they are, in the order in which they were queued.

    `over` is when none can continue by itself, and what their workstreams have made is committed.
    """

    jobs: Sequence[Job]
    over: bool

    @property
    def succeeded(self) -> bool:
        """Whether every job is completed or skipped."""
        return all(job.status in SATISFIED for job in self.jobs)


class Batch:
    """Runs these jobs in this process. Build it, drive it and close it in one thread."""

    def __init__(
        self,
        store: JobStateStore,
        job_ids: Sequence[str],
        *,
        clock: Callable[[], float] = time.time,
        longest_hold_s: float = math.inf,
    ) -> None:
        self._longest_hold_s = longest_hold_s
        """How long the end of a hold is waited for."""
        self.job_ids = tuple(job_ids)
        self._store, self._clock = store, clock
        parts = assembly.default_parts(store, kind="command_line")
        self._turn = Turn(store, parts, clock=clock)
        self._side_tasks = SideTasks(store, parts.pool, parts.identity)
        self.callbacks_left = 0
        """How many commands at the ends of jobs `close` has left to the next engine."""
        self._reader = DatabaseReader(store.database, busy_ms=5_000)
        self._cursor = self._reader.read(event_queries.latest_event_id)
        self._known = self._with_parents()
        self.problem = ""
        """The problem that keeps jobs from starting, as a sentence; empty when there is none."""
        self._wake_requested = threading.Event()
        self._turn.on_wake(self._wake_requested.set)
        self._side_tasks.on_end(self._wake_requested.set)

    def wait(self, timeout_s: float) -> None:
        """Sleep until a step is due or the timeout has passed."""
        self._wake_requested.wait(timeout_s)
        self._wake_requested.clear()

    def step(self) -> BatchState:
        """Settle ended attempts, start what is due, and return the state of the jobs."""
        now = self._clock()
        try:
            self._turn.advance(now)
            self.problem = self._turn.obstacle()
            if not self.problem and not self._turn.draining:
                self._start(now)
            self._side_tasks.run_callbacks()
            self._side_tasks.finish_trees()
            self._side_tasks.watch_for_alarms()
            self._side_tasks.merge(may_begin=not self._turn.draining)
            self._side_tasks.keep_awake(running=bool(self._turn.running))
        except DatabaseError as error:  # nothing was changed; the next step repeats it
            self.problem = database_problem(error).sentence
        return self.state()

    def state(self) -> BatchState:
        """The state of the jobs."""
        self._read_events()
        jobs = [self._known[job_id] for job_id in self.job_ids if job_id in self._known]
        blocked = blocked_jobs(self._known, self._on_hold())
        settled = FINAL | {JobStatus.HELD}
        over = all(job.status in settled or job.job_id in blocked for job in jobs)
        return BatchState(jobs=jobs, over=over and not self._side_tasks.is_finishing)

    def _on_hold(self) -> set[str]:
        """The queued jobs whose tool, group or account is on hold until a person resumes it, or for too long."""
        last = self._clock() + self._longest_hold_s
        lasting = {
            (hold.kind, hold.key): hold
            for hold in self._store.queue_control.holds()
            if hold.until is None or hold.until > last
        }
        return {
            job.job_id
            for job in (self._known.values() if lasting else ())
            if job.status is JobStatus.QUEUED and schedule.hold_on(job, lasting) is not None
        }

    def stop(self) -> None:
        """Stop the running jobs of this process and start no more; the following steps carry it out.

        The jobs stay in the queue, or are held, by their rule for interruptions.
        """
        self._turn.stop_all()

    @property
    def callbacks_remaining(self) -> int:
        """How many commands at the ends of jobs still wait or run."""
        return self._side_tasks.remaining

    @property
    def is_merging(self) -> bool:
        """Whether a merge runs, or begins without a person."""
        return self._side_tasks.is_merging

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called and nothing runs here any more."""
        return self._turn.draining and not self._turn.running

    def cancel(self, reason: str) -> None:
        """Cancel every job that has not ended; the following steps carry it out."""
        for job in self.state().jobs:
            if job.status not in FINAL:
                self._turn.cancel(job.job_id, reason)

    def close(self) -> None:
        """Stop working: running jobs continue under their shims, and the next engine adopts them."""
        self.callbacks_left = self._side_tasks.close()
        self._turn.close()
        self._reader.close()

    def _start(self, now: float) -> None:
        self._read_events()
        known = self._known.keys()

        def choose(view: QueueView, at: float) -> Sequence[str]:
            mine = [job for job in view.candidates if job.job_id in known]
            return schedule.choose(replace(view, candidates=mine), at)

        self._turn.start(now, choose)

    def _read_events(self) -> None:
        """Apply the events since the last call; when a parent has arrived, add everything it depends on."""
        arrived = False
        while page := self._reader.read(event_queries.events_after, self._cursor):
            self._cursor = page[-1].id
            for event in page:
                if event.job_id is not None and "job" in event.payload:
                    if event.job_id in self._known:
                        self._known[event.job_id] = record_from_json(Job, event.payload["job"])
                    arrived |= event.event_type in _ARRIVED
        if arrived and not self._parents() <= self._known.keys():
            self._known = self._with_parents()

    def _parents(self) -> set[str]:
        return {
            parent for job in self._known.values() for parent in job.depends_on if job.status not in FINAL
        }

    def _with_parents(self) -> dict[str, Job]:
        """These jobs and all their known ancestors."""
        of_runs: dict[str, Job] = {}
        found: dict[str, Job] = {}
        pending = list(self.job_ids)
        while pending:
            job_id = pending.pop()
            if job_id in found:
                continue
            job = of_runs.get(job_id) or self._store.get_job(job_id)
            if job is not None:
                if job_id not in of_runs:  # its siblings come next, and one query for all is cheaper
                    of_runs.update((one.job_id, one) for one in self._store.list_jobs(job.run_id))
                found[job_id] = job
                pending += job.depends_on if job.status not in FINAL else ()
        return found
