"""The working tree in which candidates are checked: one for each repository and target, ours alone, used again.

Files that git ignores stay from check to check, so what a setup has installed is installed once.
"""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError
from engine.system.nested_trees import is_linked


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
    if is_linked(tree, common):
        with suppress(StepError, OSError):
            return _moved(git.within(tree), commit)
    _clear(tree, common)
    tree.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    tree.parent.mkdir(mode=0o700, exist_ok=True)
    git.read("worktree", "add", "--detach", "--no-checkout", "--", str(tree), commit)
    return _moved(git.within(tree), commit)


def prepared_with(git: GitCalls) -> str:
    """What identifies the preparation that the tree has had; empty where it has had none."""
    try:
        return _note(git).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def note_prepared(git: GitCalls, digest: str) -> None:
    """Note what the tree was prepared with, after it was."""
    _note(git).write_text(digest, encoding="utf-8")


def clear_ignored(git: GitCalls) -> None:
    """Take away what another preparation has left in the tree."""
    _note(git).unlink(missing_ok=True)
    git.read("clean", "-ffdxq")


def _note(git: GitCalls) -> Path:
    return Path(git.read("rev-parse", "--absolute-git-dir")) / "signalbox-prepared"


def _moved(git: GitCalls, commit: str) -> GitCalls:
    folder = Path(git.read("rev-parse", "--absolute-git-dir"))
    (folder / "index.lock").unlink(missing_ok=True)  # nobody else works here
    git.read("update-ref", "--no-deref", "HEAD", commit)
    git.read("read-tree", "--reset", "-u", commit)
    git.read("clean", "-ffdq")
    return git


def _clear(tree: Path, common: Path) -> None:
    """Take the tree away, whole or half made, and what git knows of it."""
    if tree.exists():
        shutil.rmtree(tree)
    for known in (common / "worktrees").glob("*"):
        with suppress(OSError, ValueError):
            if (known / "gitdir").read_text(encoding="utf-8").strip() == str(tree / ".git"):
                shutil.rmtree(known)
