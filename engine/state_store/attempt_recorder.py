"""Record claims and ends of attempts, each in one transaction with everything that follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.attempt_decisions import Decision, EscalateTo, GiveUp, RetryAt
from engine.errors import CommandRefusedError, JobAlreadyRunningError, JobNotFoundError
from engine.interfaces import Choose, Claim, Decide, QueueView, Settlement
from engine.scheduling import retry_policy, schedule
from engine.state_store.budget_holds import BudgetHolds
from engine.state_store.claim_rest import ClaimRest
from engine.state_store.claimed_projects import ClaimedProjects
from engine.state_store.claimed_runs import ClaimedRuns
from engine.state_store.previous_failure import failure_in_words
from engine.state_store.settling import following, outcome
from engine.state_store.store_access import StoreAccess
from engine.system.fault_injection import fault
from engine.tool_defaults import account_pools
from engine.types import Assessment, FailureClass
from state import attempt_queries, hold_queries, queries, queue_queries, worktree_queries
from state.database import Connection
from state.ledger import AttemptOutcome, Ending
from state.recordable import recordable
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
)
from state.running_job import RunningJob

_MIDDLE = {RetryAt: "mid_retry", EscalateTo: "mid_escalation"}
"""The fault point between the end of an attempt and its commit."""

_EARLIER = recordable("It ended after the backup that was restored was taken; its output is in its folder.")

_Ended = tuple[Attempt, Assessment]


class AttemptRecorder:
    """Claims jobs for an engine, and records how their attempts end."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger
        self._budgets = BudgetHolds(access)
        self._projects = ClaimedProjects(access)
        self._rest = ClaimRest(access)

    def claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        """Decide and claim in one immediate transaction.

        A job whose project file was not read just before is left for another one, after it was read.
        """
        if self._rest.lasts(choose, runner, now):
            return []
        self._projects.begin()
        claims = self._claim(engine, choose, now, runner=runner)
        while self._projects.read_more():
            claims += self._claim(engine, choose, now, runner=runner)
        return claims

    def settle_and_claim(
        self, settlement: Settlement, engine: Engine, choose: Choose, now: float, *, runner: str
    ) -> tuple[list[Job | None], list[Claim]]:
        """Settle and then claim, in one transaction.

        A job whose project file was not read just before is left for the next claim.
        """
        self._projects.begin(settlement.projects)
        with self._ledger.transaction():
            settled = self._settle_all(settlement, now)
            claims = self._claim(engine, choose, now, runner=runner)
        return settled, claims

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start or a hold ends, or None."""
        return self._rest.next_due(now)

    def _claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        pools = account_pools(self._access.settings().tools)
        accounts: dict[str, str | None] = {}

        def decide(
            running: Sequence[RunningJob],
            page: Sequence[Job],
            holds: Sequence[Hold],
            limits: Sequence[Limit],
            at: float,
        ) -> Sequence[str]:
            known = [
                one._replace(account=accounts[one.job_id]) if one.job_id in accounts else one
                for one in running
            ]
            view = QueueView(running=known, candidates=page, holds=holds, limits=limits, accounts=pools)
            chosen = choose(view, at)
            if self._projects.waiting(runs.repositories(connection, chosen)):
                waiting = self._projects.waiting(runs.repositories(connection, [job.job_id for job in page]))
                view = replace(view, candidates=[job for job in page if job.job_id not in waiting])
                chosen = choose(view, at)
            accounts.update(schedule.accounts_of(view, chosen, at))
            return chosen

        with self._ledger.transaction() as connection:
            runs = ClaimedRuns(self._access, accounts)
            claimed = self._ledger.attempts.claim(engine, decide, runner=runner, now=now, runs=runs.describe)
            claims = self._claims(claimed, runs, now)
            if len(claims) == len(claimed) and self._projects.are_all_read:
                self._rest.begin(choose, runner, now)
            else:  # a job that was refused or waits for its disk has left its place to others
                self._rest.end()
            for _ in claims:
                fault("before_claim")
        return claims

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim this one job, outside the slot limits but not outside the rules for working trees.

        Raises:
            JobAlreadyRunningError: it runs, or another job writes the same working tree at this moment.
            CommandRefusedError: it waits for jobs that have not succeeded, a person holds it, or this release cannot
                read its file.
        """
        self._read_project(job_id)
        with self._ledger.transaction() as connection:
            job = queries.find_job(connection, job_id)
            if job is None:
                raise JobNotFoundError(job_id)
            if job.status is JobStatus.RUNNING:
                raise JobAlreadyRunningError(job_id)
            running = queries.list_jobs(connection, status=[JobStatus.RUNNING])
            writer = schedule.Load(running, ()).writer(job)
            if writer is not None:
                message = (
                    f"{writer.job_id} is running, and {job_id} and it {writer.phrase}; wait for it to end."
                )
                raise JobAlreadyRunningError(job_id, message)
            waiting_for = queue_queries.unsatisfied(connection, job_id)
            if waiting_for:
                raise CommandRefusedError(
                    f"{job_id} waits for {', '.join(waiting_for)}; run or skip those first."
                )
            runs = ClaimedRuns(self._access, {job_id: self._account_of(connection, job, now)})
            claimed = self._ledger.attempts.claim_one(
                job_id, engine, runner=runner, now=now, runs=runs.describe
            )
            claims = self._claims([claimed], runs, now)
        if not claims:
            raise CommandRefusedError(f"{job_id} is held: {runs.refused[job_id]}")
        return claims[0]

    def _read_project(self, job_id: str) -> None:
        runs = ClaimedRuns(self._access)
        repos = self._access.read(runs.repositories, [job_id])
        if late := self._access.read_projects(repos.values()):
            raise CommandRefusedError(f"The disk of {min(late)} does not answer. Run {job_id} when it does.")

    def _account_of(self, connection: Connection, job: Job, now: float) -> str | None:
        """The account that a job uses which is started by name: a free one if there is any, else the first."""
        pools = account_pools(self._access.settings().tools)
        holds = schedule.active(hold_queries.all_holds(connection), now)
        placed = schedule.with_account(job, pools, holds, schedule.Load((), ()))
        return next(iter(pools[job.tool])) if placed is None else placed.account

    def _claims(self, claimed: Sequence[tuple[Job, Attempt]], runs: ClaimedRuns, now: float) -> list[Claim]:
        """The claims with their job files; a job that cannot be run as it is filed is held and blocks no other."""
        claims = []
        for job, attempt in claimed:
            if (problem := runs.refused.get(job.job_id)) is not None:
                self._hold_refused(attempt, problem, now)
                continue
            spec, run = runs.read[job.job_id]
            failed = (
                self._access.read(attempt_queries.last_failed, job.job_id) if attempt.number > 1 else None
            )
            earlier = runs.earlier.get(job.job_id, ())
            claims.append(
                Claim(
                    job=job,
                    attempt=attempt,
                    spec=spec,
                    run=run,
                    previous_failure=failure_in_words(failed),
                    earlier=earlier,
                )
            )
        return claims

    def _hold_refused(self, attempt: Attempt, reason: str, now: float) -> None:
        if self._ledger.attempts.unclaim(attempt, reason, now=now) is not None:
            self._ledger.commands.hold(attempt.job_id, JobHold(HoldCause.UNREADABLE, reason))

    def settle(self, settlement: Settlement, now: float) -> list[Job | None]:
        """Record ends of attempts and what follows, in one transaction; None for an attempt that is no longer ours."""
        self._access.read_projects(settlement.projects)
        with self._ledger.transaction():
            return self._settle_all(settlement, now)

    def _settle_all(self, settlement: Settlement, now: float) -> list[Job | None]:
        settled: list[Job | None] = []
        with self._ledger.transaction() as connection:
            for part in _in_turn(settlement.ended):
                jobs = self._ledger.attempts.jobs_of(connection, [attempt.job_id for attempt, _ in part])
                settled += self._settle(connection, part, jobs, settlement.decide, now)
            self._budgets.after_ends(connection, {job.run_id for job in settled if job is not None}, now)
            for attempt, assessment in settlement.ended:
                if assessment.end.leftovers:
                    self._record_leftovers(attempt, assessment.end.leftovers)
        return settled

    def _record_leftovers(self, attempt: Attempt, count: int) -> None:
        left = "a process" if count == 1 else f"{count} processes"
        terminated = "it was terminated" if count == 1 else "they were terminated"
        text = f"{attempt.job_id} left {left} behind after its tool had ended; {terminated}."
        where = {name: getattr(attempt, name) for name in ("run_id", "ws_id", "job_id", "tool")}
        extra = {**where, "text": text, "level": "warning", "count": count}
        self._ledger.record_event("attempt.leftovers", text, level="warning", extra=extra, **where)

    def _settle(
        self,
        connection: Connection,
        ended: Sequence[_Ended],
        jobs: Mapping[str, Job],
        decide: Decide,
        now: float,
    ) -> list[Job | None]:
        known = [
            (attempt, assessment, jobs[attempt.job_id])
            for attempt, assessment in ended
            if attempt.job_id in jobs  # the others have been pruned meanwhile
        ]
        decisions = [
            self._elsewhere(connection, attempt, job, decide(job, assessment), now)
            for attempt, assessment, job in known
        ]
        endings = [
            self._ending(connection, (attempt, assessment), job, decision, now)
            for (attempt, assessment, job), decision in zip(known, decisions, strict=True)
        ]
        written = self._ledger.attempts.end_all(endings, now=now)
        for decision in decisions:
            fault(_MIDDLE.get(type(decision), "mid_finish"))
        after = {one[0].id: job[0] for one, job in zip(known, written, strict=True) if job is not None}
        owners = [
            (attempt.tool, attempt.account or job.account)
            for attempt, assessment, job in known
            if assessment.was_successful() and attempt.id in after
        ]
        if owners:
            self._close_breakers(connection, owners)
        for attempt, assessment, job in known:
            if attempt.id in after and (setup := assessment.end.setup) is not None and setup.was_successful:
                self._note_setup(connection, job, setup.digest)
        return [after.get(attempt.id) for attempt, _ in ended]

    def _note_setup(self, connection: Connection, job: Job, digest: str) -> None:
        """Remember with what the worktree of a job is set up, so that it is not done again."""
        if worktree_queries.find_worktree(connection, job.run_id, job.ws_id) is not None:
            self._ledger.worktrees.change(job.run_id, job.ws_id, setup_digest=digest)

    def _elsewhere(
        self, connection: Connection, attempt: Attempt, job: Job, decision: Decision, now: float
    ) -> Decision:
        """The decision, or to go on with another account of the tool, where a quota is used up and one is free."""
        quota = decision.quota if isinstance(decision, EscalateTo | GiveUp) else None
        if quota is None or attempt.account is None:
            return decision
        holds = schedule.active(hold_queries.all_holds(connection), now)
        pool = () if job.account else account_pools(self._access.settings().tools).get(job.tool, ())
        others = [name for name in pool if name != attempt.account and (HoldKind.ACCOUNT, name) not in holds]
        return quota if others else decision

    def _ending(
        self, connection: Connection, one: _Ended, job: Job, decision: Decision, now: float
    ) -> Ending:
        attempt, assessment = one
        ended = outcome(attempt, assessment)
        account = attempt.account or job.account
        follows = following(decision, account=account, is_free=job.account is None, now=now)
        if follows.status is JobStatus.QUEUED and (held := self._budgets.of_job(connection, job, ended)):
            follows = replace(follows, status=JobStatus.HELD, held=held)
        hold = follows.hold
        if hold is None and assessment.is_sure:
            hold = self._breaker(connection, attempt, ended, account, now)
        return Ending(attempt=attempt, outcome=ended, following=replace(follows, hold=hold))

    def _breaker(
        self, connection: Connection, attempt: Attempt, ended: AttemptOutcome, account: str | None, now: float
    ) -> Hold | None:
        failure = ended.failure_class
        if failure not in {FailureClass.AUTH, FailureClass.SPAWN_FAILED}:
            return None
        whose = account if failure == FailureClass.AUTH else None
        recent = attempt_queries.last_failures(
            connection, retry_policy.BREAKS_AFTER, tool=attempt.tool, account=whose
        )
        return retry_policy.breaker(
            failure, recent, tool=attempt.tool, account=account, summary=ended.summary, now=now
        )

    def _close_breakers(self, connection: Connection, owners: Sequence[tuple[str, str | None]]) -> None:
        """Lift the breaker holds on tools and accounts that have succeeded: `owners` are tools with their accounts."""
        mine = {(HoldKind.TOOL, tool) for tool, _ in owners} | {
            (HoldKind.ACCOUNT, whose) for _, whose in owners
        }
        for hold in hold_queries.all_holds(connection):
            if (hold.kind, hold.key) in mine and hold.cause is HoldCause.BREAKER:
                self._ledger.holds.lift(hold.kind, hold.key)

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Return a claim whose attempt never started: it counts as interrupted and costs no retry."""
        return self._ledger.attempts.unclaim(attempt, why, now=now)

    def put_back(self, newer: Sequence[Attempt], now: float) -> list[Job]:
        """Record attempts that were started after the last one known here: this is an older copy of the database.

        The newest attempt of a job runs, and whoever looks at it finds out how it ended; earlier ones have ended. What
        the copy does not know as a job stays unknown.
        """
        with self._ledger.transaction() as connection:
            last = self._ledger.attempts.last_id(connection)  # another engine may have started some meanwhile
            found = [attempt for attempt in newer if attempt.id > last]
            newest = {attempt.job_id: attempt.id for attempt in found}
            back = []
            for attempt in found:
                if queries.find_job(connection, attempt.job_id) is None:
                    continue
                self._make_way(connection, attempt.job_id, now)
                job, started = self._ledger.attempts.take_in(attempt, now=now)
                if newest[attempt.job_id] == attempt.id:
                    back.append(job)
                else:
                    self.unclaim(started, _EARLIER, now)
            return back

    def _make_way(self, connection: Connection, job_id: str, now: float) -> None:
        """Bring a job where an attempt can have started: it was released, or its attempt before had ended."""
        for attempt in attempt_queries.running_attempts(connection, job_id=job_id):
            self.unclaim(attempt, _EARLIER, now)
        job = queries.find_job(connection, job_id)
        if job is not None and job.status is JobStatus.HELD:
            self._ledger.commands.release(job_id)


def _in_turn(ended: Sequence[_Ended]) -> Iterator[list[_Ended]]:
    """Consecutive successes together, each failure alone: a failure may set a hold, which depends on all before it."""
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
