"""Bring what the project file names of the files that git ignores into a new worktree: as copies, or as links.

Takes nothing that git knows, nothing from outside of the repository, and replaces nothing that is there.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from engine.errors import WorktreeError
from engine.jobfile.project_file import ProjectFile
from engine.scheduling.path_scopes import covers
from engine.system.formatting import size
from engine.worktrees.carried_files import carry, link, link_entries
from engine.worktrees.tree_git import TreeGit

MOST_BYTES = 4_000_000_000
MOST_FILES = 200_000
"""More than this is not copied into a worktree; `link` takes no room."""
_WILD = re.compile(r"[*?]")
_IGNORED = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard")


def bring_ignored_files(git: TreeGit, tree: Path, project: ProjectFile) -> None:
    """Copy and link what the project file names into the worktree; `git` is called in the user's own.

    May be repeated: what is in the worktree already stays as it is.

    Raises:
        WorktreeError: it is too much, leads out of the repository, or cannot be written; or git does not ignore a link.
        GitError: git cannot say what it ignores.
    """
    repo = git.folder
    names = [name for pattern in project.carry for name in _carried(git, pattern)]
    _refuse_too_much(repo, names)
    for name in names:
        carry(repo, tree, name)
    for name in project.link:
        _link(git, tree, name.rstrip("/"))


def _carried(git: TreeGit, pattern: str) -> list[str]:
    """The files and whole folders that a pattern covers, as far as git ignores them."""
    fixed = _WILD.split(pattern)[0]
    if fixed == pattern and _is_ignored(git, pattern):
        return [os.path.normpath(pattern)]
    folder = fixed if fixed == pattern else fixed.rpartition("/")[0]
    return [name for name in _ignored(git, folder) if covers([pattern], name)]


def _is_ignored(git: TreeGit, name: str) -> bool:
    """Whether git ignores a file, or a folder with all that is in it, be it for a folder above."""
    path = os.path.normpath(name)
    is_folder = (git.folder / path).is_dir() and not (git.folder / path).is_symlink()
    # git fails where a file is in a folder that is ignored and folders are to be listed as such
    found = _ignored(git, path, *(["--directory"] if is_folder else []))
    return any(f"{path}/".startswith(f"{one.rstrip('/')}/") for one in found)


def _ignored(git: TreeGit, name: str, *switches: str) -> list[str]:
    below = [f":(top,literal){os.path.normpath(name)}"] if name else []
    return git.names(*_IGNORED, *switches, "--", *below)


def _refuse_too_much(repo: Path, names: Sequence[str]) -> None:
    files = room = 0
    for name in names:
        for path in _files_of(repo / name):
            with suppress(OSError):  # it may go meanwhile
                files, room = files + 1, room + path.lstat().st_size
            if files > MOST_FILES or room > MOST_BYTES:
                raise WorktreeError(
                    f"`carry` of the project file names more than {MOST_FILES:,} files or {size(MOST_BYTES)}, among "
                    f"them {name}. Name less, or name it in `link`."
                )


def _files_of(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for here, folders, names in os.walk(path):
        yield from (
            Path(here, name) for name in (*names, *(one for one in folders if Path(here, one).is_symlink()))
        )


def _link(git: TreeGit, tree: Path, name: str) -> None:
    """A link to what git ignores; a folder whose entries are links, where git would not ignore one link."""
    source = git.folder / name
    if not os.path.lexists(source) or os.path.lexists(tree / name):
        return
    if not _is_ignored(git, name):
        raise WorktreeError(
            f"`link` of the project file names {name}, which git does not ignore: the branch of the workstream would "
            "hold a link. Add it to .gitignore, or take it out of `link`."
        )
    if not source.is_dir() or _ignores_a_link(git, tree, name):
        link(git.folder, tree, name)
        return
    link_entries(git.folder, tree, name)


def _ignores_a_link(git: TreeGit, tree: Path, name: str) -> bool:
    """A pattern such as ``node_modules/`` means folders alone, and a link to a folder is none."""
    return bool(git.within(tree).run("check-ignore", "--no-index", "--", name, accepted=(0, 1)))
