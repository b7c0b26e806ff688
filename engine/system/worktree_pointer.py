"""Read and write where a repository and one of its worktrees name each other: in two small files.

An agent that works in the worktree can put anything in their place, so nothing here waits or follows a link.
Imports only the standard library: the process of a git step loads this module too.
"""

import errno
import os
import stat
from pathlib import Path

from engine.system.small_files import read_small

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def admin_of(path: Path, common: Path) -> Path | None:
    """What git knows of the worktree at this path; None where there is none of this repository.

    `common` is the folder that all worktrees of the repository share.
    """
    try:
        if not stat.S_ISDIR(path.lstat().st_mode):
            return None
        admin = (path / read_small(path / ".git").removeprefix("gitdir:").strip()).resolve()
    except (OSError, ValueError):
        return None
    return admin if admin.parent == (common / "worktrees").resolve() and admin.is_dir() else None


def recorded_place(admin: Path) -> Path:
    """Where the repository believes the worktree to be of which it keeps this folder.

    Raises:
        OSError: it does not say.
    """
    return Path(read_small(admin / "gitdir")).parent


def record_place(tree: Path, common: Path) -> None:
    """Write down in the repository that the worktree lies here, whole or not at all.

    ``git worktree repair`` does this too, but goes on to every other worktree: in one that is just being moved or
    deleted it writes a file, or it fails because of it.

    Raises:
        OSError: the tree is none of this repository, or what that knows of it cannot be read or written.
    """
    admin = admin_of(tree, common)
    if admin is None:
        raise OSError(errno.EINVAL, "it names no worktree of its repository", str(tree / ".git"))
    if recorded_place(admin) == tree:
        return
    draft = admin / "gitdir.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, _NEW, 0o666), "wb"
    ) as opened:  # the umask says who else may read it, as for git
        opened.write(os.fsencode(tree / ".git") + b"\n")
    draft.replace(admin / "gitdir")
