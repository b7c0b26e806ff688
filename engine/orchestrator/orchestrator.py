"""The orchestrator: decides what runs next and carries it out through the ports, one `step` at a time.

It owns no thread and never sleeps: a host calls `step` when something is due. It knows neither SQL nor Qt.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import CommandRefusedError, SignalboxError
from engine.host import assembly
from engine.interfaces import Accepted, QueueStore, StateInterface
from engine.jobfile.reader import job_from_mapping, read_file
from engine.jobfile.spec import JobSpec
from engine.maintenance.health import HealthProblem, database_problem
from engine.orchestrator import run_alone
from engine.orchestrator.attempt_preparer import AttemptPreparer
from engine.orchestrator.attempts import LiveAttempts
from engine.orchestrator.mailbox import Mailbox
from engine.scheduling import schedule
from engine.scheduling.backoff_clock import BackoffClock
from engine.types import JobResult
from state.database_errors import DatabaseError
from state.records import Job, Origin

log = logging.getLogger(__name__)

RECOVERY_EVERY_S = 5.0
"""How often attempts of engines that died meanwhile are looked for."""

BUSY_RETRY_S = 0.5
"""How soon a step is tried again when another process held the database's write lock."""


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """What one step came to. `next_wake` is epoch seconds, None where only a message can bring work."""

    next_wake: float | None
    changed: bool
    running: int
    idle: bool
    problem: str = ""
    """Why nothing starts although it could: a sentence for the banner; jobs that run go on."""
    problems: Sequence[HealthProblem] = ()
    """Everything that is amiss, that which stops nothing too."""


