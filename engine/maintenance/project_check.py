"""Checks the project files of the repositories that have work to do, for `signalbox doctor`. Starts no program."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from engine.errors import JobFileError, SpawnError
from engine.jobfile.project_file import project_file_of, read_project_file
from engine.jobfile.tool_registry import tool_problem
from engine.system.formatting import plural
from engine.system.tool_paths import resolve, search_path
from state import queue_queries
from state.database_errors import DamagedRecordError
from state.database_reader import DatabaseReader


def project_findings(
    reader: DatabaseReader | None, tool_paths: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """For each project file a level of the doctor and a sentence: each error of it, or that it is valid."""
    for file in dict.fromkeys(map(project_file_of, _repositories(reader))):
        if os.path.lexists(file):
            yield from _findings(file, tool_paths)


def _repositories(reader: DatabaseReader | None) -> list[Path]:
    """None where a row is damaged, which the doctor reports with its place."""
    if reader is not None:
        with reader.connection() as connection, suppress(DamagedRecordError):
            return [Path(repo) for repo in queue_queries.repositories_with_open_jobs(connection)]
    return []


def _findings(file: Path, tool_paths: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        project = read_project_file(file, tool_problem=tool_problem)
    except JobFileError as error:
        for each in error.every:
            yield "problem", f"{file.parent}/{each}. Correct it: no job of that repository starts before"
        return
    sentences = (_missing(file, field, one.exe, tool_paths) for field, one in project.runs.items())
    missing = [sentence for sentence in sentences if sentence]
    yield from (("problem", sentence) for sentence in missing)
    if not missing:
        yield "ok", f"{file} is valid, and {plural(len(project.runs), 'command')} of it can be started"


def _missing(file: Path, field: str, exe: str, tool_paths: Mapping[str, str]) -> str:
    try:
        resolve(exe, path=search_path(), tool_paths=tool_paths, working_dir=file.parent)
    except SpawnError as error:
        return f"{file}: {field}: {error}"
    return ""
