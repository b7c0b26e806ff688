"""Tell what a repository has inside it that is not its own work: working trees of its own, and other repositories.

Imports only the standard library: the process of a git step loads this module too.
"""

from collections.abc import Iterable
from pathlib import Path

_GITLINK = "160000 "


def submodules(staged: Iterable[str]) -> list[str]:
    """The paths of the submodules among the entries that ``git ls-files --stage`` lists."""
    return [entry.partition("\t")[2] for entry in staged if entry.startswith(_GITLINK)]


def nested(listed: Iterable[str]) -> list[str]:
    """The repositories among what ``git ls-files --others`` lists; git goes into none of them."""
    return [path.rstrip("/") for path in listed if path.endswith("/")]


def is_linked(folder: Path, common: Path) -> bool:
    """Whether `folder` is a working tree of the repository whose shared folder is `common`."""
    own = git_folder(folder)
    return own is not None and own.is_relative_to((common / "worktrees").resolve())


def git_folder(tree: Path) -> Path | None:
    """The folder in which git keeps what it knows of this working tree; None where none is named, or it is no such."""
    place = tree / ".git"
    try:
        if place.is_file():
            text = place.read_text(encoding="utf-8", errors="surrogateescape")
            place = tree / text.removeprefix("gitdir:").strip()
        return place.resolve() if (place / "HEAD").is_file() else None
    except (OSError, ValueError):
        return None
