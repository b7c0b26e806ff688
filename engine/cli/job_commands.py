"""Commands that change jobs: cancel, retry, hold, release, skip."""

from collections.abc import Collection
from typing import Annotated

import typer

from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    HomeOption,
    JobIds,
    JsonOption,
    ReasonOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.selectors import JobSelector, chosen, on_each, tell
from engine.errors import CommandRefusedError
from engine.trust.launch import waits_for_trust
from state.records import Job, JobStatus


def cancel(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Cancel jobs: waiting ones at once, running ones as soon as their processes are gone."""
    with opened(home) as view:
        meant = chosen(
            view, "cancel", job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        on_each(meant, lambda job_id: _cancel(view, job_id, reason), as_json=as_json)


def retry(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="TOOL", help="With another tool.", show_default=False)
    ] = None,
    dependents: Annotated[
        bool,
        typer.Option(
            "--dependents", help="With all that depend on them and have not ended well; all or none."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Queue failed, timed out or cancelled jobs again."""
    if dependents and other is not None:
        raise typer.BadParameter("--with is for the jobs named alone; leave out --dependents.")
    with opened(home) as view:
        meant = chosen(
            view, "retry", job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        if dependents:
            tell(view.store.retry_all(meant), {}, as_json=as_json)
        else:
            on_each(meant, lambda job_id: view.store.retry(job_id, tool=other), as_json=as_json)


def hold(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep queued jobs from starting."""
    with opened(home) as view:
        meant = chosen(
            view, "hold", job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        on_each(meant, lambda job_id: _hold(view, job_id, reason), as_json=as_json)


def release(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let held jobs start."""
    with opened(home) as view:
        meant = chosen(
            view, "release", job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        one_by_one = bool(job_ids)
        on_each(meant, lambda job_id: _release(view, job_id, named=one_by_one), as_json=as_json)


def skip(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Accept jobs as they are: what depends on them may start."""
    with opened(home) as view:
        meant = chosen(
            view, "skip", job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        on_each(meant, lambda job_id: view.store.skip(job_id, reason), as_json=as_json)


_SAY = {
    JobStatus.FAILED: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.TIMEOUT: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.CANCELLED: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.RUNNING: "`cancel` stops it",
    JobStatus.HELD: "`release` lets it start",
}
"""What can be done instead with a job in this state."""


def _refuse_unless(view: HomeSession, job_id: str, states: Collection[JobStatus], wanted: str) -> None:
    """A refusal that tells what can be done instead; where it changes meanwhile, the store refuses."""
    job = view.reader.job(job_id)
    if job is not None and job.status not in states:
        instead = _SAY.get(job.status)
        more = f"; {instead}." if instead else "."
        raise CommandRefusedError(f"{job_id} is {job.status}, {wanted}{more}")


def _cancel(view: HomeSession, job_id: str, reason: str) -> Job:
    open_states = {JobStatus.HELD, JobStatus.QUEUED, JobStatus.RUNNING}
    _refuse_unless(view, job_id, open_states, "so there is nothing to cancel")
    return view.store.request_cancel(job_id, reason)


def _hold(view: HomeSession, job_id: str, reason: str) -> Job:
    _refuse_unless(view, job_id, {JobStatus.QUEUED}, "and only a queued job can be held")
    return view.store.hold(job_id, reason)


def _release(view: HomeSession, job_id: str, *, named: bool) -> Job:
    """Trust is given by name: what only belongs to a run or is in some state has not been looked at."""
    job = view.reader.job(job_id)
    if not named and job is not None and waits_for_trust(job):
        raise CommandRefusedError(
            f"{job_id} needs trust: see it with `signalbox trust show {job_id}`, then release it by its name."
        )
    wanted = "and only a job that is held, or waits for its time, can be released"
    _refuse_unless(view, job_id, {JobStatus.HELD, JobStatus.QUEUED}, wanted)
    return view.store.release(job_id)
