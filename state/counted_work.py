"""Reads what the counters of a window count, and which runs it shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from state import queries, rows, worktree_queries
from state.records import Job, Run, Workstream
from state.sql_text import Connection, as_list, column, mappings, marks, tuples
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
    newest = {merge.key: merge for merge in worktree_queries.newest_merges(connection, run_ids)}
    return CountedWork(
        workstreams=streams, jobs=_jobs(connection, shown), merges=newest, runs=len(run_ids),
        earlier_runs=queries.number_of_runs(connection) - len(run_ids),
    )  # fmt: skip


def _jobs(connection: Connection, shown: str) -> dict[tuple[str, str], list[Job]]:
    """The jobs of these runs; those in the same state are one record, as making thousands takes long."""
    names = ("job_id", "run_id", "ws_id", "status", "quarantined", "hold_cause")
    query = (
        f"SELECT {', '.join(names)} FROM jobs WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY seq"
    )
    by_key: defaultdict[tuple[str, str], list[Job]] = defaultdict(list)
    in_state: dict[Any, Job] = {}
    for row in tuples(connection, query, (shown,)):
        job_id, run_id, ws_id, *state = row
        kinds = (
            *state,
            type(job_id),
            type(run_id),
            type(ws_id),
        )  # a damaged row is a record of its own, and refused
        if (job := in_state.get(kinds)) is None:
            job = in_state[kinds] = rows.record(Job, dict(zip(names, row, strict=True)))
        by_key[run_id, ws_id].append(job)
    return by_key


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
