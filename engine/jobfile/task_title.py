"""The title of a job that nobody has named: the first words of what it does. Pure."""

import shlex
from collections.abc import Sequence
from pathlib import PurePath

from engine.jobfile.git_steps import GitStep
from engine.jobfile.job_sections import Command, Tests
from engine.system.plain_text import one_line

_MOST = 48
"""Characters: what a card has room for."""
_EXAMINED = 1_000
_SHELLS = frozenset({"sh", "bash", "dash", "zsh"})


def task_title(
    *,
    prompt: str | None = None,
    command: Command | None = None,
    git: GitStep | None = None,
    tests: Tests | None = None,
) -> str:
    """The first words of the task, whole words so far as they fit; empty where it has none."""
    if prompt:
        return _first_words(next((line for line in prompt.splitlines() if line.strip()), ""))
    if command is not None:
        return _first_words(_typed(command.exe, command.args))
    if git is not None:
        return _first_words(f"git {git.action} {_about(git)}")
    return "" if tests is None else _first_words(shlex.join(["pytest", *tests.paths, *tests.args]))


def _typed(exe: str, args: Sequence[str]) -> str:
    """A command as a person would type it: the line itself of ``sh -c``, the program without its folder."""
    name = PurePath(exe).name or exe
    match args:
        case ("-c", line, *_) if name in _SHELLS:
            return line
        case _:
            return shlex.join([name, *args])


def _about(git: GitStep) -> str:
    words = (getattr(git, name, None) for name in ("message", "name", "branch", "patch_file"))
    return next((str(word) for word in words if word), "")


def _first_words(text: str) -> str:
    line = " ".join(one_line(text[:_EXAMINED]).split())
    if len(line) <= _MOST:
        return line
    whole = line[:_MOST].rpartition(" ")[0]
    return f"{whole if len(whole) > _MOST // 2 else line[: _MOST - 1]}…"
