"""The public interface for scripts: run, queue or cancel a job, and get its status.

Decides nothing itself: a `Turn` runs what is queued. This is the only module of the orchestrator that knows where real
parts come from when none are passed in.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import CommandRefusedError, SignalboxError
from engine.host import assembly
from engine.interfaces import Accepted, QueueStore, StateInterface
from engine.jobfile.job_file_reader import job_from_mapping, read_file
from engine.jobfile.spec import JobSpec
from engine.orchestrator import run_alone
from engine.orchestrator.parts import EngineParts
from engine.orchestrator.turn import Turn
from engine.types import JobResult
from state.records import Job, Origin


class Orchestrator:
    """Queues jobs and runs them; several orchestrators may share one store without ever claiming a job twice.

    Args:
        state_store: any `StateInterface`; with less than a `QueueStore` only `run_job` works. None means the store of
            the default home.
        parts: the runner, the adapters and the identity to work with; None means real ones.
        clock: returns epoch seconds.
        monotonic: returns seconds that never jump.
    """

    def __init__(
        self,
        state_store: StateInterface | None = None,
        *,
        parts: EngineParts | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store: StateInterface = assembly.default_store() if state_store is None else state_store
        self._parts = assembly.default_parts(self.store) if parts is None else parts
        self._turn = (
            Turn(self.store, self._parts, clock=clock, monotonic=monotonic)
            if isinstance(self.store, QueueStore)
            else None
        )

    @property
    def turn(self) -> Turn:
        """What runs the queue.

        Raises:
            SignalboxError: the store only records.
        """
        if self._turn is None:
            raise SignalboxError(
                "This store can only record; queueing jobs needs a QueueStore such as JobStateStore."
            )
        return self._turn

    def run_job(self, job: Path | str | Mapping[str, Any] | JobSpec) -> JobResult:
        """Run a job now, to its end, the same way as a queued job; other jobs are left alone.

        A finished job gets a new attempt. Ctrl-C cancels the job.

        Raises:
            JobFileError: the file cannot be read, or contains more than one job.
            JobAlreadyRunningError: the job is running already, or another job writes its working tree.
            CommandRefusedError: nothing may start at this moment, for example on a full disk; nothing was queued.
        """
        accepted = _one_job(job)
        if self._turn is None:
            return run_alone.outside(self._parts, self.store, accepted.spec)
        if obstacle := self._turn.obstacle():
            raise CommandRefusedError(obstacle)
        result = run_alone.in_queue(self._turn, accepted)
        if self._parts.trees is not None:
            self._parts.trees.finish(accepted.spec.job_id)
        return result

    def queue_job(
        self, job: Path | str | Mapping[str, Any] | JobSpec, *, priority: str | int | None = None
    ) -> str:
        """Add a job to the queue and return its id; an engine starts it as soon as possible.

        Raises:
            JobFileError, JobExistsError: nothing was queued.
        """
        accepted = _one_job(job, priority=priority)
        return self.turn.queue.accept([accepted], origin=Origin.API)[0].job_id

    def cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once; a running job is "cancelled" when its processes are gone."""
        return self.turn.cancel(job_id, reason)

    def get_job_status(self, job_id: str) -> str:
        """The job's status, or ``not_found``."""
        job = self.store.get_job(job_id)
        return "not_found" if job is None else job.status.value

    def close(self) -> None:
        """Stop working: running jobs continue under their shims, and the next engine adopts them."""
        (self._parts if self._turn is None else self._turn).close()


def _one_job(job: Path | str | Mapping[str, Any] | JobSpec, *, priority: str | int | None = None) -> Accepted:
    source = None
    match job:
        case JobSpec():
            spec = job
        case Mapping():
            spec = job_from_mapping(job)
        case _:
            read = read_file(job, guarded=False)
            if len(read.jobs) != 1:
                raise SignalboxError(
                    f"{Path(job).name} is a pipeline of {len(read.jobs)} jobs; use `signalbox run` for it."
                )
            spec, source = read.jobs[0], str(read.path)
    digest = spec.digest()
    if priority is not None:
        spec = spec.evolve(metadata=spec.metadata.model_copy(update={"priority": priority}))
        spec = JobSpec.model_validate(spec.to_json())
    return Accepted(spec=spec, digest=digest, source_path=source)
