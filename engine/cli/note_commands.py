"""The commands for what a person writes on jobs: note and label."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.batches import apply_to_each
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    JobId,
    JobIds,
    JsonOption,
    LabelOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.printing import print_json, print_lines
from engine.cli.selectors import JobSelector, selected_jobs
from engine.cli.word_completion import known_labels
from engine.cli.words_argument import words_in, words_of
from engine.errors import JobNotFoundError
from engine.host.commands import LabelJobs
from engine.system.plain_text import plain_lines
from state import queries
from state.records import Job

_Labels = list[str] | None


def note(
    job_id: JobId,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="The new note; `-` reads it from standard input. Without one, the note is printed.",
        ),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Read the note from a file.", show_default=False),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the note.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox note`."""
    if sum((text is not None, file is not None, clear)) > 1:
        raise typer.BadParameter('give one of "TEXT", --file and --clear.')
    written = (
        "" if clear else words_in(file) if file is not None else None if text is None else words_of(text)
    )
    with opened(home) as session:
        if written is None:
            _print_note(_job(session, job_id), as_json=as_json)
        else:
            apply = partial(session.requests.note_each, note=written)
            apply_to_each([job_id], apply, as_json=as_json, sentence=_noted)


def label(
    job_ids: JobIds = None,
    *,
    add: Annotated[
        _Labels,
        typer.Option(
            "--add",
            metavar="LABEL",
            autocompletion=known_labels,
            help="Give this label; may be repeated.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        _Labels,
        typer.Option(
            "--remove",
            metavar="LABEL",
            autocompletion=known_labels,
            help="Take this label; may be repeated.",
            show_default=False,
        ),
    ] = None,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    labelled: LabelOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox label`."""
    selector = JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=labelled)
    with opened(home) as session:
        selected = selected_jobs(session, LabelJobs.kind, job_ids, selector)
        if add or remove:
            apply = partial(session.requests.label_each, add=add or (), remove=remove or ())
            apply_to_each(selected, apply, as_json=as_json, sentence=_labelled)
        else:
            _print_labels(session, selected, as_json=as_json)


def _print_note(job: Job, *, as_json: bool) -> None:
    if as_json:
        print_json({"job_id": job.job_id, "note": job.note})
    elif job.note:
        print_lines(plain_lines(job.note))
    else:
        print_lines([_noted(job)])


def _print_labels(session: HomeSession, job_ids: Sequence[str], *, as_json: bool) -> None:
    found = session.plain.read(queries.find_jobs, job_ids)
    jobs = [found[job_id] for job_id in job_ids if job_id in found]
    if as_json:
        print_json([{"job_id": job.job_id, "labels": list(job.labels)} for job in jobs])
    else:
        print_lines(map(_labelled, jobs))


def _job(session: HomeSession, job_id: str) -> Job:
    job = session.plain.read(queries.find_job, job_id)
    if job is None:
        raise JobNotFoundError(job_id)
    return job


def _noted(job: Job) -> str:
    return f"{job.job_id} has a note." if job.note else f"{job.job_id} has no note."


def _labelled(job: Job) -> str:
    return f"{job.job_id}: {', '.join(job.labels) or 'no labels'}"
