"""Carry out commands on jobs, holds and limits through the store, and undo them.

`engine_service` carries out the commands that change the engine itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from engine.errors import CommandRefusedError, SignalboxError
from engine.host.command_kind import Reversal
from engine.host.commands import (
    CancelJobs,
    Drain,
    EditJob,
    FollowUpJobs,
    HoldJobs,
    JobsCommand,
    LabelJobs,
    LiftHold,
    MoveInQueue,
    Pause,
    PerJobCommand,
    QueueCommand,
    Redo,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SetHold,
    SetLimit,
    SetNote,
    SetPriority,
    SkipJobs,
    Undo,
)
from engine.host.merge_commands import HoldMerges, MergeCommand, MoveMerge, ReleaseMerges
from engine.host.outcome import Outcome
from engine.host.review_commands import ReviewCommand
from engine.host.review_runner import NO_WORKS, ReviewRunner, Works, each_workstream
from engine.state_store.job_requests import BATCH, HELD_BY_PERSON, any_job
from engine.state_store.job_state_store import JobStateStore
from engine.system.formatting import plural
from engine.trust.waiting import waits_for_trust
from state.command_table import COMMAND_STATES, WAITING
from state.database_errors import DatabaseError
from state.ledger import Applied
from state.records import HoldCause, Job, JobStatus

_SHOWN_REASONS = 20
"""So many reasons why nothing was changed are shown at most."""


class CommandRunner:
    """Carries out commands on a store; `cancel` is the engine's own, which also stops a running job."""

    def __init__(self, store: JobStateStore, *, cancel: Callable[[str, str], Job]) -> None:
        self._store, self._cancel = store, cancel
        self._reviews = ReviewRunner(store.reviews)

    def carry_out(
        self, command: JobsCommand | ReviewCommand | MergeCommand, works: Works = NO_WORKS
    ) -> Outcome:
        """Carry out a command on jobs, on finished work, or on the merge queue.

        `works` is what was read of the work that it approves.

        Raises:
            SignalboxError: nothing was changed; the message says why.
        """
        if isinstance(command, ReviewCommand):
            return self._reviews.carry_out(command, works)
        if isinstance(command, MergeCommand):
            return self._on_merges(command)
        if isinstance(command, Redo) and command.undo.workstreams:
            return self._reviews.redo(command.undo.undone, command.undo.workstreams, works)
        before = self._undoable(command)
        outcome = self._on_jobs(command)
        undoable = [before[job.job_id] for job in outcome.changed if job.job_id in before]
        return replace(outcome, before=undoable) if undoable else outcome

    def on_queue(self, command: QueueCommand) -> Outcome:
        """Carry out a command on the queue, its holds and its limits.

        Raises:
            SignalboxError: nothing was changed; the message says why.
        """
        match command:
            case Pause():
                self._store.queue_control.pause(command.reason)
            case Drain():
                self._store.queue_control.pause(cause=HoldCause.DRAIN)
            case Resume():
                self._store.queue_control.resume()
            case SetHold():
                self._store.queue_control.set_hold(command.hold)
            case LiftHold():
                if not self._store.queue_control.lift_hold(command.hold_kind, command.key):
                    raise CommandRefusedError(f"Nothing holds {command.hold_kind} {command.key}.")
            case SetLimit():
                self._store.queue_control.set_limit(command.limit)
            case RemoveLimit():
                self._store.queue_control.remove_limit(command.limit_kind, command.key)
            case _:
                assert_never(command)
        return Outcome()

    def _on_merges(self, command: MergeCommand) -> Outcome:
        merges = self._store.merges
        match command:
            case HoldMerges() | ReleaseMerges():
                held = isinstance(command, HoldMerges)
                return each_workstream(command.workstreams, lambda seen: merges.set_held(seen, held=held))
            case MoveMerge(workstream=moved, before=before, priority=priority):
                other = None if before is None else str(before)
                merges.move(str(moved), before=other, priority=priority)
                return Outcome(workstreams=[moved])
            case _:
                assert_never(command)

    def _undoable(self, command: JobsCommand) -> dict[str, Job]:
        """The jobs before the command, as far as it can be undone: those that have not started, or what is written."""
        kind = command.kind
        if isinstance(command, EditJob | Undo | Redo) or kind.job_command is None or kind.reversal is None:
            return {}
        found = self._store.find_jobs(command.job_ids)
        if kind.reversal is Reversal.UNWRITE:
            return found
        states = COMMAND_STATES[kind.job_command].offered & WAITING
        return {job.job_id: job for job in found.values() if job.status in states}

    def _on_jobs(self, command: JobsCommand) -> Outcome:
        match command:
            case RetryJobs(dependents=True):
                return Outcome(changed=self._store.job_control.retry_all(command.job_ids))
            case MoveInQueue():
                return Outcome(changed=self._store.job_control.move(command.job_ids, command.position))
            case EditJob():
                return Outcome(changed=[self._store.job_control.edit(command.spec.job_id, command.spec)])
            case Undo():
                return self._undo(command)
            case Redo():
                return self._redo(command.undo)
            case _:
                return _in_batches(command.job_ids, lambda batch: self._on_batch(batch, command))

    def _on_batch(self, job_ids: Sequence[str], command: PerJobCommand) -> Applied:
        control = self._store.job_control
        match command:
            case HoldJobs():
                return control.hold_each(job_ids, command.reason)
            case ReleaseJobs():
                check = _refuse_untrusted if len(command.job_ids) > 1 else any_job
                return control.release_each(job_ids, reviewed=command.reviewed, check=check)
            case RetryJobs() | FollowUpJobs():
                return self._start_again(job_ids, command)
            case SkipJobs():
                return control.skip_each(job_ids, command.reason)
            case CancelJobs():
                return self._cancel_each(job_ids, command.reason)
            case SetPriority() | SetNote() | LabelJobs():
                return self._describe(job_ids, command)
            case _:
                assert_never(command)

    def _describe(self, job_ids: Sequence[str], command: SetPriority | SetNote | LabelJobs) -> Applied:
        control = self._store.job_control
        if isinstance(command, SetPriority):
            return control.set_each_priority(job_ids, command.priority)
        if isinstance(command, SetNote):
            return control.note_each(job_ids, command.note)
        return control.label_each(job_ids, add=command.add, remove=command.remove)

    def _start_again(self, job_ids: Sequence[str], command: RetryJobs | FollowUpJobs) -> Applied:
        control = self._store.job_control
        if isinstance(command, RetryJobs):
            return control.retry_each(job_ids, tool=command.tool)
        return control.follow_up_each(job_ids, command.words, fresh=command.fresh)

    def _cancel_each(self, job_ids: Sequence[str], reason: str) -> Applied:
        """Cancel jobs: the engine's own cancel those that run, even where that cannot be recorded."""
        found = self._store.find_jobs(job_ids)
        running = [job_id for job_id, job in found.items() if job.status is JobStatus.RUNNING]
        stopping = _one_by_one(running, lambda job_id: self._cancel(job_id, reason))
        try:
            waiting = [job_id for job_id in job_ids if job_id not in running]
            cancelled = self._store.job_control.cancel_each(waiting, reason)
        except DatabaseError as error:
            cancelled = Applied(refused=dict.fromkeys(waiting, error))
        return Applied([*stopping.changed, *cancelled.changed], {**stopping.refused, **cancelled.refused})

    # --- undo ------------------------------------------------------------------------------------------------------

    def _undo(self, undo: Undo) -> Outcome:
        if undo.workstreams:
            return self._reviews.undo(undo.undone, undo.workstreams)
        before, reversal = {job.job_id: job for job in undo.before}, _reversal(undo)
        after = {job.job_id: job for job in undo.after}
        return self._each(before, lambda job_id: self._undo_one(reversal, before[job_id], after.get(job_id)))

    def _undo_one(self, reversal: Reversal, before: Job, after: Job | None) -> Job:
        match reversal:
            case Reversal.RELEASE:
                return self._release_again(before.job_id, after)
            case Reversal.HOLD_AGAIN:
                return self._hold_again(before)
            case Reversal.UNCANCEL:
                return self._store.job_control.uncancel(before)
            case Reversal.PUT_BACK:
                return self._put_back(before)
            case Reversal.UNWRITE:
                return before if after is None else self._store.job_control.unwrite(before, after)
            case Reversal.WITHDRAW | Reversal.RESTORE:  # of workstreams, not of jobs
                return before
            case _:
                assert_never(reversal)

    def _redo(self, undo: Undo) -> Outcome:
        after, before = {job.job_id: job for job in undo.after}, {job.job_id: job for job in undo.before}
        match reversal := _reversal(undo):
            case Reversal.RELEASE:
                return self._each(after, lambda job_id: self._hold_again(after[job_id]))
            case Reversal.HOLD_AGAIN:
                return self._each(after, lambda job_id: self._release_again(job_id, before.get(job_id)))
            case Reversal.UNCANCEL:
                return _in_batches(after, lambda batch: self._cancel_each(batch, ""))
            case Reversal.PUT_BACK:
                return self._each(after, lambda job_id: self._put_back(after[job_id]))
            case Reversal.UNWRITE:
                unwrite = self._store.job_control.unwrite
                return self._each(before, lambda job_id: unwrite(after[job_id], before[job_id]))
            case Reversal.WITHDRAW | Reversal.RESTORE:
                return Outcome()
            case _:
                assert_never(reversal)

    def _each(self, job_ids: Iterable[str], act: Callable[[str], Job]) -> Outcome:
        """Apply the command to one job after the other; those of a batch share a transaction."""

        def apply(batch: Sequence[str]) -> Applied:
            with self._store.transaction():
                applied = _one_by_one(batch, act)
                for error in applied.refused.values():
                    if isinstance(error, DatabaseError):
                        raise error
                return applied

        return _in_batches(job_ids, apply)

    def _release_again(self, job_id: str, held_as: Job | None) -> Job:
        """Release a job from the hold that undoing or redoing is about, and from no later one."""
        job = self._store.get_job(job_id)
        if job is not None:
            _refuse_untrusted(job, "review it before you release it again")
        held = None if job is None else job.held
        if held is not None and held_as is not None and held != held_as.held:
            raise CommandRefusedError(f"{job_id} was held anew meanwhile: {held.reason}")
        return self._store.release(job_id)

    def _hold_again(self, job: Job) -> Job:
        """Hold a job as it was held before, unless it has started or ended since."""
        present = self._store.get_job(job.job_id)
        if present is not None and present.status not in {JobStatus.QUEUED, JobStatus.HELD}:
            raise CommandRefusedError(f"{job.job_id} is {present.status} by now and cannot be held again.")
        held = job.held or HELD_BY_PERSON
        return self._store.hold(job.job_id, held.reason, cause=held.cause)

    def _put_back(self, job: Job) -> Job:
        return self._store.job_control.put_back(
            job.job_id, priority=job.priority, queue_position=job.queue_position
        )


