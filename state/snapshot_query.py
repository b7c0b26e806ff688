"""Reads everything that is open or new at one moment, and the event after which to follow it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from state import attempt_queries, conflict_queries, queries, rows, worktree_queries
from state.counted_work import NEWEST_RUNS, shown_runs
from state.event_queries import latest_event_id
from state.hold_queries import all_holds, all_limits
from state.job_select import JOB_COLUMNS, jobs_selected
from state.older_work import ReadWorkstreams, job_totals, read_workstreams
from state.records import (
    JobTotal,
    OlderWorkstream,
    Run,
    Snapshot,
    Workstream,
)
from state.tables import jobs, workstreams


def snapshot(
    connection: Connection, newest_runs: int = NEWEST_RUNS, *, most_ended: int | None = None
) -> Snapshot:
    """Open jobs, the newest and the open runs with everything in them, and the cursor after which to fold events.

    With `most_ended`, of the workstreams without an open job only so many jobs are read, the newest first; of the rest,
    `older` has how many there are.
    """
    found = shown_runs(connection, newest_runs)
    run_ids = list(found)
    streams = _workstreams_of(connection, run_ids)
    older: Sequence[OlderWorkstream] = ()
    if most_ended is None:
        read = _all_of(connection, run_ids, streams)
    else:
        totals = job_totals(connection, run_ids)
        keys = _read_first(found, streams, totals, most_ended)
        read = read_workstreams(connection, keys)
        merges = {merge.key: merge for merge in worktree_queries.newest_merges(connection, run_ids)}
        older = [
            OlderWorkstream(workstream=one, jobs=totals.get(one.key, ()), merge=merges.get(one.key))
            for one in _newest_first(found, streams)
            if one.key not in keys
        ]
    return Snapshot(
        cursor=latest_event_id(connection),
        runs=tuple(found.values()),
        workstreams=read.workstreams,
        jobs=read.jobs,
        files=read.files,
        holds=tuple(all_holds(connection)),
        limits=tuple(all_limits(connection)),
        attempts=tuple(attempt_queries.running_attempts(connection)),
        worktrees=read.worktrees,
        merges=read.merges,
        conflicts=tuple(conflict_queries.predicted_conflicts(connection)),
        older=older,
        earlier_runs=queries.number_of_runs(connection) - len(run_ids),
    )


def _workstreams_of(connection: Connection, run_ids: Sequence[str]) -> list[Workstream]:
    streams: list[Workstream] = []
    for chunk in queries.chunks(run_ids):
        query = select(workstreams).where(workstreams.c.run_id.in_(chunk)).order_by(workstreams.c.position)
        streams += [rows.workstream(row) for row in connection.execute(query).mappings()]
    return streams


def _all_of(connection: Connection, run_ids: Sequence[str], streams: Sequence[Workstream]) -> ReadWorkstreams:
    by_id = {job.job_id: job for job in queries.open_jobs(connection)}
    for chunk in queries.chunks(run_ids):
        ended = jobs.c.run_id.in_(chunk) & jobs.c.status.not_in(queries.OPEN)
        query = select(*JOB_COLUMNS).where(ended).order_by(jobs.c.seq)
        by_id.update({job.job_id: job for job in jobs_selected(connection, query)})
    return ReadWorkstreams(
        cursor=0,
        workstreams=streams,
        jobs=tuple(by_id.values()),
        files=queries.files_of(connection, run_ids),
        worktrees=worktree_queries.worktrees_of(connection, run_ids),
        merges=worktree_queries.newest_merges(connection, run_ids),
    )


def _newest_first(found: Mapping[str, Run], streams: Sequence[Workstream]) -> list[Workstream]:
    return sorted(streams, key=lambda one: (-found[one.run_id].created_at, one.position))


def _read_first(
    found: Mapping[str, Run],
    streams: Sequence[Workstream],
    totals: Mapping[tuple[str, str], Sequence[JobTotal]],
    most_ended: int,
) -> set[tuple[str, str]]:
    """The workstreams with open jobs or under review, and others of not more than so many jobs."""
    keys, left = set(), most_ended
    for stream in _newest_first(found, streams):
        of_stream = totals.get(stream.key, ())
        number = sum(total.number for total in of_stream)
        if stream.review in queries.UNDER_REVIEW or any(total.status in queries.OPEN for total in of_stream):
            keys.add(stream.key)
        elif number <= left:
            keys.add(stream.key)
            left -= number
        else:
            left = 0
    return keys
