"""Find out what changed in a working tree between two moments, in bounded space and without touching the repository.

A snapshot is a git tree of the files, with untracked but without ignored ones, in a folder of our own. What is not
stored in it is kept apart by size, time and inode: large files, those beyond the bounds, those git cannot read, and
other repositories inside. Working trees of the repository itself that lie inside are not part of it.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GitError
from engine.system.git import ChangedFile, changed_files, git, inner_path, names, repository_programs
from engine.system.git_programs import filtered
from engine.system.nested_trees import is_linked, nested, submodules
from state.records import NOTHING

LARGEST = 8 * 1024 * 1024
"""Files above this many bytes are kept apart."""
MOST_BYTES = 64 * 1024 * 1024
"""The bytes of changed and untracked files stored for one snapshot."""
MOST_FILES = 5_000
"""How many changed and untracked files are stored for one snapshot."""
_LOOK = ("-c", "core.ignoreStat=false", "-c", "core.trustctime=true", "-c", "core.checkStat=default")
"""So that a repository cannot have git pass over files that may have changed."""


@dataclass(frozen=True)
class TreeSnapshot:
    """A working tree at one moment: the id of its git tree, and the fingerprints of what is kept apart.

    `taken_ns` is the moment by the clock of the disk that both are on; 0 if they are on two.
    """

    tree: str
    apart: Mapping[str, str]
    taken_ns: int = 0


def take(
    root: Path, objects: Path, *, earlier: TreeSnapshot | None = None, earlier_objects: Path | None = None
) -> TreeSnapshot:
    """Store the working tree as it is now in the folder `objects`, created if needed.

    `earlier` is the snapshot this one will be compared with: what is stored in one is not kept apart in the other.
    Its objects are in the folder `earlier_objects`, by default in the same one.

    Raises:
        GitError: git cannot read the tree.
    """
    objects.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=objects, prefix="index-") as folder:
        return _Camera(root, (objects, earlier_objects or objects), Path(folder, "index")).snapshot(earlier)


def changes(
    root: Path,
    objects: Path,
    before: TreeSnapshot,
    after: TreeSnapshot,
    *,
    earlier_objects: Path | None = None,
) -> list[ChangedFile]:
    """The files that differ between two snapshots; the counts are unknown for what is kept apart.

    The objects of `before` are in the folder `earlier_objects`, by default in the same one as those of `after`.

    Raises:
        GitError: one of the snapshots no longer exists.
    """
    same = {path for path in before.apart if before.apart[path] == after.apart.get(path)}
    compared = changed_files(
        root, before.tree, after.tree, env=_object_folders(root, objects, earlier_objects or objects)
    )
    found = {file.path: file for file in compared if file.path not in same}
    for path in sorted((before.apart.keys() | after.apart.keys()) - same):
        if path not in found or not (path in before.apart and path in after.apart):
            found[path] = ChangedFile(path, None, None)
    return list(found.values())


class _Camera:
    """Takes one snapshot with a copy of the index."""

    def __init__(self, root: Path, folders: tuple[Path, Path], index: Path) -> None:
        self._root = root
        self._programs = repository_programs(root)
        self._env = {**_object_folders(root, *folders), "GIT_INDEX_FILE": str(index)}
        ours = index.parent.stat()
        self._taken_ns = ours.st_ctime_ns if ours.st_dev == root.stat().st_dev else 0
        _copy_index(root, index)

    def snapshot(self, earlier: TreeSnapshot | None) -> TreeSnapshot:
        self._look_at_all()
        links = submodules(self._names("ls-files", "--stage", "-z"))
        # So that a file that was only touched is none of the changed ones; 1 says that some have changed.
        self._git("update-index", "-q", "--refresh", "--ignore-submodules", accepted=(0, 1))
        others = self._names("ls-files", "--others", "--exclude-standard", "-z")
        changed = self._names("diff-files", "--name-only", "-z", "--ignore-submodules=dirty")
        stored = set(self._names("ls-tree", "-r", "-z", "--name-only", earlier.tree)) if earlier else set()
        tracked = self._names("ls-files", "-z")
        listed = dict.fromkeys((*changed, *others, *self._unlisted(stored, tracked)))
        candidates = [path for path in listed if path not in links and not path.endswith("/")]
        same = set(self._as_they_were((*tracked, *candidates), earlier, stored)) if earlier else set()
        if same:
            self._git("update-index", "--force-remove", "-z", "--stdin", stdin=_listed(same))
            candidates = [path for path in candidates if path not in same]
        by_filter = self._without_filter(candidates)
        apart = self._apart(candidates, stored, earlier, by_filter)
        # Checking whether a submodule is clean would run the programs its own configuration names.
        self._add([path for path in candidates if path not in apart or path in by_filter])
        if links:
            self._git("update-index", "--add", "--remove", "--", *links, accepted=(0, 128))
        apart |= self._inner_repositories([*links, *nested(others)])
        # write-tree reads files as recent as the index again, through their filters.
        return TreeSnapshot(self._git("write-tree").decode().strip(), apart, self._taken_ns)

    def _look_at_all(self) -> None:
        """Clear the flags that have git pass over files; those that are not checked out keep theirs."""
        entries = [(entry[:1], entry[2:]) for entry in self._names("ls-files", "-v", "-z")]
        assumed = [path for tag, path in entries if tag.islower()]
        skipped = [path for tag, path in entries if tag in "Ss" and os.path.lexists(self._root / path)]
        for flag, paths in (("--no-assume-unchanged", assumed), ("--no-skip-worktree", skipped)):
            if paths:
                self._git("update-index", flag, "-z", "--stdin", stdin=_listed(paths))

    def _unlisted(self, stored: set[str], tracked: Iterable[str]) -> Iterator[str]:
        """Files that are ignored since, or are in the index no longer: they have not changed by that."""
        for path in sorted(stored.difference(tracked)):
            file = self._root / path
            above = file.parents[: len(Path(path).parts) - 1]
            is_elsewhere = any(folder.is_symlink() or (folder / ".git").exists() for folder in above)
            if os.path.lexists(file) and not is_elsewhere and (file.is_symlink() or not file.is_dir()):
                yield path

    def _as_they_were(self, paths: Iterable[str], earlier: TreeSnapshot, stored: set[str]) -> Iterator[str]:
        """Files that git ignored and no longer does, or that were added by force: they have not changed by that."""
        for path in paths:
            if path not in stored and path not in earlier.apart and self._is_older(path, earlier.taken_ns):
                yield path

    def _is_older(self, path: str, moment_ns: int) -> bool:
        """Whether neither the file nor a folder above it was changed since; no program can set that time."""
        file = self._root / path
        try:
            times = [each.lstat().st_ctime_ns for each in (file, *file.parents[: len(Path(path).parts) - 1])]
        except OSError:
            return False
        return max(times) < moment_ns

    def _apart(
        self,
        candidates: Iterable[str],
        stored: set[str],
        earlier: TreeSnapshot | None,
        by_filter: Mapping[str, str],
    ) -> dict[str, str]:
        was_apart = earlier.apart if earlier else NOTHING
        apart = {path: _fingerprint(self._root / path) for path in was_apart if path not in by_filter}
        room = _Room()
        for path in candidates:
            if (
                path not in apart
                and path not in by_filter
                and not self._fits(path, room, is_stored=path in stored)
            ):
                apart[path] = _fingerprint(self._root / path)
        return {path: text for path, text in apart.items() if text} | dict(by_filter)

    def _without_filter(self, candidates: Iterable[str]) -> dict[str, str]:
        """The content of files that go through a filter that is switched off; git has another one of them.

        A large one is recognised by its size and time.
        """
        if not self._programs.filters:
            return {}
        tracked = self._names("ls-files", "-z")
        check = _attributes_of(self._root, self._env)
        paths = filtered({*tracked, *candidates}, self._programs.filters, check)
        found = {path: _content(self._root / path) for path in paths}
        return {path: text for path, text in found.items() if text}

    def _fits(self, path: str, room: "_Room", *, is_stored: bool) -> bool:
        file = self._root / path
        try:
            status = file.lstat()
        except OSError:  # removed: nothing has to be stored
            return True
        if stat.S_ISLNK(status.st_mode):
            return True
        readable = stat.S_ISREG(status.st_mode) and os.access(file, os.R_OK)
        return readable and status.st_size <= LARGEST and (is_stored or room.takes(status.st_size))

    def _add(self, paths: Iterable[str]) -> None:
        switches = ("-c", "core.looseCompression=0", "-c", "core.safecrlf=false")
        words = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
        self._git(*words, stdin=_listed(paths), more=switches)

    def _inner_repositories(self, paths: Iterable[str]) -> dict[str, str]:
        common = inner_path(self._root, "--git-common-dir")
        found = {}
        for path in paths:
            inner = self._root / path
            if (inner / ".git").exists() and not is_linked(inner, common):
                found[path] = _content_of(inner)
        return found

    def _names(self, *arguments: str) -> list[str]:
        return names(self._git(*arguments))

    def _git(
        self,
        *arguments: str,
        stdin: bytes = b"",
        more: tuple[str, ...] = (),
        accepted: tuple[int, ...] = (0,),
    ) -> bytes:
        switches = (*self._programs.switches, *_LOOK, *more)
        return git(arguments, self._root, env=self._env, switches=switches, stdin=stdin, accepted=accepted)


class _Room:
    """What may still be stored for one snapshot."""

    def __init__(self) -> None:
        self._bytes, self._files = MOST_BYTES, MOST_FILES

    def takes(self, size: int) -> bool:
        if size > self._bytes or not self._files:
            return False
        self._bytes -= size
        self._files -= 1
        return True


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _fingerprint(file: Path) -> str:
    try:
        status = file.lstat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino} {status.st_mode:o}"


def _content(file: Path) -> str:
    status = _fingerprint(file)
    if not status or file.is_symlink() or not file.is_file() or file.lstat().st_size > LARGEST:
        return status
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return status


def _content_of(inner: Path) -> str:
    """The fingerprint of the files of a repository inside another; one git cannot read has that of its folder."""
    env = {"GIT_CEILING_DIRECTORIES": str(inner.parent)}
    try:
        listed = names(git(["ls-files", "-co", "--exclude-standard", "-z"], inner, env=env))
    except GitError:
        return _fingerprint(inner)
    whole = "\n".join(f"{path} {_fingerprint(inner / path)}" for path in sorted(set(listed)))
    return hashlib.sha256(whole.encode(errors="surrogateescape")).hexdigest()


def _attributes_of(root: Path, env: Mapping[str, str]) -> Callable[[bytes], bytes]:
    return lambda listed: git(["check-attr", "--stdin", "-z", "filter"], root, env=env, stdin=listed)


def _copy_index(root: Path, copy: Path) -> None:
    index = inner_path(root, "--git-path", "index")
    if index.exists():
        # With its time: to git, a file as recent as its index may have changed unnoticed and is read again.
        shutil.copy2(index, copy)


def _object_folders(root: Path, objects: Path, *more: Path) -> dict[str, str]:
    """Write objects to a folder of our own, and also read those of the repository; search for none around it."""
    theirs = inner_path(root, "--git-path", "objects").resolve()
    return {
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(map(str, (theirs, *more))),
        "GIT_CEILING_DIRECTORIES": str(root.parent),
    }
