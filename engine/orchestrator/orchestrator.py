"""The face that scripts use: run a job, queue one, cancel one, ask for its status.

Decides nothing itself: a `Turn` runs what is queued. Where no parts are handed in, this module alone of the
orchestrator knows where real ones come from.
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
                "This store only records; queueing needs a QueueStore such as JobStateStore."
            )
        return self._turn

    def run_job(self, job: Path | str | Mapping[str, Any] | JobSpec) -> JobResult:
        """Run a job now, to its end, through the same path as a queued job; other jobs are left alone.

        A finished job gets a new attempt. Ctrl-C cancels it.

        Raises:
            JobFileError: the file cannot be read, or holds more than one job.
            JobAlreadyRunningError: it runs already, or another job writes its working tree.
            CommandRefusedError: nothing may start at this moment, as on a full disk; nothing was entered.
        """
        accepted = _one_job(job)
        if self._turn is None:
            return run_alone.outside(self._parts, self.store, accepted.spec)
        if obstacle := self._turn.obstacle():
            raise CommandRefusedError(obstacle)
        return run_alone.in_queue(self._turn, accepted)

    def queue_job(
        self, job: Path | str | Mapping[str, Any] | JobSpec, *, priority: str | int | None = None
    ) -> str:
        """Enter a job into the queue and return its id; an engine starts it when it may.

        Raises:
            JobFileError, JobExistsError: nothing was entered.
        """
        accepted = _one_job(job, priority=priority)
        return self.turn.queue.accept([accepted], origin=Origin.API)[0].job_id

    def cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once; a running one is "cancelled" when its processes are gone."""
        return self.turn.cancel(job_id, reason)

    def get_job_status(self, job_id: str) -> str:
        """The job's status in one word, or ``not_found``."""
        job = self.store.get_job(job_id)
        return "not_found" if job is None else job.status.value

    def close(self) -> None:
        """Lay down the work: what still runs goes on under its shim and is adopted by the next engine."""
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
