"""Take what lies in a worktree into a copy of its index, and so into a git tree; the index itself is not touched.

Files that git ignores are not part of it. What is left out although git does not ignore it is named with its reason.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from engine.errors import GitError, WorktreeError
from engine.system.fault_injection import fault
from engine.system.formatting import size
from engine.system.git_failures import locked
from engine.system.nested_trees import nested, submodules
from engine.worktrees.tree_place import LinkedTree
from engine.worktrees.tree_processes import processes_in

_LOOK = ("-c", "core.ignoreStat=false", "-c", "core.trustctime=true", "-c", "core.checkStat=default")
"""So that a repository cannot have git pass over files that may have changed."""


@dataclass(frozen=True)
class LeftOutFile:
    """A file or folder in a worktree that is not part of a snapshot, and why not; a folder has no size."""

    path: str
    size: int | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        """As the message of a snapshot's commit holds it."""
        return asdict(self)


@dataclass(frozen=True)
class SizeLimit:
    """Files above so many bytes are left out; those that git tracks already may be exempt."""

    size: int
    is_for_tracked: bool = True


class ContentIndex:
    """A copy of a worktree's index, for as long as the ``with`` block lasts."""

    def __init__(self, tree: LinkedTree) -> None:
        self._tree = tree
        self._git = tree.git.with_switches((*tree.git.switches, *_LOOK))
        self._index = tree.admin / "index"
        self._copy = tree.admin / "signalbox-index"
        self.env: Mapping[str, str] = {"GIT_INDEX_FILE": str(self._copy)}

    def __enter__(self) -> Self:
        self._forget()
        if self._index.exists():
            shutil.copy2(self._index, self._copy)  # with its time, by which git knows what to read again
        return self

    def __exit__(self, *_error: object) -> None:
        self._forget()

    def staged_tree(self) -> str:
        """The tree of what is staged; empty while a merge is unfinished."""
        return self._git.text("write-tree", env=self.env, accepted=(0, 128))

    def take_in(self, limit: SizeLimit, *, also: Iterable[str] = ()) -> list[LeftOutFile]:
        """Bring the copy to what lies in the tree; the files `also` even if git ignores them, whatever their size.

        Raises:
            GitError: git cannot read the tree.
        """
        self._look_at_all()
        links = submodules(self._names("ls-files", "--stage", "-z"))
        words = ("update-index", "-q", "--refresh", "--ignore-submodules")
        self._git.run(*words, env=self.env, accepted=(0, 1))  # 1 says that some have changed
        others = self._names("ls-files", "--others", "--exclude-standard", "-z")
        changed = self._names("diff-files", "--name-only", "-z", "--ignore-submodules=dirty")
        always = [path for path in also if self._is_file(path)]
        candidates = [
            path
            for path in dict.fromkeys((*changed, *others, *always))
            if path not in links and not path.endswith("/")
        ]
        behind = {path for path in candidates if self._is_behind_link(path)}
        if behind:  # a link has taken the place of their folder
            words = ("update-index", "--force-remove", "-z", "--stdin")
            self._git.run(*words, given=_listed(behind), env=self.env)
            candidates = [path for path in candidates if path not in behind]
        unlimited = {*always, *(() if limit.is_for_tracked else changed)}
        left_out = self._left_out(candidates, limit.size, unlimited)
        apart = {file.path for file in left_out}
        self._add([path for path in candidates if path not in apart])
        if links:  # as the commits they are at, without looking inside
            add = ("update-index", "--add", "--remove", "--")
            self._git.run(*add, *links, env=self.env, accepted=(0, 128))
        inner = [path for path in nested(others) if path not in links]
        return [*left_out, *(LeftOutFile(path, None, "a repository of its own") for path in inner)]

    def write_tree(self) -> str:
        """The tree of the copy."""
        return self._git.text("write-tree", env=self.env)

    def names(self) -> list[str]:
        """The paths in the copy."""
        return self._names("ls-files", "-z")

    def install(self) -> None:
        """Let the copy be the index of the worktree.

        Raises:
            WorktreeError: somebody else keeps the lock of the index.
        """
        lock = self._tree.admin / "index.lock"
        try:
            os.link(self._copy, lock)
        except FileExistsError as error:
            raise WorktreeError(f"git: {locked(str(lock))}") from error
        fault("index_linked")
        lock.replace(self._index)

    def _forget(self) -> None:
        lock = self._tree.admin / "index.lock"
        if lock.exists() and self._copy.exists() and lock.samefile(self._copy):
            lock.unlink()  # we were killed between the two calls of `install`
        for file in (self._copy, self._copy.with_name(f"{self._copy.name}.lock")):
            file.unlink(missing_ok=True)

    def _look_at_all(self) -> None:
        """Clear the flags that have git pass over files; those that are not checked out keep theirs."""
        entries = [(entry[:1], entry[2:]) for entry in self._names("ls-files", "-v", "-z")]
        assumed = [path for tag, path in entries if tag.islower()]
        skipped = [path for tag, path in entries if tag in "Ss" and self._exists(path)]
        for flag, paths in (("--no-assume-unchanged", assumed), ("--no-skip-worktree", skipped)):
            if paths:
                self._git.run("update-index", flag, "-z", "--stdin", given=_listed(paths), env=self.env)

    def _left_out(self, candidates: Iterable[str], limit: int, unlimited: set[str]) -> list[LeftOutFile]:
        found = []
        for path in candidates:
            try:
                status = (self._tree.path / path).lstat()
            except OSError:  # deleted
                continue
            reason = self._reason(path, status, None if path in unlimited else limit)
            if reason:
                found.append(LeftOutFile(path, status.st_size, reason))
        return found

    def _reason(self, path: str, status: os.stat_result, limit: int | None) -> str:
        if stat.S_ISLNK(status.st_mode) or stat.S_ISDIR(status.st_mode):
            return ""
        if not stat.S_ISREG(status.st_mode):
            return "neither a file nor a link"
        if not os.access(self._tree.path / path, os.R_OK):
            return "cannot be read"
        return f"larger than {size(limit)}" if limit is not None and status.st_size > limit else ""

    def _add(self, paths: Sequence[str]) -> None:
        words = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
        faster = ("-c", "core.looseCompression=0", "-c", "core.safecrlf=false")
        self._git.run(*words, given=_listed(paths), env=self.env, switches=faster)

    def _is_file(self, path: str) -> bool:
        """Whether this is a file or a link of the tree itself, not of what a link or another repository leads to."""
        file = self._tree.path / path
        above = file.parents[: len(Path(path).parts) - 1]
        is_elsewhere = any(folder.is_symlink() or (folder / ".git").exists() for folder in above)
        return self._exists(path) and not is_elsewhere and (file.is_symlink() or not file.is_dir())

    def _is_behind_link(self, path: str) -> bool:
        file = self._tree.path / path
        return any(folder.is_symlink() for folder in file.parents[: len(Path(path).parts) - 1])

    def _exists(self, path: str) -> bool:
        return os.path.lexists(self._tree.path / path)

    def _names(self, *words: str) -> list[str]:
        return self._git.names(*words, env=self.env)


def clear_left_locks(tree: LinkedTree) -> None:
    """Remove the locks that a killed git has left in this worktree, where no process can hold them any more."""
    left = [lock for name in ("index.lock", "HEAD.lock") if (lock := tree.admin / name).exists()]
    if left and not processes_in([tree.path, tree.admin], since=tree.made_at):
        for lock in left:
            lock.unlink(missing_ok=True)


def head_of(tree: LinkedTree) -> str:
    """The commit that is checked out; empty before the first one.

    Raises:
        GitError: HEAD names a commit that is not there.
    """
    head = tree.git.commit_of("HEAD")
    if not head and not tree.branch:
        raise GitError(f"HEAD in {tree.path} names no commit. Run git fsck there.")
    return head


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
