"""Commands that change what a waiting job says or its queue position: priority, move, edit."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.batches import apply_to_all, apply_to_each, print_changed
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    JobIds,
    JsonOption,
    LabelOption,
    RunOption,
    StateOption,
    ToolOption,
    TrustOption,
    WorkstreamOption,
)
from engine.cli.printing import print_error, print_line, print_lines
from engine.cli.selectors import JobSelector, selected_jobs
from engine.cli.unattended import refuse_untrusted_edit
from engine.errors import CommandRefusedError, JobFileError
from engine.host.commands import MoveInQueue, SetPriority
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.spec import JobSpec
from engine.types import QueuePosition
from state.status_words import status_in_words

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
        control = session.store.job_control
        apply_to_each(selected, lambda ids: control.set_each_priority(ids, number), as_json=as_json)


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


def edit(
    job_id: Annotated[str, typer.Argument(metavar="JOB", help="The id of a waiting job.")],
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Take the new job from this file instead of an editor; - reads JSON from stdin.",
            show_default=False,
        ),
    ] = None,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox edit`."""
    with opened(home) as session:
        spec = _edited_by_hand(session, job_id) if file is None else _of_file(session, job_id, file)
        if not trust:
            refuse_untrusted_edit(session, session.store.job_spec(job_id), spec)
        job = session.store.job_control.edit(job_id, spec)
        if as_json:
            print_changed([job], {}, as_json=True)
        else:
            print_line(f"{job_id} was edited and {status_in_words(job.status)}.")


def _of_file(session: HomeSession, job_id: str, file: Path) -> JobSpec:
    base = session.store.job_spec(job_id).repo_root
    if str(file) == "-":
        return _one(sys.stdin.buffer.read(), "stdin.json", base)
    return _one(file.read_bytes(), file.name, file.absolute().parent)


def _one(data: bytes, name: str, base: Path) -> JobSpec:
    jobs = read_source(data, name, base=base).jobs
    if len(jobs) != 1:
        raise JobFileError(f"contains {len(jobs)} jobs; edit one job at a time", file=name)
    return jobs[0]


def _edited_by_hand(session: HomeSession, job_id: str) -> JobSpec:
    spec = session.store.job_spec(job_id)
    original = json.dumps(spec.to_json(), indent=2, ensure_ascii=False) + "\n"
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if editor is None:
        raise CommandRefusedError(
            "Neither VISUAL nor EDITOR is set. Set one of them, or pass the edited job with --file."
        )
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"{job_id}.json"
        draft.write_text(original, encoding="utf-8")
        while True:
            _open_in(editor, draft)
            text = draft.read_text(encoding="utf-8")
            if text == original:
                raise CommandRefusedError(f"Nothing was changed in {job_id}.")
            try:
                return _one(text.encode(), draft.name, spec.repo_root)
            except JobFileError as error:
                for each in error.every:
                    print_error(str(each))
                if not sys.stdin.isatty() or not typer.confirm("Continue editing?", default=True):
                    raise


def _open_in(editor: str, draft: Path) -> None:
    argv = [*shlex.split(editor), str(draft)]
    try:
        subprocess.run(argv, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandRefusedError(f"The editor {editor} failed: {error}. Nothing was changed.") from error
