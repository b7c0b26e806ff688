"""Commit what is uncommitted in a worktree on its branch, by plumbing: no hook runs, nothing is signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import GitError, WorktreeError
from engine.git_step.under_way import UNDER_WAY
from engine.worktrees.checked_out import refuse_checked_out
from engine.worktrees.tree_content import ContentIndex, LeftOutFile, SizeLimit, clear_left_locks, head_of
from engine.worktrees.tree_git import ABSENT, IDENTITY, TreeGit
from engine.worktrees.tree_place import LinkedTree
from engine.worktrees.tree_snapshots import commit_tree
from state.worktree_records import Worktree

_REASON = ("-m", "signalbox: the rest of the work")


@dataclass(frozen=True)
class FinishedTree:
    """A worktree whose work is all on its branch: the commit, and which files are too large to be in it."""

    head: str
    left_out: Sequence[LeftOutFile] = ()


def finish(tree: LinkedTree, of: Worktree, message: str, *, limit: SizeLimit) -> FinishedTree:
    """Commit everything that is uncommitted, let the branch name it, and HEAD the branch.

    Raises:
        WorktreeError: a merge or the like is unfinished there, or the branch has work that is not in the tree.
        GitError: git cannot; a repetition completes it.
    """
    refuse_unfinished(tree)
    clear_left_locks(tree)
    head = head_of(tree)
    with ContentIndex(tree) as index:
        left_out = index.take_in(SizeLimit(limit.size, is_for_tracked=False))
        stored = index.write_tree()
        if not head or stored != tree.git.text("rev-parse", f"{head}^{{tree}}"):
            parents = [head] if head else []
            made = commit_tree(tree.git, stored, parents, message, identity=_identity(tree.git))
        else:
            made = head
        _move_branch(tree, of, made, head=head)
        index.install()
    return FinishedTree(made, left_out)


def refuse_unfinished(tree: LinkedTree) -> None:
    """Leave alone what somebody is in the middle of.

    Raises:
        WorktreeError: naming it.
    """
    files = tree.git.names("diff", "--name-only", "--diff-filter=U", "-z", "--no-ext-diff")
    under_way = next((name for mark, name in UNDER_WAY.items() if (tree.admin / mark).exists()), None)
    if files or under_way:
        where = f" ({', '.join(files[:10])})" if files else ""
        raise WorktreeError(
            f"In {tree.path} a {under_way or 'merge'} is unfinished{where}. Resolve or abort it there, then retry."
        )


def _move_branch(tree: LinkedTree, of: Worktree, made: str, *, head: str) -> None:
    git, own = tree.git, f"refs/heads/{of.branch}"
    tip = git.commit_of(own)
    if tip and tip not in {head, made} and not git.is_ancestor(tip, made):
        raise WorktreeError(
            f"Branch {of.branch} has commits that are not in what is checked out in {tree.path}. "
            f"Merge them there, or point the branch at the work, then retry."
        )
    if tip and (tip != made or tree.branch != own):
        refuse_checked_out(git, of.branch, but=tree.path)
    if tip != made:
        git.run("update-ref", *_REASON, own, made, tip or ABSENT)
    if tree.branch != own:
        git.run("symbolic-ref", *_REASON, "HEAD", own)


def _identity(git: TreeGit) -> Sequence[str]:
    """Nothing where git knows who the user is, otherwise that it is Signalbox."""
    try:
        git.run("var", "GIT_COMMITTER_IDENT")
        git.run("var", "GIT_AUTHOR_IDENT")
    except GitError:
        return IDENTITY
    return ()
