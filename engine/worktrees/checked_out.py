"""Leave a branch alone that is checked out in another working tree: moving it would change what a person sees there."""

import os
from pathlib import Path

from engine.errors import WorktreeError
from engine.worktrees.tree_git import TreeGit


def refuse_checked_out(git: TreeGit, branch: str, *, but: Path) -> None:
    """Make sure that no other working tree than `but` has the branch checked out.

    Raises:
        WorktreeError: one has; it names the tree.
        GitError: git cannot say.
    """
    for record in git.text("worktree", "list", "--porcelain", "-z").split("\0\0"):
        lines = record.split("\0")
        path = Path(lines[0].removeprefix("worktree "))
        is_there = f"branch refs/heads/{branch}" in lines and path.is_dir()
        if is_there and os.path.realpath(path) != os.path.realpath(but):
            raise WorktreeError(
                f"Branch {branch} is checked out in {path}, where it would move under your hands. Switch to another "
                "branch there, then retry."
            )
