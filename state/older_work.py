"""Reads what a window has not read of finished workstreams: at first only how many jobs each has in which state."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select

from state import queries, rows
from state.event_queries import latest_event_id
from state.job_select import JOB_COLUMNS, jobs_selected
from state.records import Job, JobTotal, Workstream, WorkstreamFile
from state.tables import jobs, merges, workstream_files, workstreams, worktrees
from state.worktree_records import Merge, Worktree

WorkstreamKey = tuple[str, str]


def _among(table: Table) -> ColumnElement[bool]:
    """Rows of some workstreams of one run; SQLite finds no index for pairs of values."""
    of_run = table.c.run_id == bindparam("run_id")
    return of_run & table.c.ws_id.in_(bindparam("ws_ids", expanding=True))


# Built once: building a statement costs more than running it.
_STREAMS = select(workstreams).where(_among(workstreams)).order_by(workstreams.c.position)
_JOBS = select(*JOB_COLUMNS).where(_among(jobs)).order_by(jobs.c.seq)
_FILES = select(workstream_files).where(_among(workstream_files))
_TREES = select(worktrees).where(_among(worktrees))
_LAST_MERGES = select(func.max(merges.c.id)).where(_among(merges)).group_by(merges.c.run_id, merges.c.ws_id)
_MERGES = select(merges).where(merges.c.id.in_(_LAST_MERGES))


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadWorkstreams:
    """Whole workstreams with all that belongs to them, as they were at the event `cursor`."""

    cursor: int
    keys: frozenset[WorkstreamKey] = frozenset()
    workstreams: Sequence[Workstream] = ()
    jobs: Sequence[Job] = ()
    files: Sequence[WorkstreamFile] = ()
    worktrees: Sequence[Worktree] = ()
    merges: Sequence[Merge] = ()


def job_totals(connection: Connection, run_ids: Sequence[str]) -> Mapping[WorkstreamKey, Sequence[JobTotal]]:
    """How many jobs of which kind each workstream of these runs has."""
    found: defaultdict[WorkstreamKey, list[JobTotal]] = defaultdict(list)
    of_job = (jobs.c.status, jobs.c.quarantined, jobs.c.hold_cause, jobs.c.cost_source)
    alike = (jobs.c.run_id, jobs.c.ws_id, *of_job)
    counted = (
        func.count().label("number"),
        func.min(jobs.c.seq).label("first_seq"),
        func.sum(jobs.c.cost_usd).label("cost_usd"),
    )
    for chunk in queries.chunks(run_ids):
        query = select(*alike, *counted).where(jobs.c.run_id.in_(chunk)).group_by(*alike)
        for row in connection.execute(query).mappings():
            found[row["run_id"], row["ws_id"]].append(rows.record(JobTotal, row))
    return found


def read_workstreams(connection: Connection, keys: Collection[WorkstreamKey]) -> ReadWorkstreams:
    """These workstreams with everything in them."""
    cursor = latest_event_id(connection)
    by_run: defaultdict[str, list[str]] = defaultdict(list)
    for run_id, ws_id in keys:
        by_run[run_id].append(ws_id)
    streams: list[Workstream] = []
    found: list[Job] = []
    files: list[WorkstreamFile] = []
    trees: list[Worktree] = []
    newest: list[Merge] = []
    for run_id, ws_ids in by_run.items():
        for some in queries.chunks(ws_ids):
            among = {"run_id": run_id, "ws_ids": some}
            streams += [rows.workstream(row) for row in connection.execute(_STREAMS, among).mappings()]
            found += jobs_selected(connection, _JOBS, among)
            files += [rows.file(row) for row in connection.execute(_FILES, among).mappings()]
            trees += [rows.worktree(row) for row in connection.execute(_TREES, among).mappings()]
            newest += [rows.merge(row) for row in connection.execute(_MERGES, among).mappings()]
    return ReadWorkstreams(
        cursor=cursor, keys=frozenset(keys), workstreams=streams, jobs=found, files=files, worktrees=trees,
        merges=newest,
    )  # fmt: skip
