"""Where a worktree lies, what of it lies beside it meanwhile, and whether what lies there is the one that we made.

A tree is made in the folder `making` and then moved to its place; one that goes is moved to `going`, and to `gone` as
soon as it is sure that nothing in it is needed. So an interruption is known by what is where.
"""

import hashlib
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import WorktreeError
from engine.system.real_path import real_path
from engine.system.worktree_pointer import admin_of, recorded_place
from engine.worktrees.tree_filters import TreeFilters, tree_filters
from engine.worktrees.tree_git import TreeGit
from state.locks import KernelLock
from state.worktree_records import Worktree

LOCK_TIMEOUT_S = 60.0
"""So long it is waited for another process that is at work on the same worktree."""


@dataclass(frozen=True)
class TreePlace:
    """The paths of one worktree: its own, those beside it, and the name under which git knows it."""

    path: Path

    @classmethod
    def of(cls, tree: Worktree) -> "TreePlace":
        """The place of this worktree, its folder without links."""
        path = Path(tree.path)
        return cls(real_path(path.parent) / path.name)

    @property
    def name(self) -> str:
        """The name git gives it, which no other worktree has: from that of its folder when it was made."""
        return f"signalbox-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]}"

    @property
    def making(self) -> Path:
        """Where it is filled."""
        return self._beside("making") / self.name

    @property
    def going(self) -> Path:
        """Where it is examined for the last time."""
        return self._beside("going") / self.name

    @property
    def gone(self) -> Path:
        """Where it is deleted."""
        return self._beside("gone") / self.name

    @property
    def lock(self) -> Path:
        """Held by whoever works on it."""
        return self._beside("lock")

    def _beside(self, what: str) -> Path:
        return self.path.parent / f".{self.path.name}.{what}"

    @contextmanager
    def locked(self) -> Iterator[KernelLock]:
        """Keep every other process from this worktree; makes its folder, for this user alone.

        Raises:
            WorktreeError: another process keeps it, or the folder cannot be made.
        """
        try:
            private_folder(self.path.parent)
            lock = KernelLock.take(self.lock, timeout_s=LOCK_TIMEOUT_S)
        except TimeoutError as error:
            raise WorktreeError(
                f"Another process is at work on {self.path}. Retry when it is done."
            ) from error
        except OSError as error:
            raise WorktreeError(f"{error.filename}: {error.strerror}. Choose another folder.") from error
        with lock:
            yield lock

    def known_as(self, common: Path) -> list[Path]:
        """The folders in which git keeps what it knows of this worktree, also of one that was begun."""
        pattern = re.compile(rf"{self.name}\d*")
        try:
            return [entry for entry in (common / "worktrees").iterdir() if pattern.fullmatch(entry.name)]
        except FileNotFoundError:
            return []

    def moved_to(self, common: Path) -> Path | None:
        """Where somebody has moved this worktree; None where it is at its place, gone, being made, or out of sight."""
        ours = {self.path, self.making, self.going, self.gone}
        known = self.known_as(common)
        for admin in known:
            with suppress(OSError):
                path = recorded_place(admin)
                if path not in ours and admin_of(path, common) == admin:
                    return path
        if not known or any(map(os.path.lexists, ours)):
            return None
        near = (path for path in self._near(common) if path not in ours)
        return next((path for path in near if admin_of(path, common) in known), None)

    def _near(self, common: Path) -> Iterator[Path]:
        """Where a person may have put it without git, which then does not know: beside its place or the repository."""
        folders = (*self.path.parents[:3], common.parent.parent, Path.home())
        for folder in dict.fromkeys(folders):
            with suppress(OSError):
                yield from folder.iterdir()

    def why_moved(self, common: Path) -> str:
        """That somebody has moved this worktree, and what to do about it; empty where nobody has."""
        moved = self.moved_to(common)
        if moved is None:
            return ""
        back = f"mv {shlex.quote(str(moved))} {shlex.quote(str(self.path))}"
        return (
            f"Somebody has moved it to {moved}. Move it back ({back}), or take from there what you need and delete it, "
            "then retry."
        )


@dataclass(frozen=True)
class LinkedTree:
    """A worktree that is there and is ours: git in it, what git knows of it, and the repository's shared folder."""

    path: Path
    admin: Path
    common: Path
    git: TreeGit
    filters: TreeFilters

    @property
    def made_at(self) -> float:
        """When git made it, by a file that it writes only then."""
        return (self.admin / "commondir").stat().st_mtime

    @property
    def branch(self) -> str:
        """The full name of the branch that is checked out; empty where there is none."""
        return self.git.text("symbolic-ref", "--quiet", "HEAD", accepted=(0, 1))


def private_folder(folder: Path) -> None:
    """Make a folder and those above it, each for this user alone; what is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    for each in (*reversed(folder.parents), folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)


def repository_git(tree: Worktree, lock: KernelLock) -> TreeGit:
    """Git in the user's repository, with its programs switched off.

    Raises:
        GitError: there is no repository, or git refuses it.
    """
    return _careful(TreeGit(Path(tree.repo), lock=lock.descriptor))


def _careful(git: TreeGit) -> TreeGit:
    git.text("rev-parse", "--git-dir")  # says in its own words what is wrong with the folder
    return git.with_switches(tree_filters(git).switches)


def common_folder(git: TreeGit) -> Path:
    """The folder that all worktrees of the repository share."""
    return (git.folder / git.text("rev-parse", "--git-common-dir")).resolve()


def linked_tree(tree: Worktree, lock: KernelLock, *, at: Path | None = None) -> LinkedTree:
    """The worktree at its place (or at another path), after it is clear that it is the one that we made.

    Raises:
        WorktreeError: something else lies there.
        GitError: git refuses the repository.
    """
    place = TreePlace.of(tree)
    path = at or place.path
    repository = TreeGit(Path(tree.repo), lock=lock.descriptor)
    common = common_folder(repository)
    admin = admin_of(path, common)
    if admin is None or admin not in place.known_as(common):
        raise WorktreeError(
            f"{path} is not the worktree that was made for workstream {tree.ws_id}: {_difference(path)}. "
            "It was left as it is. Look at it, and move away what does not belong there."
        )
    git = repository.within(path)
    _refuse_redirected(git)
    filters = tree_filters(git)
    return LinkedTree(path, admin, common, git.with_switches(filters.switches), filters)


def _refuse_redirected(git: TreeGit) -> None:
    """A worktree may have a configuration of its own, in which an agent can name another folder for git to write to."""
    top = git.text("rev-parse", "--show-toplevel")
    if Path(top).resolve() != git.folder.resolve():
        raise WorktreeError(
            f"The configuration of {git.folder} has git work in {top} instead (core.worktree). It was left as it is. "
            "Run git config --worktree --unset core.worktree there, then retry."
        )


def _difference(path: Path) -> str:
    if path.is_symlink():
        return "a link is there"
    if not path.exists():
        return "nothing is there"
    return "it is no worktree of this repository" if path.is_dir() else "a file is there"
