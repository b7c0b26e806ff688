"""What commands on jobs write, and all that follows from it in the same transaction. Loads no SQLAlchemy."""

from contextlib import AbstractContextManager

from state.change_writer import ChangeWriter
from state.sql_text import Connection
from state.write_callbacks import CallbackWriter
from state.write_commands import CommandWriter
from state.write_conflicts import ConflictWriter
from state.write_merges import MergeWriter
from state.write_worktrees import WorktreeWriter


class JobLedger:
    """Commands on jobs, and what follows the ends of jobs and the reviews of their workstreams.

    Attributes:
        commands: what a person does with jobs: hold, release, retry, cancel, move, edit.
        callbacks: the user's command at the end of each job.
        worktrees: where isolated workstreams work, and the snapshots of it.
        merges: the merge queue of each target branch.
        conflicts: which unmerged branches would conflict.
    """

    def __init__(self, writer: ChangeWriter, *, is_history: bool = False) -> None:
        """Where `is_history`, no end has a command of the user's."""
        self._writer = writer
        self.commands = CommandWriter(writer)
        self.callbacks = CallbackWriter(writer, is_history=is_history)
        self.worktrees = WorktreeWriter(writer)
        self.merges = MergeWriter(writer)
        self.conflicts = ConflictWriter(writer)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._writer.transaction()
