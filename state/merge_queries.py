"""Reads the merge queues: open merges, what each comes after, and which are committed; functions take a connection."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select, tuple_

from state import queries, rows, worktree_queries
from state.records import JobStatus, Workstream
from state.tables import job_dependencies, jobs, merges, workstream_files, worktrees
from state.worktree_records import OPEN_MERGES, Merge, MergeState

Key = tuple[str, str]
READ = ("merges", "worktrees", "workstreams", "jobs", "job_dependencies", "holds")
"""The tables by which an open merge may begin; of jobs, what they depend on."""


def find_merge(connection: Connection, merge_id: int) -> Merge | None:
    """The merge with this id, or None."""
    row = connection.execute(select(merges).where(merges.c.id == merge_id)).mappings().first()
    return None if row is None else rows.merge(row)


def open_merges(connection: Connection) -> list[Merge]:
    """Every merge that is still to come, oldest first."""
    return worktree_queries.merges_in(connection, sorted(OPEN_MERGES))


def committed_of(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[str, str]]:
    """The branch and the commit of each of these workstreams whose work is committed."""
    mine = tuple_(worktrees.c.run_id, worktrees.c.ws_id).in_(keys)
    query = select(worktrees.c.run_id, worktrees.c.ws_id, worktrees.c.branch, worktrees.c.head)
    found = connection.execute(query.where(mine & worktrees.c.head.is_not(None)))
    return {(run_id, ws_id): (branch, head) for run_id, ws_id, branch, head in found}


def earlier_workstreams(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[Workstream]]:
    """The other workstreams whose jobs the jobs of each of these depend on."""
    one, other = jobs.alias("one"), jobs.alias("other")
    query = (
        select(one.c.run_id, one.c.ws_id, other.c.run_id, other.c.ws_id)
        .join(job_dependencies, job_dependencies.c.job_id == one.c.job_id)
        .join(other, other.c.job_id == job_dependencies.c.depends_on)
        .where(tuple_(one.c.run_id, one.c.ws_id).in_(keys))
        .where(or_(one.c.run_id != other.c.run_id, one.c.ws_id != other.c.ws_id))
        .distinct()
    )
    found: dict[Key, list[Workstream]] = {}
    for run_id, ws_id, other_run, other_ws in connection.execute(query):
        if (stream := queries.find_workstream(connection, other_ws, other_run)) is not None:
            found.setdefault((run_id, ws_id), []).append(stream)
    return found


def rivals_of(connection: Connection, merge: Merge) -> list[str]:
    """The workstreams merged into the same target that have changed a file of this merge too, the newest first."""
    same = (merges.c.repo == merge.repo) & (merges.c.target == merge.target)
    others = or_(merges.c.run_id != merge.run_id, merges.c.ws_id != merge.ws_id)
    touched = workstream_files.c.touched & workstream_files.c.path.in_(merge.files)
    its = (workstream_files.c.run_id == merges.c.run_id) & (workstream_files.c.ws_id == merges.c.ws_id)
    query = (
        select(merges.c.run_id, merges.c.ws_id)
        .join(workstream_files, its)
        .where(same & others & touched & (merges.c.state == MergeState.MERGED))
        .order_by(merges.c.ended_at.desc(), merges.c.id.desc())
    )
    keys = [(row.run_id, row.ws_id) for row in connection.execute(query)]
    names = queries.names_of(connection, keys)
    return list(dict.fromkeys(names.workstream(key) for key in keys))


def running_in(connection: Connection, tree: str) -> str | None:
    """A job that runs in this working tree, or None."""
    mine = (jobs.c.status == JobStatus.RUNNING) & (jobs.c.tree == tree)
    return connection.execute(select(jobs.c.job_id).where(mine).limit(1)).scalar()
