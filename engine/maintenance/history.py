"""Everything recorded about one run, and whether its records fit together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.dependency_circle import find_circle
from engine.jobfile.document import Document, Route, dotted
from state.forecast_records import ForecastSubject, KeptForecast
from state.records import Attempt, Event, Job, Run, Workstream, WorkstreamFile, nothing
from state.worktree_records import ReviewComment, ViewedFile

_Problem = tuple[Route, str]


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything recorded about one run."""

    run: Run
    workstreams: Sequence[Workstream]
    jobs: Sequence[Job]
    specs: Mapping[str, Mapping[str, Any]]
    attempts: Sequence[Attempt]
    files: Sequence[WorkstreamFile]
    events: Sequence[Event] = ()
    comments: Sequence[ReviewComment] = ()
    viewed: Sequence[ViewedFile] = ()
    forecasts: Sequence[KeptForecast] = ()
    sums: Mapping[str, str] = field(default_factory=nothing)
    """The checksums of the files it was read from, by their names."""


def refuse_loose_ends(history: History, document: Document) -> None:
    """Refuse records that name others which are not there, or that stand there twice.

    Raises:
        JobFileError: it names the line and the field of the first.
    """
    for route, reason in _loose_ends(history):
        raise JobFileError(reason, file=document.name, line=document.line_of(route), field=dotted(route))


def _loose_ends(history: History) -> Iterator[_Problem]:
    run_id = history.run.run_id
    streams = [stream.ws_id for stream in history.workstreams]
    jobs = {job.job_id for job in history.jobs}
    yield from _twice("workstreams", "ws_id", streams)
    yield from _twice("jobs", "job_id", [job.job_id for job in history.jobs])
    yield from _twice("attempts", "id", [attempt.id for attempt in history.attempts])
    yield from _strangers("workstreams", "run_id", history.workstreams, {run_id})
    yield from _twice("viewed", "path", [(file.ws_id, file.path) for file in history.viewed])
    for name, records in _parts(history):
        yield from _strangers(name, "run_id", records, {run_id})
        yield from _strangers(name, "ws_id", records, set(streams))
    yield from _strangers("attempts", "job_id", history.attempts, jobs)
    yield from _strange_forecasts(history, jobs)
    if circle := find_circle({job.job_id: job.depends_on for job in history.jobs}):
        place = next(place for place, job in enumerate(history.jobs) if job.job_id == circle[0])
        yield ("jobs", place, "depends_on"), f"these jobs wait for each other: {' -> '.join(circle)}"


def _strange_forecasts(history: History, jobs: set[str]) -> Iterator[_Problem]:
    """Forecasts of what is not in the export, which may be a job of another run."""
    run_id = history.run.run_id
    yield from _twice("forecasts", "subject_id", [(one.subject, one.subject_id) for one in history.forecasts])
    yield from _strangers("forecasts", "run_id", history.forecasts, {run_id})
    for place, one in enumerate(history.forecasts):
        if one.subject_id not in (jobs if one.subject is ForecastSubject.JOB else {run_id}):
            yield ("forecasts", place, "subject_id"), f"{one.subject_id!r} is not in this export"


def _parts(history: History) -> Iterator[tuple[str, Sequence[object]]]:
    """The records that each belong to one of its workstreams."""
    yield "jobs", history.jobs
    yield "attempts", history.attempts
    yield "files", history.files
    yield "comments", history.comments
    yield "viewed", history.viewed


def _twice(name: str, key: str, values: Iterable[object]) -> Iterator[_Problem]:
    seen = set()
    for place, value in enumerate(values):
        if value in seen:
            yield (name, place, key), f"{value!r} is there twice"
        seen.add(value)


def _strangers(name: str, key: str, records: Iterable[object], known: set[str]) -> Iterator[_Problem]:
    for place, record in enumerate(records):
        if (value := getattr(record, key)) not in known:
            yield (name, place, key), f"{value!r} is not in this export"
