"""The verbs for several selected things, each with the number that it fits; cards and jobs have the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, HoldJobs, LabelJobs, ReleaseJobs, RetryJobs, SkipJobs
from gui.data.command_captions import command_label, left_out
from gui.translation import tr
from gui.widgets.bulk_bar import BulkVerb
from state.command_table import JobCommand

_KINDS: Sequence[tuple[CommandKind, str]] = (
    (HoldJobs.kind, "hold"),
    (ReleaseJobs.kind, "release"),
    (RetryJobs.kind, "retry"),
    (SkipJobs.kind, "skip"),
    (LabelJobs.kind, "label"),
    (CancelJobs.kind, "cancel"),
)
BULK_COMMANDS = tuple(kind.job_command for kind, _ in _KINDS if kind.job_command is not None)
"""The commands that may be offered."""


@dataclass(frozen=True)
class BulkVerbs:
    """The verbs that fit some of what is selected, and why they do not fit all of it."""

    verbs: Sequence[BulkVerb]
    left_out: str


def bulk_verbs(selected: int, fitting: Mapping[JobCommand, int]) -> BulkVerbs:
    """The verbs for so many selected things, of which each command is `fitting` some; one that fits none is absent."""
    verbs: list[BulkVerb] = []
    unfit: list[str] = []
    for kind, icon in _KINDS:
        command = kind.job_command
        number = fitting.get(command, 0) if command is not None else 0
        if not number:
            continue
        verbs.append(
            BulkVerb(kind.name, command_label(kind), number, icon, is_danger=kind is CancelJobs.kind)
        )
        if number < selected and kind not in {SkipJobs.kind, LabelJobs.kind}:
            unfit.append(left_out(kind.name, selected - number))
    return BulkVerbs(verbs, ", ".join(unfit) if verbs else tr("Nothing applies to all of them now"))
