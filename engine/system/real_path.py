"""Absolute paths of what may be a link: with the links followed, whatever they lead to, or as they are named."""

import os
from functools import lru_cache
from pathlib import Path


def real_path(path: Path) -> Path:
    """The absolute path without links; from where they lead in a circle on, or nothing can be seen, as it was given.

    `Path.resolve` fails where they lead in a circle.
    """
    return Path(os.path.realpath(path))


def absolute_path(base: Path | str, path: str) -> Path:
    """The absolute path of `path` as seen from `base`, without ``..`` and with its links.

    Thousands of jobs name the same few folders, and making a `Path` takes longer than all else about one.
    """
    joined = os.path.join(base, path)  # noqa: PTH118 - as below
    return _normal(joined if os.path.isabs(joined) else os.path.join(os.getcwd(), joined))  # noqa: PTH109, PTH117, PTH118


@lru_cache(maxsize=1024)
def _normal(path: str) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - not through links
