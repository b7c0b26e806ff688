"""Selects the candidates for a start: pages of the queue, without jobs that could not start anyway.

The decision itself is a pure function that is passed in; leaving rows out here saves time and is never a rule.
"""

import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, literal, or_, select

from state import hold_queries, queries, queue_queries
from state.database import Database
from state.handed_priority import HandedPriority, effective
from state.job_select import HAS_PARENTS, JOB_COLUMNS, jobs_found
from state.kept_running_jobs import KeptRunningJobs
from state.lifecycle import SATISFIED
from state.prepared_statement import PreparedByLength, numbered
from state.records import DAY_BUDGET, Hold, HoldKind, Job, JobStatus, Limit, LimitKind
from state.running_job import RunningJob
from state.tables import job_dependencies, jobs

Choose = Callable[
    [Sequence[RunningJob], Sequence[Job], Sequence[Hold], Sequence[Limit], float], Sequence[str]
]
"""Given running jobs, candidates, holds, limits and the time: the ids of the candidates to start now.

A candidate has the priority that counts: its own, or the higher one that is handed down to it.
"""

_NOTHING_HANDED: Mapping[str, HandedPriority] = MappingProxyType({})
_PAGE = 64
_SPARE = 4
"""How many candidates beyond the free slots the first page has, since some may share paths with others."""
_QUEUE_POSITION = func.coalesce(jobs.c.queue_position, jobs.c.seq)


class QueueMemory:
    """What is kept in memory of the queue of one database between the transactions that claim."""

    def __init__(self, database: Database) -> None:
        self._database, self.running = database, KeptRunningJobs(database)

    def holds(self, connection: Connection) -> Sequence[Hold]:
        """Every hold."""
        return self._database.kept("holds", ("holds",), lambda: hold_queries.all_holds(connection))

    def limits(self, connection: Connection) -> Sequence[Limit]:
        """Every limit of running jobs."""
        return self._database.kept("limits", ("limits",), lambda: hold_queries.all_limits(connection))

    def handed(self, connection: Connection) -> Mapping[str, HandedPriority]:
        """The priorities that are handed down. A job that has started may be among them."""
        tables = ("jobs", "job_dependencies")
        return self._database.kept("handed", tables, lambda: queue_queries.handed_priorities(connection))


def candidates(connection: Connection, choose: Choose, now: float, memory: QueueMemory) -> Iterator[Job]:
    """The jobs to start now, chosen page by page by `choose`; called inside the claiming transaction."""
    holds, limits = memory.holds(connection), memory.limits(connection)
    if any(_holds_everything(hold) and hold.is_in_force(now) for hold in holds):
        return
    running = [*memory.running.all(connection)]
    after: Job | None = None
    size = _first_page(running, limits)
    handed = _NOTHING_HANDED
    while not (full := _full(running, limits)) & {(LimitKind.GLOBAL, "")}:
        if after is None:
            handed = memory.handed(connection)
        values, lists = {"now": now, "size": size}, _lists(running, full)
        if handed:
            page = _handed_page(connection, {**values, **lists}, after, handed)
        else:
            page = _page(connection, values, lists, after)
        if not page:
            return
        ranked = [_ranked(job, handed) for job in page]
        chosen = set(choose(running, ranked, holds, limits, now))
        for job in page:
            if job.job_id in chosen:
                running.append(RunningJob.of(job, account=job.account))
                yield job
        if len(page) < size:
            return
        after, size = page[-1], _PAGE


def _holds_everything(hold: Hold) -> bool:
    return hold.kind is HoldKind.ENGINE or (hold.kind is HoldKind.BUDGET and hold.key == DAY_BUDGET)


def _first_page(running: Sequence[RunningJob], limits: Sequence[Limit]) -> int:
    """About as many jobs as can start: each one read in vain keeps the write lock from others."""
    slots = next((limit.value for limit in limits if limit.kind is LimitKind.GLOBAL), _PAGE)
    return min(max(slots - len(running), 0) + _SPARE, _PAGE)


def _full(running: Sequence[RunningJob], limits: Sequence[Limit]) -> set[tuple[LimitKind, str]]:
    return {(limit.kind, limit.key) for limit in limits if _taken(running, limit) >= limit.value}


def _taken(running: Sequence[RunningJob], limit: Limit) -> int:
    """How many of the slots of a limit are taken."""
    match limit.kind:
        case LimitKind.GLOBAL:
            return len(running)
        case LimitKind.TOOL:
            return sum(job.tool == limit.key for job in running)
        case LimitKind.GROUP:
            return sum(job.group_name == limit.key for job in running)
        case LimitKind.ACCOUNT:
            return sum(job.account == limit.key for job in running)


