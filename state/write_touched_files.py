"""Writes which files a workstream declares and has changed, as steps of other verbs that record the event."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select

from state import rows
from state.codec import record_to_json
from state.records import (
    Job,
    WorkstreamFile,
    names_one_path,
)
from state.tables import (
    workstream_files,
)


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
    table = workstream_files
    key = (table.c.run_id == file.run_id) & (table.c.ws_id == file.ws_id) & (table.c.path == file.path)
    row = connection.execute(select(table).where(key)).mappings().first()
    if row is not None:
        known = rows.file(row)
        file = replace(file, declared=file.declared or known.declared, touched=file.touched or known.touched)
        connection.execute(delete(table).where(key))
    connection.execute(insert(table).values(**record_to_json(file)))
    return file
