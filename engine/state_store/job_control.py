"""A person's commands on jobs, checked against their state: each is carried out with an event, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from engine.errors import CommandRefusedError, JobNotFoundError
from engine.interfaces import HELD_BY_PERSON, Accepted
from engine.jobfile.error_messages import sentence_of
from engine.jobfile.spec import JobSpec
from engine.scheduling import queue_order, schedule
from engine.state_store import accepting
from engine.state_store.store_access import StoreAccess
from engine.trust.launch import waits_for_trust
from engine.trust.launch_plan import LaunchPlan
from engine.trust.policy import TrustPolicy
from engine.types import QueuePosition
from state import queries
from state.command_table import COMMAND_STATES, JobCommand
from state.database import Connection
from state.records import HoldCause, Job, JobHold, JobStatus
from state.status_words import status_in_words


class JobControl:
    """Commands on single jobs and on their order in the queue."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, or request that a running one be stopped."""
        return self._ledger.commands.request_cancel(job_id, f": {reason}" if reason else "")

    def hold(self, job_id: str, reason: str = "", *, cause: HoldCause = HoldCause.PERSON) -> Job:
        """Keep a queued job from starting."""
        return self._ledger.commands.hold(job_id, JobHold(cause, reason or HELD_BY_PERSON.reason))

    def release(self, job_id: str, *, reviewed: Sequence[LaunchPlan] = ()) -> Job:
        """Let a held job start, or let a job that waits for its time start now.

        One that waits for trust may start as it was `reviewed`, or else as it is now, and only so.
        """
        job = self._access.read(queries.find_job, job_id)
        if job is not None and waits_for_trust(job):
            home, tool_paths = self._access.home, self._access.settings().tool_paths
            trust_policy = TrustPolicy(home.home_id(), tool_paths, home=home.root)
            trust_policy.allow(job, self.job_spec(job_id), reviewed=reviewed)
        return self._ledger.commands.release(job_id)

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue an ended job again, with another tool if one is named.

        Raises:
            CommandRefusedError: the other tool cannot do what the job says.
        """
        job = self._access.read(queries.find_job, job_id)
        if job is not None and tool is not None:
            _refuse_tool(self.job_spec(job_id), tool)
        return self._ledger.commands.retry(job_id, tool=tool)

    def retry_all(self, job_ids: Sequence[str]) -> list[Job]:
        """Queue jobs again with every job that depends on them and did not succeed; all of them or none.

        What was completed or accepted as it is stays so.
        """
        with self._ledger.transaction() as connection:
            again = COMMAND_STATES[JobCommand.RETRY].offered
            found = (queries.find_job(connection, one) for one in queries.dependents(connection, job_ids))
            below = [job.job_id for job in found if job is not None and job.status in again]
            return [self.retry(job_id) for job_id in dict.fromkeys([*job_ids, *below])]

    def uncancel(self, before: Job) -> Job:
        """Undo the cancelling of a waiting job: it waits again as before, held, queued or for its time.

        Raises:
            CommandRefusedError: it has done something else since.
        """
        with self._ledger.transaction() as connection:
            job = queries.find_job(connection, before.job_id)
            if job is None or job.status is not JobStatus.CANCELLED or job.attempts != before.attempts:
                state = "is gone" if job is None else status_in_words(job.status)
                raise CommandRefusedError(f"{before.job_id} {state}; its cancelling cannot be undone.")
            queued = self._ledger.commands.uncancel(before)
            held = before.held
            return queued if held is None else self._ledger.commands.hold(before.job_id, held)

    def skip(self, job_id: str, reason: str = "") -> Job:
        """Accept a job as it is: its dependents may start."""
        return self._ledger.commands.skip(job_id, f": {reason}" if reason else "")

    def edit(self, job_id: str, spec: JobSpec) -> Job:
        """Replace the content of a waiting job; its id, its run, its queue position and its attempts so far stay.

        Raises:
            CommandRefusedError: it would become another job, or belong to another run.
            JobFileError: it would wait for itself.
        """
        with self._ledger.transaction() as connection:
            job = self._fitting(connection, job_id, JobCommand.EDIT)
            for field, given, kept in (
                ("job_id", spec.job_id, job.job_id),
                ("run_id", spec.run_id or job.run_id, job.run_id),
                ("workstream_id", spec.workstream_id, job.ws_id),
            ):
                if given != kept:
                    raise CommandRefusedError(
                        f"An edit keeps the {field} {kept}; {given} would be another job."
                    )
            accepting.refuse_circles([spec], lambda ids: queries.dependencies(connection, ids))
            item = Accepted(spec=spec, digest=spec.digest())
            fresh = accepting.job_of(
                item, run_id=job.run_id, origin=job.origin, held=None, now=self._access.clock()
            )
            same = self.job_spec(job_id).priority_value == spec.priority_value
            edited = replace(
                fresh,
                priority=job.priority if same else fresh.priority,
                max_attempts=max(fresh.max_attempts, job.attempts + 1),
            )
            return self._ledger.commands.edit(edited, spec.to_json())

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the queue."""
        with self._ledger.transaction() as connection:
            self._fitting(connection, job_id, JobCommand.SET_PRIORITY)
            return self._ledger.commands.set_priority(job_id, priority)

    def move(self, job_ids: Sequence[str], position: QueuePosition) -> list[Job]:
        """Move waiting jobs to a queue position, all of them or none; they take the priority found there."""
        with self._ledger.transaction() as connection:
            handed = queries.handed_priorities(connection)
            queue = schedule.order(queries.movable_jobs(connection), handed)
            moved_to = f"was moved {position}"
            moved = [
                self._ledger.commands.move(
                    one.job_id,
                    priority=one.priority,
                    queue_position=one.queue_position,
                    message=f"{one.job_id} {moved_to if one.job_id in job_ids else 'was renumbered'} in the queue.",
                )
                for one in queue_order.moves(queue, job_ids, position, handed)
            ]
        return [job for job in moved if job.job_id in job_ids]

    def put_back(self, job_id: str, *, priority: int, queue_position: float | None) -> Job:
        """Give a waiting job back its earlier priority and queue position."""
        with self._ledger.transaction() as connection:
            self._fitting(connection, job_id, JobCommand.MOVE)
            message = f"{job_id} was moved back to its queue position."
            return self._ledger.commands.move(
                job_id, priority=priority, queue_position=queue_position, message=message
            )

    def _fitting(self, connection: Connection, job_id: str, command: JobCommand) -> Job:
        job = queries.find_job(connection, job_id)
        if job is None:
            raise JobNotFoundError(job_id)
        if job.status not in COMMAND_STATES[command].allowed:
            raise CommandRefusedError(
                f"{job_id} {status_in_words(job.status)}; only a waiting job can be changed."
            )
        return job

    def job_spec(self, job_id: str) -> JobSpec:
        """The job as its file describes it."""
        return stored_spec(job_id, self._access.read(queries.job_spec, job_id))


def stored_spec(job_id: str, stored: Mapping[str, Any]) -> JobSpec:
    """The job file of a job as it is stored; another release may have written what this one does not know.

    Raises:
        JobNotFoundError: there is no such job.
        CommandRefusedError: this release cannot read it.
    """
    if not stored:
        raise JobNotFoundError(job_id)
    try:
        return JobSpec.model_validate(stored)
    except ValidationError as error:
        raise CommandRefusedError(
            f"This release cannot read the job file of {job_id}: {sentence_of(error, stored)}."
        ) from error


def _refuse_tool(spec: JobSpec, tool: str) -> None:
    try:
        spec.for_tool(tool)
    except ValidationError as error:
        reason = sentence_of(error, spec.to_json())
        raise CommandRefusedError(f"{spec.job_id} cannot be run with {tool}: {reason}.") from error
