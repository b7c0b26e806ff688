"""The text a coding tool is started with: the task, a person's words, and what the last attempt failed with."""

import os
import stat
from pathlib import Path

from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.system.private_files import write_private
from engine.system.real_path import real_path
from engine.types import AttemptContext

_MAX_BYTES = 1024 * 1024


def write_prompt(spec: JobSpec, context: AttemptContext, *, command_signs: str = "") -> Path:
    """Write the task into the attempt's folder and return the file; it is never empty.

    A session that is resumed has heard the task: it gets a person's words, and why the attempt before ended.
    A task is words for a model: a tool that takes a text which begins with one of its `command_signs` for a command,
    and might start a program, gets an empty line first.

    Raises:
        SpawnError: `metadata.message_file` is missing, empty, not text, or lies outside the repository.
    """
    text = _task(spec, context) if context.run.session_id is None else _going_on(context)
    if text.startswith(tuple(command_signs)):
        text = f"\n{text}"
    file = context.folder / "task.md"
    write_private(file, text if text.endswith("\n") else text + "\n")
    return file


def _task(spec: JobSpec, context: AttemptContext) -> str:
    text = spec.prompt or _message(spec, context.task_root or spec.repo_root)
    if context.run.follow_up:
        text += f"\n\nAdded since by a person:\n{context.run.follow_up}\n"
    if context.previous_failure:
        text += f"\n\nThe attempt before this one failed: {context.previous_failure}\n"
    return text


def _going_on(context: AttemptContext) -> str:
    words, failure = context.run.follow_up, context.previous_failure
    parts = [words] if words else []
    if failure:
        parts.append(f"The attempt before this one failed: {failure}")
    if not words:
        parts.append("Go on with the task from where you were; the files are as they are now.")
    return "\n\n".join(parts)


def _message(spec: JobSpec, root: Path) -> str:
    file = root / (spec.metadata.message_file or "")
    if not real_path(file).is_relative_to(real_path(root)):
        raise SpawnError(
            f"The message file {file} leads out of the repository by a link. Name the real file."
        )
    try:
        text = _read(file).decode()
    except OSError as error:
        raise SpawnError(f"The message file {file} cannot be read: {error.strerror}. Correct it.") from error
    except UnicodeDecodeError as error:
        raise SpawnError(f"The message file {file} is not UTF-8 text. Save it as UTF-8.") from error
    if not text.strip():
        raise SpawnError(f"The message file {file} is empty. Write the task into it.")
    return text


def _read(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_BYTES:
            raise SpawnError(f"The message file {file} is no text file of at most 1 MB. Name another.")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            return opened.read()
    finally:
        os.close(descriptor)
