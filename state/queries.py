"""Reads of runs, workstreams and jobs as records; a function takes a connection, as `DatabaseReader.read` gives it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, select, tuple_

from state import rows
from state.lifecycle import FINAL
from state.records import (
    NOTHING,
    Engine,
    Job,
    JobStatus,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.shown_names import ShownNames
from state.tables import (
    engines,
    job_dependencies,
    jobs,
    runs,
    settings,
    workstream_files,
    workstreams,
)

T = TypeVar("T")
_TITLE = "$.metadata.title"
_HAS_TITLE = func.json_valid(jobs.c.spec_json) & (func.json_type(jobs.c.spec_json, _TITLE) == "text")
JOB_COLUMNS: Sequence[ColumnElement[Any]] = [
    *(column for column in jobs.c if column.name != "spec_json"),
    case((_HAS_TITLE, func.json_extract(jobs.c.spec_json, _TITLE)), else_="").label("title"),
]
"""What a job is read from: all but its spec, and of that the title a person gave it."""
_IN_CHUNK = 500
OPEN = tuple(status for status in JobStatus if status not in FINAL)
"""The states of a job that has not ended."""

# Statements that run for each job are built once: building one costs more than running it.
_RUN = select(runs).where(runs.c.run_id == bindparam("run_id"))
_NEWEST_WORKSTREAM = (
    select(workstreams)
    .where(workstreams.c.ws_id == bindparam("ws_id"))
    .order_by(workstreams.c.created_at.desc())
    .limit(1)
)
_WORKSTREAM = select(workstreams).where(
    workstreams.c.run_id == bindparam("run_id"), workstreams.c.ws_id == bindparam("ws_id")
)
_JOB = select(*JOB_COLUMNS).where(jobs.c.job_id == bindparam("job_id"))
_PARENTS = (
    select(job_dependencies.c.depends_on)
    .where(job_dependencies.c.job_id == bindparam("job_id"))
    .order_by(job_dependencies.c.position)
)
_ALL_PARENTS = (
    select(job_dependencies.c.job_id, job_dependencies.c.depends_on)
    .where(job_dependencies.c.job_id.in_(bindparam("job_ids", expanding=True)))
    .order_by(job_dependencies.c.job_id, job_dependencies.c.position)
)
_JOBS = select(*JOB_COLUMNS).where(jobs.c.job_id.in_(bindparam("job_ids", expanding=True)))
_SPEC = select(jobs.c.spec_json).where(jobs.c.job_id == bindparam("job_id"))
_SPECS = select(jobs.c.job_id, jobs.c.spec_json).where(
    jobs.c.job_id.in_(bindparam("job_ids", expanding=True))
)
_SETTINGS = select(settings.c.key, settings.c.value_json)


def find_run(connection: Connection, run_id: str) -> Run | None:
    """The run, or None."""
    row = connection.execute(_RUN, {"run_id": run_id}).mappings().first()
    return None if row is None else rows.run(row)


def recent_runs(connection: Connection, limit: int = 10) -> list[Run]:
    """The newest runs, newest first."""
    query = select(runs).order_by(runs.c.created_at.desc(), runs.c.run_id.desc()).limit(limit)
    return [rows.run(row) for row in connection.execute(query).mappings()]


def find_workstream(connection: Connection, ws_id: str, run_id: str | None = None) -> Workstream | None:
    """The workstream of that run, or the newest of that name."""
    if run_id is None:
        found = connection.execute(_NEWEST_WORKSTREAM, {"ws_id": ws_id})
    else:
        found = connection.execute(_WORKSTREAM, {"ws_id": ws_id, "run_id": run_id})
    row = found.mappings().first()
    return None if row is None else rows.workstream(row)


def workstreams_of(connection: Connection, run_id: str) -> list[Workstream]:
    """The workstreams of a run, in order."""
    query = select(workstreams).where(workstreams.c.run_id == run_id).order_by(workstreams.c.position)
    return [rows.workstream(row) for row in connection.execute(query).mappings()]


def names_of(connection: Connection, keys: Iterable[tuple[str, str]]) -> ShownNames:
    """What these workstreams and their runs are called."""
    named = sorted(set(keys))
    known: dict[str, Run] = {}
    streams: dict[tuple[str, str], Workstream] = {}
    for some in chunks(named):
        query = select(workstreams).where(tuple_(workstreams.c.run_id, workstreams.c.ws_id).in_(some))
        found = [rows.workstream(row) for row in connection.execute(query).mappings()]
        streams.update((stream.key, stream) for stream in found)
    for run_ids in chunks(sorted({run_id for run_id, _ in named})):
        query = select(runs).where(runs.c.run_id.in_(run_ids))
        known.update((row["run_id"], rows.run(row)) for row in connection.execute(query).mappings())
    return ShownNames(streams, known)


def find_job(connection: Connection, job_id: str) -> Job | None:
    """The job, or None."""
    row = connection.execute(_JOB, {"job_id": job_id}).mappings().first()
    if row is None:
        return None
    return rows.job(row, tuple(connection.execute(_PARENTS, {"job_id": job_id}).scalars()))


def find_jobs(connection: Connection, job_ids: Sequence[str]) -> dict[str, Job]:
    """These jobs by their ids; ids that do not exist are left out."""
    found: dict[str, Job] = {}
    for chunk in chunks(job_ids):
        found.update((job.job_id, job) for job in jobs_where(connection, _JOBS, {"job_ids": chunk}))
    return found


def jobs_of_run(connection: Connection, run_id: str) -> list[Job]:
    """The jobs of a run, in order of acceptance."""
    return jobs_where(connection, select(*JOB_COLUMNS).where(jobs.c.run_id == run_id).order_by(jobs.c.seq))


def jobs_of_workstream(connection: Connection, run_id: str, ws_id: str) -> list[Job]:
    """The steps of a workstream, in order of acceptance."""
    mine = (jobs.c.run_id == run_id) & (jobs.c.ws_id == ws_id)
    return jobs_where(connection, select(*JOB_COLUMNS).where(mine).order_by(jobs.c.seq))


def jobs_where(connection: Connection, query: Select[Any], values: Mapping[str, Any] = NOTHING) -> list[Job]:
    """The jobs of a select over the job columns, with their dependencies."""
    found = connection.execute(query, values).mappings().all()
    parents = dependencies(connection, [row["job_id"] for row in found])
    return [rows.job(row, parents.get(row["job_id"], ())) for row in found]


def dependencies(connection: Connection, job_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The dependencies of each job, in the order of its file."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for chunk in chunks(job_ids):
        for job_id, depends_on in connection.execute(_ALL_PARENTS, {"job_ids": chunk}):
            found[job_id].append(depends_on)
    return {job_id: tuple(parents) for job_id, parents in found.items()}


def job_spec(connection: Connection, job_id: str) -> Mapping[str, Any]:
    """The spec of a job as JSON values; empty if there is no such job."""
    found = connection.execute(_SPEC, {"job_id": job_id}).scalar()
    return NOTHING if found is None else rows.spec(job_id, found)


def job_specs(connection: Connection, job_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The specs of these jobs by their ids."""
    found: dict[str, dict[str, Any]] = {}
    for chunk in chunks(job_ids):
        specs = connection.execute(_SPECS, {"job_ids": chunk})
        found.update((job_id, rows.spec(job_id, spec)) for job_id, spec in specs)
    return found


