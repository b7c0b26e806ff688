"""Jobs and attempts found by a select of SQLAlchemy, for the queries that are put together of conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func

from state import rows
from state.queries import dependencies
from state.records import NOTHING, Job
from state.tables import job_dependencies, jobs, step_attempts

_TITLE = "$.metadata.title"
_HAS_TITLE = func.json_valid(jobs.c.spec_json) & (func.json_type(jobs.c.spec_json, _TITLE) == "text")
JOB_COLUMNS: Sequence[ColumnElement[Any]] = [
    *(column for column in jobs.c if column.name != "spec_json"),
    case((_HAS_TITLE, func.json_extract(jobs.c.spec_json, _TITLE)), else_="").label("title"),
]
"""What a job is read from, as in `queries.JOBS`."""
HAS_PARENTS = exists().where(job_dependencies.c.job_id == jobs.c.job_id).label("has_parents")
"""Whether a job depends on others, so that those have to be read, too."""
ATTEMPT_COLUMNS = [column for column in step_attempts.c if column.name != "result_json"]
"""All of an attempt but its result, which may be large."""


def jobs_selected(
    connection: Connection, query: Select[Any], values: Mapping[str, Any] = NOTHING
) -> list[Job]:
    """The jobs of a select over the job columns, with their dependencies."""
    found = connection.execute(query, values).mappings().all()
    parents = dependencies(connection, [row["job_id"] for row in found])
    return [rows.job(row, parents.get(row["job_id"], ())) for row in found]


def jobs_found(connection: Connection, names: Sequence[str], found: Sequence[tuple[Any, ...]]) -> list[Job]:
    """The jobs of rows with the job columns by these names, and `HAS_PARENTS` last."""
    waiting = [row[1] for row in found if row[-1]]
    parents = dependencies(connection, waiting) if waiting else {}
    return [rows.job(dict(zip(names, row, strict=True)), parents.get(row[1], ())) for row in found]
