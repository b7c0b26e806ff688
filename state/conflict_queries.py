"""Reads which branches are still to be merged, and which of them would conflict; functions take a connection."""

from sqlalchemy import ColumnElement, Connection, func, or_, select

from state import rows, worktree_queries
from state.lifecycle import UNMERGED
from state.records import ReviewState
from state.tables import merges, tree_snapshots, workstreams, worktrees
from state.tables import predicted_conflicts as conflicts
from state.worktree_records import MergeState, PredictedConflict, UnmergedBranch

READ = (
    "worktrees",
    "workstreams",
    "tree_snapshots",
    "merges",
    "predicted_conflicts",
    "jobs",
    "job_dependencies",
)
"""The tables that are read here; of jobs, what they depend on."""
_NEWEST = (
    select(func.coalesce(func.max(tree_snapshots.c.number), 0))
    .where(tree_snapshots.c.run_id == worktrees.c.run_id, tree_snapshots.c.ws_id == worktrees.c.ws_id)
    .scalar_subquery()
)
_UNMERGED = (
    select(worktrees, _NEWEST.label("newest"), workstreams.c.review)
    .join(
        workstreams, (workstreams.c.run_id == worktrees.c.run_id) & (workstreams.c.ws_id == worktrees.c.ws_id)
    )
    .where(workstreams.c.review.in_(sorted(UNMERGED)), worktrees.c.base_commit.is_not(None))
    .order_by(worktrees.c.run_id, worktrees.c.ws_id)
)
_MERGED_BEFORE = (
    select(merges)
    .join(workstreams, (workstreams.c.run_id == merges.c.run_id) & (workstreams.c.ws_id == merges.c.ws_id))
    .where(merges.c.state == MergeState.MERGED, workstreams.c.review.in_(sorted(UNMERGED)))
    .order_by(merges.c.id)
)


def unmerged_branches(connection: Connection) -> list[UnmergedBranch]:
    """The branches that are still to be merged, by run and workstream."""
    earlier = [rows.merge(row) for row in connection.execute(_MERGED_BEFORE).mappings()]
    merged = {merge.key: merge for merge in earlier}
    found = connection.execute(_UNMERGED).mappings().all()
    needed = worktree_queries.needed_merges(connection, sorted({row["run_id"] for row in found}))
    return [
        UnmergedBranch(
            rows.worktree(row),
            row["newest"],
            is_finished=row["review"] != ReviewState.WORKING,
            merged=merged.get((row["run_id"], row["ws_id"])),
            needed=needed.get((row["run_id"], row["ws_id"]), ()),
        )
        for row in found
    ]


def predicted_conflicts(
    connection: Connection, *, run_id: str | None = None, of: tuple[str, str] | None = None
) -> list[PredictedConflict]:
    """The conflicts that are predicted, by run and workstream: all, those of a run, or those of a workstream."""
    order = (conflicts.c.run_id, conflicts.c.ws_id, conflicts.c.other_run_id, conflicts.c.other_ws_id)
    query = select(conflicts).order_by(*order)
    if run_id is not None:
        query = query.where(or_(conflicts.c.run_id == run_id, conflicts.c.other_run_id == run_id))
    if of is not None:
        query = query.where(concerns(*of))
    return [rows.predicted_conflict(row) for row in connection.execute(query).mappings()]


def concerns(run_id: str, ws_id: str) -> ColumnElement[bool]:
    """The conflicts of a workstream, whichever side it is."""
    first = (conflicts.c.run_id == run_id) & (conflicts.c.ws_id == ws_id)
    return or_(first, (conflicts.c.other_run_id == run_id) & (conflicts.c.other_ws_id == ws_id))
