"""Finds every file of a repository that the words of a command name, however they name it.

It need not understand the command: a word, and each part of it, is tried as a path from every folder that the command
names. A file too many is bound in vain; a file too few would start unseen.
"""

import fnmatch
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from engine.trust.fingerprints import is_inside

_SEPARATORS = re.compile(r"[\s;&|<>()\"'`,:={}!@+\[\]]+")
_VARIABLE = re.compile(r"\$\{?\w+\}?/?")
_IN_MODULES = re.compile(r"(?<=\w)(?:::|\.)(?=\w)")
_PATTERN = re.compile(r"[*?\[]")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_NEVER_MEANT = (".log", ".pid", ".tmp", ".txt", ".xml", ".html")
"""What a program writes, and none loads by a name without its suffix."""
_MOST_LOOKUPS = 50_000
_MOST_FOLDERS = 32
_MOST_MODULES = 500
_MOST_MATCHES = 500
_LONGEST_PATH = 4096
_LONGEST_SWITCH = 8


@dataclass
class NamedFiles:
    """What the words of a command name in a repository, as real paths.

    What a link leads to outside of the repository keeps the path it has in the repository. `perhaps` is what words may
    mean that are no path as they stand: a module, a path without its suffix, a pattern. `is_complete` is false if there
    were too many words to try each.
    """

    files: dict[str, None] = field(default_factory=dict)
    folders: dict[str, None] = field(default_factory=dict)
    perhaps: dict[str, None] = field(default_factory=dict)
    is_complete: bool = True

    def add(self, other: "NamedFiles") -> None:
        """Add what other words name."""
        self.files |= other.files
        self.folders |= other.folders
        self.perhaps |= other.perhaps
        self.is_complete &= other.is_complete


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
            path = os.path.join(base, os.path.expanduser(part))
            folder = search.try_path(path)
            if folder and folder not in bases:
                bases.append(folder)
            if not folder and not exists(path):
                search.guess(base, part)
        for module in modules:
            search.try_module(os.path.join(base, *module.split(".")))
    return search.found


def rule_files(names: Iterable[str], folders: Iterable[str], repo: str) -> NamedFiles:
    """Those files, and the files in those folders, that are in one of these folders."""
    search = _Search(repo)
    for folder in folders:
        for name in names:
            inner = search.try_path(os.path.join(folder, name))
            if inner:
                search.add_below(inner)
    return search.found


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
        self._names: dict[str, list[str]] = {}

    def try_path(self, path: str) -> str:
        """Note what a path leads to; if it is a folder in the repository, or the repository itself, its path."""
        self._left -= 1
        if self._left < 0:
            self.found.is_complete = False
            return ""
        if not exists(path):
            return ""
        real, named = os.path.realpath(path), os.path.normpath(path)
        if os.path.isdir(real):
            within = [path for path in dict.fromkeys((real, named)) if is_inside(path, self._repo)]
            self.found.folders |= dict.fromkeys(within)
            return real if real == self._repo else next(iter(within), "")
        if is_inside(real, self._repo):
            self.found.files.setdefault(real)
        elif is_inside(named, self._repo):
            self.found.files.setdefault(named)
        return ""

    def guess(self, base: str, part: str) -> None:
        """Note what a word may mean that is no path: what begins like it, and the folder it would be in."""
        for meant in dict.fromkeys((part.lstrip("/"), _IN_MODULES.sub("/", part))):
            if _PATTERN.search(meant):
                self._match(base, meant)
            self._guess_path(base, os.path.normpath(meant))

    def _guess_path(self, base: str, meant: str) -> None:
        parent, missing = base, ""
        for missing in meant.split("/"):
            self._left -= 1
            if not exists(inner := os.path.join(parent, missing)):
                break
            parent = inner
        named, parent = os.path.normpath(parent), os.path.realpath(parent)
        self.found.perhaps |= dict.fromkeys(path for path in (parent, named) if is_inside(path, self._repo))
        if parent == self._repo or is_inside(parent, self._repo):
            for name in self._names_in(parent):
                if name.startswith(f"{missing}.") and not name.endswith(_NEVER_MEANT):
                    self.found.perhaps.setdefault(os.path.join(parent, name))

    def _match(self, base: str, pattern: str) -> None:
        matches = list(islice(self._matching(base, pattern.split("/")), _MOST_MATCHES))
        self.found.is_complete &= len(matches) < _MOST_MATCHES
        paths = (path for match in matches for path in (os.path.realpath(match), os.path.normpath(match)))
        self.found.perhaps |= dict.fromkeys(path for path in paths if is_inside(path, self._repo))

    def _matching(self, base: str, names: Sequence[str]) -> Iterator[str]:
        """What a pattern fits, as `glob` finds it; unlike that it gives up in good time where the pattern leads far."""
        open_paths = [(base, 0)]
        while open_paths:
            path, depth = open_paths.pop()
            self._left -= 1
            if self._left < len(open_paths):
                self.found.is_complete = False
                return
            if depth == len(names):
                yield path
            elif _PATTERN.search(names[depth]):
                fitting = fnmatch.filter(self._names_in(path), names[depth])
                is_hidden = names[depth].startswith(".")
                open_paths += [
                    (os.path.join(path, name), depth + 1)
                    for name in fitting
                    if is_hidden or not name.startswith(".")
                ]
            elif exists(inner := os.path.join(path, names[depth])):
                open_paths.append((inner, depth + 1))

    def _names_in(self, folder: str) -> list[str]:
        if folder not in self._names:
            try:
                self._names[folder] = os.listdir(folder)
            except OSError:
                self._names[folder] = []
        return self._names[folder]

    def try_module(self, path: str) -> None:
        """Note the files of a Python module or package at this path without its suffix."""
        self.try_path(f"{path}.py")
        if os.path.isdir(path):
            self.add_below(os.path.normpath(path))
        for parent in _packages_above(path, self._repo):
            self.try_path(os.path.join(parent, "__init__.py"))

    def add_below(self, folder: str) -> None:
        """Note every file in a folder, also behind links, but not what Python has compiled."""
        if not is_inside(folder, self._repo):
            return
        left, known = _MOST_MODULES, {os.path.realpath(folder)}
        for here, folders, names in os.walk(folder, followlinks=True):
            real = {name: os.path.realpath(os.path.join(here, name)) for name in folders}
            skipped = {"__pycache__", ".git"}
            folders[:] = [name for name in folders if name not in skipped and real[name] not in known]
            known |= {real[name] for name in folders}
            for name in names:
                left -= 1
                if left < 0:
                    self.found.is_complete = False
                    return
                self.try_path(os.path.join(here, name))


def exists(path: str) -> bool:
    """Whether there is something at a path, be it a link to nothing; a text that can be no path has nothing."""
    return len(path) <= _LONGEST_PATH and "\0" not in path and os.path.lexists(path)


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
