"""Reads from the database and the home what comparing two attempts of a job needs. Compares nothing."""

from pathlib import Path

from engine.streams.attempt_comparison import ComparedAttempts
from state import worktree_queries
from state.database_reader import DatabaseReader
from state.records import Attempt


def compared_attempts(
    reader: DatabaseReader, pair: tuple[Attempt, Attempt], *, folder: Path
) -> ComparedAttempts:
    """Two attempts of one job, whose folders lie in this one, with the worktree and the snapshots of their workstream.

    Raises:
        DatabaseError: the database cannot be read.
    """
    first, second = pair
    return ComparedAttempts(
        first=first,
        second=second,
        folder_of=lambda attempt: folder / attempt.folder_name,
        tree=reader.read(worktree_queries.find_worktree, first.run_id, first.ws_id),
        snapshots=reader.read(worktree_queries.snapshots_of, first.run_id, first.ws_id),
    )
