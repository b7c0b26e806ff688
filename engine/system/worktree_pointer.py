"""Let a repository know where a worktree lies that has been moved.

Imports only the standard library: the process of a git step loads this module too.
"""

import os
from pathlib import Path


def record_place(tree: Path) -> None:
    """Write down in the repository that the worktree lies here, whole or not at all.

    ``git worktree repair`` does this too, but goes on to every other worktree: in one that is just being moved or
    deleted it writes a file, or it fails because of it.

    Raises:
        OSError: the tree or what the repository knows of it is not there, or cannot be written.
    """
    link = (tree / ".git").read_text(encoding="utf-8", errors="surrogateescape")
    admin = tree / link.removeprefix("gitdir:").strip()
    text = os.fsencode(tree / ".git") + b"\n"
    if (admin / "gitdir").read_bytes() == text:
        return
    new = admin / "gitdir.new"
    new.write_bytes(text)
    new.replace(admin / "gitdir")