def used_labels(connection: Connection) -> list[str]:
    """Every label that a job has, in alphabetical order."""
    is_sound = func.json_type(jobs.c.labels_json) == "array"
    query = select(jobs.c.labels_json).where(jobs.c.labels_json != "[]", is_sound).distinct()
    found = (json.loads(labels) for labels in connection.execute(query).scalars())
    return sorted({label for labels in found for label in labels})


def list_jobs(
    connection: Connection,
    *,
    status: Iterable[JobStatus] = (),
    run_id: str | None = None,
    labels: Iterable[str] = (),
    limit: int = 1000,
) -> list[Job]:
    """The newest jobs that match, with all of these labels, oldest of them first."""
    query = select(*JOB_COLUMNS).order_by(jobs.c.seq.desc()).limit(limit)
    if statuses := list(status):
        query = query.where(jobs.c.status.in_(statuses))
    if run_id is not None:
        query = query.where(jobs.c.run_id == run_id)
    for label in labels:  # no label has a character that JSON escapes
        query = query.where(func.instr(jobs.c.labels_json, f'"{label}"') > 0)
    return jobs_where(connection, query)[::-1]


def open_jobs(connection: Connection) -> list[Job]:
    """Every job that is held, queued or running."""
    return jobs_where(connection, select(*JOB_COLUMNS).where(jobs.c.status.in_(OPEN)).order_by(jobs.c.seq))


