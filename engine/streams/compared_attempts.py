"""Reads from the database and the home what comparing two attempts of a job needs. Compares nothing."""

from pathlib import Path

from engine.streams.attempt_comparison import ComparedAttempts
from state import queries, worktree_queries
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
    spec = reader.read(queries.job_spec, first.job_id)
    metadata = spec.get("metadata")
    file = metadata.get("message_file") if isinstance(metadata, dict) else None
    return ComparedAttempts(
        first=first,
        second=second,
        folder_of=lambda attempt: folder / attempt.folder_name,
        has_prompt=bool(spec.get("prompt") or file),
        tree=reader.read(worktree_queries.find_worktree, first.run_id, first.ws_id),
        snapshots=reader.read(worktree_queries.snapshots_of, first.run_id, first.ws_id),
    )
