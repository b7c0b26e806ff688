"""Commands that queue and run jobs: run, submit, engine, demo."""

import time
from typing import Annotated

import typer

from engine.cli.event_lines import EventLines
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.number_types import decimal
from engine.cli.open_window import draw_window, open_window
from engine.cli.options import (
    CopyOption,
    Files,
    JsonOption,
    PriorityOption,
    TrustOption,
)
from engine.cli.printing import print_error, print_json, print_line, print_lines
from engine.cli.run_loop import CALLBACK_PATIENCE_S, Patience, print_callbacks_left, run_to_end
from engine.cli.signals import INTERRUPTED, ExitImmediately, StopRequests, exit_immediately
from engine.cli.status_commands import job_json
from engine.cli.submit import SubmitOptions, read_files, submit_files
from engine.cli.unattended import queue_files
from engine.errors import NotTrustedError, SignalboxError
from engine.host.demo import demo_home, open_demo
from engine.host.engine_service import EngineService
from engine.system.clock import wall
from engine.system.display import has_display, missing_packages, window_problem
from engine.system.home import Home
from engine.trust.waiting import waits_for_trust
from state import queries
from state.database_reader import DatabaseReader
from state.records import BACKGROUND_KIND, JobStatus

_TURN_S = 0.2
_STOP_TIMEOUT_S = 9.0
_LONGEST_HOLD_S = 60.0
"""The demo does not wait for a quota that comes back after hours."""


def run(
    files: Files,
    *,
    copy: CopyOption = False,
    priority: PriorityOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox run`."""
    with opened(home) as session:
        read = read_files(files)
        jobs = queue_files(session, read, SubmitOptions(copy=copy, priority=priority), trust=trust)
        code = run_to_end(session, [job.job_id for job in jobs], quiet=as_json)
        if as_json:
            snapshot = session.snapshot()
            found = [session.plain.read(queries.find_job, job.job_id) for job in jobs]
            print_json([job_json(job, snapshot) for job in found if job is not None])
    raise typer.Exit(code)


def submit(
    files: Files,
    *,
    hold: Annotated[bool, typer.Option("--hold", help="Hold the jobs until they are released.")] = False,
    copy: CopyOption = False,
    priority: PriorityOption = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox submit`."""
    with opened(home) as session:
        read = read_files(files)
        jobs = queue_files(session, read, SubmitOptions(copy=copy, priority=priority, held=hold), trust=trust)
        if as_json:
            snapshot = session.snapshot()
            print_json([job_json(job, snapshot) for job in jobs])
            return
        print_lines(job.job_id for job in jobs)
        if not session.engines():
            print_error("No engine is running; open the window, or run `signalbox engine`.")


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
    host = EngineService(Home.at(home), kind=BACKGROUND_KIND if background else "command_line")
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
            host.wait(min(max(due - wall(), 0.0), _TURN_S))
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


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Run in the terminal, and save a picture of the window.")
    ] = False,
    pace: Annotated[
        float,
        typer.Option(
            "--pace",
            metavar="FACTOR",
            parser=decimal(least=0),
            help="A factor for the duration of the steps.",
        ),
    ] = 1.2,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox demo`."""
    place = Home.at(home or demo_home())
    in_terminal = headless or not has_display()
    if not in_terminal and (problem := window_problem()):
        print_error(f"{problem} The demo runs in the terminal instead.")
        in_terminal = True
    if not in_terminal:
        open_window(place, "--demo")
    pipeline = open_demo(place, pace=pace)
    print_line(f"The demo is in {pipeline.parent}, its home is {place.root}")
    with opened(place.root) as session:
        jobs = submit_files(session.store, read_files([pipeline]), SubmitOptions())
        code = run_to_end(session, [job.job_id for job in jobs], longest_hold_s=_LONGEST_HOLD_S)
    _save_picture(place)
    raise typer.Exit(
        code if code == INTERRUPTED else 0
    )  # one of its jobs fails, so that there is one to decide on


def _save_picture(home: Home) -> None:
    if missing := missing_packages():
        print_error(f"To get a picture of the window, install {' '.join(missing)}")
        return
    picture = home.root / "window.png"
    try:
        draw_window(home, picture)
    except SignalboxError as error:
        print_error(str(error))
    else:
        print_line(f"Picture of the window: {picture}")
