"""Find what a move of a working tree would overwrite or remove and git does not know. Changes nothing.

git itself, when it moves a tree, takes away ignored files, pipes and sockets, and what lies in a submodule.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from engine.git_step.calls import NO_PROGRAMS

Names = Callable[..., Sequence[str]]
"""Calls git with some words and returns the paths that it lists."""
_GITLINK = "160000"


def in_the_way(names: Names, tree: Path, before: str, after: str) -> Sequence[str]:
    """The paths in `tree` that keep it from moving from one commit or git tree to another.

    `names` calls git there, with the index that it is to look at.
    """
    places = list(_written(names, before, after))
    known = frozenset(names("ls-files", "-z")) if places else frozenset()
    return list(dict.fromkeys(found for path in places for found in _untracked_at(tree, path, known)))


def _written(names: Names, before: str, after: str) -> Iterator[str]:
    """The paths where something new comes: a file where there was none, or anything in the place of a submodule."""
    words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--diff-filter=AT", *NO_PROGRAMS)
    fields = iter(names(*words, before, after))
    for described in fields:
        path = next(fields)
        if described.endswith("A") or described.startswith(f":{_GITLINK}"):
            yield path


def _untracked_at(tree: Path, path: str, known: Collection[str]) -> Sequence[str]:
    for above in Path(path).parents:
        place = tree / above
        if os.path.lexists(place) and not _is_folder(place):
            return [] if str(above) in known else [str(above)]
        if str(above) in known and _is_filled(place):  # a submodule
            return [str(above)]
    place = tree / path
    if not _is_folder(place):
        return [path] if os.path.lexists(place) and path not in known else []
    if path in known:
        return [path] if _is_filled(place) else []
    return list(_unknown_below(tree, path, known))


def _unknown_below(tree: Path, folder: str, known: Collection[str]) -> Iterator[str]:
    """All in a folder that git does not know, whatever it is; another repository and a closed folder as a whole."""
    try:
        names = {each.name for each in (tree / folder).iterdir()}
    except OSError:
        names = {".git"}
    if ".git" in names:
        yield f"{folder}/"
        return
    for name in sorted(names):
        path = f"{folder}/{name}"
        if _is_folder(tree / path):
            yield from _unknown_below(tree, path, known)
        elif path not in known:
            yield path


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _is_filled(place: Path) -> bool:
    try:
        return any(place.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True
