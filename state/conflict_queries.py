"""Reads which branches are still to be merged, and which of them would conflict; functions take a connection."""

from state import rows, worktree_queries
from state.lifecycle import UNMERGED
from state.records import ReviewState
from state.sql_text import Connection, Values, mappings, marks
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
CONCERNS = "((run_id = ?1 AND ws_id = ?2) OR (other_run_id = ?1 AND other_ws_id = ?2))"
"""The conflicts of a workstream, whichever side it is."""
_BY_REVIEW = f"w.review IN ({marks(UNMERGED)})"
_UNMERGED = f"""SELECT t.*, w.review,
    (SELECT coalesce(max(number), 0) FROM tree_snapshots s WHERE s.run_id = t.run_id AND s.ws_id = t.ws_id) AS newest
    FROM worktrees t JOIN workstreams w ON w.run_id = t.run_id AND w.ws_id = t.ws_id
    WHERE {_BY_REVIEW} AND t.base_commit IS NOT NULL ORDER BY t.run_id, t.ws_id"""
_MERGED_BEFORE = f"""SELECT m.* FROM merges m JOIN workstreams w ON w.run_id = m.run_id AND w.ws_id = m.ws_id
    WHERE {_BY_REVIEW} AND m.state = ? ORDER BY m.id"""


def unmerged_branches(connection: Connection) -> list[UnmergedBranch]:
    """The branches that are still to be merged, by run and workstream."""
    before = mappings(connection, _MERGED_BEFORE, (*UNMERGED, MergeState.MERGED))
    earlier = [rows.merge(row) for row in before]
    merged = {merge.key: merge for merge in earlier}
    found = mappings(connection, _UNMERGED, tuple(UNMERGED))
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
    where: str = "1"
    which: Values = ()
    if run_id is not None:
        where, which = "(run_id = ?1 OR other_run_id = ?1)", (run_id,)
    if of is not None:
        where, which = CONCERNS, of
    query = f"""SELECT * FROM predicted_conflicts WHERE {where}
        ORDER BY run_id, ws_id, other_run_id, other_ws_id"""
    return [rows.predicted_conflict(row) for row in mappings(connection, query, which)]
