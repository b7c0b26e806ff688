"""Reads what is bound of a repository: what differs from its commit, what may run in it, and what its links lead to.

Runs no program that a repository names, and writes nothing.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from engine.system.git import git, repository_programs, work_tree_root
from engine.trust.committed_files import committed_files, differing
from engine.trust.elsewhere import is_bound
from engine.trust.fingerprints import BoundFile, entry_fingerprint, is_inside
from engine.trust.git_settings import git_settings

MOST_FILES = 20_000
MOST_BYTES = 200 * 1024 * 1024
"""More than this is not read: then the state of the repository is unknown, and nothing can be bound to it."""
_PRESENT_STATS = (
    *("-c", "core.checkStat=default", "-c", "core.trustctime=true"),
    *("-c", "core.ignoreStat=false", "-c", "core.symlinks=true"),
)
_STATUS = (
    *("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=matching"),
    *("--ignore-submodules=all", "--no-renames"),
)
_NO_COMMIT = "(initial)"
_HIDE_THEMSELVES = re.compile(r"\.git(ignore|attributes)|\.env(rc|\..*)?|\.flaskenv")
"""Files that are bound although git ignores them: they could hide anything, or set the variables of a program."""


class UnknownStateError(Exception):
    """The state of a repository cannot be read; the message is the reason, as a clause."""


@dataclass
class _GitStatus:
    commit: str = ""
    excludes: str = ""
    changed: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


class RepositoryReading:
    """One reading of one repository, within the bounds of files and bytes."""

    def __init__(self, apart: Sequence[str], root: str) -> None:
        self._apart, self._root = apart, root
        self._files, self._bytes = MOST_FILES, MOST_BYTES
        self._links: list[str] = []
        self._ignored: list[tuple[str, list[str]]] = []

    def of_git(self, root: str, *, named: Sequence[str]) -> tuple[str, str, list[BoundFile]]:
        """The commit, what identifies its files, and all that differs from it or could hide a difference."""
        status = self._status(root)
        run = partial(_git, root=root)
        committed = committed_files(run, status.commit)
        changed = list(differing(run, root, committed))
        inner = dict.fromkeys((*committed.submodules, *submodules(root)))
        hidden_rules = [path for path in status.ignored if _HIDE_THEMSELVES.fullmatch(os.path.basename(path))]
        settings = git_settings(root)
        info = os.path.dirname(status.excludes)
        own = (status.excludes, os.path.join(info, "attributes"), *settings.files, *settings.named.files)
        self._ignored.append((root, status.ignored))
        self._links += [os.path.join(root, path) for path in committed.links]
        by_settings = _ignored_below(root, status.ignored, settings.named.folders)
        named = (*named, *settings.named.folders, *settings.named.perhaps, *by_settings)
        shown = dict.fromkeys((*status.changed, *changed, *hidden_rules, *own))
        files = [found for path in shown if (found := self._entry(os.path.join(root, path), above=root))]
        for path in status.nested:
            files += self.all_of(os.path.join(root, path), above=root)
        for path in _hidden_parts(root, status.ignored, named):
            files += self.all_of(path, above=root)
        for path in inner:
            files += self._submodule(root, path)
        for path in (os.path.join(root, os.path.dirname(info), "hooks"), *settings.elsewhere):
            files += self.all_of(path, above=root)
        return status.commit, committed.digest, files

    def behind_links(self, folders: Iterable[str]) -> Iterator[BoundFile]:
        """What all links lead to that were seen, and any outside of the repository of these folders."""
        known = {self._root}
        targets = {folder: folder for folder in folders if not is_inside(folder, self._root)}
        done = 0
        while done < len(self._links) or targets:
            links, done = self._links[done:], len(self._links)
            for link in links:
                yield from self._leads_to(link, targets)
            new = {target: link for target, link in targets.items() if target not in known}
            known |= new.keys()
            targets.clear()
            yield from self._hidden_in_repository(new)
            for target, link in new.items():
                if not is_inside(target, self._root):
                    yield from self._outside(target, link)

    def _leads_to(self, link: str, targets: dict[str, str]) -> Iterator[BoundFile]:
        """Add the target of a link; where links on the way decide on it, it is bound."""
        try:
            path = os.path.join(os.path.dirname(link), os.readlink(link))
        except OSError:
            return  # the commit has it and the working tree does not, which is a difference
        target = _with_real_folder(path)
        targets[target] = link
        if target != os.path.normpath(path):
            here = self._root
            yield BoundFile(os.path.relpath(link, here), f"leads to:{os.path.relpath(target, here)}")

    def _hidden_in_repository(self, targets: Iterable[str]) -> Iterator[BoundFile]:
        for root, ignored in self._ignored:
            for path in _hidden_parts(root, ignored, [each for each in targets if is_inside(each, root)]):
                yield from self.all_of(path, above=self._root)

    def _outside(self, target: str, link: str) -> Iterator[BoundFile]:
        if target.startswith("/proc/") or any(is_at_or_in(target, folder) for folder in self._apart):
            name = os.path.relpath(link, self._root)
            raise UnknownStateError(f"{name} leads to {target}, where files change by themselves")
        if is_bound(target):
            yield from self.all_of(target, above=self._root)

    def all_of(self, folder: str, *, above: str) -> Iterator[BoundFile]:
        """Every file below a folder, or the file itself, named from `above` on; git's own folders are left out."""
        if not os.path.isdir(folder) or os.path.islink(folder):
            yield from filter(None, [self._entry(folder, above=above)])
            return
        for here, folders, names in os.walk(folder, onerror=_raise):
            links = [name for name in folders if os.path.islink(os.path.join(here, name))]
            folders[:] = [name for name in folders if self._is_walked(here, name)]
            for name in sorted((*names, *links)):
                yield from filter(None, [self._entry(os.path.join(here, name), above=above)])

    def _is_walked(self, here: str, name: str) -> bool:
        path = os.path.join(here, name)
        return name != ".git" and not os.path.islink(path) and path not in (*self._apart, self._root)

    def _entry(self, path: str, *, above: str) -> BoundFile | None:
        if any(is_at_or_in(path, folder) for folder in self._apart):
            return None
        self._files -= 1
        with suppress(FileNotFoundError, NotADirectoryError):
            self._bytes -= os.lstat(path).st_size
        if self._files < 0:
            raise UnknownStateError(f"it has more than {MOST_FILES:,} files to compare")
        if self._bytes < 0:
            raise UnknownStateError(too_many_bytes(MOST_BYTES))
        found = BoundFile(os.path.relpath(path, above), entry_fingerprint(path))
        if found.fingerprint.startswith("link:"):
            self._links.append(path)
        return found

    def _submodule(self, root: str, path: str) -> list[BoundFile]:
        inner = os.path.join(root, path)
        if not os.path.lexists(os.path.join(inner, ".git")):
            return list(self.all_of(inner, above=root)) if os.path.lexists(inner) else []
        commit, tree, files = self.of_git(inner, named=())
        inside = [BoundFile(os.path.join(path, file.path), file.fingerprint) for file in files]
        return [BoundFile(path, f"commit:{commit}:{tree}"), *inside]

    def _status(self, root: str) -> _GitStatus:
        paths = _git(["rev-parse", "--show-toplevel", "--git-path", "info/exclude"], root)
        top, _, excludes = os.fsdecode(paths).removesuffix("\n").rpartition("\n")
        if os.path.realpath(top) != root:
            raise UnknownStateError("git looks for its files elsewhere")
        found = _GitStatus(excludes=excludes)
        fields = iter(
            _git(_STATUS, root, switches=(*repository_programs(Path(root)).switches, *_PRESENT_STATS)).split(
                b"\0"
            )
        )
        for line in map(os.fsdecode, fields):
            kind, _, rest = line.partition(" ")
            match kind:
                case "#" if rest.startswith("branch.oid "):
                    oid = rest.removeprefix("branch.oid ")
                    found.commit = "" if oid == _NO_COMMIT else oid
                case "1":
                    found.changed.append(line.split(" ", 8)[8])
                case "2":
                    found.changed += [line.split(" ", 9)[9], os.fsdecode(next(fields, b""))]
                case "u":
                    found.changed.append(line.split(" ", 10)[10])
                case "?":
                    (found.nested if rest.endswith("/") else found.changed).append(rest)
                case "!":
                    found.ignored.append(rest)
                case _:
                    pass
        return found


