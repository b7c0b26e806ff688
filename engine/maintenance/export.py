"""Exports a run as a folder that can be read back: its records, its output, and a checksum of each file.

Writes and reads the folder; `import_run` turns what was read into history. Starts nothing.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import CommandRefusedError, JobFileError, SignalboxError
from engine.jobfile.document import Document
from engine.jobfile.error_messages import validated
from engine.maintenance import exported_files
from engine.maintenance.export_format import ExportDocument, check_spec
from engine.maintenance.exported_files import DOCUMENT, KEPT, OUTPUTS, SUMS
from engine.maintenance.history import History, refuse_loose_ends
from engine.system.home import Home
from state import attempt_queries, event_queries, forecast_queries, queries, worktree_queries
from state.codec import record_from_json, record_to_json
from state.database_reader import DatabaseReader
from state.forecast_records import KeptForecast
from state.records import Attempt, Event, Job, Run, Workstream, WorkstreamFile
from state.worktree_records import ReviewComment, ViewedFile

FORMAT = 1
_PAGE = 1000


def gather(reader: DatabaseReader, run_id: str) -> History:
    """Everything the database holds about a run.

    Raises:
        SignalboxError: the run does not exist.
    """
    run = reader.read(queries.find_run, run_id)
    if run is None:
        raise SignalboxError(f"There is no run {run_id!r} in this home; `signalbox status` lists the newest.")
    jobs = reader.read(queries.jobs_of_run, run_id)
    streams = reader.read(queries.workstreams_of, run_id)
    return History(
        run=run,
        workstreams=streams,
        jobs=jobs,
        specs={job.job_id: reader.read(queries.job_spec, job.job_id) for job in jobs},
        attempts=[
            attempt for job in jobs for attempt in reader.read(attempt_queries.attempts_of, job.job_id)
        ],
        files=reader.read(queries.files_of, [run_id]),
        events=list(_events(reader, run_id)),
        comments=[
            one for stream in streams for one in reader.read(worktree_queries.comments_of, *stream.key)
        ],
        viewed=[one for stream in streams for one in reader.read(worktree_queries.viewed_of, *stream.key)],
        forecasts=reader.read(forecast_queries.forecasts_of_run, run_id),
    )


def to_json(history: History) -> dict[str, Any]:
    """The history as one JSON document."""
    return {
        "format": FORMAT,
        "run": record_to_json(history.run),
        "workstreams": [record_to_json(stream) for stream in history.workstreams],
        "jobs": [{**record_to_json(job), "spec": dict(history.specs[job.job_id])} for job in history.jobs],
        "attempts": [record_to_json(attempt) for attempt in history.attempts],
        "files": [record_to_json(file) for file in history.files],
        "events": [record_to_json(event) for event in history.events],
        "comments": [record_to_json(comment) for comment in history.comments],
        "viewed": [record_to_json(file) for file in history.viewed],
        "forecasts": [record_to_json(one) for one in history.forecasts],
    }


def write(home: Home, history: History, folder: Path) -> None:
    """Write the history and the output of its attempts into a new folder, closed to other users.

    Raises:
        CommandRefusedError: the folder exists already and is not empty.
        OSError: it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandRefusedError(f"{folder} exists already; name a new folder.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / OUTPUTS).mkdir(mode=0o700)
    sums: dict[str, str] = {}
    for attempt in history.attempts:
        name = attempt.folder_name
        for file in _output_files(home.attempts / name):
            target = folder / OUTPUTS / name / file.name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            sums[str(target.relative_to(folder))] = _copied(file, target)
    document = json.dumps(to_json(history), indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")
    sums[DOCUMENT] = hashlib.sha256(document).hexdigest()
    _write(folder / DOCUMENT, document)
    _write(folder / SUMS, json.dumps({"format": FORMAT, "sha256": sums}, indent=1).encode())


def read(folder: Path) -> History:
    """The history in an exported folder, after checking every file and every field of it.

    Raises:
        SignalboxError: something is missing, was changed, is not valid, or comes from a newer release; the message
            names the file and the field.
    """
    sums = exported_files.checked_sums(folder, FORMAT)
    file = folder / DOCUMENT
    document = exported_files.read_document(file)
    try:
        validated(ExportDocument, document)
        for place, job in enumerate(document.data["jobs"]):
            within = ("jobs", place, "spec")
            check_spec(Document(job["spec"], document.name, document.line_map, within))
        history = _history(document.data, sums)
        refuse_loose_ends(history, document)
    except JobFileError as error:
        raise exported_files.refused(file, error.in_file) from error
    return history


def _history(data: Mapping[str, Any], sums: Mapping[str, str]) -> History:
    return History(
        run=record_from_json(Run, data["run"]),
        workstreams=[record_from_json(Workstream, values) for values in data["workstreams"]],
        jobs=[_job(values) for values in data["jobs"]],
        specs={values["job_id"]: values["spec"] for values in data["jobs"]},
        attempts=[record_from_json(Attempt, values) for values in data["attempts"]],
        files=[record_from_json(WorkstreamFile, values) for values in data["files"]],
        events=[_event(values) for values in data["events"]],
        comments=[record_from_json(ReviewComment, values) for values in data.get("comments", ())],
        viewed=[record_from_json(ViewedFile, values) for values in data.get("viewed", ())],
        forecasts=[record_from_json(KeptForecast, values) for values in data.get("forecasts", ())],
        sums=sums,
    )


def copy_output(folder: Path, history: History, attempt: Attempt, target: Path) -> None:
    """Copy the exported output of an attempt into a new folder: the files whose checksums were checked, as they were.

    Raises:
        SignalboxError: a file was changed meanwhile, or cannot be copied.
    """
    target.mkdir(mode=0o700)
    inside = f"{OUTPUTS}/{attempt.folder_name}/"
    for name, checksum in history.sums.items():
        if name.startswith(inside):
            exported_files.copy_checked(folder / name, target / name.removeprefix(inside), checksum)


def _job(values: Mapping[str, Any]) -> Job:
    """A job of an export; a former release calls its queue position `place`."""
    return record_from_json(Job, {"queue_position": values.get("place"), **values})


def _event(values: Mapping[str, Any]) -> Event:
    """An event of an export; one of the first release calls its type `kind`."""
    return record_from_json(Event, {"event_type": values.get("kind"), **values})


def _events(reader: DatabaseReader, run_id: str) -> Iterator[Event]:
    cursor = 0
    while page := reader.read(event_queries.events_after, cursor, _PAGE, run_id=run_id):
        yield from page
        cursor = page[-1].id


def _output_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if KEPT.fullmatch(path.name)]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _copied(source: Path, target: Path) -> str:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with source.open("rb") as file, os.fdopen(os.open(target, flags, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy)
    return exported_files.sum_of(target)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
