"""Selects the candidates for a start: pages of the queue, without jobs that could not start anyway.

The decision itself is a pure function that is passed in; leaving rows out here saves time and is never a rule.
"""

import secrets
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, or_, select

from state import hold_queries, queries, queue_queries
from state.handed_priority import HandedPriority, effective
from state.job_select import JOB_COLUMNS, jobs_selected
from state.lifecycle import SATISFIED
from state.records import DAY_BUDGET, Hold, HoldKind, Job, JobStatus, Limit, LimitKind
from state.tables import job_dependencies, jobs

Choose = Callable[[Sequence[Job], Sequence[Job], Sequence[Hold], Sequence[Limit], float], Sequence[str]]
"""Given running jobs, candidates, holds, limits and the time: the ids of the candidates to start now.

A candidate has the priority that counts: its own, or the higher one that is handed down to it.
"""

_NOTHING_HANDED: Mapping[str, HandedPriority] = MappingProxyType({})
_PAGE = 64
_SPARE = 4
"""How many candidates beyond the free slots the first page has, since some may share paths with others."""
_QUEUE_POSITION = func.coalesce(jobs.c.queue_position, jobs.c.seq)


def candidates(connection: Connection, choose: Choose, now: float) -> Iterator[Job]:
    """The jobs to start now, chosen page by page by `choose`; called inside the claiming transaction."""
    holds, limits = hold_queries.all_holds(connection), hold_queries.all_limits(connection)
    if any(_holds_everything(hold) and hold.is_in_force(now) for hold in holds):
        return
    running = jobs_selected(connection, _RUNNING)
    after: Job | None = None
    size = _first_page(running, limits)
    handed = _NOTHING_HANDED
    while not (full := _full(running, limits)) & {(LimitKind.GLOBAL, "")}:
        if after is None:
            handed = queue_queries.handed_priorities(connection)
        values = _values(running, full, now=now, size=size)
        page = _handed_page(connection, values, after, handed) if handed else _page(connection, values, after)
        if not page:
            return
        ranked = [_ranked(job, handed) for job in page]
        chosen = set(choose(running, ranked, holds, limits, now))
        for job in page:
            if job.job_id in chosen:
                running.append(job)
                yield job
        if len(page) < size:
            return
        after, size = page[-1], _PAGE


def _holds_everything(hold: Hold) -> bool:
    return hold.kind is HoldKind.ENGINE or (hold.kind is HoldKind.BUDGET and hold.key == DAY_BUDGET)


def _first_page(running: Sequence[Job], limits: Sequence[Limit]) -> int:
    """About as many jobs as can start: each one read in vain keeps the write lock from others."""
    slots = next((limit.value for limit in limits if limit.kind is LimitKind.GLOBAL), _PAGE)
    return min(max(slots - len(running), 0) + _SPARE, _PAGE)


def _full(running: Sequence[Job], limits: Sequence[Limit]) -> set[tuple[LimitKind, str]]:
    counts: Counter[tuple[LimitKind, str]] = Counter()
    for job in running:
        counts.update([(LimitKind.GLOBAL, ""), (LimitKind.TOOL, job.tool), (LimitKind.GROUP, job.group_name)])
        counts.update([(LimitKind.ACCOUNT, job.account)] if job.account else [])
    return {(limit.kind, limit.key) for limit in limits if counts[limit.kind, limit.key] >= limit.value}


def _values(
    running: Sequence[Job], full: set[tuple[LimitKind, str]], *, now: float, size: int
) -> dict[str, object]:
    return {
        "now": now,
        "size": size,
        "tools": [key for kind, key in full if kind is LimitKind.TOOL],
        "groups": [key for kind, key in full if kind is LimitKind.GROUP],
        "accounts": [key for kind, key in full if kind is LimitKind.ACCOUNT],
        "trees": [job.tree for job in running if job.tree is not None],
    }


def _page(connection: Connection, values: Mapping[str, object], after: Job | None) -> list[Job]:
    if after is None:
        return jobs_selected(connection, _FIRST_PAGE, values)
    return jobs_selected(
        connection, _NEXT_PAGE, {**values, "priority": after.priority, "queue_position": after.queue_key[1]}
    )


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
        and_(parents.c.job_id == job_dependencies.c.depends_on, parents.c.status.in_(SATISFIED))
    )
    blocked = exists().where(and_(job_dependencies.c.job_id == jobs.c.job_id, ~satisfied))
    ready = select(*JOB_COLUMNS).where(
        jobs.c.status == JobStatus.QUEUED,
        jobs.c.cancel_requested_at.is_(None),
        or_(jobs.c.not_before.is_(None), jobs.c.not_before <= bindparam("now")),
        ~blocked,
        jobs.c.tool.not_in(bindparam("tools", expanding=True)),
        jobs.c.group_name.not_in(bindparam("groups", expanding=True)),
        or_(jobs.c.account.is_(None), jobs.c.account.not_in(bindparam("accounts", expanding=True))),
        or_(jobs.c.tree.is_(None), jobs.c.tree.not_in(bindparam("trees", expanding=True))),
    )
    return ready.order_by(jobs.c.priority.desc(), _QUEUE_POSITION).limit(bindparam("size"))


_RUNNING = select(*JOB_COLUMNS).where(jobs.c.status == JobStatus.RUNNING)
_FIRST_PAGE = _candidates()
_KEYS = (
    _FIRST_PAGE.with_only_columns(jobs.c.job_id, jobs.c.priority, _QUEUE_POSITION).order_by(None).limit(None)
)
_NEXT_PAGE = _FIRST_PAGE.where(
    or_(
        jobs.c.priority < bindparam("priority"),
        and_(jobs.c.priority == bindparam("priority"), bindparam("queue_position") < _QUEUE_POSITION),
    )
)


def new_token() -> str:
    """A random token of one attempt that no other process can guess or share by accident."""
    return secrets.token_hex(8)
