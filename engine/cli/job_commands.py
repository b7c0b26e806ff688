"""Commands that change jobs: cancel, retry, hold, release, skip."""

from collections.abc import Callable
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
from engine.cli.selectors import JobSelector, apply_to_each, print_outcome, selected_jobs
from engine.errors import CommandRefusedError
from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, HoldJobs, ReleaseJobs, RetryJobs, SkipJobs
from engine.trust.launch import waits_for_trust
from state.command_table import COMMAND_STATES, fits
from state.lifecycle import IllegalTransitionError
from state.records import Job, JobStatus
from state.status_words import status_in_words


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
    with opened(home) as session:
        selected = selected_jobs(
            session,
            CancelJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        apply_to_each(session, selected, lambda job_id: _cancel(session, job_id, reason), as_json=as_json)


def retry(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="TOOL", help="Use another tool.", show_default=False)
    ] = None,
    dependents: Annotated[
        bool,
        typer.Option(
            "--dependents",
            help="Also retry every job that depends on them and did not succeed; all of them or none.",
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox retry`."""
    if dependents and other is not None:
        raise typer.BadParameter("--with applies only to the named jobs; omit --dependents.")
    with opened(home) as session:
        selected = selected_jobs(
            session,
            RetryJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        if dependents:
            print_outcome(session.store.job_control.retry_all(selected), {}, as_json=as_json)
        else:
            apply_to_each(
                session,
                selected,
                lambda job_id: _retry(session, job_id, other),
                as_json=as_json,
            )


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
    with opened(home) as session:
        selected = selected_jobs(
            session,
            HoldJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        apply_to_each(session, selected, lambda job_id: _hold(session, job_id, reason), as_json=as_json)


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
    with opened(home) as session:
        selected = selected_jobs(
            session,
            ReleaseJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        one_by_one = bool(job_ids)
        apply_to_each(
            session, selected, lambda job_id: _release(session, job_id, named=one_by_one), as_json=as_json
        )


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
    with opened(home) as session:
        selected = selected_jobs(
            session,
            SkipJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool),
        )
        apply_to_each(
            session, selected, lambda job_id: session.store.job_control.skip(job_id, reason), as_json=as_json
        )


_INSTEAD = {
    JobStatus.FAILED: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.TIMEOUT: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.CANCELLED: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.RUNNING: "`cancel` stops it",
    JobStatus.HELD: "`release` lets it start",
}
"""What can be done instead with a job in this state."""


def _carried_out(session: HomeSession, job_id: str, kind: CommandKind, command: Callable[[], Job]) -> Job:
    """The job after the command; what the store refuses is refused with advice on what to do instead."""
    try:
        return command()
    except IllegalTransitionError:
        _refuse_unfit(session, job_id, kind)
        raise


def _refuse_unfit(session: HomeSession, job_id: str, kind: CommandKind) -> None:
    job = session.store.get_job(job_id)
    if job is None or kind.job_command is None:
        return
    if not fits(kind.job_command, job) and job.status not in COMMAND_STATES[kind.job_command].allowed:
        instead = _INSTEAD.get(job.status)
        more = f"; {instead}." if instead else "."
        raise CommandRefusedError(f"{job_id} {status_in_words(job.status)}, {kind.unfit}{more}")


def _cancel(session: HomeSession, job_id: str, reason: str) -> Job:
    return _carried_out(
        session, job_id, CancelJobs.kind, lambda: session.store.request_cancel(job_id, reason)
    )


def _retry(session: HomeSession, job_id: str, tool: str | None) -> Job:
    return _carried_out(
        session, job_id, RetryJobs.kind, lambda: session.store.job_control.retry(job_id, tool=tool)
    )


def _hold(session: HomeSession, job_id: str, reason: str) -> Job:
    return _carried_out(session, job_id, HoldJobs.kind, lambda: session.store.hold(job_id, reason))


def _release(session: HomeSession, job_id: str, *, named: bool) -> Job:
    """Release one job. Trust is given by name: a job selected by its run or state has not been reviewed."""
    if not named and (job := session.store.get_job(job_id)) is not None and waits_for_trust(job):
        raise CommandRefusedError(
            f"{job_id} needs trust: review it with `signalbox trust show {job_id}`, then release it by its id."
        )
    return _carried_out(session, job_id, ReleaseJobs.kind, lambda: session.store.release(job_id))
