"""The command that gives a job another attempt with a person's words: follow-up."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.batches import apply_to_each
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import (
    JobId,
    JsonOption,
)
from engine.cli.words_argument import words_in, words_of
from engine.errors import CommandRefusedError
from state.records import Job, JobStatus


def follow_up(
    job_id: JobId,
    words: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", help="What to do next; `-` reads it from standard input."),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Read the text from a file.", show_default=False),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin a new session instead of resuming the last one.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox follow-up`."""
    text = _text(words, file)
    with opened(home) as session:
        follow = partial(
            session.store.job_control.follow_up_each, words=text, fresh=fresh, check=_refuse_running
        )
        apply_to_each([job_id], follow, as_json=as_json)


def _text(words: str | None, file: Path | None) -> str:
    if (words is None) is (file is None):
        raise typer.BadParameter('Give the text once: as "TEXT", as - for standard input, or with --file.')
    return words_of(words or "") if file is None else words_in(file)


def _refuse_running(job: Job) -> None:
    if job.status is JobStatus.RUNNING:
        raise CommandRefusedError(
            f"{job.job_id} is running; wait for its end with `signalbox wait {job.job_id}`, or cancel it first."
        )
