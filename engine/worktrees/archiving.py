"""Let a worktree go once it is proved that nothing in it gets lost: never by force, and kept with the reason otherwise.

All that is in it becomes a commit under ``refs/signalbox/archive/`` first. Then the folder is moved aside, examined
once more where nobody can find it, and deleted. A repetition completes what an interruption has left half done.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from engine.errors import GitError, WorktreeError
from engine.runners.removal import remove_tree
from engine.system.fault_injection import fault
from engine.system.nested_trees import submodules
from engine.system.plain_text import escape_invisible
from engine.system.small_files import read_small
from engine.system.worktree_pointer import admin_of
from engine.worktrees.finishing import refuse_unfinished
from engine.worktrees.making import MadeTree, make, undo
from engine.worktrees.snapshot_restore import restore
from engine.worktrees.tree_content import ContentIndex, SizeLimit
from engine.worktrees.tree_git import ABSENT, TreeGit
from engine.worktrees.tree_place import LinkedTree, TreePlace, common_folder, linked_tree
from engine.worktrees.tree_processes import mounts_in, processes_in
from engine.worktrees.tree_snapshots import Content, KeptTree, content_of, keep_as, kept_trees
from state.locks import KernelLock
from state.worktree_records import Worktree, ref_part


@dataclass(frozen=True)
class ArchivedTree:
    """What became of a worktree that was to go: gone, or still there for the reason `kept_reason`.

    `ref` names the commit that has all that was in it; empty where it was not archived, or is still there.
    """

    ref: str = ""
    kept_reason: str = ""


def archive_ref(git: TreeGit, of: Worktree) -> str:
    """The ref that keeps what was in a worktree; one of its own where that of these ids is of another home."""
    usual, apart = _archive_refs(of)
    if (kept := archived(git, of)) is not None:
        return kept.ref
    return apart if git.text("for-each-ref", usual) else usual


def archived(git: TreeGit, of: Worktree) -> KeptTree | None:
    """What was archived of a worktree; None if nothing was."""
    return next(iter(kept_trees(git, _archive_refs(of), of)), None)


def _archive_refs(of: Worktree) -> tuple[str, str]:
    usual = f"refs/signalbox/archive/{ref_part(of.run_id)}/{ref_part(of.ws_id)}"
    return usual, f"{usual}-{TreePlace.of(of).name}"


def archive(
    of: Worktree, git: TreeGit, lock: KernelLock, *, limit: SizeLimit, clock: Callable[[], float]
) -> ArchivedTree:
    """Archive a worktree and remove it and its branch.

    Raises:
        GitError: git cannot; a repetition completes it.
    """
    keep = partial(preserve, of=of, limit=limit, clock=clock)
    if reason := _let_go(of, git, lock, limit=limit, first=keep):
        return ArchivedTree(kept_reason=reason)
    _remove_branch(git, of)
    return ArchivedTree(archive_ref(git, of) if archived(git, of) else "")


def remove(of: Worktree, git: TreeGit, lock: KernelLock, *, limit: SizeLimit) -> str:
    """Remove a worktree that is clean or archived; its branch stays. Returns why it was kept, or nothing.

    Raises:
        GitError: git cannot; a repetition completes it.
    """
    return _let_go(of, git, lock, limit=limit)


def bring_back(
    of: Worktree, git: TreeGit, lock: KernelLock, *, limit: SizeLimit, clock: Callable[[], float]
) -> MadeTree:
    """Make an archived worktree again, with what was uncommitted in it as uncommitted work.

    Raises:
        WorktreeError: nothing was archived, or the place or the branch is taken.
        GitError: git cannot; a repetition completes it.
    """
    kept = archived(git, of)
    if kept is None or not kept.head:
        raise WorktreeError(f"Nothing is archived of workstream {of.ws_id} in {git.folder}.")
    made = make(replace(of, base_commit=kept.head), git, keeps_branch=True)
    restore(linked_tree(of, lock), of, kept, limit=limit, clock=clock)
    return made


def settle(of: Worktree, git: TreeGit) -> None:
    """Undo or complete what a killed engine has left of making or removing a worktree."""
    place = TreePlace.of(of)
    _complete(place)
    undo(place, common_folder(git))


def preserve(tree: LinkedTree, of: Worktree, *, limit: SizeLimit, clock: Callable[[], float]) -> None:
    """Let the ref of its archive keep all that is in a worktree now, and what it kept before.

    Raises:
        WorktreeError: a merge or the like is unfinished there.
        GitError: git cannot; a repetition completes it.
    """
    refuse_unfinished(tree)
    with ContentIndex(tree) as index:
        content = content_of(tree, index, of.branch, limit=limit)
    before = archived(tree.git, of)
    if before is None or not _has(before, content):
        more = [] if before is None else [before.commit]
        subject = f"Archive of workstream {of.ws_id}"
        commit = keep_as(tree, of, content, subject, now=clock(), about={}, more=more)
        tree.git.run("update-ref", archive_ref(tree.git, of), commit, before.commit if before else ABSENT)


def _let_go(
    of: Worktree,
    git: TreeGit,
    lock: KernelLock,
    *,
    limit: SizeLimit,
    first: Callable[[LinkedTree], None] = lambda _tree: None,
) -> str:
    """Remove a worktree where it is, after what is to be done in it `first`; or say why it was kept."""
    place, common = TreePlace.of(of), common_folder(git)
    _complete(place)
    if place.path.exists() or place.path.is_symlink():
        try:
            first(linked_tree(of, lock))
        except WorktreeError as error:
            return str(error)
        if reason := _removed(of, place, lock, limit=limit):
            return reason
    elif reason := place.why_moved(common):
        return reason
    _forget(place, common)
    return ""


def _removed(of: Worktree, place: TreePlace, lock: KernelLock, *, limit: SizeLimit) -> str:
    """Remove the folder, or say why not."""
    if reason := _obstacle(linked_tree(of, lock), of, limit=limit):
        return reason
    try:
        place.going.parent.mkdir(mode=0o700, exist_ok=True)
        place.path.replace(place.going)
        fault("tree_aside")
        if reason := _obstacle(linked_tree(of, lock, at=place.going), of, limit=limit):
            _put_back(place)
            return reason
        place.going.parent.replace(place.gone.parent)
        fault("tree_proved")
    except OSError as error:
        _put_back(place)
        return f"{error.filename}: {error.strerror}. Look at the folder, then retry."
    except GitError:
        _put_back(place)
        raise
    remove_tree(str(place.gone.parent))
    fault("tree_deleted")
    return f"{place.gone.parent} could not be deleted completely." if place.gone.parent.exists() else ""


def _obstacle(tree: LinkedTree, of: Worktree, *, limit: SizeLimit) -> str:
    """Why the worktree has to stay; empty if nothing in it would be lost and nobody works in it."""
    reason, content = examined(tree, of, limit=limit)
    if reason or content is None:
        return reason
    before = archived(tree.git, of)
    is_archived = before is not None and _has(before, content)
    return (
        ""
        if is_archived or _is_clean(tree, of, content)
        else "it has work that is not committed. Archive it."
    )


def examined(tree: LinkedTree, of: Worktree, *, limit: SizeLimit) -> tuple[str, Content | None]:
    """Why the worktree could not go even if it were archived, or what is in it.

    Raises:
        GitError: git cannot read it.
    """
    if reason := _use(tree):
        return reason, None
    try:
        refuse_unfinished(tree)
    except WorktreeError as error:
        return str(error), None
    links = submodules(tree.git.names("ls-files", "--stage", "-z"))
    if checked_out := [path for path in links if (tree.path / path / ".git").exists()]:
        reason = "is checked out in it. Push its work, then run git submodule deinit there."
        return f"the submodule {checked_out[0]} {reason}", None
    with ContentIndex(tree) as index:
        content = content_of(tree, index, of.branch, limit=limit)
    if content.left_out:
        first = content.left_out[0]
        return f"{first.path} cannot be archived: it is {first.reason}. Move or delete it, then retry.", None
    return "", content


def _use(tree: LinkedTree) -> str:
    """Who needs the worktree at this moment."""
    if (tree.admin / "locked").exists():
        reason = ""
        with suppress(OSError):  # not a file: it is locked all the same
            reason = escape_invisible(read_small(tree.admin / "locked"))
        return f"it is locked by git worktree lock{f' ({reason})' if reason else ''}. Unlock it, then retry."
    if mounted := mounts_in(tree.path):
        return f"a disk is mounted in it ({mounted[0]}). Unmount it, then retry."
    if working := processes_in([tree.path], since=tree.made_at):
        return f"{', '.join(working[:3])} is at work in it. End it, then retry."
    return ""


def _has(kept: KeptTree, content: Content) -> bool:
    return (kept.tree, kept.head, kept.branch) == (
        content.tree,
        content.head,
        content.branch,
    ) and not content.left_out


def _is_clean(tree: LinkedTree, of: Worktree, content: Content) -> bool:
    """Whether all is in a commit that the worktree's own branch keeps."""
    own = tree.git.commit_of(f"refs/heads/{of.branch}")
    is_kept = bool(own and content.head and tree.git.is_ancestor(content.head, own))
    is_committed = is_kept and content.tree == tree.git.text("rev-parse", f"{content.head}^{{tree}}")
    return is_committed and list(content.parents) in ([content.head], [content.head, own])


def _complete(place: TreePlace) -> None:
    """Delete what was proved to be kept elsewhere, and put back what was not examined to the end."""
    remove_tree(str(place.gone.parent))
    _put_back(place)


def _put_back(place: TreePlace) -> None:
    if place.going.exists() and not place.path.exists():
        place.going.replace(place.path)
    if place.going.parent.is_dir() and not any(place.going.parent.iterdir()):
        place.going.parent.rmdir()


def _forget(place: TreePlace, common: Path) -> None:
    """Let git forget a worktree that is gone."""
    moved = place.moved_to(common)
    used = {admin_of(path, common) for path in (place.path, moved) if path is not None}
    for admin in place.known_as(common):
        if admin not in used:
            remove_tree(str(admin))


def _remove_branch(git: TreeGit, of: Worktree) -> None:
    """Remove the branch of an archived worktree, unless it is checked out or has work that is not archived."""
    kept, own = archived(git, of), f"refs/heads/{of.branch}"
    tip = git.commit_of(own)
    listed = git.run("worktree", "list", "--porcelain", "-z").split(b"\0")
    if kept and tip and git.is_ancestor(tip, kept.commit) and f"branch {own}".encode() not in listed:
        git.run("update-ref", "-d", own, tip)
