"""Reads the words that a terminal completes. Apart from the other queries, since no record is needed for them."""

import json

from state.sql_text import Connection, column


def newest_job_ids(connection: Connection, limit: int) -> list[str]:
    """The ids of the newest jobs, newest first."""
    return column(connection, "SELECT job_id FROM jobs ORDER BY seq DESC LIMIT ?", (limit,))


def used_labels(connection: Connection) -> list[str]:
    """Every label that a job has, in alphabetical order."""
    query = (
        "SELECT DISTINCT labels_json FROM jobs WHERE labels_json != '[]' AND json_type(labels_json) = 'array'"
    )
    found = (json.loads(labels) for labels in column(connection, query))
    return sorted({label for labels in found for label in labels})
