"""The command `edit`: changes what a waiting job says, in an editor or from a file."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.batches import print_changed
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption, TrustOption
from engine.cli.printing import print_error, print_line
from engine.cli.unattended import refuse_untrusted_edit
from engine.cli.word_completion import job_ids
from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.spec import JobSpec
from state.status_words import status_in_words


def edit(
    job_id: Annotated[
        str, typer.Argument(metavar="JOB", autocompletion=job_ids, help="The id of a waiting job.")
    ],
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
