"""Commands that change what is queued: cancel, retry, hold, release, skip, pause, resume, drain."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from engine.cli.home_view import HomeView, opened
from engine.cli.options import HomeOption, JobIds, JsonOption, ReasonOption, RunOption, StateOption
from engine.cli.printing import complain, print_json, record_json, say
from engine.errors import CommandRefusedError, JobNotFoundError, SignalboxError
from engine.trust import waits_for_trust
from state.records import Job, JobStatus

_S = JobStatus
_MEANT: Mapping[str, frozenset[JobStatus]] = {
    "cancel": frozenset({_S.HELD, _S.QUEUED, _S.RUNNING}),
    "retry": frozenset({_S.FAILED, _S.TIMEOUT, _S.CANCELLED}),
    "hold": frozenset({_S.QUEUED}),
    "release": frozenset({_S.HELD}),
    "skip": frozenset({_S.FAILED, _S.TIMEOUT, _S.CANCELLED}),
}
"""The states whose jobs a command means where it is given a whole run."""
_POLL_S = 0.25


def cancel(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Cancel jobs: waiting ones at once, running ones as soon as their processes are gone."""
    with opened(home) as view:
        chosen = _chosen(view, "cancel", job_ids, state=state, run=run)
        _on_each(chosen, lambda job_id: view.store.request_cancel(job_id, reason), as_json=as_json)


def retry(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    tool: Annotated[str | None, typer.Option("--tool", help="With another tool.", show_default=False)] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Queue failed, timed out or cancelled jobs again."""
    with opened(home) as view:
        chosen = _chosen(view, "retry", job_ids, state=state, run=run)
        _on_each(chosen, lambda job_id: view.store.retry(job_id, tool=tool), as_json=as_json)


def hold(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep queued jobs from starting."""
    with opened(home) as view:
        chosen = _chosen(view, "hold", job_ids, state=state, run=run)
        _on_each(chosen, lambda job_id: view.store.hold(job_id, reason), as_json=as_json)


def release(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let held jobs start."""
    with opened(home) as view:
        chosen = _chosen(view, "release", job_ids, state=state, run=run)
        one_by_one = bool(job_ids)
        _on_each(chosen, lambda job_id: _release(view, job_id, named=one_by_one), as_json=as_json)


def skip(
    job_ids: JobIds = None,
    *,
    state: StateOption = None,
    run: RunOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Accept jobs as they are: what depends on them may start."""
    with opened(home) as view:
        chosen = _chosen(view, "skip", job_ids, state=state, run=run)
        _on_each(chosen, lambda job_id: view.store.skip(job_id, reason), as_json=as_json)


def pause(*, reason: ReasonOption = "", home: HomeOption = None) -> None:
    """Start nothing more until `resume`; what runs goes on."""
    with opened(home) as view:
        view.store.pause(reason)
    say("Paused: nothing starts until `signalbox resume`.")


def resume(*, home: HomeOption = None) -> None:
    """Lift the pause."""
    with opened(home) as view:
        view.store.resume()
        say("Resumed." if view.engines() else "Resumed; no engine is running at this moment.")


def drain(*, reason: ReasonOption = "draining", home: HomeOption = None) -> None:
    """Pause, and wait until what runs has ended. Ctrl-C stops waiting; the pause stays."""
    with opened(home) as view:
        view.store.pause(reason)
        told: set[str] = set()
        while running := view.reader.list_jobs(status=[JobStatus.RUNNING]):
            if not view.engines():
                ids = ", ".join(job.job_id for job in running)
                complain(f"No engine is there to see these to their end: {ids}. Start `signalbox engine`.")
                raise typer.Exit(1)
            for job in running:
                if job.job_id not in told:
                    say(f"Waits for {job.job_id} to end.")
            told |= {job.job_id for job in running}
            time.sleep(_POLL_S)
    say("Nothing runs; nothing starts until `signalbox resume`.")


def _release(view: HomeView, job_id: str, *, named: bool) -> Job:
    """Trust is given by name: what only belongs to a run or is in some state has not been looked at."""
    job = view.reader.job(job_id)
    if not named and job is not None and waits_for_trust(job):
        raise CommandRefusedError(
            f"{job_id} needs trust: see it with `signalbox trust show {job_id}`, then release it by its name."
        )
    return view.store.release(job_id)


def _chosen(
    view: HomeView, command: str, job_ids: Sequence[str] | None, *, state: list[str] | None, run: str | None
) -> list[str]:
    """The jobs a command was given: by id, or those of a run or in a state that it can mean."""
    if job_ids:
        if state or run:
            raise typer.BadParameter("name jobs, or choose them with --state and --run, not both.")
        for job_id in job_ids:
            if view.reader.job(job_id) is None:
                raise JobNotFoundError(job_id)
        return list(job_ids)
    if not state and run is None:
        raise typer.BadParameter("name jobs, or choose them with --state or --run.")
    moment = view.moment()
    found = view.list_jobs(moment, states=state or _MEANT[command], run_id=run, limit=100_000)
    if not found:
        raise CommandRefusedError(f"There are no jobs here that `{command}` could mean.")
    return [job.job_id for job in found]


def _on_each(job_ids: Sequence[str], act: Callable[[str], Job], *, as_json: bool) -> None:
    """Do it to each job; one that refuses does not keep the others from it. Exit code 2 where any refused."""
    changed: list[Job] = []
    refused: dict[str, str] = {}
    for job_id in job_ids:
        try:
            changed.append(act(job_id))
        except SignalboxError as error:
            refused[job_id] = str(error)
    if as_json:
        print_json({"changed": [record_json(job) for job in changed], "refused": refused})
    else:
        for job in changed:
            stopping = job.status is JobStatus.RUNNING and job.cancel_requested_at is not None
            say(f"{job.job_id} is {'asked to stop' if stopping else job.status.value}.")
    for sentence in refused.values():
        complain(sentence)
    if refused:
        raise typer.Exit(2)
