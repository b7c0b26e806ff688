"""Decide which paths a scope covers and whether two scopes may overlap: the only reader of `files_scope`.

Opens no file. ``specs/job-file.md`` states the grammar. It differs from `.gitignore`: ``*.py`` covers the top folder
alone and ``[1]`` is part of a name, so pathspec and fnmatch would answer differently, and neither can intersect two
patterns. Two patterns count as overlapping unless it is certain that no path matches both: an unnecessary wait costs
minutes, two writers of one file cost the work.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath
from typing import Generic, TypeVar

from engine.scheduling.many_wildcards import ManyWildcards
from state.records import names_one_path

OwnerT = TypeVar("OwnerT", bound=Hashable)

_ACROSS = "**"
_WILDCARDS = re.compile(r"(\*\*/|\*\*|\*|\?)")
_WILDCARD_REGEX = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_MOST_OPEN = 2
"""So many wildcards of any length cost a regular expression at most the square of the length of a path."""


def covers(scope: Iterable[str], path: str) -> bool:
    """Whether one of the patterns covers the path (relative to the same root). An empty scope covers nothing."""
    return any(_matcher("/".join(_names(glob)))(path) for glob in scope)


@dataclass(slots=True)
class _Node(Generic[OwnerT]):
    """One folder or name: who holds everything from here down (`owners`), and who anything here or below (`users`)."""

    names: dict[str, "_Node[OwnerT]"] = field(default_factory=dict)
    patterns: dict[str, "_Node[OwnerT]"] = field(default_factory=dict)
    owners: dict[OwnerT, None] = field(default_factory=dict)
    users: dict[OwnerT, None] = field(default_factory=dict)


class PathScopes(Generic[OwnerT]):
    """The scopes of several owners (jobs, workstreams) as one tree of names: checking a path takes a single walk."""

    def __init__(self) -> None:
        self._top: _Node[OwnerT] = _Node()

    def add(self, owner: OwnerT, root: str, globs: Iterable[str]) -> None:
        """Record that the owner holds the paths these patterns cover below `root`."""
        for glob in globs:
            node = self._top
            node.users.setdefault(owner)
            for name, wild in _parts(root, glob):
                branch = node.patterns if wild else node.names
                node = branch.setdefault(name, _Node())
                node.users.setdefault(owner)
            node.owners.setdefault(owner)

    def holders(self, root: str, globs: Iterable[str]) -> Iterator[OwnerT]:
        """Yield every owner who may hold a path that one of these patterns covers; owners may repeat."""
        for glob in globs:
            yield from _overlapping(self._top, _parts(root, glob))

    def holder(self, root: str, globs: Iterable[str]) -> OwnerT | None:
        """The first of `holders`, or None when certainly nobody holds any of these paths."""
        return next(self.holders(root, globs), None)


_Path = tuple[tuple[str, bool], ...]


def _overlapping(node: _Node[OwnerT], path: _Path) -> Iterator[OwnerT]:
    for at, (name, wild) in enumerate(path):
        if node.owners:
            yield from node.owners
        if wild and _ACROSS in name:
            break
        if wild or node.patterns:
            yield from _overlapping_patterns(node, name, wild=wild, rest=path[at + 1 :])
        child = None if wild else node.names.get(name)
        if child is None:
            return
        node = child
    yield from node.users


def _overlapping_patterns(node: _Node[OwnerT], name: str, *, wild: bool, rest: _Path) -> Iterator[OwnerT]:
    for pattern, child in node.patterns.items():
        if _ACROSS in pattern:
            yield from child.users
        elif _names_may_overlap(pattern, name) if wild else _matcher(pattern)(name):
            yield from _overlapping(child, rest)
    if wild:
        for found, child in node.names.items():
            if _matcher(name)(found):
                yield from _overlapping(child, rest)


@lru_cache(maxsize=4096)
def _parts(root: str, glob: str) -> _Path:
    """Each name of the path, and whether it is a pattern; names of the root are never patterns."""
    if names_one_path(glob):
        return (*_above(root), *[(name, False) for name in _names(glob)])
    return (*_above(root), *[(name, not names_one_path(name)) for name in _names(glob)])


@lru_cache(maxsize=512)
def _above(root: str) -> _Path:
    return tuple((name, False) for name in PurePath(root).parts)


def _names(glob: str) -> list[str]:
    return [name for name in glob.split("/") if name not in {"", "."}]


@lru_cache(maxsize=4096)
def _matcher(glob: str) -> Callable[[str], object]:
    """Whether a path fits this pattern: true or false of what comes back."""
    if not glob:
        return _any_path
    parts = _WILDCARDS.split(glob)
    if sum(part in _WILDCARD_REGEX and part != "?" for part in parts) > _MOST_OPEN:
        return ManyWildcards(parts).covers
    found = "".join(_WILDCARD_REGEX.get(part, re.escape(part)) for part in parts)
    return re.compile(f"{found}(?:/.*)?", re.DOTALL).fullmatch


def _any_path(_path: str) -> bool:
    return True


def _names_may_overlap(one: str, other: str) -> bool:
    """Whether one name may match both patterns: unless their beginnings or their ends differ."""
    begins = [re.split(r"[*?]", pattern, maxsplit=1)[0] for pattern in (one, other)]
    ends = [re.split(r"[*?]", pattern)[-1] for pattern in (one, other)]
    begun = begins[0].startswith(begins[1]) or begins[1].startswith(begins[0])
    return begun and (ends[0].endswith(ends[1]) or ends[1].endswith(ends[0]))
