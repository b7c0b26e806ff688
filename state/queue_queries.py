"""Reads of the queue: what holds and limits it, who waits for whom, and what starts next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, bindparam, exists, func, select, union_all

from state.command_table import COMMAND_STATES, JobCommand
from state.handed_priority import HandedPriority, handed_down
from state.hold_queries import all_holds
from state.job_select import JOB_COLUMNS, jobs_selected
from state.lifecycle import SATISFIED
from state.records import (
    NOTHING,
    HoldCause,
    HoldKind,
    Job,
    JobStatus,
    run_of_budget,
)
from state.tables import (
    RUNS,
    holds,
    job_dependencies,
    jobs,
    step_attempts,
    workstreams,
)

_BACKING_OFF = select(*JOB_COLUMNS).where(jobs.c.status == JobStatus.QUEUED, jobs.c.waits_for == "backoff")
_NEXT_DUE = union_all(
    select(func.min(jobs.c.not_before)).where(
        jobs.c.status == JobStatus.QUEUED, jobs.c.not_before > bindparam("now")
    ),
    select(func.min(holds.c.until)).where(holds.c.until > bindparam("now")),
)


def unsatisfied(connection: Connection, job_id: str) -> list[str]:
    """The jobs this one waits for: dependencies that are neither completed nor skipped, or do not exist."""
    query = (
        select(job_dependencies.c.depends_on)
        .outerjoin(jobs, jobs.c.job_id == job_dependencies.c.depends_on)
        .where(job_dependencies.c.job_id == job_id)
        .where(jobs.c.status.is_(None) | jobs.c.status.not_in(SATISFIED))
    )
    return list(connection.execute(query.order_by(job_dependencies.c.position)).scalars())


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
    return jobs_selected(connection, select(*JOB_COLUMNS).where(jobs.c.status.in_(movable)))


def backing_off(connection: Connection) -> list[Job]:
    """Queued jobs that wait because their last attempt failed."""
    return jobs_selected(connection, _BACKING_OFF)


def next_due(connection: Connection, now: float) -> float | None:
    """The earliest time after `now` at which a queued job may start or a hold ends."""
    times = connection.execute(_NEXT_DUE, {"now": now}).scalars()
    return min((at for at in times if at is not None), default=None)


def runs_with_open_jobs(connection: Connection) -> set[str]:
    """The runs that have a job that has not ended."""
    is_open = jobs.c.status.in_((JobStatus.QUEUED, JobStatus.HELD, JobStatus.RUNNING))
    return set(connection.execute(select(jobs.c.run_id).where(is_open).distinct()).scalars())


def repositories_with_open_jobs(connection: Connection) -> list[str]:
    """The repositories of the workstreams that have a job that has not ended, by name."""
    is_open = jobs.c.status.in_((JobStatus.QUEUED, JobStatus.HELD, JobStatus.RUNNING))
    same = (workstreams.c.run_id == jobs.c.run_id) & (workstreams.c.ws_id == jobs.c.ws_id)
    found = select(workstreams.c.repo).join(jobs, same).where(is_open, workstreams.c.repo.is_not(None))
    return sorted(connection.execute(found.distinct()).scalars())


def held_for(connection: Connection, cause: HoldCause) -> list[Job]:
    """The jobs that are held for this cause."""
    held = (jobs.c.status == JobStatus.HELD) & (jobs.c.hold_cause == cause)
    return jobs_selected(connection, select(*JOB_COLUMNS).where(held))


_IS_RUNNING = select(step_attempts.c.id).where(RUNS, step_attempts.c.engine_id.is_not(None)).limit(1)
_IS_BLOCKED = exists().where(
    job_dependencies.c.job_id == jobs.c.job_id,
    ~exists().where(_PARENT.c.job_id == job_dependencies.c.depends_on, _PARENT.c.status.in_(SATISFIED)),
)
_UNBLOCKED = select(jobs.c.seq).where(jobs.c.status == JobStatus.QUEUED, ~_IS_BLOCKED).limit(1)
"""Made once: an engine at rest asks every few seconds, and making a statement costs more than carrying it out."""


def is_idle(connection: Connection, accounts: Mapping[str, Sequence[str]] = NOTHING) -> bool:
    """Whether nothing runs and nothing will start without a person, however long one waits.

    `accounts` are the names of the accounts of each tool that has some; a job that names none may use any of them.
    """
    if connection.execute(_IS_RUNNING).first() is not None:
        return False
    lasting = [hold for hold in all_holds(connection) if hold.until is None]
    if any(hold.kind is HoldKind.ENGINE for hold in lasting):
        return True
    held = {kind: [hold.key for hold in lasting if hold.kind is kind] for kind in HoldKind}
    query = _UNBLOCKED.where(
        jobs.c.tool.not_in(held[HoldKind.TOOL]), jobs.c.group_name.not_in(held[HoldKind.GROUP])
    )
    spent = [tool for tool, names in accounts.items() if set(names) <= set(held[HoldKind.ACCOUNT])]
    may_use = jobs.c.account.is_(None) & jobs.c.tool.not_in(spent)
    query = query.where(may_use | jobs.c.account.not_in(held[HoldKind.ACCOUNT]))
    query = query.where(jobs.c.run_id.not_in([run_of_budget(key) or "" for key in held[HoldKind.BUDGET]]))
    return connection.execute(query).first() is None