def ran_before(connection: Connection, digests: Sequence[str]) -> dict[str, Job]:
    """The newest job of each of these digests."""
    found: dict[str, Job] = {}
    for chunk in chunks(digests):
        query = select(*JOB_COLUMNS).where(jobs.c.digest.in_(chunk)).order_by(jobs.c.seq)
        found.update({job.digest: job for job in jobs_where(connection, query)})
    return found


def came_from(connection: Connection, source_path: str) -> bool:
    """Whether a job was added from this source."""
    query = select(jobs.c.seq).where(jobs.c.source_path == source_path).limit(1)
    return connection.execute(query).first() is not None


def has_open_from(connection: Connection, beginning: str) -> bool:
    """Whether a job that has not ended was added from a source with this prefix."""
    source = jobs.c.source_path
    query = select(jobs.c.seq).where(source >= beginning, source < beginning + chr(0x10FFFF))
    return connection.execute(query.where(jobs.c.status.not_in(FINAL)).limit(1)).first() is not None


def known_job_ids(connection: Connection, job_ids: Sequence[str]) -> dict[str, str]:
    """Which of these ids are taken, with the digest of the job that has them."""
    found: dict[str, str] = {}
    for chunk in chunks(job_ids):
        query = select(jobs.c.job_id, jobs.c.digest).where(jobs.c.job_id.in_(chunk))
        found.update((job_id, digest) for job_id, digest in connection.execute(query))
    return found


def known_run_ids(connection: Connection, run_ids: Sequence[str]) -> set[str]:
    """Which of these runs there are."""
    found: set[str] = set()
    for chunk in chunks(run_ids):
        found.update(connection.execute(select(runs.c.run_id).where(runs.c.run_id.in_(chunk))).scalars())
    return found


def files_of(connection: Connection, run_ids: Sequence[str]) -> list[WorkstreamFile]:
    """Declared and touched files of these runs."""
    found = []
    for chunk in chunks(run_ids):
        query = select(workstream_files).where(workstream_files.c.run_id.in_(chunk))
        found += [rows.file(row) for row in connection.execute(query).mappings()]
    return found


def files_of_workstream(connection: Connection, run_id: str, ws_id: str) -> list[WorkstreamFile]:
    """Declared and touched files of a workstream."""
    mine = (workstream_files.c.run_id == run_id) & (workstream_files.c.ws_id == ws_id)
    return [rows.file(row) for row in connection.execute(select(workstream_files).where(mine)).mappings()]


def open_engines(connection: Connection) -> list[Engine]:
    """Engines that started and did not record that they stopped."""
    query = select(engines).where(engines.c.stopped_at.is_(None)).order_by(engines.c.started_at)
    return [rows.engine(row) for row in connection.execute(query).mappings()]


def all_settings(connection: Connection) -> dict[str, str]:
    """Every setting by its key, as the text of its JSON value."""
    return {row.key: row.value_json for row in connection.execute(_SETTINGS)}


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that one statement can take."""
    for start in range(0, len(values), _IN_CHUNK):
        yield values[start : start + _IN_CHUNK]
