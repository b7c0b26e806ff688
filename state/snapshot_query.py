"""Reads everything that is open or new at one moment, and the event after which to follow it."""

from sqlalchemy import Connection, select

from state import attempt_queries, conflict_queries, queries, rows, worktree_queries
from state.event_queries import latest_event_id
from state.queue_queries import all_holds, all_limits
from state.records import (
    Snapshot,
)
from state.tables import (
    jobs,
    workstreams,
)


def snapshot(connection: Connection, newest_runs: int = 50) -> Snapshot:
    """Open jobs, the newest runs with everything in them, and the cursor after which to fold events."""
    recent = queries.recent_runs(connection, newest_runs)
    found = {run.run_id: run for run in recent}
    by_id = {job.job_id: job for job in queries.open_jobs(connection)}
    for missing in {job.run_id for job in by_id.values()} - found.keys():
        if (run := queries.find_run(connection, missing)) is not None:
            found[missing] = run
    for chunk in queries.chunks(list(found)):
        ended = jobs.c.run_id.in_(chunk) & jobs.c.status.not_in(queries.OPEN)
        query = select(*queries.JOB_COLUMNS).where(ended).order_by(jobs.c.seq)
        by_id.update({job.job_id: job for job in queries.jobs_where(connection, query)})
    streams = []
    for chunk in queries.chunks(list(found)):
        query = select(workstreams).where(workstreams.c.run_id.in_(chunk)).order_by(workstreams.c.position)
        streams += [rows.workstream(row) for row in connection.execute(query).mappings()]
    return Snapshot(
        cursor=latest_event_id(connection),
        runs=tuple(found.values()),
        workstreams=tuple(streams),
        jobs=tuple(by_id.values()),
        files=tuple(queries.files_of(connection, list(found))),
        holds=tuple(all_holds(connection)),
        limits=tuple(all_limits(connection)),
        attempts=tuple(attempt_queries.running_attempts(connection)),
        worktrees=tuple(worktree_queries.worktrees_of(connection, list(found))),
        merges=tuple(worktree_queries.newest_merges(connection, list(found))),
        conflicts=tuple(conflict_queries.predicted_conflicts(connection)),
    )
