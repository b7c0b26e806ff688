"""Commands that run jobs to their end in the terminal: run and demo."""

from typing import Annotated

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.interrupts import INTERRUPTED
from engine.cli.number_types import decimal
from engine.cli.open_window import draw_window, open_window
from engine.cli.options import (
    CopyOption,
    Files,
    JsonOption,
    PriorityOption,
    TrustOption,
)
from engine.cli.printing import print_error, print_json, print_line
from engine.cli.run_loop import run_to_end
from engine.cli.status_commands import job_json
from engine.cli.submit import SubmitOptions, read_files, submit_files
from engine.cli.unattended import queue_files
from engine.errors import SignalboxError
from engine.host.demo import demo_home, open_demo
from engine.system.display import has_display, missing_packages, window_problem
from engine.system.home import Home
from state import queries

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
    with opened(home, creates=True) as session:
        read = read_files(files)
        jobs = queue_files(session, read, SubmitOptions(copy=copy, priority=priority), trust=trust)
        code = run_to_end(session, [job.job_id for job in jobs], quiet=as_json)
        if as_json:
            snapshot = session.snapshot()
            found = [session.plain.read(queries.find_job, job.job_id) for job in jobs]
            print_json([job_json(job, snapshot) for job in found if job is not None])
    raise typer.Exit(code)


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
