"""Writes which jobs a job waits for, as a step of other verbs."""

from collections.abc import Sequence

from state.records import Job
from state.row_changes import insert_rows
from state.sql_text import Connection


def enter_dependencies(connection: Connection, entered: Sequence[Job]) -> None:
    """Write the dependencies of these jobs."""
    values = [
        {"job_id": job.job_id, "depends_on": parent, "position": place}
        for job in entered
        for place, parent in enumerate(dict.fromkeys(job.depends_on))
    ]
    insert_rows(connection, "job_dependencies", values)
