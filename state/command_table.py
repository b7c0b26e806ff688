"""Which command fits which job: the one table that menus, cards, the command line and the ledger read.

Knows no SQLAlchemy. Names and undo of the commands are in `engine.host.commands`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from state.records import HoldCause, Job, JobStatus

_S = JobStatus

WAITING: frozenset[JobStatus] = frozenset({_S.HELD, _S.QUEUED})
"""States of a job that has not started: it can still be moved, edited and taken out of the queue."""

_ENDED = frozenset({_S.FAILED, _S.TIMEOUT, _S.CANCELLED, _S.COMPLETED, _S.SKIPPED})
_ENDED_BADLY = frozenset({_S.FAILED, _S.TIMEOUT, _S.CANCELLED})


class JobCommand(StrEnum):
    """What a person can do with a job."""

    HOLD = "hold"
    RELEASE = "release"
    RETRY = "retry"
    SKIP = "skip"
    CANCEL = "cancel"
    SET_PRIORITY = "set_priority"
    MOVE = "move"
    EDIT = "edit"
    FOLLOW_UP = "follow_up"
    NOTE = "note"
    LABEL = "label"


@dataclass(frozen=True, kw_only=True)
class FittingStates:
    """The states one command fits: `offered` everywhere, `by_name` only where a person names the job itself."""

    offered: frozenset[JobStatus]
    by_name: frozenset[JobStatus] = frozenset()

    @property
    def allowed(self) -> frozenset[JobStatus]:
        """Every state in which the command is carried out."""
        return self.offered | self.by_name


COMMAND_STATES: Mapping[JobCommand, FittingStates] = {
    JobCommand.HOLD: FittingStates(offered=frozenset({_S.QUEUED})),
    JobCommand.RELEASE: FittingStates(offered=frozenset({_S.HELD})),
    JobCommand.RETRY: FittingStates(offered=_ENDED_BADLY, by_name=frozenset({_S.COMPLETED, _S.SKIPPED})),
    JobCommand.SKIP: FittingStates(offered=_ENDED_BADLY, by_name=WAITING),
    JobCommand.CANCEL: FittingStates(offered=WAITING | {_S.RUNNING}),
    JobCommand.SET_PRIORITY: FittingStates(offered=WAITING),
    JobCommand.MOVE: FittingStates(offered=WAITING),
    JobCommand.EDIT: FittingStates(offered=WAITING),
    JobCommand.FOLLOW_UP: FittingStates(offered=_ENDED | WAITING),
    JobCommand.NOTE: FittingStates(offered=frozenset(JobStatus)),
    JobCommand.LABEL: FittingStates(offered=frozenset(JobStatus)),
}


def has_worked(job: Job) -> bool:
    """Whether a person decides on what a held job has done, rather than on whether it starts."""
    return job.status is _S.HELD and job.hold_cause in {HoldCause.INTERRUPTED, HoldCause.UNVERIFIED}


def fits(command: JobCommand, job: Job) -> bool:
    """Whether a command is offered for a job as it stands.

    Beside what the table has, a job that waits for its time can be released, and one that is held after it has worked
    can be accepted as it is. One that waits for its first start is edited; there is nothing to follow up yet.
    """
    match command:
        case JobCommand.RELEASE if job.status is _S.QUEUED and job.not_before is not None:
            return True
        case JobCommand.SKIP if has_worked(job):
            return True
        case JobCommand.FOLLOW_UP if not job.attempts:
            return False
        case _:
            return job.status in COMMAND_STATES[command].offered
