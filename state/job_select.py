"""Jobs and attempts found by a select of SQLAlchemy, for the queries that are put together of conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func

from state import rows
from state.queries import dependencies
from state.records import NOTHING, Job
from state.tables import jobs, step_attempts

_TITLE = "$.metadata.title"
_HAS_TITLE = func.json_valid(jobs.c.spec_json) & (func.json_type(jobs.c.spec_json, _TITLE) == "text")
JOB_COLUMNS: Sequence[ColumnElement[Any]] = [
    *(column for column in jobs.c if column.name != "spec_json"),
    case((_HAS_TITLE, func.json_extract(jobs.c.spec_json, _TITLE)), else_="").label("title"),
]
"""What a job is read from, as in `queries.JOBS`."""
ATTEMPT_COLUMNS = [column for column in step_attempts.c if column.name != "result_json"]
"""All of an attempt but its result, which may be large."""


def jobs_selected(
    connection: Connection, query: Select[Any], values: Mapping[str, Any] = NOTHING
) -> list[Job]:
    """The jobs of a select over the job columns, with their dependencies."""
    found = connection.execute(query, values).mappings().all()
    parents = dependencies(connection, [row["job_id"] for row in found])
    return [rows.job(row, parents.get(row["job_id"], ())) for row in found]
