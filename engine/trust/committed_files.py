"""Compares a working tree with a commit byte for byte, whatever the index, git's settings and its attributes say.

Anybody who may write in ``.git`` can forge the index, so that git takes a changed file for an unchanged one.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Git = Callable[..., bytes]
MOST_BYTES = 2 * 1024**3
"""More than this is not read of the files of a commit."""
_LINK, _SUBMODULE = "120000", "160000"


class TooMuchError(Exception):
    """The files of the commit have too many bytes to compare."""


@dataclass(frozen=True)
class CommittedFile:
    """A file as the commit has it."""

    path: str
    mode: str
    object_id: str


@dataclass(frozen=True)
class CommittedFiles:
    """The files of a commit. `digest` identifies all of them: the objects that list them could be forged too."""

    files: tuple[CommittedFile, ...] = ()
    digest: str = ""

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of the submodules."""
        return tuple(file.path for file in self.files if file.mode == _SUBMODULE)

    @property
    def links(self) -> tuple[str, ...]:
        """The paths of the links."""
        return tuple(file.path for file in self.files if file.mode == _LINK)


def committed_files(git: Git, commit: str) -> CommittedFiles:
    """The files of a commit, in which `git` runs git; none before the first commit.

    Raises:
        GitError: git cannot say.
    """
    if not commit:
        return CommittedFiles()
    listing = git(["ls-tree", "-r", "-z", "--full-tree", commit])
    return CommittedFiles(tuple(_parsed(listing)), hashlib.sha256(listing).hexdigest())


def differing(git: Git, root: str, committed: CommittedFiles) -> Iterator[str]:
    """The files of a commit that are different in the working tree, or missing, by name, content or mode.

    Raises:
        GitError: git cannot read one of them.
        TooMuchError: they have more than `MOST_BYTES`.
    """
    room, compared = MOST_BYTES, []
    for file in committed.files:
        if file.mode == _SUBMODULE:
            continue
        found = _status(os.path.join(root, file.path))
        if found is None or not _has_mode(found, file):
            yield file.path
        elif file.mode == _LINK:
            if _hash_of_link(os.path.join(root, file.path), len(file.object_id)) != file.object_id:
                yield file.path
        else:
            room -= found.st_size
            compared.append(file)
        if room < 0:
            raise TooMuchError
    yield from _changed(git, compared)


def _changed(git: Git, files: Sequence[CommittedFile]) -> Iterator[str]:
    names = "".join(f"{_quoted(file.path)}\n" for file in files)
    if not names:
        return
    hashes = git(["hash-object", "--no-filters", "--stdin-paths"], stdin=os.fsencode(names)).decode().split()
    for file, found in zip(files, hashes, strict=True):
        if found != file.object_id:
            yield file.path


def _parsed(listing: bytes) -> Iterator[CommittedFile]:
    for line in map(os.fsdecode, listing.split(b"\0")):
        facts, _, path = line.partition("\t")
        if path:
            mode, _, object_id = facts.split(" ")
            yield CommittedFile(path, mode, object_id)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _has_mode(found: os.stat_result, file: CommittedFile) -> bool:
    if file.mode == _LINK:
        return stat.S_ISLNK(found.st_mode)
    is_executable = bool(found.st_mode & stat.S_IXUSR)
    return stat.S_ISREG(found.st_mode) and is_executable == (file.mode == "100755")


def _hash_of_link(path: str, length: int) -> str:
    """The id git gives to a link, in a repository whose ids have this length."""
    target = os.fsencode(os.readlink(path))
    data = b"blob %d\0%s" % (len(target), target)
    is_long = length == hashlib.sha256().digest_size * 2
    return hashlib.new("sha256" if is_long else "sha1", data, usedforsecurity=False).hexdigest()


def _quoted(path: str) -> str:
    """The path on one line, as git quotes it."""
    if "\n" not in path and not path.startswith('"') and not path.endswith("\r"):
        return path
    known = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    return f'"{"".join(known.get(each, each) for each in path)}"'
