"""What git keeps in the repository's folder while a person is in the middle of something."""

from pathlib import Path

from engine.git_step.calls import GitCalls

UNDER_WAY = {
    "rebase-apply/applying": "git am",
    "rebase-apply": "rebase",
    "rebase-merge": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "sequencer": "cherry-pick or revert",
}
"""The files by which git knows it, and what each means."""


def under_way(git: GitCalls) -> str:
    """The operation of git that is unfinished in this working tree; empty where there is none."""
    folder = Path(git.read("rev-parse", "--absolute-git-dir"))
    return next((name for mark, name in UNDER_WAY.items() if (folder / mark).exists()), "")
