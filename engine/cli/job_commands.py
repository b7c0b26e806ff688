"""Commands that change jobs: cancel, retry, hold, release, skip."""

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
from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, HoldJobs, ReleaseJobs, RetryJobs, SkipJobs
from engine.trust.launch import waits_for_trust
from state import queries
from state.command_table import COMMAND_STATES, fits
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
    """Carry out `signalbox cancel`."""
    with opened(home) as view:
        meant = chosen(
            view,
            CancelJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
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
    """Carry out `signalbox retry`."""
    if dependents and other is not None:
        raise typer.BadParameter("--with is for the jobs named alone; leave out --dependents.")
    with opened(home) as view:
        meant = chosen(
            view,
            RetryJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        if dependents:
            tell(view.store.job_control.retry_all(meant), {}, as_json=as_json)
        else:
            on_each(meant, lambda job_id: view.store.job_control.retry(job_id, tool=other), as_json=as_json)


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
    """Carry out `signalbox hold`."""
    with opened(home) as view:
        meant = chosen(
            view, HoldJobs.kind, job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
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
    """Carry out `signalbox release`."""
    with opened(home) as view:
        meant = chosen(
            view,
            ReleaseJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
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
    """Carry out `signalbox skip`."""
    with opened(home) as view:
        meant = chosen(
            view, SkipJobs.kind, job_ids, JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        )
        on_each(meant, lambda job_id: view.store.job_control.skip(job_id, reason), as_json=as_json)


_INSTEAD = {
    JobStatus.FAILED: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.TIMEOUT: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.CANCELLED: "`retry` queues it again, `skip` accepts it as it is",
    JobStatus.RUNNING: "`cancel` stops it",
    JobStatus.HELD: "`release` lets it start",
}
"""What can be done instead with a job in this state."""


def _refuse_unfit(view: HomeSession, job_id: str, kind: CommandKind) -> None:
    """Refuse with what can be done instead; where the job changes meanwhile, the store refuses."""
    job = view.reader.read(queries.find_job, job_id)
    if job is None or kind.job_command is None:
        return
    if not fits(kind.job_command, job) and job.status not in COMMAND_STATES[kind.job_command].allowed:
        instead = _INSTEAD.get(job.status)
        more = f"; {instead}." if instead else "."
        raise CommandRefusedError(f"{job_id} is {job.status}, {kind.unfit}{more}")


def _cancel(view: HomeSession, job_id: str, reason: str) -> Job:
    _refuse_unfit(view, job_id, CancelJobs.kind)
    return view.store.request_cancel(job_id, reason)


def _hold(view: HomeSession, job_id: str, reason: str) -> Job:
    _refuse_unfit(view, job_id, HoldJobs.kind)
    return view.store.hold(job_id, reason)


def _release(view: HomeSession, job_id: str, *, named: bool) -> Job:
    """Release one. Trust is given by name: what only belongs to a run or is in some state has not been looked at."""
    job = view.reader.read(queries.find_job, job_id)
    if not named and job is not None and waits_for_trust(job):
        raise CommandRefusedError(
            f"{job_id} needs trust: see it with `signalbox trust show {job_id}`, then release it by its name."
        )
    _refuse_unfit(view, job_id, ReleaseJobs.kind)
    return view.store.release(job_id)