def _lists(running: Sequence[RunningJob], full: set[tuple[LimitKind, str]]) -> dict[str, Sequence[str]]:
    return {
        "tools": [key for kind, key in full if kind is LimitKind.TOOL],
        "groups": [key for kind, key in full if kind is LimitKind.GROUP],
        "accounts": [key for kind, key in full if kind is LimitKind.ACCOUNT],
        "trees": [job.tree for job in running if job.tree is not None],
    }


def _page(
    connection: Connection,
    values: Mapping[str, object],
    lists: Mapping[str, Sequence[str]],
    after: Job | None,
) -> list[Job]:
    if after is None:
        return jobs_found(connection, _FIRST_PAGE.names, _FIRST_PAGE.rows(connection, lists, values))
    place = {"priority": after.priority, "queue_position": after.queue_key[1]}
    return jobs_found(connection, _NEXT_PAGE.names, _NEXT_PAGE.rows(connection, lists, {**values, **place}))


def _handed_page(
    connection: Connection,
    values: Mapping[str, object],
    after: Job | None,
    handed: Mapping[str, HandedPriority],
) -> list[Job]:
    """The same where priorities are handed down: the order is only known here, so all keys are read first."""

    def key(job_id: str, priority: int, position: float) -> tuple[int, float]:
        return (-effective(priority, handed.get(job_id)), position)

    keys = sorted((key(*row), row[0]) for row in connection.execute(_KEYS, values))
    if after is not None:
        last = key(after.job_id, after.priority, after.queue_key[1])
        keys = keys[bisect_right(keys, (last, after.job_id)) :]
    ids = [job_id for _, job_id in keys[: int(str(values["size"]))]]
    found = queries.find_jobs(connection, ids)
    return [found[job_id] for job_id in ids]


def _ranked(job: Job, handed: Mapping[str, HandedPriority]) -> Job:
    """The job with the priority that counts."""
    return replace(job, priority=effective(job.priority, handed[job.job_id])) if job.job_id in handed else job


def _candidates() -> Select[Any]:
    parents = jobs.alias()
    satisfied = exists().where(
        and_(
            parents.c.job_id == job_dependencies.c.depends_on,
            parents.c.status.in_([literal(one) for one in sorted(SATISFIED)]),
        )
    )
    blocked = exists().where(and_(job_dependencies.c.job_id == jobs.c.job_id, ~satisfied))
    ready = select(*JOB_COLUMNS, HAS_PARENTS).where(
        jobs.c.status == JobStatus.QUEUED,
        jobs.c.cancel_requested_at.is_(None),
        or_(jobs.c.not_before.is_(None), jobs.c.not_before <= bindparam("now")),
        ~blocked,
    )
    return ready.order_by(jobs.c.priority.desc(), _QUEUE_POSITION).limit(bindparam("size"))


def _without(page: Select[Any], tools: Any, groups: Any, accounts: Any, trees: Any) -> Select[Any]:
    """The candidates without those for whose tool, group, account or tree there is no room; None leaves all in."""
    if tools is not None:
        page = page.where(jobs.c.tool.not_in(tools))
    if groups is not None:
        page = page.where(jobs.c.group_name.not_in(groups))
    if accounts is not None:
        page = page.where(or_(jobs.c.account.is_(None), jobs.c.account.not_in(accounts)))
    if trees is not None:
        page = page.where(or_(jobs.c.tree.is_(None), jobs.c.tree.not_in(trees)))
    return page


_LISTS = ("tools", "groups", "accounts", "trees")


def _by_length(page: Select[Any]) -> PreparedByLength:
    def build(*lengths: int) -> Select[Any]:
        lists = (numbered(name, length) for name, length in zip(_LISTS, lengths, strict=True))
        return _without(page, *lists)

    return PreparedByLength(build, *_LISTS)


_READY = _candidates()
_FIRST_PAGE = _by_length(_READY)
_NEXT_PAGE = _by_length(
    _READY.where(
        or_(
            jobs.c.priority < bindparam("priority"),
            and_(jobs.c.priority == bindparam("priority"), bindparam("queue_position") < _QUEUE_POSITION),
        )
    )
)
_KEYS = (
    _without(_READY, *(bindparam(name, expanding=True) for name in _LISTS))
    .with_only_columns(jobs.c.job_id, jobs.c.priority, _QUEUE_POSITION)
    .order_by(None)
    .limit(None)
)


def new_token() -> str:
    """A random token of one attempt that no other process can guess or share by accident."""
    return secrets.token_hex(8)
