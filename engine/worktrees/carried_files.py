"""Bring files that git ignores from the user's own tree into a worktree: copied, or as links to the original.

On a disk that can, a copy shares its content with the original until one of both is changed, and takes no time or room.
"""

import os
import shutil
import sys
from pathlib import Path

from engine.errors import WorktreeError
from engine.runners.removal import remove_tree

if sys.platform == "linux":
    import fcntl

_FICLONE = 0x40049409
"""Linux: let a file have the content of another without copying it (linux/fs.h)."""


def carry(repo: Path, tree: Path, name: str) -> bool:
    """Copy the file or folder `name` of the repository into the worktree; False where the repository has none.

    What is there in the worktree already stays as it is; a copy that was interrupted is made again.

    Raises:
        WorktreeError: the name leads out of the repository, or it cannot be copied.
    """
    source, target = _inside(repo, name), _inside(tree, name)
    if not os.path.lexists(source) or os.path.lexists(target):
        return os.path.lexists(source)
    draft = target.with_name(f".signalbox-{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_tree(str(draft))
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, draft, symlinks=True, copy_function=_copy)
        else:
            _copy(str(source), str(draft))
        draft.replace(target)
    except (OSError, shutil.Error) as error:
        remove_tree(str(draft))
        raise WorktreeError(f"{name} could not be copied into {tree}: {_reason(error)}") from error
    return True


def link(repo: Path, tree: Path, name: str) -> bool:
    """Let `name` in the worktree be a link to the same in the repository; False where the repository has none.

    Raises:
        WorktreeError: the name leads out of the repository, or something else is there in the worktree.
    """
    source, target = _inside(repo, name), _inside(tree, name)
    if not os.path.lexists(source):
        return False
    if target.is_symlink() and target.readlink() == source:
        return True
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError as error:
        raise WorktreeError(f"{name} could not be linked into {tree}: {_reason(error)}") from error
    return True


def link_entries(repo: Path, tree: Path, name: str) -> None:
    """Let the folder `name` in the worktree be one of its own whose entries are links to those in the repository.

    Raises:
        WorktreeError: the name leads out of the repository or the worktree, or the folder cannot be made.
    """
    try:
        _inside(tree, name).mkdir(parents=True)
        names = sorted(entry.name for entry in _inside(repo, name).iterdir())
    except OSError as error:
        raise WorktreeError(f"{name} could not be linked into {tree}: {_reason(error)}") from error
    for each in names:
        link(repo, tree, f"{name}/{each}")


def _inside(root: Path, name: str) -> Path:
    """The path of a name below a folder, which no part of it leaves."""
    path = Path(name)
    folder = (root / path.parent).resolve()
    if path.is_absolute() or not path.name or ".." in path.parts or not folder.is_relative_to(root.resolve()):
        raise WorktreeError(f"{name!r} leads out of {root}. Name a path inside of it.")
    if ".git" in path.parts:
        raise WorktreeError(f"{name!r} is git's own. Name another path.")
    return folder / path.name


def _copy(source: str, target: str) -> str:
    """Copy one file or link with its mode and times, sharing the content where the disk can."""
    if os.path.islink(source) or not os.path.isfile(source):  # noqa: PTH114, PTH113 - called by copytree, with text
        return str(shutil.copy2(source, target, follow_symlinks=False))
    if not _shared(source, target):
        shutil.copyfile(source, target)
    shutil.copystat(source, target)
    return target


def _shared(source: str, target: str) -> bool:
    if sys.platform != "linux":
        return False
    with Path(source).open("rb") as original, Path(target).open("wb") as copy:
        try:
            fcntl.ioctl(copy.fileno(), _FICLONE, original.fileno())
        except OSError:  # another disk, or one that cannot
            return False
    return True


def _reason(error: OSError) -> str:
    detail = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror or error
    return f"{detail}. Look at it, then retry."
