"""Reads of runs, workstreams and jobs as records; a function takes a connection, as `DatabaseReader.read` gives it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from state import rows
from state.lifecycle import FINAL
from state.records import (
    NOTHING,
    Engine,
    HoldKind,
    Job,
    JobStatus,
    ReviewState,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.shown_names import ShownNames
from state.sql_text import Connection, Values, as_list, column, first, mappings, marks, tuples, value

T = TypeVar("T")
_JOB_COLUMNS = (
    "seq, job_id, run_id, ws_id, step_name, position, tool, stage, status, priority, group_name, account, tree, "
    "files_scope_json, origin, source_path, digest, hold_reason, quarantined, attempts, max_attempts, interruptions, "
    "not_before, waits_for, cancel_requested_at, created_at, started_at, completed_at, exit_code, summary, "
    "failure_class, cost_usd, queue_position, scope_root, hold_cause, rung, follow_up, input_tokens, cached_tokens, "
    "output_tokens, cost_source, fresh_session, denied, note, labels_json"
)
JOBS = f"""SELECT {_JOB_COLUMNS},
    CASE WHEN json_valid(spec_json) AND json_type(spec_json, '$.metadata.title') = 'text'
    THEN json_extract(spec_json, '$.metadata.title') ELSE '' END AS title FROM jobs """
"""What a job is read from: all but its spec, and of that the title a person gave it."""
_IN_CHUNK = 500
OPEN = tuple(status for status in JobStatus if status not in FINAL)
"""The states of a job that has not ended."""
UNDER_REVIEW = frozenset({ReviewState.WAITING, ReviewState.APPROVED})
"""The reviews of work that is finished and neither merged nor discarded."""


def find_run(connection: Connection, run_id: str) -> Run | None:
    """The run, or None."""
    row = first(connection, "SELECT * FROM runs WHERE run_id = ?", (run_id,))
    return None if row is None else rows.run(row)


def number_of_runs(connection: Connection) -> int:
    """The number of all runs."""
    return int(value(connection, "SELECT count(*) FROM runs"))


def recent_runs(connection: Connection, limit: int = 10) -> list[Run]:
    """The newest runs, newest first."""
    query = "SELECT * FROM runs ORDER BY created_at DESC, run_id DESC LIMIT ?"
    return [rows.run(row) for row in mappings(connection, query, (limit,))]


def find_workstream(connection: Connection, ws_id: str, run_id: str | None = None) -> Workstream | None:
    """The workstream of that run, or the newest of that name."""
    if run_id is None:
        query = "SELECT * FROM workstreams WHERE ws_id = ? ORDER BY created_at DESC LIMIT 1"
        row = first(connection, query, (ws_id,))
    else:
        row = first(connection, "SELECT * FROM workstreams WHERE run_id = ? AND ws_id = ?", (run_id, ws_id))
    return None if row is None else rows.workstream(row)


def workstreams_of(connection: Connection, run_id: str) -> list[Workstream]:
    """The workstreams of a run, in order."""
    query = "SELECT * FROM workstreams WHERE run_id = ? ORDER BY position"
    return [rows.workstream(row) for row in mappings(connection, query, (run_id,))]


def reviews_in(
    connection: Connection, states: Collection[ReviewState] = UNDER_REVIEW, *, run_id: str | None = None
) -> list[Workstream]:
    """The workstreams whose review is in one of these states, those that wait longest first."""
    query = (
        f"SELECT * FROM workstreams WHERE review IN ({marks(states)}) AND (? IS NULL OR run_id = ?) "
        "ORDER BY coalesce(waits_since, created_at), position"
    )
    return [rows.workstream(row) for row in mappings(connection, query, (*states, run_id, run_id))]


def names_of(connection: Connection, keys: Iterable[tuple[str, str]]) -> ShownNames:
    """What these workstreams and their runs are called."""
    named = set(keys)
    run_ids = as_list({run_id for run_id, _ in named})
    of_runs = "run_id IN (SELECT value FROM json_each(?))"
    query = f"SELECT * FROM workstreams WHERE {of_runs} AND ws_id IN (SELECT value FROM json_each(?))"
    found = mappings(connection, query, (run_ids, as_list({ws_id for _, ws_id in named})))
    streams = {
        (row["run_id"], row["ws_id"]): rows.workstream(row)
        for row in found
        if (row["run_id"], row["ws_id"]) in named
    }
    found = mappings(connection, f"SELECT * FROM runs WHERE {of_runs}", (run_ids,))
    known = {row["run_id"]: rows.run(row) for row in found}
    return ShownNames(streams, known)


def find_job(connection: Connection, job_id: str) -> Job | None:
    """The job, or None."""
    row = first(connection, f"{JOBS} WHERE job_id = ?", (job_id,))
    if row is None:
        return None
    parents = "SELECT depends_on FROM job_dependencies WHERE job_id = ? ORDER BY position"
    return rows.job(row, tuple(column(connection, parents, (job_id,))))


def find_jobs(connection: Connection, job_ids: Sequence[str]) -> dict[str, Job]:
    """These jobs by their ids; ids that do not exist are left out."""
    found = jobs_where(connection, "job_id IN (SELECT value FROM json_each(?))", (as_list(job_ids),))
    return {job.job_id: job for job in found}


def jobs_of_run(connection: Connection, run_id: str) -> list[Job]:
    """The jobs of a run, in order of acceptance."""
    return jobs_where(connection, "run_id = ? ORDER BY seq", (run_id,))


def jobs_of_workstream(connection: Connection, run_id: str, ws_id: str) -> list[Job]:
    """The steps of a workstream, in order of acceptance."""
    return jobs_where(connection, "run_id = ? AND ws_id = ? ORDER BY seq", (run_id, ws_id))


def jobs_where(connection: Connection, condition: str, values: Values = ()) -> list[Job]:
    """The jobs that match a condition in SQL, in its order, with their dependencies."""
    found = mappings(connection, f"{JOBS} WHERE {condition}", values)
    parents = dependencies(connection, [row["job_id"] for row in found])
    return [rows.job(row, parents.get(row["job_id"], ())) for row in found]


def dependencies(connection: Connection, job_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The dependencies of each job, in the order of its file."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = (
        "SELECT job_id, depends_on FROM job_dependencies WHERE job_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY job_id, position"
    )
    for job_id, depends_on in tuples(connection, query, (as_list(job_ids),)) if job_ids else ():
        found[job_id].append(depends_on)
    return {job_id: tuple(parents) for job_id, parents in found.items()}


def job_spec(connection: Connection, job_id: str) -> Mapping[str, Any]:
    """The spec of a job as JSON values; empty if there is no such job."""
    found = value(connection, "SELECT spec_json FROM jobs WHERE job_id = ?", (job_id,))
    return NOTHING if found is None else rows.spec(job_id, found)


def job_specs(connection: Connection, job_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The specs of these jobs by their ids."""
    query = "SELECT job_id, spec_json FROM jobs WHERE job_id IN (SELECT value FROM json_each(?))"
    return {
        job_id: rows.spec(job_id, spec) for job_id, spec in tuples(connection, query, (as_list(job_ids),))
    }


