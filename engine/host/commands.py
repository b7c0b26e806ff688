"""The commands a person gives, as frozen records; each class has its kind. Carries out nothing.

A new command is a class here, in a union below, and a case in `command_runner` or `engine_service`: see
specs/adding-a-command.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from engine.host.command_kind import CommandKind, Reversal
from engine.host.host_commands import HostCommand
from engine.host.merge_commands import MergeCommand
from engine.host.review_commands import ReviewCommand, SeenWorkstream
from engine.trust.binding import Binding
from state.command_table import JobCommand
from state.records import Hold, HoldKind, Job, Limit, LimitKind, Origin, nothing

if TYPE_CHECKING:  # a command line of one command loads none of these
    from engine.interfaces import Accepted
    from engine.jobfile.spec import JobSpec
    from engine.recurring.due_notes import MissedRun
    from engine.recurring.removed_run import RemovedRun
    from engine.trust.launch_plan import LaunchPlan
    from engine.trust.policy import LaunchPreview
    from engine.types import QueuePosition

# --- on jobs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HoldJobs:
    """Keep queued jobs from starting."""

    kind: ClassVar = CommandKind(
        name="hold",
        title="Hold",
        verb="hold",
        participle="held",
        job_command=JobCommand.HOLD,
        unfit="and only a queued job can be held",
        reversal=Reversal.RELEASE,
    )
    job_ids: Sequence[str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseJobs:
    """Let held jobs start, and let jobs that wait for their time start now."""

    kind: ClassVar = CommandKind(
        name="release",
        title="Release",
        verb="release",
        participle="released",
        job_command=JobCommand.RELEASE,
        unfit="and only a job that is held, or waits for its time, can be released",
        reversal=Reversal.HOLD_AGAIN,
    )
    job_ids: Sequence[str]
    reviewed: "Sequence[LaunchPlan]" = ()
    """What the one job would start as far as the engine has read it before; empty: as it is now."""


@dataclass(frozen=True, kw_only=True)
class RetryJobs:
    """Queue ended jobs again: with another `tool`, or with every job that depends on them, all or none."""

    kind: ClassVar = CommandKind(
        name="retry",
        title="Retry",
        verb="retry",
        participle="retried",
        job_command=JobCommand.RETRY,
        unfit="and only a job that has ended can be retried",
    )
    job_ids: Sequence[str]
    tool: str | None = None
    dependents: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowUpJobs:
    """Give the next attempts of jobs a person's words, in the session of their tool or in a `fresh` one."""

    kind: ClassVar = CommandKind(
        name="follow-up",
        title="Send back…",
        verb="send back",
        participle="sent back",
        job_command=JobCommand.FOLLOW_UP,
        unfit="and only a job that waits or has ended can be followed up",
    )
    job_ids: Sequence[str]
    words: str
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class SkipJobs:
    """Accept jobs as they are: jobs that depend on them may start."""

    kind: ClassVar = CommandKind(
        name="skip",
        title="Accept as is",
        verb="accept",
        participle="accepted as is",
        job_command=JobCommand.SKIP,
        unfit="and it cannot be accepted as is",
    )
    job_ids: Sequence[str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelJobs:
    """Cancel waiting jobs at once, and running jobs as soon as their processes are gone."""

    kind: ClassVar = CommandKind(
        name="cancel",
        title="Cancel…",
        verb="cancel",
        participle="cancelled",
        job_command=JobCommand.CANCEL,
        unfit="so there is nothing to cancel",
        reversal=Reversal.UNCANCEL,
        needs_database=False,
    )
    job_ids: Sequence[str]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SetPriority:
    """Change the priority of waiting jobs; a higher priority starts first."""

    kind: ClassVar = CommandKind(
        name="priority",
        title="Change priority…",
        verb="change the priority of",
        participle="given another priority",
        job_command=JobCommand.SET_PRIORITY,
        reversal=Reversal.PUT_BACK,
    )
    job_ids: Sequence[str]
    priority: int


@dataclass(frozen=True, kw_only=True)
class MoveInQueue:
    """Move waiting jobs to a queue position, all or none; they take the priority found there."""

    kind: ClassVar = CommandKind(
        name="move",
        title="Move",
        verb="move",
        participle="moved",
        job_command=JobCommand.MOVE,
        reversal=Reversal.PUT_BACK,
    )
    job_ids: Sequence[str]
    position: "QueuePosition"


@dataclass(frozen=True, kw_only=True)
class SetNote:
    """Write a note on jobs in place of the one each has; an empty one removes it."""

    kind: ClassVar = CommandKind(
        name="note",
        title="Note…",
        verb="note on",
        participle="given a note",
        job_command=JobCommand.NOTE,
        reversal=Reversal.UNWRITE,
    )
    job_ids: Sequence[str]
    note: str


@dataclass(frozen=True, kw_only=True)
class LabelJobs:
    """Give jobs labels, and take others from them."""

    kind: ClassVar = CommandKind(
        name="label",
        title="Label…",
        verb="label",
        participle="labelled",
        job_command=JobCommand.LABEL,
        reversal=Reversal.UNWRITE,
    )
    job_ids: Sequence[str]
    add: Sequence[str] = ()
    remove: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class EditJob:
    """Replace the content of a waiting job; its id, its run and its queue position stay."""

    kind: ClassVar = CommandKind(
        name="edit",
        title="Edit job…",
        verb="edit",
        participle="edited",
        job_command=JobCommand.EDIT,
    )
    spec: "JobSpec"


@dataclass(frozen=True, kw_only=True)
class TrustJob:
    """Let a held job start whose launch plan a person has reviewed: once, or from now on with this `binding`."""

    kind: ClassVar = CommandKind(name="trust", title="Trust")
    job_id: str
    digests: Sequence[str]
    binding: Binding = Binding.ONCE


@dataclass(frozen=True, kw_only=True)
class TrustedPreview:
    """What a person has reviewed of a job and trusts from now on, with this `binding`."""

    preview: "LaunchPreview"
    binding: Binding


@dataclass(frozen=True, kw_only=True)
class AddJobs:
    """The jobs a person adds together: all of them, or none.

    `shown` are, by job id, the launch plans the person has seen: a job whose plans differ by now is held. `trusted` are
    those that need no review from now on.
    """

    kind: ClassVar = CommandKind(name="submit", title="Add jobs…")
    jobs: "Sequence[Accepted]"
    held: bool = False
    run_id: str | None = None
    title: str = ""
    origin: Origin = Origin.WINDOW
    shown: Mapping[str, Sequence[str]] = field(default_factory=nothing)
    trusted: Sequence[TrustedPreview] = ()


@dataclass(frozen=True, kw_only=True)
class Undo:
    """Undo a command of `undone` kind.

    It has the jobs as they were `before` it and `after` it, or its `workstreams`, or the `refusals` or
    `missed_runs` that it dismissed, or the recurring run that it `removed`.
    """

    kind: ClassVar = CommandKind(name="undo", title="Undo")
    undone: CommandKind
    before: Sequence[Job] = ()
    after: Sequence[Job] = ()
    workstreams: Sequence[SeenWorkstream] = ()
    refusals: Sequence[str] = ()
    missed_runs: "Sequence[MissedRun]" = ()
    removed: "RemovedRun | None" = None


@dataclass(frozen=True, kw_only=True)
class Redo:
    """Carry out an undone command again."""

    kind: ClassVar = CommandKind(name="redo", title="Redo")
    undo: Undo


# --- on the queue, holds and limits --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Start nothing until `Resume`; running jobs continue."""

    kind: ClassVar = CommandKind(
        name="pause",
        title="Pause: start nothing new",
    )
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Drain:
    """Pause, and let running jobs end."""

    kind: ClassVar = CommandKind(
        name="drain",
        title="Drain: let what runs end",
    )


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Lift the pause."""

    kind: ClassVar = CommandKind(
        name="resume",
        title="Resume",
    )


@dataclass(frozen=True, kw_only=True)
class SetHold:
    """Start no job of a group, an account or a tool."""

    kind: ClassVar = CommandKind(name="pause", title="Hold")
    hold: Hold


@dataclass(frozen=True, kw_only=True)
class LiftHold:
    """Let jobs of a group, an account or a tool start again."""

    kind: ClassVar = CommandKind(name="resume", title="Resume")
    hold_kind: HoldKind
    key: str


@dataclass(frozen=True, kw_only=True)
class SetLimit:
    """Let at most so many jobs run at once, in total or of one tool, account or group."""

    kind: ClassVar = CommandKind(
        name="limits set",
        title="Set limit",
    )
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class RemoveLimit:
    """Remove a limit on running jobs."""

    kind: ClassVar = CommandKind(name="limits remove", title="Remove limit")
    limit_kind: LimitKind
    key: str = ""


PerJobCommand = (
    HoldJobs
    | ReleaseJobs
    | RetryJobs
    | FollowUpJobs
    | SkipJobs
    | CancelJobs
    | SetPriority
    | SetNote
    | LabelJobs
)
"""Commands that are carried out on one job after the other; a refusal does not stop the others."""

JobsCommand = PerJobCommand | MoveInQueue | EditJob | Undo | Redo
"""Commands on existing jobs; the outcome lists what each one changed."""

QueueCommand = Pause | Drain | Resume | SetHold | LiftHold | SetLimit | RemoveLimit
"""Commands on the queue as a whole, its holds and its limits."""


EngineCommand = JobsCommand | QueueCommand | ReviewCommand | MergeCommand | HostCommand | AddJobs | TrustJob
"""Every command; whoever carries it out matches on all of them, and mypy proves that none is forgotten."""
