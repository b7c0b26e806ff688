"""`JobStateStore`: the job-centric face of the database, for people's scripts and for the queue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from engine.errors import CommandRefusedError, JobAlreadyRunningError, JobNotFoundError
from engine.interfaces import Accepted, Choose, Claim, Decide, QueueView
from engine.jobfile.spec import JobSpec
from engine.scheduling import retry_policy, schedule
from engine.state_store import accepting
from engine.state_store.commanding import CommandingStore, told_of
from engine.state_store.settling import following, outcome
from engine.system.fault_injection import fault
from engine.types import Assessment, Decision, EscalateTo, FailureClass, RetryAt
from state import queries
from state.ledger import AttemptOutcome, Ending
from state.records import (
    Attempt,
    Engine,
    Hold,
    HoldCause,
    HoldKind,
    Job,
    JobHold,
    JobStatus,
    Limit,
    Origin,
)

__all__ = ["JobStateStore"]

_MIDDLE = {RetryAt: "mid_retry", EscalateTo: "mid_escalation"}
"""The fault point between the end of an attempt and its commit."""

_Ended = tuple[Attempt, Assessment]


class JobStateStore(CommandingStore):
    """Runs, workstreams, jobs, attempts and events of one database, written verb by verb; several processes share it.

    Implements `QueueStore`. What is inherited records and reads, and carries out a person's commands; what stands
    here is what the queue and its engines need besides. `close` it, or use it for the life of the process.
    """

    # --- coming in ---------------------------------------------------------------------------------------------

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Enter jobs in one transaction; `held` says why they wait for a person, None lets them start."""
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
                self._ledger.jobs.create_run(run, streams)
            entered = self._ledger.jobs.accept(entry.jobs)
        self._hint()
        return entered

    def accept_file(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        title: str = "",
        source_prefix: str = "",
    ) -> list[Job]:
        """Enter the jobs of one file; none of them where the same file came in before and has open jobs still.

        `source_prefix` is how the sources of the same file begin. A job whose id is here with the same contents is left
        out too.

        Raises:
            JobExistsError: an id is taken by a job with other contents; nothing was entered.
        """
        with self._ledger.transaction() as connection:
            if source_prefix and queries.has_open_from(connection, source_prefix):
                return []
            taken = queries.known_job_ids(connection, [item.spec.job_id for item in jobs])
            new = [item for item in jobs if taken.get(item.spec.job_id) != item.digest]
            entered = self.accept(new, origin=origin, held=held, title=title) if new else []
            fault("before_accept")
        return entered

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

        with self._ledger.transaction() as connection:
            claimed = self._ledger.attempts.claim(engine, decide, runner=runner, now=now)
            claims = self._claims(connection, claimed, now)
            for _ in claims:
                fault("before_claim")
        if claimed:
            self._hint()
        return claims

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim just this job, outside the slot limits but inside the tree holds.

        Raises:
            JobAlreadyRunningError: it runs, or another job writes the same working tree at this moment.
            CommandRefusedError: it waits for jobs that have not ended well, a person holds it, or this release cannot
                read what its file said.
        """
        with self._ledger.transaction() as connection:
            job = queries.find_job(connection, job_id)
            if job is None:
                raise JobNotFoundError(job_id)
            if job.status is JobStatus.RUNNING:
                raise JobAlreadyRunningError(job_id)
            running = queries.list_jobs(connection, status=[JobStatus.RUNNING])
            writer = schedule.Load(running, ()).writer(job)
            if writer is not None:
                told = f"{writer[0]} {writer[1]} as {job_id} at this moment; wait for it to end."
                raise JobAlreadyRunningError(job_id, told)
            waiting_for = queries.unsatisfied(connection, job_id)
            if waiting_for:
                raise CommandRefusedError(
                    f"{job_id} waits for {', '.join(waiting_for)}; run or skip those first."
                )
            claimed = self._ledger.attempts.claim_one(job_id, engine, runner=runner, now=now)
            claims = self._claims(connection, [claimed], now)
        self._hint()
        if not claims:
            raise CommandRefusedError(f"{job_id} is held: this release cannot read what its file said.")
        return claims[0]

    def _claims(self, connection: Any, claimed: Sequence[tuple[Job, Attempt]], now: float) -> list[Claim]:
        """The claims with what their files said; a job whose row makes no sense is held and stops no other."""
        said = queries.job_specs(connection, [job.job_id for job, _ in claimed])
        claims = []
        for job, attempt in claimed:
            try:
                spec = JobSpec.model_validate(said[job.job_id]).for_tool(job.tool)
            except ValidationError as error:
                why = f"This release cannot read what its file said: {told_of(error)}."
                if self._ledger.attempts.unclaim(attempt, why, now=now) is not None:
                    self._ledger.commands.hold(job.job_id, JobHold(HoldCause.UNREADABLE, why))
                continue
            failure = self.previous_failure(job.job_id) if attempt.number > 1 else None
            claims.append(Claim(job=job, attempt=attempt, spec=spec, previous_failure=failure))
        return claims

    def settle(self, ended: Sequence[_Ended], decide: Decide, now: float) -> list[Job | None]:
        """Write the ends of attempts and what follows, in one transaction; None for one that is not ours any more."""
        settled: list[Job | None] = []
        with self._ledger.transaction() as connection:
            jobs = queries.find_jobs(connection, [attempt.job_id for attempt, _ in ended])
            for part in _in_turn(ended):
                settled += self._settle(connection, part, jobs, decide, now)
        self._hint()
        return settled

    def _settle(
        self, connection: Any, ended: Sequence[_Ended], jobs: Mapping[str, Job], decide: Decide, now: float
    ) -> list[Job | None]:
        known = [
            (attempt, assessment, jobs[attempt.job_id])
            for attempt, assessment in ended
            if attempt.job_id in jobs  # the others were pruned under our feet
        ]
        decisions = [decide(job, assessment) for _, assessment, job in known]
        endings = [
            self._ending(connection, (attempt, assessment), job, decision, now)
            for (attempt, assessment, job), decision in zip(known, decisions, strict=True)
        ]
        written = self._ledger.attempts.end_all(endings, now=now)
        for decision in decisions:
            fault(_MIDDLE.get(type(decision), "mid_finish"))
        after = {one[0].id: job[0] for one, job in zip(known, written, strict=True) if job is not None}
        owners = [
            (attempt.tool, job.account)
            for attempt, assessment, job in known
            if assessment.was_successful() and attempt.id in after
        ]
        if owners:
            self._close_breakers(connection, owners)
        return [after.get(attempt.id) for attempt, _ in ended]

    def _ending(self, connection: Any, one: _Ended, job: Job, decision: Decision, now: float) -> Ending:
        attempt, assessment = one
        ended = outcome(attempt, assessment)
        follows = following(decision, account=job.account, now=now)
        hold = follows.hold or self._breaker(connection, attempt, ended, job.account, now)
        return Ending(attempt=attempt, outcome=ended, following=replace(follows, hold=hold))

    def _breaker(
        self, connection: Any, attempt: Attempt, ended: AttemptOutcome, account: str | None, now: float
    ) -> Hold | None:
        failure = ended.failure_class
        if failure not in {FailureClass.AUTH, FailureClass.SPAWN_FAILED}:
            return None
        whose = account if failure == FailureClass.AUTH else None
        recent = queries.last_failures(
            connection, retry_policy.BREAKS_AFTER, tool=attempt.tool, account=whose
        )
        return retry_policy.breaker(
            failure, recent, tool=attempt.tool, account=account, summary=ended.summary, now=now
        )

    def _close_breakers(self, connection: Any, owners: Sequence[tuple[str, str | None]]) -> None:
        """Let go on what has succeeded: `owners` are tools, each with its account."""
        mine = {(HoldKind.TOOL, tool) for tool, _ in owners} | {
            (HoldKind.ACCOUNT, whose) for _, whose in owners
        }
        for hold in queries.all_holds(connection):
            if (hold.kind, hold.key) in mine and hold.cause is HoldCause.BREAKER:
                self._ledger.holds.lift(hold.kind, hold.key)

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Give back a claim whose attempt never started: interrupted, costs no retry."""
        job = self._ledger.attempts.unclaim(attempt, why, now=now)
        self._hint()
        return job

    def cancel_requests(self, engine_id: str) -> list[Attempt]:
        """Running attempts of this engine whose job was asked to stop."""
        with self._reading() as connection:
            return queries.cancel_requests(connection, engine_id)

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine took up work."""
        self._ledger.engines.started(engine)
        self._hint()

    def engine_stopped(self, engine_id: str, why: str = "") -> None:
        """Record that an engine laid down its work."""
        self._ledger.engines.stopped(engine_id, f": {why}" if why else "")
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
        return self._ledger.attempts.take_over(attempt, engine_id)

    def backing_off(self) -> list[Job]:
        """Jobs that wait because their last attempt failed."""
        with self._reading() as connection:
            return queries.backing_off(connection)

    def bring_forward(self, job_id: str, was: float, due: float) -> Job | None:
        """Let such a job start at `due` already; None where it does not wait until `was` any more."""
        job = self._ledger.commands.bring_forward(job_id, was, due)
        self._hint()
        return job

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


def _in_turn(ended: Sequence[_Ended]) -> Iterator[list[_Ended]]:
    """Successes in a row together, each failure alone: it may open a breaker, which asks for all before it."""
    together: list[_Ended] = []
    for one in ended:
        if one[1].was_successful():
            together.append(one)
            continue
        if together:
            yield together
            together = []
        yield [one]
    if together:
        yield together
