"""Every read of rows, as records; each function takes a connection, which `DatabaseReader.read` supplies."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, select, union_all

from state import rows
from state.command_table import COMMAND_STATES, JobCommand
from state.handed_priority import HandedPriority, handed_down
from state.lifecycle import FINAL, SATISFIED
from state.records import (
    NOTHING,
    Attempt,
    AttemptStatus,
    Engine,
    Event,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    Run,
    Snapshot,
    Workstream,
    WorkstreamFile,
)
from state.tables import (
    engines,
    events,
    holds,
    job_dependencies,
    jobs,
    limits,
    runs,
    settings,
    step_attempts,
    workstream_files,
    workstreams,
)

JOB_COLUMNS = [column for column in jobs.c if column.name != "spec_json"]
_ATTEMPT = [column for column in step_attempts.c if column.name != "result_json"]
_IN_CHUNK = 500
_OPEN = tuple(status for status in JobStatus if status not in FINAL)

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
_ALL_HOLDS, _ALL_LIMITS = select(holds), select(limits)
_CANCEL_REQUESTS = (
    select(*_ATTEMPT)
    .join(jobs, jobs.c.job_id == step_attempts.c.job_id)
    .where(
        step_attempts.c.status == AttemptStatus.RUNNING, step_attempts.c.engine_id == bindparam("engine_id")
    )
    .where(jobs.c.status == JobStatus.RUNNING, jobs.c.cancel_requested_at.is_not(None))
)
_BACKING_OFF = select(*JOB_COLUMNS).where(jobs.c.status == JobStatus.QUEUED, jobs.c.waits_for == "backoff")
_NEXT_DUE = union_all(
    select(func.min(jobs.c.not_before)).where(
        jobs.c.status == JobStatus.QUEUED, jobs.c.not_before > bindparam("now")
    ),
    select(func.min(holds.c.until)).where(holds.c.until > bindparam("now")),
)
_SETTINGS = select(settings.c.key, settings.c.value_json)
_FAILURE_TEXT = 4000
_RECENT = 1000
_TELLING = (
    AttemptStatus.COMPLETED,
    AttemptStatus.FAILED,
    AttemptStatus.TIMEOUT,
    AttemptStatus.QUOTA,
    AttemptStatus.SPAWN_FAILED,
)


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


def find_job(connection: Connection, job_id: str) -> Job | None:
    """The job, or None."""
    row = connection.execute(_JOB, {"job_id": job_id}).mappings().first()
    if row is None:
        return None
    return rows.job(row, tuple(connection.execute(_PARENTS, {"job_id": job_id}).scalars()))


def find_jobs(connection: Connection, job_ids: Sequence[str]) -> dict[str, Job]:
    """These jobs by their ids; ids that do not exist are left out."""
    found: dict[str, Job] = {}
    for chunk in _chunks(job_ids):
        found.update((job.job_id, job) for job in jobs_where(connection, _JOBS, {"job_ids": chunk}))
    return found


def jobs_of_run(connection: Connection, run_id: str) -> list[Job]:
    """The jobs of a run, in order of acceptance."""
    return jobs_where(connection, select(*JOB_COLUMNS).where(jobs.c.run_id == run_id).order_by(jobs.c.seq))


def jobs_where(connection: Connection, query: Select[Any], values: Mapping[str, Any] = NOTHING) -> list[Job]:
    """The jobs of a select over the job columns, with their dependencies."""
    found = connection.execute(query, values).mappings().all()
    parents = dependencies(connection, [row["job_id"] for row in found])
    return [rows.job(row, parents.get(row["job_id"], ())) for row in found]


def dependencies(connection: Connection, job_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The dependencies of each job, in the order of its file."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(job_ids):
        for job_id, depends_on in connection.execute(_ALL_PARENTS, {"job_ids": chunk}):
            found[job_id].append(depends_on)
    return {job_id: tuple(parents) for job_id, parents in found.items()}


def job_spec(connection: Connection, job_id: str) -> Mapping[str, Any]:
    """The spec of a job as JSON values; empty if there is no such job."""
    found = connection.execute(_SPEC, {"job_id": job_id}).scalar()
    return NOTHING if found is None else json.loads(found)


def job_specs(connection: Connection, job_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The specs of these jobs by their ids."""
    found: dict[str, dict[str, Any]] = {}
    for chunk in _chunks(job_ids):
        specs = connection.execute(_SPECS, {"job_ids": chunk})
        found.update((job_id, json.loads(spec)) for job_id, spec in specs)
    return found


