"""The estimates of status and show: when jobs may start and runs may end. Always marked as estimates."""

from typing import Any

from engine.cli.home_session import HomeSession, QueueSnapshot
from engine.cli.printing import print_line, timed
from engine.host.forecast_reading import read_facts
from engine.scheduling.forecast import forecast
from engine.scheduling.forecast_types import Forecast, JobEstimate, RunEstimate
from engine.scheduling.forecast_words import account_words, error_words, job_words, run_words
from engine.system.formatting import iso
from state.codec import record_to_json
from state.shown_names import ShownNames

_RUNS = 20


def read_forecast(session: HomeSession, snapshot: QueueSnapshot) -> Forecast:
    """What may happen to the queue of a snapshot."""
    with session.plain.connection() as connection:
        facts = read_facts(
            connection,
            snapshot.accounts,
            now=snapshot.now,
            engine_running=bool(snapshot.engines),
            jobs=snapshot.jobs,
        )
    return forecast(facts, snapshot.now)


def print_estimates(found: Forecast, names: ShownNames) -> None:
    """Print when each run with open jobs may end, and what waits for a quota."""
    runs = [run for run in found.runs.values() if run.rest_ends_at is not None]
    if not runs:
        return
    print_line()
    print_line("Estimates", style="bold")
    usual = error_words(found.errors.typical)
    for run in runs[:_RUNS]:
        print_line(
            f"{names.run(run.run_id)}: {run_words(run, found.made_at)}{_kind(run)}{usual and f'; {usual}'}"
        )
    for account in found.accounts:
        print_line(f"{account_words(account, found.made_at)}.")


def estimate_line(found: Forecast, job_id: str) -> str:
    """When a job may start and end, for `show`; empty for one that has ended."""
    estimate = found.jobs.get(job_id)
    return "" if estimate is None else job_words(estimate, found.made_at) + _kind(estimate)


def estimate_json(estimate: JobEstimate | RunEstimate | None) -> dict[str, Any] | None:
    """An estimate for programs; None where there is none."""
    if estimate is None:
        return None
    return timed(record_to_json(estimate)) | {"is_estimate": True}


def forecast_json(found: Forecast) -> dict[str, Any]:
    """What the whole forecast says, apart from single jobs and runs."""
    accounts = [timed(record_to_json(account)) for account in found.accounts]
    errors = {name: record_to_json(getattr(found.errors, name)) for name in ("starts", "ends", "runs")}
    reaches_to = found.reaches_to if found.reaches_to is None else iso(found.reaches_to)
    return timed({"made_at": found.made_at}) | {
        "reaches_to": reaches_to,
        "accounts": accounts,
        "errors": errors,
    }


def _kind(estimate: JobEstimate | RunEstimate) -> str:
    if isinstance(estimate, RunEstimate) or estimate.ends_at is not None or estimate.starts_at is not None:
        return ", a rough estimate" if estimate.is_rough else ", an estimate"
    return ""
