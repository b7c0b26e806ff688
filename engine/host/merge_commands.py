"""The commands a person gives on the merge queue, as frozen records; each class has its kind. Carries out nothing.

An approval is withdrawn by `review_commands.WithdrawApprovals`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.host.command_kind import CommandKind
from state.worktree_records import SeenWorkstream


@dataclass(frozen=True, kw_only=True)
class HoldMerges:
    """Keep approved work from being merged until it is released."""

    kind: ClassVar = CommandKind(
        name="merge hold",
        title="Hold the merge",
        verb="hold the merge of",
        participle="held",
    )
    workstreams: Sequence[SeenWorkstream]


@dataclass(frozen=True, kw_only=True)
class ReleaseMerges:
    """Let held work be merged in its turn."""

    kind: ClassVar = CommandKind(
        name="merge release",
        title="Release the merge",
        verb="release the merge of",
        participle="released",
    )
    workstreams: Sequence[SeenWorkstream]


@dataclass(frozen=True, kw_only=True)
class MoveMerge:
    """Move approved work before another in its merge queue, to the front of it, or to another `priority`."""

    kind: ClassVar = CommandKind(
        name="merge move",
        title="Move in the merge queue",
        verb="move",
        participle="moved",
    )
    workstream: SeenWorkstream
    before: SeenWorkstream | None = None
    priority: int | None = None


MergeCommand = HoldMerges | ReleaseMerges | MoveMerge
"""Commands on approved work in its merge queue."""