def list_jobs(
    connection: Connection,
    *,
    status: Iterable[JobStatus] = (),
    run_id: str | None = None,
    limit: int = 1000,
) -> list[Job]:
    """The newest jobs that match, oldest of them first."""
    query = select(*JOB_COLUMNS).order_by(jobs.c.seq.desc()).limit(limit)
    if statuses := list(status):
        query = query.where(jobs.c.status.in_(statuses))
    if run_id is not None:
        query = query.where(jobs.c.run_id == run_id)
    return jobs_where(connection, query)[::-1]


def open_jobs(connection: Connection) -> list[Job]:
    """Every job that is held, queued or running."""
    return jobs_where(connection, select(*JOB_COLUMNS).where(jobs.c.status.in_(_OPEN)).order_by(jobs.c.seq))


def ran_before(connection: Connection, digests: Sequence[str]) -> dict[str, Job]:
    """The newest job of each of these digests."""
    found: dict[str, Job] = {}
    for chunk in _chunks(digests):
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
    for chunk in _chunks(job_ids):
        query = select(jobs.c.job_id, jobs.c.digest).where(jobs.c.job_id.in_(chunk))
        found.update((job_id, digest) for job_id, digest in connection.execute(query))
    return found


def attempts_of(connection: Connection, job_id: str) -> list[Attempt]:
    """The attempts of a job with their results, oldest first."""
    query = select(step_attempts).where(step_attempts.c.job_id == job_id).order_by(step_attempts.c.number)
    return [rows.attempt(row) for row in connection.execute(query).mappings()]


def running_attempts(connection: Connection, /, **equal: str | None) -> list[Attempt]:
    """Running attempts whose columns equal these values, oldest first."""
    query = (
        select(*_ATTEMPT).where(step_attempts.c.status == AttemptStatus.RUNNING).order_by(step_attempts.c.id)
    )
    for name, value in equal.items():
        query = query.where(step_attempts.c[name] == value)
    return [rows.attempt(row) for row in connection.execute(query).mappings()]


def recent_attempts(connection: Connection, limit: int = 100) -> list[Attempt]:
    """The newest attempts without their results, oldest of them first."""
    query = select(*_ATTEMPT).order_by(step_attempts.c.id.desc()).limit(limit)
    return [rows.attempt(row) for row in connection.execute(query).mappings()][::-1]


def events_after(
    connection: Connection,
    event_id: int,
    limit: int = 500,
    *,
    run_id: str | None = None,
) -> list[Event]:
    """Events with a greater id, ascending."""
    query = select(events).where(events.c.id > event_id).order_by(events.c.id).limit(limit)
    if run_id is not None:
        query = query.where(events.c.run_id == run_id)
    return [rows.event(row) for row in connection.execute(query).mappings()]


def events_before(connection: Connection, event_id: int, limit: int = 500) -> list[Event]:
    """The page of events just before an id, ascending."""
    query = select(events).where(events.c.id < event_id).order_by(events.c.id.desc()).limit(limit)
    return [rows.event(row) for row in connection.execute(query).mappings()][::-1]


def events_of_job(connection: Connection, job_id: str, limit: int = 500) -> list[Event]:
    """The newest events of a job, ascending."""
    query = select(events).where(events.c.job_id == job_id).order_by(events.c.id.desc()).limit(limit)
    return [rows.event(row) for row in connection.execute(query).mappings()][::-1]


def events_of_type(connection: Connection, event_type: str) -> list[Event]:
    """All events of one type, ascending."""
    query = select(events).where(events.c.event_type == event_type).order_by(events.c.id)
    return [rows.event(row) for row in connection.execute(query).mappings()]


def latest_event_id(connection: Connection) -> int:
    """The highest event id, 0 where there is none."""
    return int(connection.execute(select(func.max(events.c.id))).scalar() or 0)


def oldest_event_id(connection: Connection) -> int:
    """The lowest event id that is kept, 0 where there is none."""
    return int(connection.execute(select(func.min(events.c.id))).scalar() or 0)


def files_of(connection: Connection, run_ids: Sequence[str]) -> list[WorkstreamFile]:
    """Declared and touched files of these runs."""
    found = []
    for chunk in _chunks(run_ids):
        query = select(workstream_files).where(workstream_files.c.run_id.in_(chunk))
        found += [rows.file(row) for row in connection.execute(query).mappings()]
    return found


def all_holds(connection: Connection) -> list[Hold]:
    """Every hold, including expired ones."""
    return [rows.hold(row) for row in connection.execute(_ALL_HOLDS).mappings()]


