"""Bring a worktree back to a snapshot exactly; what lies in it now becomes a snapshot first, so nothing is lost.

Whatever interrupts it, a repetition takes what is there then as another snapshot and comes to the same end.
"""

from collections.abc import Callable
from functools import partial

from engine.errors import GitError, WorktreeError
from engine.git_step.in_the_way import in_the_way
from engine.git_step.under_way import UNDER_WAY
from engine.runners.removal import remove_tree
from engine.system.fault_injection import mutant
from engine.worktrees.checked_out import refuse_checked_out
from engine.worktrees.tree_content import ContentIndex, SizeLimit, clear_left_locks
from engine.worktrees.tree_git import ABSENT
from engine.worktrees.tree_place import LinkedTree
from engine.worktrees.tree_snapshots import Content, KeptTree, content_of, keep
from state.worktree_records import Worktree

_LEFT_OF_IT = (
    *UNDER_WAY,
    "MERGE_MSG",
    "MERGE_MODE",
    "AUTO_MERGE",
    "SQUASH_MSG",
    "BISECT_START",
    "BISECT_NAMES",
)


def restore(
    tree: LinkedTree, of: Worktree, kept: KeptTree, *, limit: SizeLimit, clock: Callable[[], float]
) -> KeptTree | None:
    """Files, HEAD and branch as they were; ignored files and those that are in no snapshot stay as they are.

    Returns the snapshot of what was there before, None where that was the same.

    Raises:
        WorktreeError: something that git ignores is in the way of a file, or the branch is checked out elsewhere.
        GitError: git cannot; a repetition completes it.
    """
    if kept.branch == f"refs/heads/{of.branch}":
        refuse_checked_out(tree.git, of.branch, but=tree.path)
    clear_left_locks(tree)
    with ContentIndex(tree) as index:
        paths = tree.git.names("ls-tree", "-r", "-z", "--name-only", kept.commit)
        content = content_of(tree, index, of.branch, limit=limit, also=set(paths).difference(index.names()))
        goal = _goal(tree, kept, content)
        is_there = (content.tree, content.head, content.branch) == (goal, kept.head, kept.branch)
        before = (
            None
            if is_there or mutant("no_kept_tree")
            else keep(tree, of, content, now=clock(), purpose=f"before restoring {kept.number}")
        )
        _move_files(tree, index, content.tree, goal)
        if kept.head:
            # The files as changes of nobody's index: only what is checked out counts as staged.
            tree.git.run("read-tree", "-i", "-m", kept.head, env=index.env)
        index.install()
    _move_head(tree, of, kept)
    for name in _LEFT_OF_IT:
        remove_tree(str(tree.admin / name))
    return before


def _goal(tree: LinkedTree, kept: KeptTree, content: Content) -> str:
    """The tree of the snapshot, with what was left out of it as it is now."""
    paths = [file.path for file in kept.left_out if file.size is not None]
    if not paths:
        return kept.tree
    env = {"GIT_INDEX_FILE": str(tree.admin / "signalbox-goal")}
    tree.git.run("read-tree", kept.tree, env=env)
    entries = dict.fromkeys(paths, b"0 " + b"0" * len(kept.tree))
    for entry in tree.git.run("ls-tree", "-r", "-z", content.tree).split(b"\0"):
        described, _, path = entry.partition(b"\t")
        if (name := path.decode(errors="surrogateescape")) in entries:
            mode, _, blob = described.split()
            entries[name] = mode + b" " + blob
    given = b"".join(
        entry + b"\t" + path.encode(errors="surrogateescape") + b"\0" for path, entry in entries.items()
    )
    tree.git.run("update-index", "-z", "--index-info", given=given, env=env)
    goal = tree.git.text("write-tree", env=env)
    (tree.admin / "signalbox-goal").unlink(missing_ok=True)
    return goal


def _move_files(tree: LinkedTree, index: ContentIndex, now: str, goal: str) -> None:
    if now == goal:
        return
    kept = f"What lay in {tree.path} is kept as a snapshot. Move away what is in the way, then retry."
    if found := in_the_way(partial(tree.git.names, env=index.env), tree.path, now, goal):
        raise WorktreeError(f"{found[0]} would be overwritten, and git does not know it. {kept}")
    try:
        tree.git.run("read-tree", "-m", "-u", now, goal, env=index.env)
    except GitError as error:
        raise WorktreeError(f"{error} {kept}") from error


def _move_head(tree: LinkedTree, of: Worktree, kept: KeptTree) -> None:
    """HEAD to where it was; of branches only the worktree's own is moved, and none of anybody else's."""
    git, own = tree.git, f"refs/heads/{of.branch}"
    reason = ("-m", f"signalbox: restored snapshot {kept.number}")
    if not kept.head:
        return
    if kept.branch == own:
        git.run("update-ref", *reason, own, kept.head, git.commit_of(own) or ABSENT)
        git.run("symbolic-ref", *reason, "HEAD", own)
    elif (tree.branch, git.commit_of("HEAD")) != (kept.branch, kept.head):
        git.run("update-ref", "--no-deref", *reason, "HEAD", kept.head)
