"""Writes which files a workstream declares and has changed, as steps of other verbs that record the event."""

from collections.abc import Sequence
from dataclasses import replace

from state import rows
from state.codec import record_to_json
from state.records import (
    Job,
    WorkstreamFile,
    names_one_path,
)
from state.row_changes import delete_rows, insert_row
from state.sql_text import Connection, first

_KEY = "run_id = ? AND ws_id = ? AND path = ?"


def declare(connection: Connection, job: Job, now: float) -> list[WorkstreamFile]:
    """Add the files a job declares; patterns name no file."""
    declared = [path for path in job.files_scope if names_one_path(path)]
    return [
        _put(connection, WorkstreamFile(
            run_id=job.run_id, ws_id=job.ws_id, path=path, declared=True, updated_at=now,
        ))
        for path in declared
    ]  # fmt: skip


def touch(
    connection: Connection,
    job: Job,
    files: Sequence[WorkstreamFile],
    now: float,
) -> list[WorkstreamFile]:
    """Record the files an attempt of this job has changed."""
    return [
        _put(connection, replace(
            file, run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, tool=job.tool, touched=True,
            updated_at=now,
        ))
        for file in files
    ]  # fmt: skip


def _put(connection: Connection, file: WorkstreamFile) -> WorkstreamFile:
    key = (file.run_id, file.ws_id, file.path)
    row = first(connection, f"SELECT * FROM workstream_files WHERE {_KEY}", key)
    if row is not None:
        known = rows.file(row)
        file = replace(file, declared=file.declared or known.declared, touched=file.touched or known.touched)
        delete_rows(connection, "workstream_files", _KEY, key)
    insert_row(connection, "workstream_files", record_to_json(file))
    return file
