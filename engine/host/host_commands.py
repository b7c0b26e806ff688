"""The commands on the engine that carries them out, on its open files and on its inbox, as frozen records."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.host.command_kind import CommandKind

if TYPE_CHECKING:
    from engine.recurring.due_notes import MissedRun
    from engine.recurring.removed_run import RemovedRun


@dataclass(frozen=True, kw_only=True)
class ChangeSetting:
    """Change a setting to a JSON value; None resets it to its default."""

    kind: ClassVar = CommandKind(name="settings set", title="Settings…")
    key: str
    value: object


@dataclass(frozen=True, kw_only=True)
class DismissRefusals:
    """Show these refused files of the inbox no longer; `names` are theirs in `rejected`, where they stay."""

    kind: ClassVar = CommandKind(
        name="dismiss",
        title="Dismiss the files refused from the inbox",
        verb="dismiss",
        participle="dismissed",
    )
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ShowRefusals:
    """Show refused files of the inbox again that were dismissed."""

    kind: ClassVar = CommandKind(
        name="show-refusals",
        title="Show refused files again",
    )
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class DismissMissedRuns:
    """Show no longer that these recurring runs were missed or could not be queued."""

    kind: ClassVar = CommandKind(
        name="dismiss-missed",
        title="Dismiss the recurring runs that were missed",
        verb="dismiss",
        participle="dismissed",
    )
    missed: "Sequence[MissedRun]"


@dataclass(frozen=True, kw_only=True)
class ShowMissedRuns:
    """Show again that these recurring runs were missed."""

    kind: ClassVar = CommandKind(name="show-missed", title="Show missed runs again")
    missed: "Sequence[MissedRun]"


@dataclass(frozen=True, kw_only=True)
class RunRecurringRuns:
    """Queue these recurring runs at once, besides their due times."""

    kind: ClassVar = CommandKind(
        name="schedules run-now",
        title="Run missed recurring runs now",
    )
    missed: "Sequence[MissedRun]"


@dataclass(frozen=True, kw_only=True)
class RemoveRecurringRun:
    """Remove a recurring run; what it has queued stays."""

    kind: ClassVar = CommandKind(
        name="schedules remove",
        title="Remove the recurring run",
        verb="remove",
        participle="removed",
        needs_database=False,
    )
    name: str


@dataclass(frozen=True, kw_only=True)
class PutBackRecurringRun:
    """Put a recurring run back as it was when it was removed."""

    kind: ClassVar = CommandKind(
        name="put-back-recurring",
        title="Put the recurring run back",
        needs_database=False,
    )
    removed: "RemovedRun"


@dataclass(frozen=True, kw_only=True)
class SaveCopy:
    """Save a copy of the database, even if its file is gone."""

    kind: ClassVar = CommandKind(name="backup", title="Save a copy…", needs_database=False)
    target: Path


@dataclass(frozen=True, kw_only=True)
class StopStarting:
    """Start nothing more in this engine: its host is closing."""

    kind: ClassVar = CommandKind(
        name="stop-starting",
        title="Stop starting",
        needs_database=False,
    )


@dataclass(frozen=True, kw_only=True)
class StartAgain:
    """Revoke `StopStarting`: the host stays open."""

    kind: ClassVar = CommandKind(name="start-again", title="Start again", needs_database=False)


RecurringCommand = (
    DismissMissedRuns | ShowMissedRuns | RunRecurringRuns | RemoveRecurringRun | PutBackRecurringRun
)
"""Commands on recurring runs."""

HostCommand = (
    ChangeSetting | SaveCopy | StopStarting | StartAgain | DismissRefusals | ShowRefusals | RecurringCommand
)
"""Commands on the engine that carries them out, on its open files, and on its inbox."""
