"""Reads of attempts, as records; each function takes a connection, which `DatabaseReader.read` supplies."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, select

from state import queries, rows
from state.forecast_records import UsageReport
from state.records import (
    Attempt,
    AttemptStatus,
    JobStatus,
)
from state.tables import (
    jobs,
    step_attempts,
)

ATTEMPT_COLUMNS = [column for column in step_attempts.c if column.name != "result_json"]
"""All but the result, which may be large."""
_CANCEL_REQUESTS = (
    select(*ATTEMPT_COLUMNS)
    .join(jobs, jobs.c.job_id == step_attempts.c.job_id)
    .where(
        step_attempts.c.status == AttemptStatus.RUNNING, step_attempts.c.engine_id == bindparam("engine_id")
    )
    .where(jobs.c.status == JobStatus.RUNNING, jobs.c.cancel_requested_at.is_not(None))
)
_RECENT = 1000
_TELLING = (
    AttemptStatus.COMPLETED,
    AttemptStatus.FAILED,
    AttemptStatus.TIMEOUT,
    AttemptStatus.QUOTA,
    AttemptStatus.SPAWN_FAILED,
)


def attempts_of(connection: Connection, job_id: str) -> list[Attempt]:
    """The attempts of a job with their results, oldest first."""
    query = select(step_attempts).where(step_attempts.c.job_id == job_id).order_by(step_attempts.c.number)
    return [rows.attempt(row) for row in connection.execute(query).mappings()]


def attempts_so_far(connection: Connection, job_ids: Sequence[str]) -> dict[str, list[Attempt]]:
    """The attempts of each of these jobs without their results, oldest first."""
    found: dict[str, list[Attempt]] = {job_id: [] for job_id in job_ids}
    query = select(*ATTEMPT_COLUMNS).where(step_attempts.c.job_id.in_(job_ids)).order_by(step_attempts.c.id)
    for row in connection.execute(query).mappings():
        found[row["job_id"]].append(rows.attempt(row))
    return found


def running_attempts(connection: Connection, /, **equal: str | None) -> list[Attempt]:
    """Running attempts whose columns equal these values, oldest first."""
    query = (
        select(*ATTEMPT_COLUMNS)
        .where(step_attempts.c.status == AttemptStatus.RUNNING)
        .order_by(step_attempts.c.id)
    )
    for name, value in equal.items():
        query = query.where(step_attempts.c[name] == value)
    return [rows.attempt(row) for row in connection.execute(query).mappings()]


def recent_attempts(connection: Connection, limit: int = 100, *, before: int | None = None) -> list[Attempt]:
    """The newest attempts, all or those before an id, without their results, oldest of them first."""
    query = select(*ATTEMPT_COLUMNS).order_by(step_attempts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(step_attempts.c.id < before)
    return [rows.attempt(row) for row in connection.execute(query).mappings()][::-1]


def attempts_with_ids(connection: Connection, ids: Sequence[int]) -> list[Attempt]:
    """These attempts without their results, oldest first; ids that do not exist are left out."""
    found = []
    for chunk in queries.chunks(sorted(ids)):
        query = select(*ATTEMPT_COLUMNS).where(step_attempts.c.id.in_(chunk)).order_by(step_attempts.c.id)
        found += [rows.attempt(row) for row in connection.execute(query).mappings()]
    return found


def cancel_requests(connection: Connection, engine_id: str) -> list[Attempt]:
    """Running attempts of this engine whose jobs are to be cancelled."""
    found = connection.execute(_CANCEL_REQUESTS, {"engine_id": engine_id})
    return [rows.attempt(row) for row in found.mappings()]


_ACCOUNT = func.coalesce(step_attempts.c.account, jobs.c.account)
_IS_LIST = func.json_type(step_attempts.c.result_json, "$.metadata.windows") == "array"
_WINDOWS = case((_IS_LIST, func.json_extract(step_attempts.c.result_json, "$.metadata.windows")))
_REPORTED = case((func.json_valid(step_attempts.c.result_json) == 1, _WINDOWS))
"""The usage windows that an attempt has reported, as JSON; None where it reported none."""


def last_windows(connection: Connection) -> list[tuple[str, str | None, dict[str, Any]]]:
    """The tool, the account and the metadata of the last attempt of each that reported how much of a quota is used."""
    recent = select(step_attempts.c.id).order_by(step_attempts.c.id.desc()).limit(_RECENT)
    query = (
        select(step_attempts.c.tool, _ACCOUNT, _REPORTED)
        .join(jobs, jobs.c.job_id == step_attempts.c.job_id)
        .where(step_attempts.c.id.in_(recent), _REPORTED.is_not(None))
        .order_by(step_attempts.c.id)
    )
    newest = {(tool, name): {"windows": json.loads(found)} for tool, name, found in connection.execute(query)}
    return [(tool, name, found) for (tool, name), found in newest.items()]


def usage_reports(connection: Connection, since: float) -> list[UsageReport]:
    """The newest attempts that ended since then of tools that report how much of a quota is used, oldest first."""
    recent = select(step_attempts.c.id).order_by(step_attempts.c.id.desc()).limit(_RECENT)
    query = (
        select(
            step_attempts.c.tool,
            _ACCOUNT,
            step_attempts.c.started_at,
            step_attempts.c.completed_at,
            _REPORTED,
        )
        .join(jobs, jobs.c.job_id == step_attempts.c.job_id)
        .where(step_attempts.c.id.in_(recent), step_attempts.c.completed_at >= since)
        .order_by(step_attempts.c.completed_at, step_attempts.c.id)
    )
    found = [
        UsageReport(
            tool, account, started_at, ended_at, {} if reported is None else {"windows": json.loads(reported)}
        )
        for tool, account, started_at, ended_at, reported in connection.execute(query)
    ]
    reporting = {(one.tool, one.account) for one in found if one.metadata}
    return [one for one in found if (one.tool, one.account) in reporting]


def running_accounts(connection: Connection) -> dict[str, str]:
    """The accounts that the running attempts use, by the ids of their jobs."""
    mine = (step_attempts.c.status == AttemptStatus.RUNNING) & step_attempts.c.account.is_not(None)
    query = select(step_attempts.c.job_id, step_attempts.c.account).where(mine)
    return {row.job_id: row.account for row in connection.execute(query)}


_IS_GUESS = and_(
    func.json_valid(step_attempts.c.result_json) == 1,
    func.json_extract(step_attempts.c.result_json, "$.metadata.confidence") == "unsure",
)


def last_failures(
    connection: Connection, count: int, *, tool: str, account: str | None = None
) -> list[str | None]:
    """The failure classes of the last attempts of an account, else of a tool, newest first; None for a success.

    A class that is only a guess counts as none. Cancelled and interrupted attempts say nothing about the tool and are
    left out.
    """
    recent = select(step_attempts.c.id).order_by(step_attempts.c.id.desc()).limit(_RECENT)
    query = (
        select(case((_IS_GUESS, None), else_=step_attempts.c.failure_class))
        .where(step_attempts.c.id.in_(recent), step_attempts.c.status.in_(_TELLING))
        .order_by(step_attempts.c.completed_at.desc(), step_attempts.c.id.desc())
        .limit(count)
    )
    if account is None:
        query = query.where(step_attempts.c.tool == tool)
    else:
        used = func.coalesce(step_attempts.c.account, jobs.c.account)
        query = query.join(jobs, jobs.c.job_id == step_attempts.c.job_id).where(used == account)
    return list(connection.execute(query).scalars())


def last_failed(connection: Connection, job_id: str) -> Attempt | None:
    """The last attempt that has ended, with its result; None where that was successful, or there is none.

    A claim that was given back has started nothing, so it has not failed.
    """
    given_back = (step_attempts.c.status == AttemptStatus.INTERRUPTED) & step_attempts.c.failure_class.is_(
        None
    )
    query = (
        select(step_attempts)
        .where(step_attempts.c.job_id == job_id, step_attempts.c.status != AttemptStatus.RUNNING, ~given_back)
        .order_by(step_attempts.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None or row["status"] == AttemptStatus.COMPLETED else rows.attempt(row)
