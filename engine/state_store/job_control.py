"""A person's commands on jobs, checked against their state: each is carried out with an event, or refused."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import ValidationError

from engine.errors import CommandRefusedError, JobNotFoundError, SignalboxError
from engine.interfaces import Accepted
from engine.jobfile.error_messages import sentence_of
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_registry import tools
from engine.scheduling import queue_order, schedule
from engine.scheduling.follow_up import follow_up_words, refuse_wordless
from engine.scheduling.retry_policy import account_at, rung_of
from engine.state_store import accepting
from engine.state_store.budget_holds import BudgetHolds
from engine.state_store.isolating import in_tree, refuse_other_isolation
from engine.state_store.job_requests import HELD_BY_PERSON, Check, JobRequests, any_job, refuse_started
from engine.state_store.store_access import StoreAccess
from engine.tool_defaults import known_tools_in
from engine.trust.launch_plan import LaunchPlan
from engine.trust.policy import TrustPolicy
from engine.trust.waiting import waits_for_trust
from engine.types import QueuePosition
from engine.worktrees.placed_launch import placed_launch
from state import event_queries, job_changes, queries, queue_queries, worktree_queries
from state.database import Connection
from state.database_errors import DatabaseError
from state.job_changes import JobChange, LadderPlace
from state.ledger import Applied
from state.records import HoldCause, Job, JobHold, JobStatus
from state.status_words import status_in_words


class JobControl(JobRequests):
    """Commands on jobs and on their order in the queue; on several jobs, a refusal does not stop the others."""

    def __init__(self, access: StoreAccess) -> None:
        super().__init__(access.ledger, access.clock)
        self._ledger = access.ledger
        self._access = access
        self._budgets = BudgetHolds(access)

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, or request that a running one be stopped."""
        return self.cancel_each([job_id], reason).only()

    def hold(self, job_id: str, reason: str = "", *, cause: HoldCause = HoldCause.PERSON) -> Job:
        """Keep a queued job from starting."""
        held = JobHold(cause, reason or HELD_BY_PERSON.reason)
        return self._apply([job_id], job_changes.holding(held)).only()

    def release(self, job_id: str, *, reviewed: Sequence[LaunchPlan] = ()) -> Job:
        """Let a held job start, or let a job that waits for its time start now.

        One that waits for trust may start as it was `reviewed`, or else as it is now, and only so.
        """
        return self.release_each([job_id], reviewed=reviewed).only()

    def release_each(
        self, job_ids: Sequence[str], *, reviewed: Sequence[LaunchPlan] = (), check: Check = any_job
    ) -> Applied:
        """Let held jobs start; those that wait for trust as they are now, as far as `check` does not refuse them."""
        jobs = self._access.read(queries.find_jobs, job_ids)
        untrusted = [job for job in jobs.values() if waits_for_trust(job)]
        allow = partial(self._allow, reviewed=reviewed, check=check)
        refused = _refusals(untrusted, allow)  # reads repositories, so not while others wait to write
        allowed = {job.job_id for job in untrusted}

        def still_allowed(job: Job) -> None:
            check(job)
            if waits_for_trust(job) and job.job_id not in allowed:
                raise CommandRefusedError(f"{job.job_id} was held meanwhile: {job.hold_reason}")

        rest = [job_id for job_id in job_ids if job_id not in refused]
        applied = self._apply(rest, job_changes.releasing, still_allowed)
        return replace(applied, refused={**refused, **applied.refused})

    def _allow(self, job: Job, *, reviewed: Sequence[LaunchPlan], check: Check) -> None:
        check(job)
        home, settings = self._access.home, self._access.settings()
        policy = TrustPolicy(
            home.home_id(),
            settings.tool_paths,
            home=home.root,
            defaults=lambda: settings.tools,
            isolation=lambda: settings.isolation,
        )
        stored = self.job_spec(job.job_id)
        tree = self._access.read(worktree_queries.find_worktree, job.run_id, job.ws_id)
        there = placed_launch(job, stored, tree, settings.tools)
        placed, worktree = (None, None) if there is None else (there.spec, there.worktree)
        policy.allow(job, stored, reviewed=reviewed, placed=placed, worktree=worktree)

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue an ended job again, with another tool if one is named.

        Raises:
            CommandRefusedError: the other tool cannot do what the job says.
        """
        return self.retry_each([job_id], tool=tool).only()

    def retry_each(
        self, job_ids: Sequence[str], *, tool: str | None = None, check: Check = any_job
    ) -> Applied:
        """Queue ended jobs again, with another tool if one is named."""
        if tool is None:
            return self.retry_as_is(job_ids, check=check)
        places: dict[str, LadderPlace] = {}
        jobs = self._access.read(queries.find_jobs, job_ids)
        refused = _refusals(
            jobs.values(), lambda job: places.update({job.job_id: self._place_with(job, tool)})
        )
        plan = job_changes.retrying(tool, places)
        applied = self._apply([job_id for job_id in job_ids if job_id not in refused], plan, check)
        return replace(applied, refused={**refused, **applied.refused})

    def _place_with(self, job: Job, tool: str) -> LadderPlace:
        """Where on its ladder a job stands with a tool that a person chose; it stays where it runs with that tool."""
        spec = self.job_spec(job.job_id)
        _refuse_tool(spec, tool)
        ladder = spec.ladder or self._access.settings().default_ladder(spec)
        if job.tool == tool:
            return LadderPlace(job.rung, job.account)
        rung = rung_of(spec, tool, ladder)
        return LadderPlace(rung, account_at(spec, rung, tool))

    def follow_up(self, job_id: str, words: str, *, fresh: bool = False) -> Job:
        """Give the next attempt of a job a person's words, in the session of its tool or in a fresh one.

        Raises:
            CommandRefusedError: its tool cannot be given words, or there are none.
        """
        return self.follow_up_each([job_id], words, fresh=fresh).only()

    def follow_up_each(
        self, job_ids: Sequence[str], words: str, *, fresh: bool = False, check: Check = any_job
    ) -> Applied:
        """Give the next attempts of jobs a person's words; those that have ended are queued again."""
        plan = job_changes.following_up(follow_up_words(words), fresh=fresh)
        jobs = self._access.read(queries.find_jobs, job_ids)
        refused = _refusals(jobs.values(), lambda job: refuse_wordless(self.job_spec(job.job_id), job.tool))
        applied = self._apply([job_id for job_id in job_ids if job_id not in refused], plan, check)
        return replace(applied, refused={**refused, **applied.refused})

    def unwrite(self, before: Job, after: Job) -> Job:
        """Undo writing a note or labels on a job.

        Raises:
            NoteRefusedError: another note was written since.
        """
        return self._apply([before.job_id], job_changes.unwriting(before, after)).only()

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
        return self.skip_each([job_id], reason).only()

    def edit(self, job_id: str, spec: JobSpec) -> Job:
        """Replace the content of a waiting job; its id, its run, its queue position and its attempts so far stay.

        One that its budget holds goes on if the edit has raised it.

        Raises:
            CommandRefusedError: it would become another job, or belong to another run.
            JobFileError: it would wait for itself.
        """
        self._access.read_projects([spec.repo_root])
        with self._ledger.transaction() as connection:
            job = self._waiting(connection, job_id)
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
                item,
                run_id=job.run_id,
                origin=job.origin,
                held=None,
                now=self._access.clock(),
                tools=known_tools_in(spec.repo_root, self._access.settings().tools),
            )
            tree = worktree_queries.find_worktree(connection, job.run_id, job.ws_id)
            refuse_other_isolation(spec, tree)
            fresh = in_tree(fresh, spec, tree)
            same = self.job_spec(job_id).priority_value == spec.priority_value
            edited = replace(
                fresh,
                priority=job.priority if same else fresh.priority,
                max_attempts=max(fresh.max_attempts, job.attempts + 1),
            )
            return self._budgets.release_if_paid(
                connection, self._ledger.commands.edit(edited, spec.to_json())
            )

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the queue."""
        return self.set_each_priority([job_id], priority).only()

    def move(self, job_ids: Sequence[str], position: QueuePosition) -> list[Job]:
        """Move waiting jobs to a queue position, all of them or none; they take the priority found there."""
        named = frozenset(job_ids)
        seen, moves = self._access.read(
            _moves, named, position
        )  # thousands of rows: before others have to wait
        with self._ledger.transaction() as connection:
            if event_queries.latest_event_id(connection) != seen:
                _, moves = _moves(connection, named, position)

            def plan(job: Job) -> JobChange:
                one = moves[job.job_id]
                how = f"was moved {position}" if job.job_id in named else "was renumbered"
                message = f"{job.job_id} {how} in the queue."
                return job_changes.placing(message, priority=one.priority, queue_position=one.queue_position)

            moved = self._apply(list(moves), plan).all()
        return [job for job in moved if job.job_id in named]

    def put_back(self, job_id: str, *, priority: int, queue_position: float | None) -> Job:
        """Give a waiting job back its earlier priority and queue position."""
        with self._ledger.transaction() as connection:
            self._waiting(connection, job_id)
            message = f"{job_id} was moved back to its queue position."
            return self._ledger.commands.move(
                job_id, priority=priority, queue_position=queue_position, message=message
            )

    def _waiting(self, connection: Connection, job_id: str) -> Job:
        job = queries.find_job(connection, job_id)
        if job is None:
            raise JobNotFoundError(job_id)
        refuse_started(job)
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


def _refusals(jobs: Iterable[Job], act: Callable[[Job], None]) -> dict[str, SignalboxError]:
    """Why the action refused jobs, by their ids."""
    refused = {}
    for job in jobs:
        try:
            act(job)
        except DatabaseError:
            raise
        except SignalboxError as error:
            refused[job.job_id] = error
    return refused


def _moves(
    connection: Connection, job_ids: Collection[str], position: QueuePosition
) -> tuple[int, dict[str, queue_order.Moved]]:
    """What moving these jobs changes, by their ids, and the last event before: nothing changes without another one."""
    handed = queue_queries.handed_priorities(connection)
    queue = schedule.order(queue_queries.movable_jobs(connection), handed)
    moves = queue_order.moves(queue, job_ids, position, handed)
    return event_queries.latest_event_id(connection), {one.job_id: one for one in moves}


def _refuse_tool(spec: JobSpec, tool: str) -> None:
    if problem := tools().problem(tool):
        raise CommandRefusedError(f"{spec.job_id} cannot be run with {tool}: tool: {problem}.")
    spec.for_tool(tool)
