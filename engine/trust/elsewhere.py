"""Decides which files outside of a repository are bound, and finds those that the words of a command name."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from engine.system.real_path import real_text
from engine.trust.fingerprints import is_inside
from engine.trust.named_files import exists, parts

_SYSTEM_FOLDERS = (
    *("/bin/", "/sbin/", "/usr/", "/lib/", "/lib32/", "/lib64/", "/opt/", "/snap/", "/nix/store/"),
    *("/System/", "/Library/"),
)
_MOST_PARTS = 10_000


def is_bound(path: str) -> bool:
    """Whether a real path outside of a repository is bound: not in a folder of the system that the user cannot write.

    Root may write everywhere; for root, what a folder of the system holds counts as the system's.
    """
    if not path.startswith(_SYSTEM_FOLDERS):
        return True
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return not is_root and any(os.access(each, os.W_OK) for each in (path, os.path.dirname(path)))


def files_elsewhere(words: Iterable[str], cwd: str, repo: str) -> Iterator[str]:
    """The real paths of the files to bind that these words name outside of the repository."""
    for part in islice((part for word in words for part in parts(word) if part), _MOST_PARTS):
        path = os.path.join(cwd, os.path.expanduser(part))
        if exists(path) and os.path.isfile(path):
            real = real_text(path)
            is_of_repo = is_inside(real, repo) or is_inside(os.path.normpath(path), repo)
            if not is_of_repo and is_bound(real):
                yield real
