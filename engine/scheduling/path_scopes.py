"""Which paths running jobs write, and whether another job's paths may meet them. Pure; looks at no file.

Patterns are those of `files_scope`: ``*`` and ``?`` within a name, ``**`` across folders, a folder covers all below
it. Two patterns are taken to meet unless it is certain that no path fits both: a wait too many costs minutes, two
writers of one file cost the work.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

_WILD = frozenset("*?")
_ACROSS = "**"


@dataclass(slots=True)
class _Node:
    """One folder or name: what lies below it, and who writes here (`owner`: all from here down)."""

    names: dict[str, "_Node"] = field(default_factory=dict)
    patterns: dict[str, "_Node"] = field(default_factory=dict)
    owner: str | None = None
    somebody: str | None = None


class PathScopes:
    """The paths of several jobs as one tree of names, so that a thousand paths are asked about in one walk."""

    def __init__(self) -> None:
        self._top = _Node()

    def add(self, job_id: str, root: str, globs: Iterable[str]) -> None:
        """Take note that a job writes these paths below `root`."""
        for glob in globs:
            node = self._top
            node.somebody = node.somebody or job_id
            for name, wild in _parts(root, glob):
                branch = node.patterns if wild else node.names
                node = branch.setdefault(name, _Node())
                node.somebody = node.somebody or job_id
            node.owner = node.owner or job_id

    def holder(self, root: str, globs: Iterable[str]) -> str | None:
        """A job that may write one of these paths, or None where surely none does."""
        met = (_met(self._top, _parts(root, glob)) for glob in globs)
        return next((job_id for job_id in met if job_id is not None), None)


def _met(node: _Node, path: tuple[tuple[str, bool], ...]) -> str | None:
    if node.owner is not None:
        return node.owner
    if not path:
        return node.somebody
    (name, wild), rest = path[0], path[1:]
    if wild and _ACROSS in name:
        return node.somebody
    if not wild and name in node.names and (met := _met(node.names[name], rest)) is not None:
        return met
    below = [child for one, child in node.names.items() if wild and _pattern(name).fullmatch(one)]
    for pattern, child in node.patterns.items():
        if _ACROSS in pattern:
            return child.somebody
        if _may_meet(pattern, name) if wild else _pattern(pattern).fullmatch(name):
            below.append(child)
    found = (_met(child, rest) for child in below)
    return next((job_id for job_id in found if job_id is not None), None)


@lru_cache(maxsize=4096)
def _parts(root: str, glob: str) -> tuple[tuple[str, bool], ...]:
    """Each name of the path, and whether it is a pattern; the root holds none, whatever it is called."""
    above = ((name, False) for name in PurePath(root).parts)
    below = (name for name in glob.split("/") if name not in {"", "."})
    return (*above, *((name, bool(_WILD & set(name))) for name in below))


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    words = {"*": ".*", "?": "."}
    return re.compile(
        "".join(words.get(part, re.escape(part)) for part in re.split(r"([*?])", name)), re.DOTALL
    )


def _may_meet(one: str, other: str) -> bool:
    """Whether a name may fit both patterns: unless what both begin or end with differs."""
    begins = [re.split(r"[*?]", pattern, maxsplit=1)[0] for pattern in (one, other)]
    ends = [re.split(r"[*?]", pattern)[-1] for pattern in (one, other)]
    begun = begins[0].startswith(begins[1]) or begins[1].startswith(begins[0])
    return begun and (ends[0].endswith(ends[1]) or ends[1].endswith(ends[0]))