def list_jobs(
    connection: Connection,
    *,
    status: Iterable[JobStatus] = (),
    run_id: str | None = None,
    labels: Iterable[str] = (),
    limit: int = 1000,
) -> list[Job]:
    """The newest jobs that match, with all of these labels, oldest of them first."""
    conditions: list[str] = ["1"]
    values: list[Any] = []
    if statuses := list(status):
        conditions.append(f"status IN ({marks(statuses)})")
        values += statuses
    if run_id is not None:
        conditions.append("run_id = ?")
        values.append(run_id)
    for label in labels:  # no label has a character that JSON escapes
        conditions.append("instr(labels_json, ?) > 0")
        values.append(f'"{label}"')
    condition = f"{' AND '.join(conditions)} ORDER BY seq DESC LIMIT ?"
    return jobs_where(connection, condition, (*values, limit))[::-1]


def open_jobs(connection: Connection) -> list[Job]:
    """Every job that is held, queued or running."""
    return jobs_where(connection, f"status IN ({marks(OPEN)}) ORDER BY seq", OPEN)


def waiting_for_quota(connection: Connection, kind: HoldKind, key: str) -> list[Job]:
    """The queued jobs that wait for the quota of an account, or of a tool where they have none."""
    whose = "account = ?" if kind is HoldKind.ACCOUNT else "account IS NULL AND tool = ?"
    return jobs_where(connection, f"status = ? AND waits_for = 'quota' AND {whose}", (JobStatus.QUEUED, key))


