"""`JobStateStore`: the job-centric face of the database, for people's scripts and for the queue."""

import socket
from collections.abc import Sequence
from typing import Any

from engine.errors import CommandRefusedError, JobAlreadyRunningError, JobNotFoundError
from engine.gatekeeper import Gatekeeper
from engine.interfaces import Accepted, Choose, Claim, QueueView
from engine.job_spec import JobSpec
from engine.state_store import accepting
from engine.state_store.recording import RecordingStore
from engine.state_store.settling import following, outcome
from engine.trust import waits_for_trust
from engine.types import AttemptEnd, Decision, JobResult
from state import queries
from state.lifecycle import FINAL
from state.records import (
    Attempt,
    Engine,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    Origin,
)

__all__ = ["JobStateStore"]

HOST = socket.gethostname()


class JobStateStore(RecordingStore):
    """Implements `QueueStore`: what the queue and the engine need besides recording."""

    # --- coming in ---------------------------------------------------------------------------------------------

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: str | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Enter jobs in one transaction; `held` is the reason they wait for a person, None lets them start."""
        now = self._clock()
        specs = [item.spec for item in jobs]
        with self._ledger.transaction() as connection:
            accepting.refuse_taken(specs, queries.known_job_ids(connection, [spec.job_id for spec in specs]))
            accepting.refuse_circles(specs, lambda ids: queries.dependencies(connection, ids))
            entry = accepting.entry(
                jobs,
                origin=origin,
                held=held,
                title=title,
                run_id=run_id or accepting.new_run_id(now),
                now=now,
            )
            for run, streams in entry.runs.values():
                self._ledger.create_run(run, streams)
            entered = self._ledger.accept(entry.jobs)
        self._hint()
        return entered

    def accept_file(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: str | None = None,
        title: str = "",
        known_by: str = "",
    ) -> list[Job]:
        """Enter the jobs of one file; none of them where the same file came in before and has open jobs still.

        `known_by` is how the sources of the same file begin. A job whose id is here with the same contents is left
        out too.

        Raises:
            JobExistsError: an id is taken by a job with other contents; nothing was entered.
        """
        with self._ledger.transaction() as connection:
            if known_by and queries.has_open_from(connection, known_by):
                return []
            taken = queries.known_job_ids(connection, [item.spec.job_id for item in jobs])
            new = [item for item in jobs if taken.get(item.spec.job_id) != item.digest]
            return self.accept(new, origin=origin, held=held, title=title) if new else []

    def came_from(self, source_path: str) -> bool:
        """Whether a job was entered with this source."""
        with self._reading() as connection:
            return queries.came_from(connection, source_path)

    # --- the engine's verbs ------------------------------------------------------------------------------------

    def claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        """Decide and claim in one immediate transaction."""

        def decide(
            running: Sequence[Job],
            page: Sequence[Job],
            holds: Sequence[Hold],
            limits: Sequence[Limit],
            at: float,
        ) -> Sequence[str]:
            return choose(QueueView(running=running, candidates=page, holds=holds, limits=limits), at)

        with self._ledger.transaction():
            claimed = self._ledger.claim(engine, decide, runner=runner, now=now)
            claims = [self._claim(job, attempt) for job, attempt in claimed]
        if claims:
            self._hint()
        return claims

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim just this job, outside the slot limits but inside the tree holds.

        Raises:
            JobAlreadyRunningError: it runs, or another job writes the same working tree at this moment.
            CommandRefusedError: it waits for jobs that have not ended well, or a person holds it.
        """
        with self._ledger.transaction() as connection:
            job = queries.find_job(connection, job_id)
            if job is None:
                raise JobNotFoundError(job_id)
            if job.status is JobStatus.RUNNING:
                raise JobAlreadyRunningError(job_id)
            writer = queries.writer_of(connection, job.tree)
            if writer is not None:
                raise JobAlreadyRunningError(
                    job_id, f"{writer} works in {job.tree} at this moment; wait for it to end."
                )
            waiting_for = queries.unsatisfied(connection, job_id)
            if waiting_for:
                raise CommandRefusedError(
                    f"{job_id} waits for {', '.join(waiting_for)}; run or skip those first."
                )
            claim = self._claim(*self._ledger.claim_one(job_id, engine, runner=runner, now=now))
        self._hint()
        return claim

    def _claim(self, job: Job, attempt: Attempt) -> Claim:
        failure = self.previous_failure(job.job_id) if attempt.number > 1 else None
        return Claim(
            job=job,
            attempt=attempt,
            spec=self.job_spec(job.job_id).for_tool(job.tool),
            previous_failure=failure,
        )

    def settle(
        self,
        attempt: Attempt,
        result: JobResult,
        end: AttemptEnd,
        decision: Decision,
        now: float,
    ) -> Job | None:
        """Write the end of an attempt and what follows; None where another engine has taken it over."""
        job = self.get_job(attempt.job_id)
        account = job.account if job is not None else None
        settled = self._ledger.end_attempt(
            attempt,
            outcome(attempt, result, end),
            following(decision, account=account, now=now),
            now=now,
        )
        self._hint()
        return None if settled is None else settled[0]

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Give back a claim whose attempt never started: interrupted, costs no retry."""
        job = self._ledger.unclaim(attempt, why, now=now)
        self._hint()
        return job

    def cancel_requests(self, engine_id: str) -> list[Attempt]:
        """Running attempts of this engine whose job was asked to stop."""
        with self._reading() as connection:
            return queries.cancel_requests(connection, engine_id)

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine took up work."""
        self._ledger.engine_started(engine)
        self._hint()

    def engine_stopped(self, engine_id: str, why: str = "") -> None:
        """Record that an engine laid down its work."""
        self._ledger.engine_stopped(engine_id, f": {why}" if why else "")
        self._hint()

    def open_engines(self) -> list[Engine]:
        """Engines that did not say that they stopped; whether they live is told by their locks."""
        with self._reading() as connection:
            return queries.open_engines(connection)

    def running_elsewhere(self, engine: Engine) -> list[Attempt]:
        """Running attempts of this home that belong to another engine."""
        with self._reading() as connection:
            found = queries.running_attempts(connection, home_id=engine.home_id)
        return [attempt for attempt in found if attempt.engine_id != engine.engine_id]

    def running_of(self, engine_id: str) -> list[Attempt]:
        """Running attempts of one engine."""
        with self._reading() as connection:
            return queries.running_attempts(connection, engine_id=engine_id)

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None where somebody else was first."""
        return self._ledger.take_over(attempt, engine_id)

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start, or None."""
        with self._reading() as connection:
            return queries.next_due(connection, now)

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing can start without a person."""
        with self._reading() as connection:
            return queries.is_idle(connection)

    def change_stamp(self) -> int:
        """A number that differs once another connection has written; costs microseconds."""
        with self._reading_lock:
            return self._reader.data_version()

    def previous_failure(self, job_id: str) -> str | None:
        """What the last ended attempt of a job failed with, for the next one to know."""
        with self._reading() as connection:
            return queries.last_failure(connection, job_id)

    # --- what a person asks ------------------------------------------------------------------------------------

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, ask for a running one to be stopped."""
        return self._told(self._ledger.request_cancel(job_id, f": {reason}" if reason else ""))

    def hold(self, job_id: str, reason: str = "") -> Job:
        """Keep a queued job from starting."""
        return self._told(self._ledger.hold(job_id, reason or "Held by you; release it to queue it."))

    def release(self, job_id: str) -> Job:
        """Let a held job start; one that waits for trust may start as it is now, and only so."""
        job = self.get_job(job_id)
        if job is not None and waits_for_trust(job):
            gatekeeper = Gatekeeper(self.home.home_id(), self.setting("tool_paths", {}))
            gatekeeper.allow(job, self.job_spec(job_id))
        return self._told(self._ledger.release(job_id))

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue a failed, timed out or cancelled job again."""
        job = self.get_job(job_id)
        if job is not None and job.status is JobStatus.COMPLETED:
            raise CommandRefusedError(f"{job_id} is completed; add it as a copy to run it once more.")
        return self._told(self._ledger.retry(job_id, tool=tool))

    def skip(self, job_id: str, reason: str = "") -> Job:
        """Accept a job as it is: its dependents may start."""
        return self._told(self._ledger.skip(job_id, f": {reason}" if reason else ""))

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the line."""
        job = self.get_job(job_id)
        if job is not None and job.status in FINAL | {JobStatus.RUNNING}:
            raise CommandRefusedError(
                f"{job_id} is {job.status}; only a waiting job has a place in the line."
            )
        return self._told(self._ledger.set_priority(job_id, priority))

    def pause(self, reason: str = "") -> None:
        """Nothing starts until `resume`."""
        self._ledger.set_hold(Hold(kind=HoldKind.ENGINE, key="", reason=reason, since=self._clock()))
        self._hint()

    def resume(self) -> None:
        """Lift the pause."""
        self._ledger.lift_hold(HoldKind.ENGINE, "")
        self._hint()

    def set_hold(self, hold: Hold) -> Hold:
        """Stop a group, an account or a tool from starting anything."""
        found = self._ledger.set_hold(hold)
        self._hint()
        return found

    def lift_hold(self, kind: HoldKind, key: str) -> bool:
        """Take a stop sign away; False where none stood."""
        lifted = self._ledger.lift_hold(kind, key)
        self._hint()
        return lifted

    def set_limit(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once."""
        found = self._ledger.set_limit(limit)
        self._hint()
        return found

    def _told(self, job: Job) -> Job:
        self._hint()
        return job

    # --- further reads -----------------------------------------------------------------------------------------

    def job_spec(self, job_id: str) -> JobSpec:
        """The job as its file said it."""
        with self._reading() as connection:
            found = queries.job_spec(connection, job_id)
        if found is None:
            raise JobNotFoundError(job_id)
        return JobSpec.model_validate(found)

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting by key, as JSON."""
        with self._reading() as connection:
            return queries.setting(connection, key, default)

    def change_setting(self, key: str, value: Any) -> None:
        """Change a setting; one event tells it."""
        self._ledger.change_setting(key, value)
        self._hint()

    def holds(self) -> list[Hold]:
        """Every stop sign."""
        with self._reading() as connection:
            return queries.all_holds(connection)

    def limits(self) -> list[Limit]:
        """Every limit of running jobs."""
        with self._reading() as connection:
            return queries.all_limits(connection)
