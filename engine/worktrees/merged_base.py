"""Merge the work of several workstreams into one commit for another to start from; touches no branch and no tree."""

import os
from collections.abc import Sequence

from engine.errors import WorktreeError
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_snapshots import commit_tree


class MergeConflictError(WorktreeError):
    """Two commits cannot be merged without a person; `files` are in conflict."""

    def __init__(self, one: str, other: str, files: Sequence[str]) -> None:
        self.one, self.other, self.files = one, other, tuple(files)
        super().__init__(f"{one} and {other} conflict in {', '.join(files)}.")


def merged(git: TreeGit, heads: Sequence[str], *, message: str, now: float) -> str:
    """A commit with the work of all these commits; the same ones give the same commit again.

    Raises:
        MergeConflictError: two of them conflict.
        GitError: git cannot merge them.
    """
    distinct = list(dict.fromkeys(heads))
    needed = [head for head in distinct if not any(_has(git, other, head) for other in distinct)]
    result, *others = needed
    for head in others:
        tree = _merged_tree(git, result, head)
        result = commit_tree(git, tree, [result, head], f"{message}\n", now=now)
    return result


def _has(git: TreeGit, other: str, head: str) -> bool:
    return other != head and git.is_ancestor(head, other)


def _merged_tree(git: TreeGit, one: str, other: str) -> str:
    words = ("merge-tree", "--write-tree", "--name-only", "-z", "--no-messages")
    done = git.run(*words, one, other, accepted=(0, 1))
    tree, *files = [os.fsdecode(field) for field in done.split(b"\0") if field]
    if files:
        raise MergeConflictError(one, other, list(dict.fromkeys(files)))
    return tree
