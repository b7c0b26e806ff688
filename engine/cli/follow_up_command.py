"""The command that gives a job another attempt with a person's words: follow-up."""

import codecs
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.batches import apply_to_each
from engine.cli.home_session import opened
from engine.cli.options import HomeOption, JobId, JsonOption
from engine.errors import CommandRefusedError
from engine.scheduling.follow_up import MOST_WORDS
from state.records import Job, JobStatus

_STDIN = "-"
_MOST_BYTES = 4 * (MOST_WORDS + 1)
"""One character more than the longest follow-up takes, so that a longer one is refused rather than cut."""


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
    if file is not None:
        return _decoded(_head(file), str(file))
    return _decoded(sys.stdin.buffer.read(_MOST_BYTES), "Standard input") if words == _STDIN else words or ""


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened_file:
            return opened_file.read(_MOST_BYTES)
    except OSError as error:
        raise CommandRefusedError(f"{file} cannot be read: {error.strerror}. Nothing was changed.") from error


def _decoded(data: bytes, source: str) -> str:
    is_cut = len(data) == _MOST_BYTES  # perhaps within a character
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=not is_cut)
    except UnicodeDecodeError as error:
        raise CommandRefusedError(f"{source} is not UTF-8 text. Save it as UTF-8.") from error


def _refuse_running(job: Job) -> None:
    if job.status is JobStatus.RUNNING:
        raise CommandRefusedError(
            f"{job.job_id} is running; wait for its end with `signalbox wait {job.job_id}`, or cancel it first."
        )
