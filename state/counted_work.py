"""Reads what the counters of a window count, and which runs it shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from state import queries, rows, worktree_queries
from state.records import Job, Run, Workstream
from state.sql_text import Connection, as_list, column, mappings, marks
from state.worktree_records import Merge

NEWEST_RUNS = 50
"""How many of the newest runs are shown and counted, besides those that are still open."""


@dataclass(frozen=True, kw_only=True)
class CountedWork:
    """What the counters of a window count: the workstreams, and of their jobs only what decides on their state."""

    workstreams: Sequence[Workstream]
    jobs: Mapping[tuple[str, str], Sequence[Job]]
    merges: Mapping[tuple[str, str], Merge]
    runs: int
    """The number of runs they belong to."""
    earlier_runs: int
    """The number of runs that are neither among the newest nor open, so that nothing of them is counted."""


def counted_work(connection: Connection) -> CountedWork:
    """The workstreams that a window shows at this moment, without reading whole jobs."""
    run_ids = list(shown_runs(connection, NEWEST_RUNS))
    shown = as_list(run_ids)
    query = "SELECT * FROM workstreams WHERE run_id IN (SELECT value FROM json_each(?))"
    streams = [rows.workstream(row) for row in mappings(connection, query, (shown,))]
    by_key = defaultdict(list)
    query = (
        "SELECT job_id, run_id, ws_id, status, quarantined, hold_cause FROM jobs "
        "WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY seq"
    )
    for row in mappings(connection, query, (shown,)):
        by_key[row["run_id"], row["ws_id"]].append(rows.record(Job, row))
    newest = {merge.key: merge for merge in worktree_queries.newest_merges(connection, run_ids)}
    return CountedWork(
        workstreams=streams, jobs=by_key, merges=newest, runs=len(run_ids),
        earlier_runs=queries.number_of_runs(connection) - len(run_ids),
    )  # fmt: skip


def shown_runs(connection: Connection, newest: int) -> dict[str, Run]:
    """The newest runs, and older ones with open jobs or with work under review."""
    found = {run.run_id: run for run in queries.recent_runs(connection, newest)}
    query = f"""SELECT run_id FROM jobs WHERE status IN ({marks(queries.OPEN)})
        UNION SELECT run_id FROM workstreams WHERE review IN ({marks(queries.UNDER_REVIEW)})"""
    still_open = set(column(connection, query, (*queries.OPEN, *queries.UNDER_REVIEW)))
    for missing in still_open - found.keys():
        if (run := queries.find_run(connection, missing)) is not None:
            found[missing] = run
    return found
