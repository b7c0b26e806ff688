"""Reads what a forecast is made from: how long past attempts took; and how far past ones were off."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select

from state.codec import record_from_json
from state.forecast_records import ForecastError, ForecastErrors, ForecastSubject, KeptForecast, PastDurations
from state.queries import JOB_COLUMNS, OPEN, jobs_where
from state.records import AttemptStatus, Job, JobStatus
from state.tables import forecasts, jobs, step_attempts, workstreams

_NEWEST = 4000
"""So many of the newest attempts are looked at, however many there are."""
_OF_EACH = 20
"""So many of each repository, step and tool count: what was long ago says little of tonight."""

_SAME_STREAM = (workstreams.c.run_id == step_attempts.c.run_id) & (
    workstreams.c.ws_id == step_attempts.c.ws_id
)
_LENGTH = func.coalesce(step_attempts.c.duration_s, step_attempts.c.completed_at - step_attempts.c.started_at)
_DURATIONS = (
    select(workstreams.c.repo, step_attempts.c.step_name, step_attempts.c.tool, _LENGTH)
    .join(workstreams, _SAME_STREAM)
    .where(
        step_attempts.c.id > select(func.max(step_attempts.c.id)).scalar_subquery() - _NEWEST,
        step_attempts.c.status == AttemptStatus.COMPLETED,
        step_attempts.c.runner != "external",
        _LENGTH >= 0,
    )
    .order_by(step_attempts.c.id.desc())
)
_CHECKED = 2000
"""So many of the newest kept forecasts are compared with what happened."""
_ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.TIMEOUT)


def _newest(subject: ForecastSubject) -> Select[Any]:
    return (
        select(forecasts)
        .where(forecasts.c.subject == subject, forecasts.c.made_at >= bindparam("since"))
        .order_by(forecasts.c.made_at.desc())
        .limit(_CHECKED)
    )


_OF_JOBS = _newest(ForecastSubject.JOB).subquery()
_OF_RUNS = _newest(ForecastSubject.RUN).subquery()
_ERRORS_OF_ENDS = (
    select(jobs.c.completed_at - _OF_JOBS.c.ends_at)
    .join(_OF_JOBS, _OF_JOBS.c.subject_id == jobs.c.job_id)
    .where(jobs.c.status.in_(_ENDED), jobs.c.completed_at.is_not(None))
)
_ERRORS_OF_STARTS = (
    select(step_attempts.c.started_at - _OF_JOBS.c.starts_at)
    .join(_OF_JOBS, and_(_OF_JOBS.c.subject_id == step_attempts.c.job_id, step_attempts.c.number == 1))
    .where(_OF_JOBS.c.starts_at.is_not(None))
)
_ERRORS_OF_RUNS = (
    select(func.max(jobs.c.completed_at) - _OF_RUNS.c.ends_at)
    .join(_OF_RUNS, _OF_RUNS.c.subject_id == jobs.c.run_id)
    .group_by(_OF_RUNS.c.subject_id)
    .having(func.sum(case((jobs.c.status.in_(_ENDED), 0), else_=1)) == 0)
)
_IS_KEPT = exists().where(forecasts.c.subject == ForecastSubject.JOB, forecasts.c.subject_id == jobs.c.job_id)
_WITHOUT = select(jobs.c.seq).where(jobs.c.status == JobStatus.QUEUED, ~_IS_KEPT).limit(1)
_OPEN_NUMBER = select(func.count()).where(jobs.c.status.in_(OPEN))
_FIRST_QUEUED = (
    select(*JOB_COLUMNS)
    .where(jobs.c.status == JobStatus.QUEUED)
    .order_by(jobs.c.priority.desc(), func.coalesce(jobs.c.queue_position, jobs.c.seq))
    .limit(bindparam("most"))
)
_RUNNING = select(*JOB_COLUMNS).where(jobs.c.status == JobStatus.RUNNING)
_REPOS = (
    select(workstreams.c.run_id, workstreams.c.ws_id, workstreams.c.repo)
    .join(jobs, (workstreams.c.run_id == jobs.c.run_id) & (workstreams.c.ws_id == jobs.c.ws_id))
    .where(jobs.c.status.in_(OPEN))
    .distinct()
)


def past_durations(connection: Connection) -> list[PastDurations]:
    """How long the newest successful attempts took, by repository, step and tool; costs the same on any database."""
    found: defaultdict[tuple[str | None, str, str], list[float]] = defaultdict(list)
    for repo, step_name, tool, seconds in connection.execute(_DURATIONS):
        newest = found[repo, step_name, tool]
        if len(newest) < _OF_EACH:
            newest.append(seconds)
    return [
        PastDurations(repo=repo, step_name=step_name, tool=tool, seconds=tuple(seconds))
        for (repo, step_name, tool), seconds in found.items()
    ]


def repositories_of_open_work(connection: Connection) -> dict[tuple[str, str], str | None]:
    """The repository of each workstream that has an open job, by its run and its id."""
    return {(run_id, ws_id): repo for run_id, ws_id, repo in connection.execute(_REPOS)}


def lacks_forecasts(connection: Connection) -> bool:
    """Whether a queued job has no kept forecast yet."""
    return connection.execute(_WITHOUT).first() is not None


def first_of_queue(connection: Connection, most: int) -> tuple[list[Job], bool]:
    """The running jobs with the first ones of the queue, and whether that leaves none of the open jobs out."""
    found = jobs_where(connection, _RUNNING) + jobs_where(connection, _FIRST_QUEUED, {"most": most})
    return found, len(found) == connection.execute(_OPEN_NUMBER).scalar()


def kept_forecasts(connection: Connection, subject: ForecastSubject) -> set[str]:
    """The ids of the open jobs, or of the runs with open jobs, whose forecast is kept."""
    column = jobs.c.job_id if subject is ForecastSubject.JOB else jobs.c.run_id
    is_mine = (forecasts.c.subject == subject) & (forecasts.c.subject_id == column)
    query = select(forecasts.c.subject_id).join(jobs, is_mine).where(jobs.c.status.in_(OPEN)).distinct()
    return set(connection.execute(query).scalars())


def forecasts_of_run(connection: Connection, run_id: str) -> list[KeptForecast]:
    """The kept forecasts of a run and of its jobs."""
    query = (
        select(forecasts)
        .where(forecasts.c.run_id == run_id)
        .order_by(forecasts.c.subject, forecasts.c.subject_id)
    )
    return [record_from_json(KeptForecast, dict(row)) for row in connection.execute(query).mappings()]


def forecast_errors(connection: Connection, since: float) -> ForecastErrors:
    """How far the forecasts that were made since then were off; those of cancelled or skipped jobs do not count."""
    values = {"since": since}
    return ForecastErrors(
        starts=_error(connection.execute(_ERRORS_OF_STARTS, values).scalars()),
        ends=_error(connection.execute(_ERRORS_OF_ENDS, values).scalars()),
        runs=_error(connection.execute(_ERRORS_OF_RUNS, values).scalars()),
    )


def _error(differences: Iterable[float | None]) -> ForecastError:
    known = [one for one in differences if one is not None]
    if not known:
        return ForecastError()
    return ForecastError(len(known), median(map(abs, known)), median(known))
