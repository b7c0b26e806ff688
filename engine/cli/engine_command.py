"""The command `engine`: runs the queue without a window."""

import time
from typing import Annotated

import typer

from engine.cli.callback_patience import CALLBACK_PATIENCE_S, Patience, print_callbacks_left
from engine.cli.event_lines import EventLines
from engine.cli.home_option import HomeOption
from engine.cli.printing import print_error
from engine.cli.signals import ExitImmediately, StopRequests, exit_immediately
from engine.errors import NotTrustedError
from engine.host.engine_service import REST_POLL_S, EngineService
from engine.system.clock import wall
from engine.system.home import Home
from engine.trust.waiting import waits_for_trust
from state import queries
from state.database_reader import DatabaseReader
from state.records import BACKGROUND_KIND, JobStatus

_TURN_S = 0.2
_STOP_TIMEOUT_S = 9.0


def engine(
    *,
    until_idle: Annotated[
        bool,
        typer.Option(
            "--until-idle", help="Exit when nothing is running and nothing can start without a person."
        ),
    ] = False,
    background: Annotated[
        bool,
        typer.Option("--background", hidden=True, help="Left by a window; ends when another takes over."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox engine`."""
    kind = BACKGROUND_KIND if background else "command_line"
    host = EngineService(Home.at(home), kind=kind, rest_poll_s=REST_POLL_S)
    reader = DatabaseReader(host.store.database, busy_ms=5_000)
    event_lines = EventLines(reader)
    try:
        with StopRequests() as requests:
            _drive(host, requests, event_lines, until_idle=until_idle)
    except ExitImmediately:
        exit_immediately()
    finally:
        event_lines.print_rest()
        waiting = [
            job.job_id
            for job in reader.read(queries.list_jobs, status=[JobStatus.HELD])
            if waits_for_trust(job)
        ]
        reader.close()
    if until_idle and waiting:
        raise NotTrustedError(
            f"Not trusted, so not started: {', '.join(waiting)}. Review each with `signalbox trust show JOB`, then "
            "let it start with `signalbox trust grant JOB`."
        )


def _drive(host: EngineService, requests: StopRequests, event_lines: EventLines, *, until_idle: bool) -> None:
    """Step the engine until a signal arrives, or until it is idle, and close it."""
    mode, problem = "leave", ""
    patience = Patience(CALLBACK_PATIENCE_S)
    try:
        while not requests.requested:
            report = host.step()
            if report.problem not in {"", problem}:
                print_error(report.problem)
            problem = report.problem
            event_lines.print_new()
            if not report.only_callbacks:
                patience.restart()
            is_over = report.idle or not patience.is_left()
            if until_idle and is_over and not host.stays_for_recurring_runs:
                break
            if host.gives_way():
                break  # its jobs go on, and the engine of the window adopts them
            due = wall() + _TURN_S if report.next_wake is None else report.next_wake
            host.wait(max(due - wall(), 0.0), until=lambda: requests.requested)
        if requests.requested:
            mode = _stop_jobs(host, event_lines)
    except ExitImmediately:
        exit_immediately()
    finally:
        host.close(mode)
        print_callbacks_left(host.callbacks_left)


def _stop_jobs(host: EngineService, event_lines: EventLines) -> str:
    """Stop everything this engine runs, and return the mode in which to close it."""
    host.turn.stop_all()
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while host.turn.running and time.monotonic() < deadline:
        host.step()
        event_lines.print_new()
        host.wait(0.05)
    return "leave" if host.turn.running else "stop"