def root_of(repo: str) -> str:
    """The real path of the working tree that a repository is in, or of the folder itself without git."""
    found = work_tree_root(Path(repo))
    return repo if found is None else os.path.realpath(found)


def is_at_or_in(path: str, folder: str) -> bool:
    """Whether a real path is a real folder, or below it."""
    return path == folder or is_inside(path, folder)


def _with_real_folder(path: str) -> str:
    """What a link's text leads to, which may be a link again, in a folder that is reached through none."""
    folder, name = os.path.split(path.rstrip("/") or "/")
    return os.path.realpath(path) if name in {"", ".", ".."} else os.path.join(os.path.realpath(folder), name)


def files_outside(files: Iterable[BoundFile]) -> int:
    """How many of the files behind links are outside of the repository."""
    return sum(path.startswith("..") and contents != "missing" for path, contents in files)


def _git(arguments: Sequence[str], root: str, *, switches: Sequence[str] = (), stdin: bytes = b"") -> bytes:
    env = {"GIT_NO_REPLACE_OBJECTS": "1"}
    return git(arguments, Path(root), switches=switches, env=env, stdin=stdin)


def too_many_bytes(most: int) -> str:
    """Why there is too much to compare, as a clause."""
    return f"it has more than {most // 1024**2:,} MB to compare"


def submodules(root: str) -> Iterator[str]:
    """The submodules of the index, which the commit may not have yet."""
    for line in _git(["ls-files", "--stage", "-z"], root).split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if facts.startswith(b"160000"):
            yield os.fsdecode(path)


def _ignored_below(root: str, ignored: Iterable[str], folders: Iterable[str]) -> list[str]:
    paths = [os.path.join(root, _without_slash(path)) for path in ignored]
    return [path for folder in folders for path in paths if is_inside(path, folder)]


def _hidden_parts(root: str, ignored: Iterable[str], named: Sequence[str]) -> Iterator[str]:
    """What is named and what git does not compare: it ignores it, or keeps it among its own files."""
    hidden = [os.path.join(root, _without_slash(path)) for path in ignored] + [os.path.join(root, ".git")]
    single = set(hidden)
    whole = [path for path in hidden if os.path.isdir(path)]
    for path in dict.fromkeys(named):
        if path in single or any(is_inside(path, folder) for folder in whole):
            yield path


def _without_slash(path: str) -> str:
    return path.removesuffix("/")


def _raise(error: OSError) -> None:
    raise error
