"""Reads what a forecast is made from: how long past attempts took; and how far past ones were off."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from state.codec import record_from_json
from state.forecast_records import ForecastError, ForecastErrors, ForecastSubject, KeptForecast, PastDurations
from state.queries import OPEN, jobs_where
from state.records import AttemptStatus, Job, JobStatus
from state.sql_text import Connection, column, mappings, marks, tuples, value

_NEWEST = 4000
"""So many of the newest attempts are looked at, however many there are."""
_OF_EACH = 20
"""So many of each repository, step and tool count: what was long ago says little of tonight."""

_LENGTH = "coalesce(a.duration_s, a.completed_at - a.started_at)"
_DURATIONS = f"""SELECT w.repo, a.step_name, a.tool, {_LENGTH} FROM step_attempts a
    JOIN workstreams w ON w.run_id = a.run_id AND w.ws_id = a.ws_id
    WHERE a.id > (SELECT max(id) FROM step_attempts) - ? AND a.status = ? AND a.runner != 'external' AND {_LENGTH} >= 0
    ORDER BY a.id DESC"""
_CHECKED = 2000
"""So many of the newest kept forecasts are compared with what happened."""
_ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.TIMEOUT)
_NEWEST_OF = "(SELECT * FROM forecasts WHERE subject = ? AND made_at >= ? ORDER BY made_at DESC LIMIT ?) f"
_ERRORS_OF_ENDS = f"""SELECT j.completed_at - f.ends_at FROM {_NEWEST_OF} JOIN jobs j ON f.subject_id = j.job_id
    WHERE j.status IN ({marks(_ENDED)}) AND j.completed_at IS NOT NULL"""
_ERRORS_OF_STARTS = f"""SELECT a.started_at - f.starts_at FROM {_NEWEST_OF}
    JOIN step_attempts a ON f.subject_id = a.job_id AND a.number = 1 WHERE f.starts_at IS NOT NULL"""
_ERRORS_OF_RUNS = f"""SELECT max(j.completed_at) - f.ends_at FROM {_NEWEST_OF} JOIN jobs j ON f.subject_id = j.run_id
    GROUP BY f.subject_id HAVING sum(CASE WHEN j.status IN ({marks(_ENDED)}) THEN 0 ELSE 1 END) = 0"""
_REPOS = f"""SELECT DISTINCT w.run_id, w.ws_id, w.repo FROM workstreams w
    JOIN jobs j ON w.run_id = j.run_id AND w.ws_id = j.ws_id WHERE j.status IN ({marks(OPEN)})"""


def past_durations(connection: Connection) -> list[PastDurations]:
    """How long the newest successful attempts took, by repository, step and tool; costs the same on any database."""
    found: defaultdict[tuple[str | None, str, str], list[float]] = defaultdict(list)
    for repo, step_name, tool, seconds in tuples(connection, _DURATIONS, (_NEWEST, AttemptStatus.COMPLETED)):
        newest = found[repo, step_name, tool]
        if len(newest) < _OF_EACH:
            newest.append(seconds)
    return [
        PastDurations(repo=repo, step_name=step_name, tool=tool, seconds=tuple(seconds))
        for (repo, step_name, tool), seconds in found.items()
    ]


def repositories_of_open_work(connection: Connection) -> dict[tuple[str, str], str | None]:
    """The repository of each workstream that has an open job, by its run and its id."""
    return {(run_id, ws_id): repo for run_id, ws_id, repo in tuples(connection, _REPOS, OPEN)}


def lacks_forecasts(connection: Connection) -> bool:
    """Whether a queued job has no kept forecast yet."""
    query = """SELECT seq FROM jobs WHERE status = ?
        AND NOT EXISTS (SELECT 1 FROM forecasts f WHERE f.subject = ? AND f.subject_id = job_id) LIMIT 1"""
    return value(connection, query, (JobStatus.QUEUED, ForecastSubject.JOB)) is not None


def first_of_queue(connection: Connection, most: int) -> tuple[list[Job], bool]:
    """The running jobs with the first ones of the queue, and whether that leaves none of the open jobs out."""
    queued = "status = ? ORDER BY priority DESC, coalesce(queue_position, seq) LIMIT ?"
    found = jobs_where(connection, "status = ?", (JobStatus.RUNNING,))
    found += jobs_where(connection, queued, (JobStatus.QUEUED, most))
    number = value(connection, f"SELECT count(*) FROM jobs WHERE status IN ({marks(OPEN)})", OPEN)
    return found, len(found) == number


def kept_forecasts(connection: Connection, subject: ForecastSubject) -> set[str]:
    """The ids of the open jobs, or of the runs with open jobs, whose forecast is kept."""
    name = "job_id" if subject is ForecastSubject.JOB else "run_id"
    query = f"""SELECT DISTINCT f.subject_id FROM forecasts f JOIN jobs j ON f.subject = ? AND f.subject_id = j.{name}
        WHERE j.status IN ({marks(OPEN)})"""
    return set(column(connection, query, (subject, *OPEN)))


def forecasts_of_run(connection: Connection, run_id: str) -> list[KeptForecast]:
    """The kept forecasts of a run and of its jobs."""
    query = "SELECT * FROM forecasts WHERE run_id = ? ORDER BY subject, subject_id"
    return [record_from_json(KeptForecast, row) for row in mappings(connection, query, (run_id,))]


def forecast_errors(connection: Connection, since: float) -> ForecastErrors:
    """How far the forecasts that were made since then were off; those of cancelled or skipped jobs do not count."""
    of_jobs = (ForecastSubject.JOB, since, _CHECKED)
    of_runs = (ForecastSubject.RUN, since, _CHECKED)
    return ForecastErrors(
        starts=_error(column(connection, _ERRORS_OF_STARTS, of_jobs)),
        ends=_error(column(connection, _ERRORS_OF_ENDS, (*of_jobs, *_ENDED))),
        runs=_error(column(connection, _ERRORS_OF_RUNS, (*of_runs, *_ENDED))),
    )


def _error(differences: Iterable[float | None]) -> ForecastError:
    known = [one for one in differences if one is not None]
    if not known:
        return ForecastError()
    return ForecastError(len(known), median(map(abs, known)), median(known))
