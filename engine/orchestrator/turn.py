"""The turn of one engine: decide what runs next and carry it out through the ports, one `step` at a time.

Owns no thread and never sleeps: a host calls `step` when something is due. Uses neither SQL nor Qt.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from engine.health_problems import HealthProblem, database_problem
from engine.interfaces import Choose, Claim, QueueStore
from engine.orchestrator.attempt_preparer import AttemptPreparer
from engine.orchestrator.attempts import LiveAttempts
from engine.orchestrator.mailbox import Mailbox
from engine.orchestrator.parts import EngineParts
from engine.scheduling import schedule
from engine.scheduling.backoff_clock import BackoffClock
from engine.types import EndReason
from state.database_errors import DatabaseError
from state.records import Job

log = logging.getLogger(__name__)

REST_EVERY_S = 30.0
"""How often to step although nothing runs, nothing may start and nothing was written."""
RECOVERY_EVERY_S = 5.0
"""How often to search for attempts of engines that have died."""

STOP_AGAIN_S = 1.0
"""How often to repeat a stop that has not been carried out."""

BUSY_RETRY_S = 0.5
"""How soon a step is repeated when another process held the database's write lock."""


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """What one step changed. `next_wake` is epoch seconds, None when only a message can bring work."""

    next_wake: float | None
    changed: bool
    running: int
    idle: bool
    problem: str = ""
    """Why nothing starts, as a sentence for the banner; running jobs continue."""
    problems: Sequence[HealthProblem] = ()
    """Every problem, including those that stop nothing."""
    only_callbacks: bool = False
    """Whether nothing is left to do but the user's commands at the ends of jobs, if anything."""


