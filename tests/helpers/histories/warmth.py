"""Keeps what is costly to build for every history and engine of a process and of those forked from it.

A history starts a dozen engines and commands; most of their time went into building the command line.
"""

import functools
import tempfile
import threading
from pathlib import Path

import typer.main
import typer.testing

from engine.cli import root
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state.records import Origin
from tests.helpers.patience import PATIENCE_S


def keep() -> None:
    """Build the command line once; compiled statements are shared by every database of a process as it is."""
    typer.main.get_command = functools.cache(typer.main.get_command)
    vars(typer.testing)["_get_command"] = typer.main.get_command
    typer.main.get_command(root.app)


def warm_up() -> None:
    """Run a job in this process, so that what it needs is there."""
    with tempfile.TemporaryDirectory() as folder:
        service = EngineService(Home.at(Path(folder) / "home"))
        fields = {"tool": "shell", "job_id": "warm", "command": {"exe": "/bin/true", "args": []}}
        spec = job_from_mapping(fields, base=Path(folder))
        service.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
        for _ in range(int(PATIENCE_S)):
            if service.step().idle:
                break
            service.wait(1.0)
        service.close()
    for thread in threading.enumerate():  # a fork would have none of them, and wait for what they were to do
        if thread is not threading.current_thread():
            thread.join(PATIENCE_S)
