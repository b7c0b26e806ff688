"""Finds every file of a repository that the words of a command name, however they name it.

It need not understand the command: a word, and each part of it, is tried as a path from every folder that the command
names. A file too many is bound in vain; a file too few would start unseen.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from engine.trust.fingerprints import is_inside

_SEPARATORS = re.compile(r"[\s;&|<>()\"'`,:={}!@+\[\]]+")
_VARIABLE = re.compile(r"\$\{?\w+\}?/?")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_MOST_LOOKUPS = 50_000
_MOST_FOLDERS = 32
_MOST_PARTS = 10_000
_MOST_MODULES = 500
_LONGEST_PATH = 4096
_LONGEST_SWITCH = 8


@dataclass
class NamedFiles:
    """What the words of a command name in a repository, as real paths.

    A link that leads out of the repository keeps its own path. `is_complete` is false if there were too many words to
    try each.
    """

    files: dict[str, None] = field(default_factory=dict)
    folders: dict[str, None] = field(default_factory=dict)
    is_complete: bool = True


def named_files(words: Sequence[str], cwd: str, repo: str) -> NamedFiles:
    """The files and folders of the repository that these words name, from `cwd` and from each folder they name."""
    search = _Search(repo)
    parts = list(dict.fromkeys(_parts_of(words)))
    modules = list(dict.fromkeys(_modules(words)))
    bases = [cwd]
    for base in bases:  # grows while it is read
        if len(bases) > _MOST_FOLDERS:
            search.found.is_complete = False
            break
        for part in parts:
            folder = search.try_path(os.path.join(base, os.path.expanduser(part)))
            if folder and folder not in bases:
                bases.append(folder)
        for module in modules:
            search.try_module(os.path.join(base, *module.split(".")))
    return search.found


def rule_files(names: Iterable[str], folders: Iterable[str], repo: str) -> Iterator[str]:
    """The real paths of those files, and of the files in those folders, that are in one of these folders."""
    search = _Search(repo)
    for folder in folders:
        for name in names:
            inner = search.try_path(os.path.join(folder, name))
            if inner:
                search.add_below(inner)
    yield from search.found.files


def files_anywhere(words: Iterable[str], cwd: str) -> Iterator[str]:
    """The real paths of the files that these words name, also outside of any repository."""
    for part in islice((part for word in words for part in parts(word) if part), _MOST_PARTS):
        path = os.path.join(cwd, os.path.expanduser(part))
        if len(path) <= _LONGEST_PATH and "\0" not in path and os.path.isfile(path):
            yield os.path.realpath(path)


def parts(word: str) -> Iterator[str]:
    """The word, and every part of it that could be a path: a value, a switch's end, a word of a shell line."""
    yield word
    yield from (piece for separator in "=,:@" for piece in (word.partition(separator)[2],) if piece)
    without_variables = _VARIABLE.sub("", word)
    pieces = [word, *_SEPARATORS.split(word), *_SEPARATORS.split(without_variables), *_shell_words(word)]
    for piece in pieces:
        yield piece
        if piece.startswith("-") and not piece.startswith("--"):
            yield from (piece[start:] for start in range(2, min(len(piece), _LONGEST_SWITCH)))


class _Search:
    def __init__(self, repo: str) -> None:
        self.found = NamedFiles()
        self._repo, self._left = repo, _MOST_LOOKUPS

    def try_path(self, path: str) -> str:
        """Note what a path leads to; the real path if it is a folder in the repository, or the repository itself."""
        self._left -= 1
        if self._left < 0:
            self.found.is_complete = False
            return ""
        if len(path) > _LONGEST_PATH or "\0" in path or not os.path.lexists(path):
            return ""
        real, named = os.path.realpath(path), os.path.normpath(path)
        if os.path.isdir(real):
            if is_inside(real, self._repo):
                self.found.folders.setdefault(real)
            return real if real == self._repo or is_inside(real, self._repo) else ""
        if is_inside(real, self._repo):
            self.found.files.setdefault(real)
        elif is_inside(named, self._repo):
            self.found.files.setdefault(named)
        return ""

    def try_module(self, path: str) -> None:
        """Note the files of a Python module or package at this path without its suffix."""
        self.try_path(f"{path}.py")
        if os.path.isdir(path):
            self.add_below(os.path.realpath(path))
        for parent in _packages_above(path, self._repo):
            self.try_path(os.path.join(parent, "__init__.py"))

    def add_below(self, folder: str) -> None:
        """Note every file in a folder, but not what Python has compiled."""
        if not is_inside(folder, self._repo):
            return
        left = _MOST_MODULES
        for here, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name not in {"__pycache__", ".git"}]
            for name in names:
                left -= 1
                if left < 0:
                    self.found.is_complete = False
                    return
                self.try_path(os.path.join(here, name))


def _parts_of(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from (part for part in parts(word) if part and part not in {".", "-", "--"})


def _shell_words(word: str) -> list[str]:
    try:
        return shlex.split(word)
    except ValueError:
        return []


def _modules(words: Sequence[str]) -> Iterator[str]:
    """What follows `-m` in the command, or in a shell line that is one of its words."""
    flat = [piece for word in words for piece in (_SEPARATORS.split(word) if " " in word else [word])]
    for piece, following in pairwise((*flat, "")):
        if re.fullmatch(r"-[a-zA-Z]*m", piece):
            yield from (name for name in [following] if _MODULE.fullmatch(name))
        elif piece.startswith("-m") and _MODULE.fullmatch(piece[2:]):
            yield piece[2:]


def _packages_above(path: str, repo: str) -> Iterator[str]:
    folder = os.path.dirname(path)
    while is_inside(folder, repo) and os.path.exists(os.path.join(folder, "__init__.py")):
        yield folder
        folder = os.path.dirname(folder)
