"""The command `submit`: files become queued jobs. Runs none of them."""

from typing import Annotated

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import (
    CopyOption,
    Files,
    JsonOption,
    PriorityOption,
    TrustOption,
)
from engine.cli.printing import print_error, print_json, print_lines
from engine.cli.status_commands import job_json
from engine.cli.submit import SubmitOptions, read_files
from engine.cli.unattended import queue_files


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
    with opened(home, creates=True) as session:
        read = read_files(files)
        jobs = queue_files(session, read, SubmitOptions(copy=copy, priority=priority, held=hold), trust=trust)
        if as_json:
            snapshot = session.snapshot()
            print_json([job_json(job, snapshot) for job in jobs])
            return
        print_lines(job.job_id for job in jobs)
        if not session.engines():
            print_error("No engine is running; open the window, or run `signalbox engine`.")
