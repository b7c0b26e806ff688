"""Absolute paths of what may be a link: with the links followed, whatever they lead to, or as they are named."""

import os
from functools import lru_cache
from pathlib import Path

from engine.system.looks import seen


def real_path(path: Path) -> Path:
    """The absolute path without links; from where they lead in a circle on, or nothing can be seen, as it was given.

    `Path.resolve` fails where they lead in a circle.
    """
    return seen((real_path, path), lambda: Path(os.path.realpath(path)))


def real_text(path: str | Path) -> str:
    """The same as a text, as `os.path.realpath` says it."""
    return seen((real_text, path), lambda: os.path.realpath(path))


def absolute_path(base: Path | str, path: str) -> Path:
    """The absolute path of `path` as seen from `base`, without ``..`` and with its links.

    Thousands of jobs name the same few folders, and making a `Path` takes longer than all else about one.
    """
    known = _whole(base, path)
    return known if known.is_absolute() else Path(os.path.abspath(known))  # noqa: PTH100 - not through links


@lru_cache(maxsize=4096)
def _whole(base: Path | str, path: str) -> Path:
    """Without ``..`` where it is absolute, whatever the current folder is; else as it was given."""
    joined = os.path.join(base, path)  # noqa: PTH118 - as above
    return Path(os.path.abspath(joined) if os.path.isabs(joined) else joined)  # noqa: PTH100, PTH117 - as above
