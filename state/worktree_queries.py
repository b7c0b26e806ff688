"""Reads worktrees, their snapshots, and what reviews and the merge queue hold; functions take a connection."""

from collections.abc import Collection, Sequence

from state import rows
from state.lifecycle import SATISFIED
from state.queries import UNDER_REVIEW
from state.sql_text import Connection, as_list, first, mappings, marks, tuples, value
from state.worktree_records import (
    Merge,
    MergeState,
    ReviewComment,
    TreeState,
    ViewedFile,
    Worktree,
    WorktreeSnapshot,
)

_THERE = (TreeState.PLANNED, TreeState.READY)
_OF_RUNS = "run_id IN (SELECT value FROM json_each(?))"
_MINE = "run_id = ? AND ws_id = ?"


def find_worktree(connection: Connection, run_id: str, ws_id: str) -> Worktree | None:
    """The worktree of a workstream; None where it is not isolated."""
    row = first(connection, f"SELECT * FROM worktrees WHERE {_MINE}", (run_id, ws_id))
    return None if row is None else rows.worktree(row)


def is_taken(connection: Connection, tree: Worktree) -> bool:
    """Whether another worktree has the folder or, in the same repository, the branch, be it in other case."""
    query = "SELECT ws_id FROM worktrees WHERE repo = ? AND lower(branch) = ? OR lower(path) = ? LIMIT 1"
    return value(connection, query, (tree.repo, tree.branch.lower(), tree.path.lower())) is not None


def worktrees_of(connection: Connection, run_ids: Sequence[str]) -> list[Worktree]:
    """The worktrees of these runs."""
    query = f"SELECT * FROM worktrees WHERE {_OF_RUNS}"
    return [rows.worktree(row) for row in mappings(connection, query, (as_list(run_ids),))]


def worktrees_in(connection: Connection, states: Collection[TreeState] = tuple(TreeState)) -> list[Worktree]:
    """Every worktree in one of these states, oldest first."""
    query = f"SELECT * FROM worktrees WHERE state IN ({marks(states)}) ORDER BY created_at"
    return [rows.worktree(row) for row in mappings(connection, query, tuple(states))]


def ports_taken(connection: Connection, run_id: str, ws_id: str) -> set[int]:
    """The first ports of the worktrees there are, but for that of this workstream."""
    others = [tree for tree in worktrees_in(connection, _THERE) if tree.key != (run_id, ws_id)]
    return {tree.port_base for tree in others if tree.port_base is not None}


def has_worktrees(connection: Connection) -> bool:
    """Whether there is a worktree, one that is to be made, or what refs keep of one that is gone."""
    states = (*_THERE, TreeState.ARCHIVED)
    query = f"""SELECT EXISTS (SELECT 1 FROM worktrees WHERE state IN ({marks(states)}))
        OR EXISTS (SELECT 1 FROM tree_snapshots)"""
    return bool(value(connection, query, states))


def are_any(connection: Connection) -> bool:
    """Whether a workstream has, or had, a worktree."""
    return value(connection, "SELECT 1 FROM worktrees LIMIT 1") is not None


def worktrees_to_finish(connection: Connection) -> list[Worktree]:
    """Those of workstreams whose jobs have all ended well, while no commit is known that holds their work."""
    query = f"""SELECT t.* FROM worktrees t JOIN workstreams w ON w.run_id = t.run_id AND w.ws_id = t.ws_id
        WHERE w.review IN ({marks(UNDER_REVIEW)}) AND t.head IS NULL AND t.state != ? ORDER BY t.created_at"""
    return [rows.worktree(row) for row in mappings(connection, query, (*UNDER_REVIEW, TreeState.PLANNED))]


def snapshots_of(connection: Connection, run_id: str, ws_id: str) -> list[WorktreeSnapshot]:
    """The snapshots of a worktree, oldest first."""
    query = f"SELECT * FROM tree_snapshots WHERE {_MINE} ORDER BY number"
    return [rows.tree_snapshot(row) for row in mappings(connection, query, (run_id, ws_id))]


