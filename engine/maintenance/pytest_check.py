"""Finds the Python that would run pytest for the current folder and for the repositories of recent jobs with tests.

Starts no program of a repository: whether its virtual environment has pytest is seen from its files.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.adapters.tests import has_pytest, pythons
from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import search_path
from state import queries
from state.database_errors import DamagedRecordError
from state.database_reader import DatabaseReader

_RECENT = 200
_MOST_FOLDERS = 5


def pytest_findings(
    reader: DatabaseReader | None, tool_paths: Mapping[str, str]
) -> Iterator[tuple[bool, str]]:
    """For each place whether its Python has pytest, with a sentence; the current folder comes first."""
    places = dict.fromkeys([(Path.cwd(),), *islice(_of_jobs(reader), _MOST_FOLDERS)])
    for folders in places:
        found = _found(folders, tool_paths)
        if found is not None:
            yield True, f"{found} has pytest, for {folders[0]}"
        else:
            fix = "install pytest into its .venv, or name a Python with `signalbox settings set tool_paths python`"
            yield False, f"no Python for {folders[0]} has pytest; {fix}"


def _of_jobs(reader: DatabaseReader | None) -> Iterator[tuple[Path, ...]]:
    """The folders of recent jobs that run pytest by themselves, those of the newest first."""
    if reader is None:
        return
    for values in _recent_specs(reader).values():
        try:
            spec = JobSpec.model_validate(values)
        except ValidationError:
            continue  # another release wrote it
        tests = spec if spec.tool == "tests" else spec.evidence_tests
        if tests is not None and tests.command is None and spec.working_dir.is_dir():
            yield tuple(dict.fromkeys((tests.working_dir, tests.repo_root)))


def _recent_specs(reader: DatabaseReader) -> Mapping[str, Any]:
    """The job files of recent jobs; none where a row is damaged, which the doctor reports with its place."""
    with reader.connection() as connection, suppress(DamagedRecordError):
        jobs = queries.list_jobs(connection, limit=_RECENT)
        return queries.job_specs(connection, [job.job_id for job in reversed(jobs)])
    return {}


def _found(folders: tuple[Path, ...], tool_paths: Mapping[str, str]) -> str | None:
    if "python" in tool_paths:
        return tool_paths["python"] if has_pytest(tool_paths["python"]) else None
    return next((each for each in pythons(folders, search_path()) if _has_pytest(each, folders)), None)


def _has_pytest(python: str, folders: tuple[Path, ...]) -> bool:
    if not any(Path(python).is_relative_to(folder) for folder in folders):
        return has_pytest(python)
    venv = Path(python).parent.parent
    return any(next(venv.glob(f"{lib}/site-packages/pytest"), None) for lib in ("lib/python*", "Lib"))