def all_limits(connection: Connection) -> list[Limit]:
    """Every limit of running jobs."""
    return [rows.limit(row) for row in connection.execute(_ALL_LIMITS).mappings()]


def open_engines(connection: Connection) -> list[Engine]:
    """Engines that started and did not record that they stopped."""
    query = select(engines).where(engines.c.stopped_at.is_(None)).order_by(engines.c.started_at)
    return [rows.engine(row) for row in connection.execute(query).mappings()]


def all_settings(connection: Connection) -> dict[str, str]:
    """Every setting by its key, as the text of its JSON value."""
    return {row.key: row.value_json for row in connection.execute(_SETTINGS)}


def snapshot(connection: Connection, newest_runs: int = 50) -> Snapshot:
    """Open jobs, the newest runs with everything in them, and the cursor after which to fold events."""
    recent = recent_runs(connection, newest_runs)
    found = {run.run_id: run for run in recent}
    by_id = {job.job_id: job for job in open_jobs(connection)}
    for missing in {job.run_id for job in by_id.values()} - found.keys():
        if (run := find_run(connection, missing)) is not None:
            found[missing] = run
    for chunk in _chunks(list(found)):
        ended = jobs.c.run_id.in_(chunk) & jobs.c.status.not_in(_OPEN)
        query = select(*JOB_COLUMNS).where(ended).order_by(jobs.c.seq)
        by_id.update({job.job_id: job for job in jobs_where(connection, query)})
    streams = []
    for chunk in _chunks(list(found)):
        query = select(workstreams).where(workstreams.c.run_id.in_(chunk)).order_by(workstreams.c.position)
        streams += [rows.workstream(row) for row in connection.execute(query).mappings()]
    return Snapshot(
        cursor=latest_event_id(connection),
        runs=tuple(found.values()),
        workstreams=tuple(streams),
        jobs=tuple(by_id.values()),
        files=tuple(files_of(connection, list(found))),
        holds=tuple(all_holds(connection)),
        limits=tuple(all_limits(connection)),
    )


def cancel_requests(connection: Connection, engine_id: str) -> list[Attempt]:
    """Running attempts of this engine whose jobs are to be cancelled."""
    found = connection.execute(_CANCEL_REQUESTS, {"engine_id": engine_id})
    return [rows.attempt(row) for row in found.mappings()]


def unsatisfied(connection: Connection, job_id: str) -> list[str]:
    """The jobs this one waits for: dependencies that are neither completed nor skipped, or do not exist."""
    query = (
        select(job_dependencies.c.depends_on)
        .outerjoin(jobs, jobs.c.job_id == job_dependencies.c.depends_on)
        .where(job_dependencies.c.job_id == job_id)
        .where(jobs.c.status.is_(None) | jobs.c.status.not_in(SATISFIED))
    )
    return list(connection.execute(query.order_by(job_dependencies.c.position)).scalars())


def dependents(connection: Connection, job_ids: Sequence[str]) -> list[str]:
    """Everything that depends on these jobs, directly or through others, in the order of acceptance."""
    found: dict[str, None] = {}
    frontier = list(job_ids)
    while frontier:
        children: list[str] = []
        for chunk in _chunks(frontier):
            query = (
                select(jobs.c.job_id)
                .join(job_dependencies, job_dependencies.c.job_id == jobs.c.job_id)
                .where(job_dependencies.c.depends_on.in_(chunk))
                .order_by(jobs.c.seq)
            )
            children += connection.execute(query).scalars()
        frontier = [job_id for job_id in dict.fromkeys(children) if job_id not in found]
        found.update(dict.fromkeys(frontier))
    return [job_id for job_id in found if job_id not in job_ids]


def last_failures(
    connection: Connection, count: int, *, tool: str, account: str | None = None
) -> list[str | None]:
    """The failure classes of the last attempts of an account, else of a tool, newest first; None for a success.

    Cancelled and interrupted attempts say nothing about the tool and are left out.
    """
    recent = select(step_attempts.c.id).order_by(step_attempts.c.id.desc()).limit(_RECENT)
    query = (
        select(step_attempts.c.failure_class)
        .where(step_attempts.c.id.in_(recent), step_attempts.c.status.in_(_TELLING))
        .order_by(step_attempts.c.completed_at.desc(), step_attempts.c.id.desc())
        .limit(count)
    )
    if account is None:
        query = query.where(step_attempts.c.tool == tool)
    else:
        query = query.join(jobs, jobs.c.job_id == step_attempts.c.job_id).where(jobs.c.account == account)
    return list(connection.execute(query).scalars())