def trees_with_snapshots(connection: Connection) -> set[tuple[str, str]]:
    """The workstreams of which a snapshot is recorded."""
    return set(tuples(connection, "SELECT DISTINCT run_id, ws_id FROM tree_snapshots"))


def is_started_from(connection: Connection, run_id: str, ws_id: str) -> bool:
    """Whether a job outside of the workstream that comes after one of its jobs is still to end well."""
    query = f"""SELECT child.job_id FROM jobs child
        JOIN job_dependencies d ON d.job_id = child.job_id JOIN jobs parent ON parent.job_id = d.depends_on
        WHERE parent.run_id = ? AND parent.ws_id = ? AND (child.run_id != ? OR child.ws_id != ?)
        AND child.status NOT IN ({marks(SATISFIED)}) LIMIT 1"""
    return value(connection, query, (run_id, ws_id, run_id, ws_id, *SATISFIED)) is not None


def merges_in(connection: Connection, states: Collection[MergeState] = tuple(MergeState)) -> list[Merge]:
    """Every merge in one of these states, oldest first."""
    query = f"SELECT * FROM merges WHERE state IN ({marks(states)}) ORDER BY id"
    return [rows.merge(row) for row in mappings(connection, query, tuple(states))]


def newest_merges(connection: Connection, run_ids: Sequence[str]) -> list[Merge]:
    """The newest merge of each workstream of these runs."""
    newest = f"SELECT max(id) FROM merges WHERE {_OF_RUNS} GROUP BY run_id, ws_id"
    query = f"SELECT * FROM merges WHERE id IN ({newest})"
    return [rows.merge(row) for row in mappings(connection, query, (as_list(run_ids),))]


def newest_merge(connection: Connection, run_id: str, ws_id: str) -> Merge | None:
    """The newest merge of a workstream."""
    query = f"SELECT * FROM merges WHERE {_MINE} ORDER BY id DESC LIMIT 1"
    row = first(connection, query, (run_id, ws_id))
    return None if row is None else rows.merge(row)


def last_merged(connection: Connection, run_id: str, ws_id: str) -> Merge | None:
    """The last merge of a workstream that has moved its target."""
    query = f"SELECT * FROM merges WHERE {_MINE} AND state = ? ORDER BY id DESC LIMIT 1"
    row = first(connection, query, (run_id, ws_id, MergeState.MERGED))
    return None if row is None else rows.merge(row)


def needed_merges(connection: Connection, run_ids: Sequence[str]) -> dict[tuple[str, str], list[Merge]]:
    """By workstream of these runs, the merges, oldest first, of the others whose jobs its jobs depend on."""
    query = f"""SELECT DISTINCT m.*, one.run_id AS one_run, one.ws_id AS one_ws FROM merges m
        JOIN jobs other ON m.run_id = other.run_id AND m.ws_id = other.ws_id
        JOIN job_dependencies d ON d.depends_on = other.job_id JOIN jobs one ON one.job_id = d.job_id
        WHERE m.state = ? AND one.{_OF_RUNS} AND (one.run_id != other.run_id OR one.ws_id != other.ws_id)
        ORDER BY m.id"""
    found: dict[tuple[str, str], list[Merge]] = {}
    for row in mappings(connection, query, (MergeState.MERGED, as_list(run_ids))):
        found.setdefault((row["one_run"], row["one_ws"]), []).append(rows.merge(row))
    return found


def comments_of(connection: Connection, run_id: str, ws_id: str) -> list[ReviewComment]:
    """The review comments on a workstream, oldest first."""
    query = f"SELECT * FROM review_comments WHERE {_MINE} ORDER BY id"
    return [rows.review_comment(row) for row in mappings(connection, query, (run_id, ws_id))]


def viewed_of(connection: Connection, run_id: str, ws_id: str) -> list[ViewedFile]:
    """The files of a workstream that a person has viewed."""
    query = f"SELECT * FROM viewed_files WHERE {_MINE}"
    return [rows.viewed_file(row) for row in mappings(connection, query, (run_id, ws_id))]
