"""Reads worktrees, their snapshots, and what reviews and the merge queue hold; functions take a connection."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, func, or_, select

from state import rows
from state.lifecycle import SATISFIED
from state.queries import chunks
from state.records import ReviewState
from state.tables import (
    job_dependencies,
    jobs,
    merges,
    review_comments,
    tree_snapshots,
    viewed_files,
    workstreams,
    worktrees,
)
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
# Built once: building a statement costs more than running it.
_WORKTREE = select(worktrees).where(
    worktrees.c.run_id == bindparam("run_id"), worktrees.c.ws_id == bindparam("ws_id")
)


def find_worktree(connection: Connection, run_id: str, ws_id: str) -> Worktree | None:
    """The worktree of a workstream; None where it is not isolated."""
    row = connection.execute(_WORKTREE, {"run_id": run_id, "ws_id": ws_id}).mappings().first()
    return None if row is None else rows.worktree(row)


def is_taken(connection: Connection, tree: Worktree) -> bool:
    """Whether another worktree has the folder or, in the same repository, the branch, be it in other case."""
    same_branch = (worktrees.c.repo == tree.repo) & (func.lower(worktrees.c.branch) == tree.branch.lower())
    same_path = func.lower(worktrees.c.path) == tree.path.lower()
    return (
        connection.execute(select(worktrees.c.ws_id).where(same_branch | same_path).limit(1)).first()
        is not None
    )


def worktrees_of(connection: Connection, run_ids: Sequence[str]) -> list[Worktree]:
    """The worktrees of these runs."""
    found = []
    for chunk in chunks(run_ids):
        query = select(worktrees).where(worktrees.c.run_id.in_(chunk))
        found += [rows.worktree(row) for row in connection.execute(query).mappings()]
    return found


def worktrees_in(connection: Connection, states: Collection[TreeState] = tuple(TreeState)) -> list[Worktree]:
    """Every worktree in one of these states, oldest first."""
    query = select(worktrees).where(worktrees.c.state.in_(list(states))).order_by(worktrees.c.created_at)
    return [rows.worktree(row) for row in connection.execute(query).mappings()]


def ports_taken(connection: Connection, run_id: str, ws_id: str) -> set[int]:
    """The first ports of the worktrees there are, but for that of this workstream."""
    others = [tree for tree in worktrees_in(connection, _THERE) if tree.key != (run_id, ws_id)]
    return {tree.port_base for tree in others if tree.port_base is not None}


def has_worktrees(connection: Connection) -> bool:
    """Whether there is a worktree, one that is to be made, or what refs keep of one that is gone."""
    states = (*_THERE, TreeState.ARCHIVED)
    queries = (
        select(worktrees.c.run_id).where(worktrees.c.state.in_(states)),
        select(tree_snapshots.c.run_id),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in queries)


_ANY = select(worktrees.c.run_id).limit(1)
_TO_FINISH = (
    select(worktrees)
    .join(
        workstreams,
        (workstreams.c.run_id == worktrees.c.run_id) & (workstreams.c.ws_id == worktrees.c.ws_id),
    )
    .where(
        workstreams.c.review.in_([ReviewState.WAITING, ReviewState.APPROVED]),
        worktrees.c.head.is_(None),
        worktrees.c.state != TreeState.PLANNED,
    )
    .order_by(worktrees.c.created_at)
)


def are_any(connection: Connection) -> bool:
    """Whether a workstream has, or had, a worktree."""
    return connection.execute(_ANY).first() is not None


def worktrees_to_finish(connection: Connection) -> list[Worktree]:
    """Those of workstreams whose jobs have all ended well, while no commit is known that holds their work."""
    return [rows.worktree(row) for row in connection.execute(_TO_FINISH).mappings()]


def snapshots_of(connection: Connection, run_id: str, ws_id: str) -> list[WorktreeSnapshot]:
    """The snapshots of a worktree, oldest first."""
    mine = (tree_snapshots.c.run_id == run_id) & (tree_snapshots.c.ws_id == ws_id)
    query = select(tree_snapshots).where(mine).order_by(tree_snapshots.c.number)
    return [rows.tree_snapshot(row) for row in connection.execute(query).mappings()]


def trees_with_snapshots(connection: Connection) -> set[tuple[str, str]]:
    """The workstreams of which a snapshot is recorded."""
    found = connection.execute(select(tree_snapshots.c.run_id, tree_snapshots.c.ws_id).distinct())
    return {(run_id, ws_id) for run_id, ws_id in found}


def is_started_from(connection: Connection, run_id: str, ws_id: str) -> bool:
    """Whether a job outside of the workstream that comes after one of its jobs is still to end well."""
    parent, child = jobs.alias(), jobs.alias()
    query = (
        select(child.c.job_id)
        .join(job_dependencies, job_dependencies.c.job_id == child.c.job_id)
        .join(parent, parent.c.job_id == job_dependencies.c.depends_on)
        .where((parent.c.run_id == run_id) & (parent.c.ws_id == ws_id))
        .where((child.c.run_id != run_id) | (child.c.ws_id != ws_id))
        .where(child.c.status.not_in(sorted(SATISFIED)))
    )
    return connection.execute(query.limit(1)).first() is not None


def merges_in(connection: Connection, states: Collection[MergeState] = tuple(MergeState)) -> list[Merge]:
    """Every merge in one of these states, oldest first."""
    query = select(merges).where(merges.c.state.in_(list(states))).order_by(merges.c.id)
    return [rows.merge(row) for row in connection.execute(query).mappings()]


def newest_merges(connection: Connection, run_ids: Sequence[str]) -> list[Merge]:
    """The newest merge of each workstream of these runs."""
    found = []
    for chunk in chunks(run_ids):
        newest = select(func.max(merges.c.id)).where(merges.c.run_id.in_(chunk))
        query = select(merges).where(merges.c.id.in_(newest.group_by(merges.c.run_id, merges.c.ws_id)))
        found += [rows.merge(row) for row in connection.execute(query).mappings()]
    return found


def newest_merge(connection: Connection, run_id: str, ws_id: str) -> Merge | None:
    """The newest merge of a workstream."""
    mine = (merges.c.run_id == run_id) & (merges.c.ws_id == ws_id)
    query = select(merges).where(mine).order_by(merges.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else rows.merge(row)


def last_merged(connection: Connection, run_id: str, ws_id: str) -> Merge | None:
    """The last merge of a workstream that has moved its target."""
    mine = (merges.c.run_id == run_id) & (merges.c.ws_id == ws_id) & (merges.c.state == MergeState.MERGED)
    query = select(merges).where(mine).order_by(merges.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else rows.merge(row)


def needed_merges(connection: Connection, run_ids: Sequence[str]) -> dict[tuple[str, str], list[Merge]]:
    """By workstream of these runs, the merges, oldest first, of the others whose jobs its jobs depend on."""
    one, other = jobs.alias("one"), jobs.alias("other")
    its = (merges.c.run_id == other.c.run_id) & (merges.c.ws_id == other.c.ws_id)
    found: dict[tuple[str, str], list[Merge]] = {}
    for chunk in chunks(run_ids):
        query = (
            select(merges, one.c.run_id.label("one_run"), one.c.ws_id.label("one_ws"))
            .join(other, its)
            .join(job_dependencies, job_dependencies.c.depends_on == other.c.job_id)
            .join(one, one.c.job_id == job_dependencies.c.job_id)
            .where(merges.c.state == MergeState.MERGED, one.c.run_id.in_(chunk))
            .where(or_(one.c.run_id != other.c.run_id, one.c.ws_id != other.c.ws_id))
            .order_by(merges.c.id)
            .distinct()
        )
        for row in connection.execute(query).mappings():
            found.setdefault((row["one_run"], row["one_ws"]), []).append(rows.merge(row))
    return found


def comments_of(connection: Connection, run_id: str, ws_id: str) -> list[ReviewComment]:
    """The review comments on a workstream, oldest first."""
    mine = (review_comments.c.run_id == run_id) & (review_comments.c.ws_id == ws_id)
    query = select(review_comments).where(mine).order_by(review_comments.c.id)
    return [rows.review_comment(row) for row in connection.execute(query).mappings()]


def viewed_of(connection: Connection, run_id: str, ws_id: str) -> list[ViewedFile]:
    """The files of a workstream that a person has viewed."""
    mine = (viewed_files.c.run_id == run_id) & (viewed_files.c.ws_id == ws_id)
    return [rows.viewed_file(row) for row in connection.execute(select(viewed_files).where(mine)).mappings()]
