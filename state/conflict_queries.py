"""Reads which branches are still to be merged, and which of them would conflict; functions take a connection."""

from sqlalchemy import Connection, func, or_, select

from state import rows
from state.lifecycle import UNMERGED
from state.tables import predicted_conflicts as conflicts
from state.tables import tree_snapshots, workstreams, worktrees
from state.worktree_records import PredictedConflict, UnmergedBranch

_NEWEST = (
    select(func.coalesce(func.max(tree_snapshots.c.number), 0))
    .where(tree_snapshots.c.run_id == worktrees.c.run_id, tree_snapshots.c.ws_id == worktrees.c.ws_id)
    .scalar_subquery()
)
_UNMERGED = (
    select(worktrees, _NEWEST.label("newest"))
    .join(
        workstreams, (workstreams.c.run_id == worktrees.c.run_id) & (workstreams.c.ws_id == worktrees.c.ws_id)
    )
    .where(workstreams.c.review.in_(sorted(UNMERGED)), worktrees.c.base_commit.is_not(None))
    .order_by(worktrees.c.run_id, worktrees.c.ws_id)
)


def unmerged_branches(connection: Connection) -> list[UnmergedBranch]:
    """The branches that are still to be merged, by run and workstream."""
    found = connection.execute(_UNMERGED).mappings()
    return [UnmergedBranch(rows.worktree(row), row["newest"]) for row in found]


def predicted_conflicts(connection: Connection, *, run_id: str | None = None) -> list[PredictedConflict]:
    """The conflicts that are predicted, of all runs or of one, by run and workstream."""
    order = (conflicts.c.run_id, conflicts.c.ws_id, conflicts.c.other_run_id, conflicts.c.other_ws_id)
    query = select(conflicts).order_by(*order)
    if run_id is not None:
        query = query.where(or_(conflicts.c.run_id == run_id, conflicts.c.other_run_id == run_id))
    return [rows.predicted_conflict(row) for row in connection.execute(query).mappings()]