class Turn:
    """Starts, stops, adopts and settles the jobs of one queue; several engines never claim a job twice.

    Args:
        queue: the store it shares with all other engines of the home.
        parts: the runner, the adapters and the identity to work with.
        clock: returns epoch seconds.
        monotonic: returns seconds that never jump.
    """

    def __init__(
        self,
        queue: QueueStore,
        parts: EngineParts,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.queue, self.parts = queue, parts
        self._clock = clock
        self._mailbox = Mailbox()
        self.preparer = AttemptPreparer(parts, self._mailbox)
        parts.runner.on_end(self._mailbox.ring)
        self._attempts: LiveAttempts | None = None
        self._recover_at = 0.0
        self._backoff = BackoffClock(queue, monotonic)
        self.draining = False
        """While set, running jobs continue and this engine starts nothing new."""

    @property
    def running(self) -> int:
        """How many attempts this engine is running."""
        return 0 if self._attempts is None else len(self._attempts)

    @property
    def attempts(self) -> LiveAttempts:
        """The attempts of this engine; the first use records that the engine started."""
        if self._attempts is None:
            self.parts.identity.take()
            notes = self.parts.notes
            last = self.queue.last_attempt_id()
            newer = [] if notes is None else notes.newer_than(last)
            self.parts.runner.begin(max([last, *(attempt.id for attempt in newer)]))
            with self.queue.transaction():
                self.queue.engine_started(self.parts.identity.engine)
                self.queue.put_back(newer, self.now())
            engine = self.parts.identity.engine
            self._attempts = LiveAttempts(self.queue, self.preparer, engine=engine, clock=self._clock)
        return self._attempts

    def now(self) -> float:
        """The time by this engine's clock, epoch seconds."""
        return self._clock()

    def on_wake(self, bell: Callable[[], None]) -> None:
        """Call `bell`, from any thread, when a step is due before its time."""
        self._mailbox.on_post(bell)

    # --- one step --------------------------------------------------------------------------------------------------

    def step(self, now: float | None = None) -> StepReport:
        """Settle ended attempts; stop, adopt and start what is due. Never waits for a job."""
        at = self._clock() if now is None else now
        problems = self.problems()
        try:
            report = self._step(at, may_start=not any(problem.stops for problem in problems))
        except DatabaseError as error:
            problems = (database_problem(error), *problems)
            report = StepReport(next_wake=at + BUSY_RETRY_S, changed=False, running=self.running, idle=False)
        return replace(report, problem=_obstacle(problems), problems=problems)

    def _step(self, now: float, *, may_start: bool) -> StepReport:
        may_start = may_start and not self.draining
        changed = self.advance(now, schedule.choose if may_start else None)
        if self.attempts.write_error is not None:
            raise self.attempts.write_error
        if may_start:
            changed |= self.start(now)
        idle = not len(self.attempts) and self.queue.is_idle()
        return StepReport(
            next_wake=self._next_wake(now, idle=idle), changed=changed, running=len(self.attempts), idle=idle
        )

    def advance(self, now: float, choose: Choose | None = None) -> bool:
        """Settle ended attempts, stop and adopt what is due; return whether anything changed.

        Nothing is started, unless `choose` selects what takes the places of those that have ended.
        """
        changed = self.attempts.process_messages(choose)
        changed |= self.attempts.stop(self.queue.cancel_requests(self.parts.identity.engine.engine_id))
        self.attempts.repeat_stops()
        clock_was_set_back = self._recover_at - now > RECOVERY_EVERY_S
        if now >= self._recover_at or clock_was_set_back:
            self._recover_at = now + RECOVERY_EVERY_S
            changed |= self._recover()
            changed |= self._backoff.correct(now)
        return changed

    def start(self, now: float, choose: Choose = schedule.choose) -> bool:
        """Claim the jobs that `choose` selects and begin them; return whether there were any."""
        claims = self.queue.claim(self.parts.identity.engine, choose, now, runner=self.parts.runner.name)
        self.attempts.begin_all(claims)
        return bool(claims)

    def claim_one(self, job_id: str) -> Claim:
        """Claim this one job, outside the slot limits; `attempts.begin` starts it.

        Raises:
            JobAlreadyRunningError, CommandRefusedError: nothing was claimed.
        """
        parts = self.parts
        return self.queue.claim_one(job_id, parts.identity.engine, self.now(), runner=parts.runner.name)

    def _recover(self) -> bool:
        identity = self.parts.identity
        orphans = [
            attempt
            for attempt in self.queue.running_elsewhere(identity.engine)
            if attempt.runner == self.parts.runner.name and not identity.is_alive(attempt.engine_id)
        ]
        for attempt in orphans:
            self.attempts.take_over(attempt, identity.engine.engine_id)
        return bool(orphans)

    def _next_wake(self, now: float, *, idle: bool) -> float | None:
        if self.attempts.must_write:
            return now + BUSY_RETRY_S
        due = self.queue.next_due(now)
        again = (
            now + REST_EVERY_S if idle else self._recover_at
        )  # where nothing runs there is nothing to adopt
        times = [again, *([] if due is None else [due])]
        return min([*times, now + STOP_AGAIN_S] if self.attempts.is_stopping else times)

    # --- what keeps jobs from starting -------------------------------------------------------------------------------

    def problems(self) -> tuple[HealthProblem, ...]:
        """Every problem at this moment."""
        return () if self.parts.health is None else tuple(self.parts.health.problems())

    def obstacle(self) -> str:
        """Why nothing new may start at this moment, as a sentence; empty when jobs may start."""
        return _obstacle(self.problems())

    # --- stopping ----------------------------------------------------------------------------------------------------

    def cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once; a running job is "cancelled" when its processes are gone."""
        try:
            job = self.queue.request_cancel(job_id, reason)
        except DatabaseError:
            known = self.queue.get_job(job_id)
            if known is None or self._attempts is None or not self._attempts.stop_job(job_id):
                raise
            job = known  # it is stopped all the same; its end is written later
        self._mailbox.ring()
        return job

    def stop_all(self) -> None:
        """Stop everything this engine runs, because it stops itself; the following steps record it.

        That is no person's cancel: each job is queued again, or held, by its rule for interruptions.
        """
        self.draining = True
        if self._attempts is not None:
            self._attempts.stop_every(EndReason.STOPPED)

    def cancel_all(self, reason: str) -> None:
        """Cancel everything this engine runs, and start nothing more; the following steps record it."""
        self.draining = True
        if self._attempts is None:
            return
        with suppress(DatabaseError):  # stopping must not wait for the database; only the reason is lost
            for attempt in self.queue.running_of(self.parts.identity.engine.engine_id):
                self.queue.request_cancel(attempt.job_id, reason)
        self._attempts.stop_every(EndReason.CANCELLED)

    def close(self, reason: str = "") -> None:
        """Stop working: running jobs continue under their shims, and the next engine adopts them."""
        try:
            if self._attempts is not None:
                self.queue.engine_stopped(self.parts.identity.engine.engine_id, reason)
        except DatabaseError as error:
            log.warning("Could not record that the engine stopped: %s", error)
        finally:
            self.parts.close()


def _obstacle(problems: Sequence[HealthProblem]) -> str:
    return next((problem.sentence for problem in problems if problem.stops), "")
