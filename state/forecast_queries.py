"""Reads what a forecast is made from: how long past attempts took, and where open work belongs."""

from collections import defaultdict

from sqlalchemy import Connection, func, select

from state.forecast_records import PastDurations
from state.queries import OPEN
from state.records import AttemptStatus
from state.tables import jobs, step_attempts, workstreams

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
