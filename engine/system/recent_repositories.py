"""Finds git repositories that a person worked in lately, and says what a folder is. Reads folders, runs no git."""

import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from engine.system.git import git_program, work_tree_root
from engine.system.home import at_home

_DEPTH = 2
_MOST_FOLDERS = 2000


class FolderKind(StrEnum):
    """What a folder is to a coding tool."""

    NONE = "none"
    MISSING = "missing"
    PLAIN = "plain"
    REPOSITORY = "repository"
    NO_GIT = "no_git"


def recent_repositories(root: Path, *, most: int = 8) -> Sequence[Path]:
    """The repositories at most two folders below `root`, those used last first; hidden folders are left out."""
    found = [(_used_at(folder), folder) for folder in _folders(root) if _is_repository(folder)]
    return [folder for _, folder in sorted(found, reverse=True)[:most]]


def kind_of_folder(text: str) -> FolderKind:
    """What the folder is that a person typed; `NO_GIT` for any on a computer without git."""
    folder = at_home(text.strip()) if text.strip() else None
    try:
        if folder is None:
            return FolderKind.NONE
        if not folder.is_absolute() or not folder.is_dir():
            return FolderKind.MISSING
        if git_program() is None:
            return FolderKind.NO_GIT
        return FolderKind.PLAIN if work_tree_root(folder) is None else FolderKind.REPOSITORY
    except OSError:
        return FolderKind.MISSING


def _folders(root: Path) -> Iterator[Path]:
    left, seen = [(root, 0)], 0
    while left and seen < _MOST_FOLDERS:
        folder, depth = left.pop(0)
        try:
            names = sorted(each.name for each in os.scandir(folder) if each.is_dir(follow_symlinks=False))
        except OSError:
            continue
        for name in names:
            if name.startswith(".") or seen >= _MOST_FOLDERS:
                continue
            seen += 1
            yield folder / name
            if depth + 1 < _DEPTH and not _is_repository(folder / name):
                left.append((folder / name, depth + 1))


def _is_repository(folder: Path) -> bool:
    return os.path.exists(folder / ".git")  # noqa: PTH110 - Path.exists raises where a folder is closed to us


def _used_at(folder: Path) -> float:
    """When git last wrote the list of files, or at least the folder of the repository."""
    for name in (".git/index", ".git"):
        try:
            return (folder / name).stat().st_mtime
        except OSError:
            continue
    return 0.0
