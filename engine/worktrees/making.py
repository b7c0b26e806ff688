"""Make the worktree of a workstream whole or not at all; what an interruption leaves is completed or undone.

git fills the tree in a folder beside its place, detached, without running a hook. Then it is moved to its place, and
its branch is made last: so a tree at its place is whole, and a branch without one is somebody else's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import GitError, WorktreeError
from engine.runners.removal import remove_tree
from engine.system.fault_injection import fault, mutant
from engine.system.nested_trees import submodules
from engine.system.worktree_pointer import admin_of, record_place
from engine.worktrees.checked_out import refuse_checked_out
from engine.worktrees.tree_filters import tree_filters
from engine.worktrees.tree_git import ABSENT, TreeGit
from engine.worktrees.tree_place import TreePlace, common_folder, private_folder
from state.recordable import recordable
from state.worktree_records import Worktree

_NO_COMMIT = (
    "There is no commit yet. Commit something first, or let the job run in place (isolation: in_place)."
)

_LFS = "whose files are not all in this repository (git lfs fetch brings them)"


@dataclass(frozen=True)
class MadeTree:
    """A worktree that is there: the commit it was made of, and what a person should know of it, in sentences."""

    commit: str
    notes: Sequence[str] = ()


def pinned_commit(git: TreeGit, base: str) -> str:
    """The commit that `base` names now.

    Raises:
        WorktreeError: it names none.
    """
    if found := git.commit_of(base):
        return found
    is_unborn = base == "HEAD" and git.text("symbolic-ref", "--quiet", "HEAD", accepted=(0, 1))
    where = f"in {git.folder}"
    raise WorktreeError(
        f"{git.folder}: {_NO_COMMIT}" if is_unborn else f"{base} names no commit {where}. Correct `base`."
    )


def make(tree: Worktree, git: TreeGit, *, keeps_branch: bool = False) -> MadeTree:
    """Make the worktree, or complete one that was begun; one that is there stays as it is.

    With `keeps_branch` a branch that is there already at the same commit is its own.

    Raises:
        WorktreeError: the place or the branch is taken, or nothing can be made of the commit.
        GitError: git refuses; nothing is left of it.
    """
    place, common = TreePlace.of(tree), common_folder(git)
    commit = tree.base_commit or pinned_commit(git, tree.base)
    is_there = admin_of(place.path, common) in place.known_as(common)
    if reason := place.why_moved(common):
        raise WorktreeError(f"The worktree of workstream {tree.ws_id} is not at {place.path}. {reason}")
    undo(place, common)
    has_pointers = False
    if not is_there:
        _refuse_taken(git, tree, place, common=common, commit=commit if keeps_branch else "")
        has_pointers = _fill(git, place, commit=commit, common=common)
    _attach(git, tree, place, common=common, commit=commit)
    return MadeTree(commit, _notes(git.within(place.path), has_pointers=has_pointers))


def undo(place: TreePlace, common: Path) -> None:
    """Clear away what a `git worktree add` that was interrupted has left."""
    if mutant("no_tree_undo"):
        return
    used = {admin_of(path, common) for path in (place.path, place.going, place.moved_to(common)) if path}
    remove_tree(str(place.making.parent))
    for admin in place.known_as(common):
        if admin not in used:
            remove_tree(str(admin))


def _refuse_taken(git: TreeGit, tree: Worktree, place: TreePlace, *, common: Path, commit: str) -> None:
    path = place.path
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise WorktreeError(f"{path} is there already. Move it away, or choose another worktrees folder.")
    _refuse_inside(git, path, common)
    _refuse_branch(git, tree.branch, commit=commit)
    refuse_checked_out(git, tree.branch, but=path)


def _refuse_inside(git: TreeGit, path: Path, common: Path) -> None:
    """A worktree inside the repository would be work that is not committed there, unless it is ignored."""
    if path.is_relative_to(common):
        raise WorktreeError(
            f"{path} is inside {common}, which is git's own. Choose another worktrees folder."
        )
    if git.text("rev-parse", "--is-inside-work-tree") != "true":
        return
    top = Path(git.text("rev-parse", "--show-toplevel")).resolve()
    is_ignored = path.is_relative_to(top) and git.run("check-ignore", "--", str(path), accepted=(0, 1))
    if path.is_relative_to(top) and not is_ignored:
        raise WorktreeError(
            f"{path} is inside the repository {top}. Choose a worktrees folder outside of it, "
            "or add the folder to its .gitignore."
        )


def _refuse_branch(git: TreeGit, branch: str, *, commit: str) -> None:
    try:
        git.run("check-ref-format", f"refs/heads/{branch}")
    except GitError as error:
        raise WorktreeError(
            f"{branch!r} cannot be the name of a branch. Correct the branch template."
        ) from error
    above = [branch.rsplit("/", count)[0] for count in range(1, branch.count("/") + 1)]
    refs = [f"refs/heads/{each}" for each in (branch, *above)]
    listed = git.text("for-each-ref", "--format=%(refname:lstrip=2)", *refs)
    for name in listed.splitlines():
        if name in above or name.startswith(f"{branch}/"):
            raise WorktreeError(
                f"Branch {name} is in the way of branch {branch}: git keeps no branch below or above another. "
                "Rename it, or change the branch template."
            )
        if name == branch and git.commit_of(f"refs/heads/{branch}") != commit:
            raise WorktreeError(f"Branch {branch} already exists. Rename it, or change the branch template.")


def _fill(git: TreeGit, place: TreePlace, *, commit: str, common: Path) -> bool:
    try:
        private_folder(place.making.parent)
        has_pointers = _add(git, place, commit=commit, common=common)
        place.making.chmod(0o700)
        place.making.replace(place.path)
        fault("tree_moved")
        place.making.parent.rmdir()
    except OSError as error:
        undo(place, common)
        raise WorktreeError(f"{error.filename}: {error.strerror}. Look at the folder, then retry.") from error
    except GitError:
        undo(place, common)
        raise
    return has_pointers


def _add(git: TreeGit, place: TreePlace, *, commit: str, common: Path) -> bool:
    """Whether it was only possible with the files of Git LFS as pointers."""
    words = ("worktree", "add", "--detach", "--", str(place.making), commit)
    try:
        git.run(*words)
    except GitError:
        if "lfs" not in tree_filters(git).set_up:
            raise
        undo(place, common)
        private_folder(place.making.parent)
        git.run(*words, env={"GIT_LFS_SKIP_SMUDGE": "1"})
        return True
    return False


def _attach(git: TreeGit, tree: Worktree, place: TreePlace, *, common: Path, commit: str) -> None:
    """Let git know where the tree is, and make its branch, where that has not been done yet."""
    _record_place(place, common)
    inner = git.within(place.path)
    if inner.text("symbolic-ref", "--quiet", "HEAD", accepted=(0, 1)) or inner.commit_of("HEAD") != commit:
        return
    ref = f"refs/heads/{tree.branch}"
    tip = git.commit_of(ref)
    if not tip:
        git.run("update-ref", "-m", "signalbox: worktree made", ref, commit, ABSENT)
    else:
        refuse_checked_out(git, tree.branch, but=place.path)
    if tip in {"", commit}:
        inner.run("symbolic-ref", "-m", "signalbox: worktree made", "HEAD", ref)


def _record_place(place: TreePlace, common: Path) -> None:
    try:
        record_place(place.path, common)
    except OSError as error:
        raise WorktreeError(f"{error.filename}: {error.strerror}. Look at the folder, then retry.") from error


def _notes(git: TreeGit, *, has_pointers: bool) -> list[str]:
    """What in the tree is not as in a tree that a person has checked out."""
    paths = git.names("ls-files", "-z")
    filters = tree_filters(git)
    if has_pointers:
        filters = replace(filters, set_up=filters.set_up - {"lfs"}, off={**filters.off, "lfs": _LFS})
    notes = filters.notes(git, env={}, paths=paths)
    if links := submodules(git.names("ls-files", "--stage", "-z")):
        named = ", ".join(links[:5])
        notes.append(
            f"Submodules are empty in the worktree ({named}). If the work needs them, fill them in `setup` of the "
            "project file: git submodule update --init."
        )
    if git.text("config", "--get", "core.sparseCheckout", accepted=(0, 1)) == "true":
        notes.append(
            recordable("The checkout is sparse: the worktree has the same files as your own tree, not all.")
        )
    return notes