class Orchestrator:
    """Queues jobs and runs them; several orchestrators may share one store without ever claiming a job twice.

    Args:
        state_store: any `StateInterface`; with less than a `QueueStore` only `run_job` works. The store of the
            default home where None.
        parts: the runner, the adapters and the identity to work with; real ones where None.
        clock: gives epoch seconds.
        monotonic: gives seconds that never jump.
    """

    def __init__(
        self,
        state_store: StateInterface | None = None,
        *,
        parts: assembly.Parts | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store: StateInterface = assembly.default_store() if state_store is None else state_store
        self._queue = self.store if isinstance(self.store, QueueStore) else None
        self._parts = parts or assembly.default_parts(self.store)
        self._clock = clock
        self.mailbox = Mailbox()
        self.desk = AttemptPreparer(
            self._parts.runner,
            self._parts.adapters,
            mailbox=self.mailbox,
            pool=self._parts.pool,
            tool_paths=self._parts.tool_paths,
            launch_policy=self._parts.launch_policy,
            logs=self._parts.logs,
        )
        self._parts.runner.on_end(self.mailbox.ring)
        self._attempts: LiveAttempts | None = None
        self._recover_at = 0.0
        self._waits = None if self._queue is None else BackoffClock(self._queue, monotonic)
        self.draining = False
        """While set, what runs goes on and nothing new is started by this engine."""
        self.on_settled: Callable[[Job, JobSpec], None] = lambda _job, _spec: None
        """Called with the job and what its file says after the end of an attempt was written; set it before a step."""

    # --- the public face -----------------------------------------------------------------------------------------

    def run_job(self, job: Path | str | Mapping[str, Any] | JobSpec) -> JobResult:
        """Run a job now, to its end, through the same path as a queued job; other jobs are left alone.

        A finished job gets a new attempt. Ctrl-C cancels it.

        Raises:
            JobFileError: the file cannot be read, or holds more than one job.
            JobAlreadyRunningError: it runs already, or another job writes its working tree.
            CommandRefusedError: nothing may start at this moment, as on a full disk; nothing was entered.
        """
        spec, source, digest = _one_job(job)
        if told := self.obstacle():
            raise CommandRefusedError(told)
        if isinstance(self.store, QueueStore):
            return run_alone.in_queue(self, Accepted(spec=spec, digest=digest, source_path=source))
        return run_alone.outside(self.desk, self.store, spec)

    def queue_job(
        self, job: Path | str | Mapping[str, Any] | JobSpec, *, priority: str | int | None = None
    ) -> str:
        """Enter a job into the queue and return its id; an engine starts it when it may.

        Raises:
            JobFileError, JobExistsError: nothing was entered.
        """
        spec, source, digest = _one_job(job)
        if priority is not None:
            spec = spec.evolve(metadata=spec.metadata.model_copy(update={"priority": priority}))
            spec = JobSpec.model_validate(spec.to_json())
        item = Accepted(spec=spec, digest=digest, source_path=source)
        return self.queue.accept([item], origin=Origin.API)[0].job_id

    def cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once; a running one is "cancelled" when its processes are gone."""
        try:
            job = self.queue.request_cancel(job_id, reason)
        except DatabaseError:
            known = self.store.get_job(job_id)
            if known is None or self._attempts is None or not self._attempts.stop_job(job_id):
                raise
            job = known  # it is stopped all the same; what became of it is written when it can be
        self.mailbox.ring()
        return job

    def get_job_status(self, job_id: str) -> str:
        """The job's status in one word, or ``not_found``."""
        job = self.store.get_job(job_id)
        return "not_found" if job is None else job.status.value

    # --- the engine's turn -----------------------------------------------------------------------------------------

    @property
    def queue(self) -> QueueStore:
        """The store as a queue.

        Raises:
            SignalboxError: it only records.
        """
        if self._queue is None:
            told = "This store only records; queueing needs a QueueStore such as JobStateStore."
            raise SignalboxError(told)
        return self._queue

    @property
    def running(self) -> int:
        """How many attempts this engine answers for."""
        return 0 if self._attempts is None else len(self._attempts)

    @property
    def parts(self) -> assembly.Parts:
        """What this orchestrator works with."""
        return self._parts

    @property
    def attempts(self) -> LiveAttempts:
        """The attempts this engine answers for; taking up work is recorded with the first use."""
        if self._attempts is None:
            self._parts.identity.take()
            self.queue.engine_started(self._parts.identity.engine)
            self._attempts = LiveAttempts(self.queue, self.desk, clock=self._clock)
            self._attempts.on_settled = self.on_settled
        return self._attempts

    def step(self, now: float | None = None) -> StepReport:
        """Settle what ended, stop, adopt and start what is due; never waits for a job."""
        at = self._clock() if now is None else now
        problems = self.problems()
        try:
            changed = self.turn(at)
            if self.attempts.unwritten_because is not None:
                raise self.attempts.unwritten_because
            if not self.draining and not any(problem.stops for problem in problems):
                changed |= self._start(at)
            report = StepReport(
                next_wake=self._next_wake(at),
                changed=changed,
                running=len(self.attempts),
                idle=not len(self.attempts) and self.queue.is_idle(),
            )
        except DatabaseError as error:
            problems = (database_problem(error), *problems)
            report = StepReport(next_wake=at + BUSY_RETRY_S, changed=False, running=self.running, idle=False)
        problem = next((problem.sentence for problem in problems if problem.stops), "")
        return replace(report, problem=problem, problems=problems)

    def obstacle(self) -> str:
        """Why nothing new may start at this moment, as a sentence; empty where it may."""
        return next((problem.sentence for problem in self.problems() if problem.stops), "")

    def problems(self) -> tuple[HealthProblem, ...]:
        """Everything that was amiss when it was last looked at."""
        return () if self._parts.health is None else self._parts.health.problems()

    def turn(self, now: float) -> bool:
        """The part of a step that starts nothing new; whether anything happened."""
        changed = self.attempts.attend()
        changed |= self.attempts.stop(self.queue.cancel_requests(self._parts.identity.engine.engine_id))
        clock_was_set_back = self._recover_at - now > RECOVERY_EVERY_S
        if now >= self._recover_at or clock_was_set_back:
            self._recover_at = now + RECOVERY_EVERY_S
            changed |= self._recover()
            changed |= self._waits is not None and self._waits.look(now)
        return changed

    def _start(self, now: float) -> bool:
        claims = self.queue.claim(
            self._parts.identity.engine, schedule.choose, now, runner=self._parts.runner.name
        )
        for claim in claims:
            self.attempts.begin(claim)
        return bool(claims)

    def _recover(self) -> bool:
        identity = self._parts.identity
        orphans = [
            attempt
            for attempt in self.queue.running_elsewhere(identity.engine)
            if attempt.runner == self._parts.runner.name and not identity.is_alive(attempt.engine_id)
        ]
        for attempt in orphans:
            self.attempts.take_over(attempt, identity.engine.engine_id)
        return bool(orphans)

    def _next_wake(self, now: float) -> float | None:
        if self.attempts.must_write:
            return now + BUSY_RETRY_S
        due = self.queue.next_due(now)
        return self._recover_at if due is None else min(due, self._recover_at)

    def now(self) -> float:
        """The time by this engine's clock, epoch seconds."""
        return self._clock()

    def on_wake(self, bell: Callable[[], None]) -> None:
        """Call `bell`, from any thread, when a step is due before its time."""
        self.mailbox.on_post(bell)

    def stop_all(self) -> None:
        """Have everything this engine runs stopped; the steps that follow write it down."""
        self.draining = True
        if self._attempts is None:
            return
        with suppress(DatabaseError):  # stopping must not wait for the database; only the reason is lost
            for attempt in self.queue.running_of(self._parts.identity.engine.engine_id):
                self.queue.request_cancel(attempt.job_id, "the engine was told to stop all")
        self._attempts.stop_every()

    def close(self, why: str = "") -> None:
        """Lay down the work: what still runs goes on under its shim and is adopted by the next engine."""
        try:
            if self._attempts is not None:
                self.queue.engine_stopped(self._parts.identity.engine.engine_id, why)
        except DatabaseError as error:
            log.warning("That the engine stopped could not be written down: %s", error)
        finally:
            self._parts.close()


def _one_job(job: Path | str | Mapping[str, Any] | JobSpec) -> tuple[JobSpec, str | None, str]:
    match job:
        case JobSpec():
            return job, None, job.digest()
        case Mapping():
            spec = job_from_mapping(job)
            return spec, None, spec.digest()
        case _:
            read = read_file(job, guarded=False)
            if len(read.jobs) != 1:
                told = f"{Path(job).name} is a pipeline of {len(read.jobs)} jobs; use `signalbox run` for it."
                raise SignalboxError(told)
            return read.jobs[0], str(read.path), read.jobs[0].digest()
