"""Makes the forecast of a home from its database. Reads only; how to forecast is decided in `engine.scheduling`."""

from collections.abc import Mapping, Sequence

from engine.scheduling.forecast_types import ForecastFacts
from engine.scheduling.quota_pace import LONGEST_WINDOW_S, account_uses
from state import attempt_queries, forecast_queries, hold_queries, queries
from state.records import Job
from state.sql_text import Connection

ERRORS_OF_S = 7 * 24 * 3600.0
"""The error that is shown is that of the last week."""


def read_facts(
    connection: Connection,
    accounts: Mapping[str, Sequence[str]],
    *,
    now: float,
    engine_running: bool,
    jobs: Mapping[str, Job] | None = None,
) -> ForecastFacts:
    """What a forecast is made from, as it is now; `jobs` are all open ones and their parents where they were read."""
    return ForecastFacts(
        jobs=_open_jobs(connection) if jobs is None else jobs,
        repos=forecast_queries.repositories_of_open_work(connection),
        running_since={one.job_id: one.started_at for one in attempt_queries.running_attempts(connection)},
        used_accounts=attempt_queries.running_accounts(connection),
        holds=hold_queries.all_holds(connection),
        limits=hold_queries.all_limits(connection),
        accounts=accounts,
        durations=forecast_queries.past_durations(connection),
        uses=account_uses(attempt_queries.usage_reports(connection, now - LONGEST_WINDOW_S), now),
        engine_running=engine_running,
        errors=forecast_queries.forecast_errors(connection, now - ERRORS_OF_S),
    )


def _open_jobs(connection: Connection) -> dict[str, Job]:
    found = {job.job_id: job for job in queries.open_jobs(connection)}
    missing = {parent for job in found.values() for parent in job.depends_on} - found.keys()
    return found | queries.find_jobs(connection, sorted(missing))