def ran_before(connection: Connection, digests: Sequence[str]) -> dict[str, Job]:
    """The newest job of each of these digests."""
    found = jobs_where(
        connection,
        "substr(digest, 1, 8) IN (SELECT substr(value, 1, 8) FROM json_each(?)) "  # as its index has it
        "AND digest IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (as_list(digests), as_list(digests)),
    )
    return {job.digest: job for job in found}


def came_from(connection: Connection, source_path: str) -> bool:
    """Whether a job was added from this source."""
    return value(connection, "SELECT seq FROM jobs WHERE source_path = ? LIMIT 1", (source_path,)) is not None


def has_open_from(connection: Connection, beginning: str) -> bool:
    """Whether a job that has not ended was added from a source with this prefix."""
    query = (
        "SELECT seq FROM jobs WHERE source_path >= ? AND source_path < ? "
        f"AND status NOT IN ({marks(FINAL)}) LIMIT 1"
    )
    found = value(connection, query, (beginning, beginning + chr(0x10FFFF), *FINAL))
    return found is not None


def known_job_ids(connection: Connection, job_ids: Sequence[str]) -> dict[str, str]:
    """Which of these ids are taken, with the digest of the job that has them."""
    query = "SELECT job_id, digest FROM jobs WHERE job_id IN (SELECT value FROM json_each(?))"
    return dict(tuples(connection, query, (as_list(job_ids),)))


def known_run_ids(connection: Connection, run_ids: Sequence[str]) -> set[str]:
    """Which of these runs there are."""
    query = "SELECT run_id FROM runs WHERE run_id IN (SELECT value FROM json_each(?))"
    return set(column(connection, query, (as_list(run_ids),)))


def files_of(connection: Connection, run_ids: Sequence[str]) -> list[WorkstreamFile]:
    """Declared and touched files of these runs."""
    query = "SELECT * FROM workstream_files WHERE run_id IN (SELECT value FROM json_each(?))"
    return [rows.file(row) for row in mappings(connection, query, (as_list(run_ids),))]


def files_of_workstream(connection: Connection, run_id: str, ws_id: str) -> list[WorkstreamFile]:
    """Declared and touched files of a workstream."""
    query = "SELECT * FROM workstream_files WHERE run_id = ? AND ws_id = ?"
    return [rows.file(row) for row in mappings(connection, query, (run_id, ws_id))]


def open_engines(connection: Connection) -> list[Engine]:
    """Engines that started and did not record that they stopped."""
    query = "SELECT * FROM engines WHERE stopped_at IS NULL ORDER BY started_at"
    return [rows.engine(row) for row in mappings(connection, query)]


def all_settings(connection: Connection) -> dict[str, str]:
    """Every setting by its key, as the text of its JSON value."""
    return dict(tuples(connection, "SELECT key, value_json FROM settings"))


def dependents(connection: Connection, job_ids: Sequence[str]) -> list[str]:
    """Everything that depends on these jobs, directly or through others, in the order of acceptance."""
    query = """SELECT job_id FROM jobs JOIN job_dependencies USING (job_id)
        WHERE depends_on IN (SELECT value FROM json_each(?)) ORDER BY seq"""
    found: dict[str, None] = {}
    frontier = list(job_ids)
    while frontier:
        children = dict.fromkeys(column(connection, query, (as_list(frontier),)))
        frontier = [job_id for job_id in children if job_id not in found]
        found.update(dict.fromkeys(frontier))
    return [job_id for job_id in found if job_id not in job_ids]


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that one statement can take."""
    for start in range(0, len(values), _IN_CHUNK):
        yield values[start : start + _IN_CHUNK]
