"""A git that writes down each of its calls before it becomes the real one."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.merging import merge_calls
from engine.system import git


@dataclass(frozen=True)
class CountedGit:
    """The file of the calls."""

    log: Path

    def calls(self) -> Sequence[Sequence[str]]:
        """The arguments of each call so far."""
        return [line.split() for line in self.log.read_text().splitlines()]


def count_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> CountedGit:
    """Let the engine in this process use such a git, which is made in this folder."""
    folder.mkdir()
    program, log = folder / "git", folder / "calls"
    log.write_text("")
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {git.git_program()} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for module in (merge_calls, git):
        monkeypatch.setattr(module, "git_program", lambda: str(program))
    return CountedGit(log)