_QUEUED = jobs.c.status == JobStatus.QUEUED
_LOWEST = select(func.min(jobs.c.priority)).where(_QUEUED)
_HIGHEST = select(func.max(jobs.c.priority)).where(_QUEUED)
_CHILD, _PARENT = jobs.alias(), jobs.alias()
_BEHIND_A_LOWER_ONE = (
    select(job_dependencies.c.job_id)
    .join(_CHILD, and_(_CHILD.c.job_id == job_dependencies.c.job_id, _CHILD.c.status == JobStatus.QUEUED))
    .join(
        _PARENT, and_(_PARENT.c.job_id == job_dependencies.c.depends_on, _PARENT.c.status == JobStatus.QUEUED)
    )
    .where(_CHILD.c.priority > _PARENT.c.priority)
    .limit(1)
)
_PRIORITIES = select(jobs.c.job_id, jobs.c.priority).where(_QUEUED)
_WAITED_FOR = select(job_dependencies.c.job_id, job_dependencies.c.depends_on).join(
    _CHILD, and_(_CHILD.c.job_id == job_dependencies.c.job_id, _CHILD.c.status == JobStatus.QUEUED)
)


def handed_priorities(connection: Connection) -> dict[str, HandedPriority]:
    """What the queued jobs hand down to those they wait for; costs next to nothing where nothing is handed down."""
    if connection.execute(_LOWEST).scalar() == connection.execute(_HIGHEST).scalar():
        return {}
    if connection.execute(_BEHIND_A_LOWER_ONE).first() is None:
        return {}
    parents: defaultdict[str, list[str]] = defaultdict(list)
    for child, parent in connection.execute(_WAITED_FOR):
        parents[child].append(parent)
    priorities = {row.job_id: row.priority for row in connection.execute(_PRIORITIES)}
    return handed_down(priorities, parents)


def movable_jobs(connection: Connection) -> list[Job]:
    """Every job that can be moved in the queue, held ones too."""
    movable = sorted(COMMAND_STATES[JobCommand.MOVE].allowed)
    return jobs_where(connection, select(*JOB_COLUMNS).where(jobs.c.status.in_(movable)))


def last_failure(connection: Connection, job_id: str) -> str | None:
    """The summary of the last failed attempt, with the end of its output."""
    query = (
        select(step_attempts)
        .where(step_attempts.c.job_id == job_id, step_attempts.c.status != AttemptStatus.RUNNING)
        .order_by(step_attempts.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None or row["status"] == AttemptStatus.COMPLETED:
        return None
    attempt = rows.attempt(row)
    printed = str(attempt.result.get("stderr") or attempt.result.get("stdout") or "")[-_FAILURE_TEXT:]
    return f"{attempt.summary}\n{printed}".strip()


def backing_off(connection: Connection) -> list[Job]:
    """Queued jobs that wait because their last attempt failed."""
    return jobs_where(connection, _BACKING_OFF)


def next_due(connection: Connection, now: float) -> float | None:
    """The earliest time after `now` at which a queued job may start or a hold ends."""
    times = connection.execute(_NEXT_DUE, {"now": now}).scalars()
    return min((at for at in times if at is not None), default=None)


def is_idle(connection: Connection) -> bool:
    """Whether nothing runs and nothing will start without a person, however long one waits."""
    running = select(step_attempts.c.id).where(
        step_attempts.c.status == AttemptStatus.RUNNING,
        step_attempts.c.engine_id.is_not(None),
    )
    if connection.execute(running.limit(1)).first() is not None:
        return False
    lasting = [hold for hold in all_holds(connection) if hold.until is None]
    if any(hold.kind is HoldKind.ENGINE for hold in lasting):
        return True
    held = {kind: [hold.key for hold in lasting if hold.kind is kind] for kind in HoldKind}
    parents = jobs.alias()
    satisfied = exists().where(
        parents.c.job_id == job_dependencies.c.depends_on, parents.c.status.in_(SATISFIED)
    )
    blocked = exists().where(job_dependencies.c.job_id == jobs.c.job_id, ~satisfied)
    query = select(jobs.c.seq).where(jobs.c.status == JobStatus.QUEUED, ~blocked)
    query = query.where(
        jobs.c.tool.not_in(held[HoldKind.TOOL]), jobs.c.group_name.not_in(held[HoldKind.GROUP])
    )
    query = query.where(jobs.c.account.is_(None) | jobs.c.account.not_in(held[HoldKind.ACCOUNT]))
    return connection.execute(query.limit(1)).first() is None


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _IN_CHUNK):
        yield values[start : start + _IN_CHUNK]
