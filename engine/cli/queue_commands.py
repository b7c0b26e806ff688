"""Commands that change what a waiting job says or its queue position: priority, move, edit."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    HomeOption,
    JobIds,
    JsonOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.printing import complain, say
from engine.cli.selectors import JobSelector, chosen, on_each, tell
from engine.errors import CommandRefusedError, JobFileError
from engine.host.commands import MoveInQueue, SetPriority
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.spec import PRIORITIES, JobSpec
from engine.types import QueuePosition

_MOST = 100


def _priority(word: str) -> int:
    if word in PRIORITIES:
        return PRIORITIES[word]
    try:
        number = int(word)
    except ValueError:
        number = _MOST + 1
    if abs(number) > _MOST:
        raise typer.BadParameter(
            f"{word!r} is none of {', '.join(PRIORITIES)}, nor a number from -100 to 100."
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
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox priority`."""
    number = _priority(to)
    with opened(home) as view:
        common = JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        meant = chosen(view, SetPriority.kind, job_ids, common)
        on_each(meant, lambda job_id: view.store.job_control.set_priority(job_id, number), as_json=as_json)


def move(
    job_ids: JobIds = None,
    *,
    top: Annotated[bool, typer.Option("--top", help="To the front of the queue.")] = False,
    bottom: Annotated[bool, typer.Option("--bottom", help="To its end.")] = False,
    up: Annotated[bool, typer.Option("--up", help="Before the one in front of them.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Behind the one after them.")] = False,
    before: Annotated[
        str | None, typer.Option("--before", metavar="JOB", help="Before this one.", show_default=False)
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="JOB", help="Behind this one.", show_default=False)
    ] = None,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
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
        raise typer.BadParameter("say where to with one of --top, --bottom, --up, --down, --before, --after.")
    with opened(home) as view:
        common = JobSelector(states=state, run=run, workstream=workstream, tool=tool)
        moved = view.store.job_control.move(chosen(view, MoveInQueue.kind, job_ids, common), positions[0])
        if as_json:
            tell(moved, {}, as_json=True)
            return
        for job in moved:
            say(f"{job.job_id} was moved {positions[0]}, priority {job.priority}.")


def edit(
    job_id: Annotated[str, typer.Argument(metavar="JOB", help="The job, which must still wait.")],
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Say what this file says; - reads JSON from stdin.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox edit`."""
    with opened(home) as view:
        spec = _edited_by_hand(view, job_id) if file is None else _of_file(view, job_id, file)
        job = view.store.job_control.edit(job_id, spec)
        if as_json:
            tell([job], {}, as_json=True)
        else:
            say(f"{job_id} was edited and is {job.status}.")


def _of_file(view: HomeSession, job_id: str, file: Path) -> JobSpec:
    base = view.store.job_spec(job_id).repo_root
    if str(file) == "-":
        return _one(sys.stdin.buffer.read(), "stdin.json", base)
    return _one(file.read_bytes(), file.name, file.absolute().parent)


def _one(data: bytes, name: str, base: Path) -> JobSpec:
    jobs = read_source(data, name, base=base).jobs
    if len(jobs) != 1:
        raise JobFileError(f"says {len(jobs)} jobs; one is edited at a time", file=name)
    return jobs[0]


def _edited_by_hand(view: HomeSession, job_id: str) -> JobSpec:
    spec = view.store.job_spec(job_id)
    said = json.dumps(spec.to_json(), indent=2, ensure_ascii=False) + "\n"
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if editor is None:
        raise CommandRefusedError("Neither VISUAL nor EDITOR is set; name a file with --file.")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"{job_id}.json"
        draft.write_text(said, encoding="utf-8")
        while True:
            _open_in(editor, draft)
            text = draft.read_text(encoding="utf-8")
            if text == said:
                raise CommandRefusedError(f"Nothing was changed in {job_id}.")
            try:
                return _one(text.encode(), draft.name, spec.repo_root)
            except JobFileError as error:
                for each in error.every:
                    complain(str(each))
                if not sys.stdin.isatty() or not typer.confirm("Go on editing?", default=True):
                    raise


def _open_in(editor: str, draft: Path) -> None:
    argv = [*shlex.split(editor), str(draft)]
    try:
        subprocess.run(argv, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandRefusedError(f"The editor {editor} failed: {error}. Nothing was changed.") from error
