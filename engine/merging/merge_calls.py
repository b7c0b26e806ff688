"""Call git for a merge inside the engine: no program of the repository, and never beside a git of a killed engine."""

import os
from pathlib import Path

from engine.errors import GitError
from engine.git_step.calls import GitCalls
from engine.system.git import ENVIRONMENT, IDENTITY, INHERITED, SAFE, git_program

_SWITCHES = (
    "-c",
    "commit.gpgSign=false",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "advice.detachedHead=false",
)
"""Nobody is there to unlock a signing key."""


def calls_in(folder: Path, *, lock: int | None = None) -> GitCalls:
    """Calls of git in this folder; `lock` is the descriptor of a lock that a call keeps until it has ended.

    Raises:
        GitError: git is not installed, or the folder is gone.
        StepError: a program that the repository names cannot be switched off.
    """
    program = git_program()
    if program is None:
        raise GitError("git was not found on PATH. Install git to merge.")
    if not folder.is_dir():
        raise GitError(
            f"The repository {folder} does not exist any more. Bring it back, or withdraw the merge."
        )
    passed = {name: os.environ[name] for name in (*INHERITED, *IDENTITY) if name in os.environ}
    git = GitCalls([program, *SAFE, *_SWITCHES], str(folder), env={**passed, **ENVIRONMENT}, lock=lock)
    git.read("rev-parse", "--git-dir")
    git.disable_programs()
    return git
