"""Commands that change the queue position of waiting jobs: priority, move."""

import re
from typing import Annotated

import typer

from engine.cli.batches import apply_to_all, apply_to_each, print_changed
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import (
    JobIds,
    JsonOption,
    LabelOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.printing import print_lines
from engine.cli.selectors import JobSelector, selected_jobs
from engine.host.commands import MoveInQueue, SetPriority
from engine.jobfile.priorities import PRIORITIES
from engine.types import QueuePosition

_MAX_PRIORITY = 100


def _priority(word: str) -> int:
    if word in PRIORITIES:
        return PRIORITIES[word]
    number = int(word) if re.fullmatch(r"[+-]?[0-9]{1,3}", word) else _MAX_PRIORITY + 1
    if abs(number) > _MAX_PRIORITY:
        raise typer.BadParameter(
            f"{word!r} is not a priority; use {', '.join(PRIORITIES)}, or a number from -100 to 100."
        )
    return number


def priority(
    job_ids: JobIds = None,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="WORD|NUMBER", help="low, normal, high, urgent, or a number from -100 to 100."
        ),
    ],
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox priority`."""
    number = _priority(to)
    with opened(home) as session:
        selector = JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label)
        selected = selected_jobs(session, SetPriority.kind, job_ids, selector)
        requests = session.requests
        apply_to_each(selected, lambda ids: requests.set_each_priority(ids, number), as_json=as_json)


def move(
    job_ids: JobIds = None,
    *,
    top: Annotated[bool, typer.Option("--top", help="To the front of the queue.")] = False,
    bottom: Annotated[bool, typer.Option("--bottom", help="To the end of the queue.")] = False,
    up: Annotated[bool, typer.Option("--up", help="One position forward.")] = False,
    down: Annotated[bool, typer.Option("--down", help="One position back.")] = False,
    before: Annotated[
        str | None, typer.Option("--before", metavar="JOB", help="Before this job.", show_default=False)
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="JOB", help="After this job.", show_default=False)
    ] = None,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox move`."""
    positions: list[QueuePosition] = []
    positions += [QueuePosition(where="top")] if top else []
    positions += [QueuePosition(where="bottom")] if bottom else []
    positions += [QueuePosition(where="up")] if up else []
    positions += [QueuePosition(where="down")] if down else []
    positions += [QueuePosition(where="before", job_id=before)] if before else []
    positions += [QueuePosition(where="after", job_id=after)] if after else []
    if len(positions) != 1:
        raise typer.BadParameter(
            "name the position with one of --top, --bottom, --up, --down, --before, --after."
        )
    with opened(home) as session:
        selector = JobSelector(states=state, run=run, workstream=workstream, tool=tool, labels=label)
        selected = selected_jobs(session, MoveInQueue.kind, job_ids, selector)
        moved = apply_to_all(lambda: session.store.job_control.move(selected, positions[0]))
        if as_json:
            print_changed(moved, {}, as_json=True)
            return
        print_lines(f"{job.job_id} was moved {positions[0]}, priority {job.priority}." for job in moved)
