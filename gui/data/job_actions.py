"""What a person can do with a job as it stands, for its details and its card alike. Carries out nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, FollowUpJobs, HoldJobs, ReleaseJobs, RetryJobs, SkipJobs
from engine.jobfile.tool_names import is_coding_tool
from gui.translation import tr, translatable
from state.command_table import COMMAND_STATES, JobCommand, fits
from state.records import HoldCause, Job, JobStatus


@dataclass(frozen=True)
class JobAction:
    """An action that a job offers: its command, title in English, icon and kind of button."""

    command: str
    title: str
    icon: str
    kind: str = "secondary"

    @property
    def label(self) -> str:
        """The words of its button, in the language of the window."""
        return tr(self.title).rstrip("…")


def job_actions(job: Job) -> tuple[JobAction, ...]:
    """The actions a job offers, the most likely one first."""
    return tuple(_offered(job))


def decisions(job: Job) -> tuple[JobAction, ...]:
    """The actions that settle a job which needs a person: all but those that hold or end it."""
    return tuple(action for action in job_actions(job) if action.command in _DECISIONS)


def _action(kind: CommandKind, icon: str, emphasis: str = "secondary", *, title: str = "") -> JobAction:
    return JobAction(kind.name, title or kind.title, icon, emphasis)


RESTORE_WORK = JobAction("restore_work", translatable("Restore"), "retry", "primary")
"""Brings back the discarded work of the workstream of a job."""
SHOW_LINE = JobAction("show_alarm_line", translatable("Show line"), "logs")
"""Goes to the line that an alarm matched, in the Logs."""
_DECISIONS = frozenset(
    {ReleaseJobs.kind.name, RetryJobs.kind.name, FollowUpJobs.kind.name, SkipJobs.kind.name}
)
_ACTIONS = (
    (JobCommand.RELEASE, _action(ReleaseJobs.kind, "release", "primary")),
    (JobCommand.RETRY, _action(RetryJobs.kind, "retry", "primary")),
    (JobCommand.FOLLOW_UP, _action(FollowUpJobs.kind, "note")),
    (JobCommand.HOLD, _action(HoldJobs.kind, "pause")),
    (JobCommand.SKIP, _action(SkipJobs.kind, "skip")),
)
_RUN_AGAIN = _action(RetryJobs.kind, "retry", title=translatable("Run again"))
_STOP = _action(CancelJobs.kind, "stop", "danger", title=translatable("Stop"))
_CANCEL = _action(CancelJobs.kind, "cancel", "danger")


def is_held_by_alarm(job: Job) -> bool:
    """Whether a line that an alarm matched holds it."""
    return job.status is JobStatus.HELD and job.hold_cause is HoldCause.ALARM


def _offered(job: Job) -> Iterator[JobAction]:
    if job.status in COMMAND_STATES[JobCommand.RETRY].by_name:
        yield _RUN_AGAIN
    for command, action in _ACTIONS:
        if takes(command, job):
            yield action
        if command is JobCommand.RELEASE and is_held_by_alarm(job):
            yield SHOW_LINE
    if fits(JobCommand.CANCEL, job) and job.cancel_requested_at is None:
        yield _STOP if job.status is JobStatus.RUNNING else _CANCEL


def takes(command: JobCommand, job: Job) -> bool:
    """Whether a command may be given to a job; only a coding tool takes words."""
    return fits(command, job) and (command is not JobCommand.FOLLOW_UP or is_coding_tool(job.tool))


def fitting(command: JobCommand, jobs: Iterable[Job]) -> tuple[str, ...]:
    """The ids of those jobs that take a command."""
    return tuple(job.job_id for job in jobs if takes(command, job))
