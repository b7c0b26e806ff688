"""Delete the refs that keep snapshots and archives of a worktree, once nothing needs them.

A ref goes only if it still names what was found, and only if it was made for a worktree at this very place: another
home may have the same ids in the same repository.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.worktrees.archiving import archived
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_snapshots import KeptTree, snapshots
from state.worktree_records import Worktree


@dataclass(frozen=True)
class OwnRefs:
    """What the refs of one worktree keep: its snapshots, oldest first, and its archive."""

    snapshots: Sequence[KeptTree] = ()
    archive: KeptTree | None = None


def own_refs(git: TreeGit, of: Worktree) -> OwnRefs:
    """The refs of a worktree, whether it is there or gone."""
    return OwnRefs(snapshots(git, of), archived(git, of))


def holds_more(git: TreeGit, archive: KeptTree, head: str | None) -> bool:
    """Whether an archive has anything besides the finished work, whose commit is `head`."""
    if head is None or not archive.head or not git.commit_of(head):
        return True
    is_committed = archive.tree == git.text("rev-parse", f"{archive.head}^{{tree}}")
    parents = git.text("rev-list", "--parents", "--max-count=1", archive.commit).split()[1:]
    is_finished = archive.head == head or git.is_ancestor(archive.head, head)
    return not (is_committed and is_finished and parents == [archive.head])


def delete_refs(git: TreeGit, kept: Sequence[KeptTree]) -> None:
    """Delete these refs, all or none; of a ref that is a link to another, the link alone.

    Raises:
        GitError: one of them has moved, or git cannot; a repetition completes it.
    """
    words = "".join(f"option no-deref\0delete {each.ref}\0{each.commit}\0" for each in kept)
    if words:
        git.run("update-ref", "-m", "signalbox: pruned", "--stdin", "-z", given=words.encode())
