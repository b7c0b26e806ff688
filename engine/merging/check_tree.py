"""The working tree in which candidates are checked: one for each repository and target, ours alone, used again.

Files that git ignores stay from check to check, so what a setup has installed is installed once.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError
from engine.runners.removal import remove_tree
from engine.system.nested_trees import git_folder, is_linked
from engine.system.private_files import write_private
from engine.system.small_files import read_small


def check_tree_of(folder: Path, common: Path, ref: str) -> Path:
    """Where the tree of this repository, named by the folder its trees share, and this branch is."""
    return folder / ".merge" / key_of(common, ref)


def key_of(common: Path, ref: str) -> str:
    """A short name for a branch of a repository."""
    return hashlib.sha256(f"{common}\0{ref}".encode(errors="surrogateescape")).hexdigest()[:16]


def common_folder(git: GitCalls) -> Path:
    """The folder that all working trees of the repository share."""
    return Path(git.read("rev-parse", "--path-format=absolute", "--git-common-dir")).resolve()


def check_out(git: GitCalls, tree: Path, commit: str, *, common: Path) -> GitCalls:
    """Make the tree hold exactly this commit, beside what git ignores; returns the calls of git in it.

    Raises:
        StepError: git cannot make it.
    """
    if not tree.is_symlink() and is_linked(tree, common) and _is_own(tree):
        with suppress(StepError, OSError):
            return _moved(git.within(tree), tree, commit)
    _clear(tree, common)
    tree.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    tree.parent.mkdir(mode=0o700, exist_ok=True)
    git.read("worktree", "add", "--detach", "--no-checkout", "--", str(tree), commit)
    return _moved(git.within(tree), tree, commit)


def prepared_with(git: GitCalls) -> str:
    """What identifies the preparation that the tree has had; empty where it has had none."""
    try:
        return read_small(_note(git))
    except OSError:
        return ""


def note_prepared(git: GitCalls, digest: str) -> None:
    """Note what the tree was prepared with, after it was."""
    write_private(_note(git), digest)


def clear_ignored(git: GitCalls) -> None:
    """Take away what another preparation has left in the tree."""
    _note(git).unlink(missing_ok=True)
    git.read("clean", "-ffdxq")


def _note(git: GitCalls) -> Path:
    return Path(git.read("rev-parse", "--absolute-git-dir")) / "signalbox-prepared"


def _is_own(tree: Path) -> bool:
    """Whether what git knows under the name of this tree is about this one: its `.git` may name any tree."""
    folder = git_folder(tree)
    return folder is not None and _tree_in(folder) == str(tree / ".git")


def _tree_in(folder: Path) -> str:
    try:
        return read_small(folder / "gitdir")
    except OSError:
        return ""


def _moved(git: GitCalls, tree: Path, commit: str) -> GitCalls:
    if Path(git.read("rev-parse", "--show-toplevel")).resolve() != tree.resolve():
        raise StepError(f"git in {tree} works in another folder (core.worktree).")
    folder = Path(git.read("rev-parse", "--absolute-git-dir"))
    (folder / "index.lock").unlink(missing_ok=True)  # nobody else works here
    if any(not each.startswith("H ") for each in git.names("ls-files", "-v", "-z")):
        (folder / "index").unlink()  # git was set to overlook changes in a file, or a merge was left in it
    git.read("update-ref", "--no-deref", "HEAD", commit)
    git.read("read-tree", "--reset", "-u", commit)
    git.read("clean", "-ffdq")
    return git


def _clear(tree: Path, common: Path) -> None:
    """Take the tree away, whole or half made, whatever is in its place, and what git knows of it.

    Raises:
        StepError: something is left of it.
    """
    remove_tree(str(tree))
    if os.path.lexists(tree):
        raise StepError(f"{tree} cannot be removed. Remove it; Signalbox makes it anew for each check.")
    for known in (common / "worktrees").glob("*"):
        if _tree_in(known) == str(tree / ".git"):
            remove_tree(str(known))
