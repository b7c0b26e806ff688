"""Engines that are broken on purpose: a check counts only if it finds them out.

Each mutant takes one protection away by replacing a name in this process; the program itself has no switch for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.attempt_decisions import GiveUp
from engine.intake.inbox import Inbox
from engine.orchestrator.attempt_preparer import ref_of
from engine.orchestrator.attempts import LiveAttempts
from engine.orchestrator.turn import Turn
from engine.runners import layout, process_tree, recovery
from engine.runners.attempt_lock import AttemptLock
from engine.scheduling import retry_policy
from engine.state_store import acceptance
from engine.state_store.acceptance import JobAcceptance
from engine.state_store.job_state_store import JobStateStore
from engine.types import EndReason
from state import attempt_columns, write_attempts
from state.attempt_columns import Ending
from state.records import Attempt, Job
from tests.helpers import split_claim


def install(name: str) -> None:
    """Break this process as the mutant of that name; an empty name breaks nothing."""
    if name:
        MUTANTS[name]()


def _put(owner: Any, name: str, value: Any) -> None:
    assert hasattr(owner, name), f"{owner} has no {name}: the mutant would break nothing"
    setattr(owner, name, value)


def _no_lock_wait() -> None:
    """A recoverer does not care whether the shim still holds the attempt's lock."""

    class Careless:
        @staticmethod
        def try_take(folder: Path) -> AttemptLock:
            return AttemptLock.try_take(folder) or AttemptLock()

    _put(recovery, "AttemptLock", Careless)
    _spare_shims()


def _no_tombstone() -> None:
    """What was given up is marked where no shim looks."""
    _put(layout, "ABANDONED", "abandoned.unseen")
    _spare_shims()


def _spare_shims() -> None:
    """No recoverer ends a shim, which for most attempts is a second protection behind lock and tombstone."""
    _put(recovery.AttemptRecovery, "_end_shims", lambda *_: False)


def _no_result() -> None:
    """The result of a shim is not read."""
    _put(recovery, "read_result", lambda *_: None)


def _no_sweep() -> None:
    """The processes of a killed shim are left alone."""
    _put(process_tree, "sweep", lambda *_, **__: (0, 0))


def _no_adoption() -> None:
    """Attempts of dead engines are nobody's business."""
    _put(JobStateStore, "running_elsewhere", lambda *_: [])


def _no_identity() -> None:
    """Every other engine counts as dead."""
    recover = Turn._recover

    def careless(self: Turn) -> bool:
        vars(self.parts.identity)["is_alive"] = lambda _: False
        return recover(self)

    _put(Turn, "_recover", careless)


def _cancel_forgotten() -> None:
    """The request to cancel an attempt does not outlive its engine."""
    adopted: set[int] = set()
    take_over, stop = LiveAttempts.take_over, LiveAttempts.stop

    def noting(self: LiveAttempts, attempt: Attempt, engine_id: str) -> None:
        adopted.add(attempt.id)
        take_over(self, attempt, engine_id)

    def forgetful(
        self: LiveAttempts, attempts: Iterable[Attempt], reason: EndReason = EndReason.CANCELLED
    ) -> bool:
        return stop(self, [one for one in attempts if one.id not in adopted], reason)

    _put(LiveAttempts, "take_over", noting)
    _put(LiveAttempts, "stop", forgetful)


def _cancel_too_early() -> None:
    """A job counts as cancelled before its processes are gone."""
    stop = LiveAttempts.stop

    def hasty(
        self: LiveAttempts, attempts: Iterable[Attempt], reason: EndReason = EndReason.CANCELLED
    ) -> bool:
        given = list(attempts)
        known = [(ref, live) for one in given if (live := self._live.get(ref := ref_of(one))) is not None]
        fresh = [ref for ref, live in known if live.stop is None]
        for ref in fresh:
            self._settle_unstarted(ref, EndReason.CANCELLED, "Cancelled.")
            self._live[ref].started = False  # and nobody is there to be stopped
        return stop(self, given, reason)

    _put(LiveAttempts, "stop", hasty)


def _cancel_retried() -> None:
    """A job that was to be cancelled runs again when its attempt was interrupted."""
    settled = attempt_columns.settled_job

    def forgetful(job: Job, ending: Ending, now: float) -> dict[str, Any]:
        return settled(replace(job, cancel_requested_at=None), ending, now)

    _put(write_attempts, "settled_job", forgetful)


def _interruption_is_the_end() -> None:
    """A job whose outcome is unknown is not run again."""
    gone = GiveUp(status="failed", summary="Interrupted.")
    _put(retry_policy, "_after_interruption", lambda *_, **__: gone)


def _files_are_accepted_again() -> None:
    """A file that was accepted before its engine was killed is accepted once more."""
    _put(JobAcceptance, "came_from", lambda *_: False)
    _put(acceptance._NewAmong, "_is_known", lambda *_: False)


def _files_leave_too_early() -> None:
    """A file leaves the inbox before its jobs are committed."""
    queue = Inbox._queue

    def hasty(self: Inbox, new: Sequence[Any]) -> list[list[Job]]:
        moves = [(one.path, one.target.with_name(one.path.name)) for one in new]
        for path, gone in moves:
            gone.parent.mkdir(exist_ok=True)
            path.rename(gone)
        try:
            return queue(self, new)
        finally:
            for path, gone in moves:
                gone.rename(path)

    _put(Inbox, "_queue", hasty)


MUTANTS: Mapping[str, Callable[[], None]] = {
    "no_lock_wait": _no_lock_wait,
    "no_tombstone": _no_tombstone,
    "no_result": _no_result,
    "no_sweep": _no_sweep,
    "no_adoption": _no_adoption,
    "no_identity": _no_identity,
    "split_claim": split_claim.install,
    "cancel_forgotten": _cancel_forgotten,
    "cancel_too_early": _cancel_too_early,
    "cancel_retried": _cancel_retried,
    "interruption_is_the_end": _interruption_is_the_end,
    "files_are_accepted_again": _files_are_accepted_again,
    "files_leave_too_early": _files_leave_too_early,
}
"""Every mutant by its name."""
