"""The record of what a person's command has changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.recurring.due_notes import MissedRun
from engine.recurring.removed_run import RemovedRun
from state.records import Job
from state.worktree_records import SeenWorkstream


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of a command: the jobs it changed, and for each other job the reason why not."""

    changed: Sequence[Job] = ()
    refused: dict[str, str] = field(default_factory=dict)
    before: Sequence[Job] = ()
    """The changed jobs as they were before, if the command can be undone."""
    workstreams: Sequence[SeenWorkstream] = ()
    """The workstreams that were decided on, each with the commit that was."""
    refusals: Sequence[str] = ()
    """The names of the files in the inbox that were dismissed, or are shown again."""
    missed_runs: Sequence[MissedRun] = ()
    """The missed recurring runs that were dismissed, or are shown again."""
    removed: RemovedRun | None = None
    """The recurring run that was removed, or put back."""