def _reversal(undo: Undo) -> Reversal:
    if undo.undone.reversal is None:
        raise CommandRefusedError(f"{undo.undone.title} cannot be undone.")
    return undo.undone.reversal


def _refuse_untrusted(job: Job, advice: str = "review what it would start, and release it alone") -> None:
    """Trust is given to one job at a time: who releases many has not reviewed each."""
    if waits_for_trust(job):
        raise CommandRefusedError(f"{job.job_id} waits for your trust; {advice}.")


def _one_by_one(job_ids: Iterable[str], act: Callable[[str], Job]) -> Applied:
    """Apply the command to each job; a refusal does not stop the others."""
    changed: list[Job] = []
    refused: dict[str, SignalboxError] = {}
    for job_id in job_ids:
        try:
            changed.append(act(job_id))
        except SignalboxError as error:
            refused[job_id] = error
    return Applied(changed, refused)


def _in_batches(job_ids: Iterable[str], apply: Callable[[Sequence[str]], Applied]) -> Outcome:
    """Apply the command to all jobs, those of a batch in one transaction; other writers get their turn between two."""
    changed: list[Job] = []
    refused: dict[str, str] = {}
    ids = list(job_ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        try:
            applied = apply(batch)
        except DatabaseError as error:  # none of the batch was stored
            applied = Applied(refused=dict.fromkeys(batch, error))
        changed += applied.changed
        refused |= {job_id: str(error) for job_id, error in applied.refused.items()}
    if refused and not changed:
        raise CommandRefusedError(_sentences(list(dict.fromkeys(refused.values()))))
    return Outcome(changed=changed, refused=refused)


def _sentences(reasons: Sequence[str]) -> str:
    shown = " ".join(reasons[:_SHOWN_REASONS])
    left = len(reasons) - _SHOWN_REASONS
    return f"{shown} The same goes for {plural(left, 'more job')}." if left > 0 else shown
