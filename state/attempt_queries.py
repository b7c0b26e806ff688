"""Reads of attempts, as records; each function takes a connection, which `DatabaseReader.read` supplies."""

import json
from collections.abc import Sequence
from typing import Any

from state import rows
from state.forecast_records import UsageReport
from state.records import Attempt, AttemptStatus, JobStatus
from state.sql_text import Connection, as_list, column, first, mappings, marks, tuples

_COLUMNS = (
    "id, run_id, ws_id, job_id, step_name, number, tool, status, runner, engine_id, home_id, token, "
    "started_at, completed_at, exit_code, duration_s, failure_class, summary, cost_usd, rung, account, "
    "model, permission, session_id, follow_up, input_tokens, cached_tokens, output_tokens, cost_source, "
    "resumes, new_session"
)
ATTEMPTS = f"SELECT {_COLUMNS} FROM step_attempts a"
"""All but the result, which may be large."""
RUNS = "status = 'running'"
"""Which attempts run, in the words of their index."""
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
    query = "SELECT * FROM step_attempts WHERE job_id = ? ORDER BY number"
    return [rows.attempt(row) for row in mappings(connection, query, (job_id,))]


def id_and_token(connection: Connection, job_id: str, number: int | None) -> tuple[int, str] | None:
    """What identifies an attempt of a job, by its number; None where there is none."""
    query = "SELECT id, token FROM step_attempts WHERE job_id = ? AND number = ? ORDER BY id DESC LIMIT 1"
    found = tuples(connection, query, (job_id, number))
    return (found[0][0], found[0][1]) if found else None


def attempts_so_far(connection: Connection, job_ids: Sequence[str]) -> dict[str, list[Attempt]]:
    """The attempts of each of these jobs without their results, oldest first."""
    found: dict[str, list[Attempt]] = {job_id: [] for job_id in job_ids}
    query = f"{ATTEMPTS} WHERE job_id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for row in mappings(connection, query, (as_list(job_ids),)):
        found[row["job_id"]].append(rows.attempt(row))
    return found


def running_attempts(connection: Connection, /, **equal: str | None) -> list[Attempt]:
    """Running attempts whose columns equal these values, oldest first."""
    condition = " AND ".join([RUNS, *(f"{name} IS ?" for name in equal)])
    query = f"{ATTEMPTS} WHERE {condition} ORDER BY id"
    found = mappings(connection, query, tuple(equal.values()))
    return [rows.attempt(row) for row in found]


def recent_attempts(connection: Connection, limit: int = 100, *, before: int | None = None) -> list[Attempt]:
    """The newest attempts, all or those before an id, without their results, oldest of them first."""
    query = f"{ATTEMPTS} WHERE id < ? ORDER BY id DESC LIMIT ?"
    last = 2**63 - 1 if before is None else before
    return [rows.attempt(row) for row in mappings(connection, query, (last, limit))][::-1]


def attempts_with_ids(connection: Connection, ids: Sequence[int]) -> list[Attempt]:
    """These attempts without their results, oldest first; ids that do not exist are left out."""
    query = f"{ATTEMPTS} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return [rows.attempt(row) for row in mappings(connection, query, (as_list(ids),))]


def cancel_requests(connection: Connection, engine_id: str) -> list[Attempt]:
    """Running attempts of this engine whose jobs are to be cancelled."""
    query = f"""{ATTEMPTS} WHERE {RUNS} AND engine_id = ? AND job_id IN
        (SELECT job_id FROM jobs WHERE status = ? AND cancel_requested_at IS NOT NULL)"""
    values = (engine_id, JobStatus.RUNNING)
    return [rows.attempt(row) for row in mappings(connection, query, values)]


_REPORTED = """CASE WHEN json_valid(a.result_json) = 1 THEN
    CASE WHEN json_type(a.result_json, '$.metadata.windows') = 'array'
    THEN json_extract(a.result_json, '$.metadata.windows') END END"""
"""The usage windows that an attempt has reported, as JSON; None where it reported none."""
_RECENT_ONES = "a.id IN (SELECT id FROM step_attempts ORDER BY id DESC LIMIT ?)"
_OF_JOBS = "FROM step_attempts a JOIN jobs j ON j.job_id = a.job_id"


def last_windows(connection: Connection) -> list[tuple[str, str | None, dict[str, Any]]]:
    """The tool, the account and the metadata of the last attempt of each that reported how much of a quota is used."""
    query = f"""SELECT a.tool, coalesce(a.account, j.account), {_REPORTED} AS reported {_OF_JOBS}
        WHERE {_RECENT_ONES} AND reported IS NOT NULL ORDER BY a.id"""
    found = tuples(connection, query, (_RECENT,))
    newest = {(tool, name): {"windows": json.loads(reported)} for tool, name, reported in found}
    return [(tool, name, reported) for (tool, name), reported in newest.items()]


def usage_reports(connection: Connection, since: float) -> list[UsageReport]:
    """The newest attempts that ended since then of tools that report how much of a quota is used, oldest first."""
    query = f"""SELECT a.tool, coalesce(a.account, j.account), a.started_at, a.completed_at, {_REPORTED} {_OF_JOBS}
        WHERE {_RECENT_ONES} AND a.completed_at >= ? ORDER BY a.completed_at, a.id"""
    found = [
        UsageReport(
            tool, account, started_at, ended_at, {} if reported is None else {"windows": json.loads(reported)}
        )
        for tool, account, started_at, ended_at, reported in tuples(connection, query, (_RECENT, since))
    ]
    reporting = {(one.tool, one.account) for one in found if one.metadata}
    return [one for one in found if (one.tool, one.account) in reporting]


def running_accounts(connection: Connection) -> dict[str, str]:
    """The accounts that the running attempts use, by the ids of their jobs."""
    query = f"SELECT job_id, account FROM step_attempts WHERE {RUNS} AND account IS NOT NULL"
    return dict(tuples(connection, query))


def last_failures(
    connection: Connection, count: int, *, tool: str, account: str | None = None
) -> list[str | None]:
    """The failure classes of the last attempts of an account, else of a tool, newest first; None for a success.

    A class that is only a guess counts as none. Cancelled and interrupted attempts say nothing about the tool and are
    left out.
    """
    used = "a.tool = ?" if account is None else "coalesce(a.account, j.account) = ?"
    query = f"""SELECT CASE WHEN json_valid(a.result_json) = 1
            AND json_extract(a.result_json, '$.metadata.confidence') = 'unsure' THEN NULL ELSE a.failure_class END
        FROM step_attempts a {"" if account is None else "JOIN jobs j ON j.job_id = a.job_id"}
        WHERE {_RECENT_ONES} AND a.status IN ({marks(_TELLING)}) AND {used}
        ORDER BY a.completed_at DESC, a.id DESC LIMIT ?"""
    values = (_RECENT, *_TELLING, tool if account is None else account, count)
    return column(connection, query, values)


def last_failed(connection: Connection, job_id: str) -> Attempt | None:
    """The last attempt that has ended, with its result; None where that was successful, or there is none.

    A claim that was given back has started nothing, so it has not failed.
    """
    query = """SELECT * FROM step_attempts WHERE job_id = ? AND status != ?
        AND NOT (status = ? AND failure_class IS NULL) ORDER BY number DESC LIMIT 1"""
    row = first(connection, query, (job_id, AttemptStatus.RUNNING, AttemptStatus.INTERRUPTED))
    return None if row is None or row["status"] == AttemptStatus.COMPLETED else rows.attempt(row)
