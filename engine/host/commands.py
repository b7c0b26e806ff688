"""The commands a person gives on jobs, on the line, on stop signs and limits: which verb of the queue each one is.

Knows no engine's state; the host of an engine keeps those commands that change the engine itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import CommandRefusedError, SignalboxError
from engine.jobfile.spec import JobSpec
from engine.scheduling.schedule import DRAINING
from engine.state_store.commanding import CommandingStore
from engine.trust.launch import waits_for_trust
from engine.types import QueuePosition
from state.records import Hold, HoldKind, Job, JobStatus, Limit, LimitKind

_WAITING = frozenset({JobStatus.QUEUED, JobStatus.HELD})
_UNDOABLE = {
    "hold": _WAITING,
    "release": frozenset({JobStatus.HELD}),
    "cancel": _WAITING,
    "set_priority": _WAITING,
    "move": _WAITING,
}
"""The commands that can be taken back, and the states their jobs must have been in."""


@dataclass(frozen=True, kw_only=True)
class Selected:
    """A command's targets and what it needs besides."""

    job_ids: Sequence[str]
    reason: str = ""
    tool: str | None = None
    priority: int = 0
    spot: QueuePosition | None = None
    dependents: bool = False


@dataclass(frozen=True, kw_only=True)
class Undo:
    """A command that is taken back, or done again after that: hold, release, cancel, set_priority or move.

    `before` are its jobs as they were before it, `after` as it left them; only doing it again needs these.
    """

    command: str
    before: Sequence[Job]
    after: Sequence[Job] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command on several jobs came to: those it changed, and for each other one the sentence why not."""

    changed: Sequence[Job] = ()
    refused: dict[str, str] = field(default_factory=dict)
    before: Sequence[Job] = ()
    """The changed jobs as they were, where the command can be taken back."""


class Commands:
    """Carries out commands on a store; `cancel` is the engine's, which stops what runs in it."""

    def __init__(self, store: CommandingStore, *, cancel: Callable[[str, str], Job]) -> None:
        self._store, self._cancel = store, cancel

    def on_jobs(self, command: str, asked: Selected | Undo | JobSpec) -> Outcome:
        """Do what was asked with jobs.

        Raises:
            SignalboxError: nothing was changed; says why.
        """
        before = self._before(asked.job_ids) if isinstance(asked, Selected) and command in _UNDOABLE else {}
        outcome = self._carry_out(command, asked)
        changed = (before[job.job_id] for job in outcome.changed if job.job_id in before)
        waited = [job for job in changed if job.status in _UNDOABLE[command]]
        return replace(outcome, before=waited) if waited else outcome

    def _before(self, job_ids: Sequence[str]) -> dict[str, Job]:
        found = (self._store.get_job(job_id) for job_id in job_ids)
        return {job.job_id: job for job in found if job is not None}

    def _carry_out(self, command: str, asked: Selected | Undo | JobSpec) -> Outcome:
        match command, asked:
            case "edit", JobSpec():
                return Outcome(changed=[self._store.edit(asked.job_id, asked)])
            case "undo", Undo():
                before = {job.job_id: job for job in asked.before}
                return _each(before, lambda job_id: self._as_before(asked.command, before[job_id]))
            case "redo", Undo():
                after = {job.job_id: job for job in asked.after}
                return _each(after, lambda job_id: self._again(asked.command, after[job_id]))
            case "retry", Selected(dependents=True):
                return Outcome(changed=self._store.retry_all(asked.job_ids))
            case "move", Selected(spot=QueuePosition() as spot):
                return Outcome(changed=self._store.move(asked.job_ids, spot))
            case (("cancel" | "hold" | "release" | "retry" | "skip" | "set_priority"), Selected()):
                return _each(asked.job_ids, lambda job_id: self._on_one(command, job_id, asked))
            case _:
                raise _unknown(command, asked)

    def on_queue(self, command: str, asked: Any) -> None:
        """Do what was asked with stop signs and limits.

        Raises:
            SignalboxError: nothing was changed; says why.
        """
        match command, asked:
            case "pause", _:
                self._store.pause(str(asked or ""))
            case "drain", _:
                self._store.pause(DRAINING)
            case "resume", _:
                self._store.resume()
            case "set_hold", Hold():
                self._store.set_hold(asked)
            case "lift_hold", (HoldKind() as kind, str() as key):
                if not self._store.lift_hold(kind, key):
                    raise CommandRefusedError(f"Nothing holds {kind} {key}.")
            case "set_limit", Limit():
                self._store.set_limit(asked)
            case "remove_limit", (LimitKind() as kind, str() as key):
                self._store.remove_limit(kind, key)
            case _:
                raise _unknown(command, asked)

    def _on_one(self, command: str, job_id: str, selected: Selected) -> Job:
        match command:
            case "cancel":
                return self._cancel(job_id, selected.reason)
            case "hold":
                return self._store.hold(job_id, selected.reason)
            case "release":
                self._refuse_unseen(job_id, selected)
                return self._store.release(job_id)
            case "retry":
                return self._store.retry(job_id, tool=selected.tool)
            case "skip":
                return self._store.skip(job_id, selected.reason)
            case _:
                return self._store.set_priority(job_id, selected.priority)

    def _refuse_unseen(self, job_id: str, selected: Selected) -> None:
        """Trust is given to one job at a time: who releases many has not looked at each."""
        job = self._store.get_job(job_id) if len(selected.job_ids) > 1 else None
        if job is not None and waits_for_trust(job):
            raise CommandRefusedError(
                f"{job_id} waits for your trust; look at what it would start, and release it alone."
            )

    def _as_before(self, command: str, before: Job) -> Job:
        match command:
            case "hold":
                return self._store.release(before.job_id)
            case "release":
                return self._store.hold(before.job_id, before.hold_reason or "")
            case "cancel":
                return self._store.uncancel(before)
            case _:
                return self._store.put_back(before.job_id, priority=before.priority, place=before.place)

    def _again(self, command: str, after: Job) -> Job:
        match command:
            case "hold":
                return self._store.hold(after.job_id, after.hold_reason or "")
            case "release":
                self._refuse_unseen_again(after.job_id)
                return self._store.release(after.job_id)
            case "cancel":
                return self._cancel(after.job_id, "")
            case _:
                return self._store.put_back(after.job_id, priority=after.priority, place=after.place)

    def _refuse_unseen_again(self, job_id: str) -> None:
        job = self._store.get_job(job_id)
        if job is not None and waits_for_trust(job):
            raise CommandRefusedError(
                f"{job_id} waits for your trust; look at it before it is released again."
            )


def _each(job_ids: Iterable[str], act: Callable[[str], Job]) -> Outcome:
    """Do it to each job; one that refuses does not keep the others from it."""
    changed, refused = [], {}
    for job_id in job_ids:
        try:
            changed.append(act(job_id))
        except SignalboxError as error:
            refused[job_id] = str(error)
    if refused and not changed:
        raise CommandRefusedError(" ".join(refused.values()))
    return Outcome(changed=changed, refused=refused)


def _unknown(command: str, asked: object) -> CommandRefusedError:
    return CommandRefusedError(f"There is no command {command!r} that takes {asked!r}.")
