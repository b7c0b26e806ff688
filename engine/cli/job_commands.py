"""Commands that change jobs: cancel, retry, hold, release, skip."""

from functools import partial
from typing import Annotated

import typer

from engine.cli.batches import apply_to_all, apply_to_each, print_changed
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import (
    JobIds,
    JsonOption,
    LabelOption,
    ReasonOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.selectors import JobSelector, selected_jobs
from engine.errors import CommandRefusedError
from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, HoldJobs, ReleaseJobs, RetryJobs, SkipJobs
from engine.state_store.job_requests import Check
from engine.trust.waiting import waits_for_trust
from state import queries
from state.command_table import COMMAND_STATES, fits
from state.records import Job, JobStatus
from state.status_words import status_in_words


def cancel(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
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
            JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label),
        )
        cancel_each = partial(session.requests.cancel_each, reason=reason, check=_fitting(CancelJobs.kind))
        apply_to_each(selected, cancel_each, as_json=as_json)


def retry(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
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
            JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label),
        )
        if dependents:
            changed = apply_to_all(lambda: session.requests.retry_all(selected))
            print_changed(changed, {}, as_json=as_json)
        else:
            check = _fitting(RetryJobs.kind)
            if other is None:
                retry_each = partial(session.requests.retry_as_is, check=check)
            else:
                retry_each = partial(session.store.job_control.retry_each, tool=other, check=check)
            apply_to_each(selected, retry_each, as_json=as_json)


def hold(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
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
            JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label),
        )
        hold_each = partial(session.requests.hold_each, reason=reason, check=_fitting(HoldJobs.kind))
        apply_to_each(selected, hold_each, as_json=as_json)


def release(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox release`."""
    with opened(home) as session:
        selected = selected_jobs(
            session,
            ReleaseJobs.kind,
            job_ids,
            JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label),
        )
        check = _fitting(ReleaseJobs.kind) if job_ids else _fitting_and_trusted
        jobs = session.plain.read(queries.find_jobs, selected).values()
        if any(map(waits_for_trust, jobs)):  # whatever they would start is read
            release_each = partial(session.store.job_control.release_each, check=check)
        else:
            release_each = partial(session.requests.release_trusted, check=check)
        apply_to_each(selected, release_each, as_json=as_json)


def skip(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
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
            JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label),
        )
        skip_each = partial(session.requests.skip_each, reason=reason)
        apply_to_each(selected, skip_each, as_json=as_json)


_INSTEAD = {
    JobStatus.FAILED: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.TIMEOUT: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.CANCELLED: "`retry` queues it again, `skip` accepts it as is",
    JobStatus.RUNNING: "`cancel` stops it",
    JobStatus.HELD: "`release` lets it start",
}
"""What can be done instead with a job in this state."""


def _fitting(kind: CommandKind) -> Check:
    """A check that refuses a job which the command does not fit, with advice on what to do instead."""

    def check(job: Job) -> None:
        command = kind.job_command
        if command is None or fits(command, job) or job.status in COMMAND_STATES[command].allowed:
            return
        instead = _INSTEAD.get(job.status)
        more = f"; {instead}." if instead else "."
        raise CommandRefusedError(f"{job.job_id} {status_in_words(job.status)}, {kind.unfit}{more}")

    return check


def _fitting_and_trusted(job: Job) -> None:
    """Trust is given by name: a job selected by its run or state has not been reviewed."""
    if waits_for_trust(job):
        raise CommandRefusedError(
            f"{job.job_id} needs trust: review it with `signalbox trust show {job.job_id}`, then release it by its id."
        )
    _fitting(ReleaseJobs.kind)(job)
