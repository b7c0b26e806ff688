"""Identifies files and folders by what they are now, without following links or waiting for anything."""

import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

_LARGEST = 512 * 1024 * 1024
"""A larger file is identified by its inode, size and times instead of its contents."""
_CHUNK = 1024 * 1024


class BoundFile(NamedTuple):
    """A file and the text that identifies its contents."""

    path: str
    fingerprint: str


def fingerprint(data: bytes) -> str:
    """The text that identifies these contents in a grant."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def file_fingerprint(path: str) -> str:
    """The text that identifies a file by its contents; empty if it cannot be opened."""
    flags = (
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_CLOEXEC", 0)
    )
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return "no file"  # part of digests granted earlier: the words must stay
            if found.st_size > _LARGEST:
                # The last time is one that no program can set.
                return f"stat:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
            return f"sha256:{digest.hexdigest()}"
    except OSError:
        return ""


def bound_file(path: str) -> BoundFile:
    """A named file as it is bound: by its contents, and as a link by where it leads too."""
    real = os.path.realpath(path)
    contents = file_fingerprint(real)
    return BoundFile(path, contents if real == path else f"link:{real} {contents or 'missing'}")


def entry_fingerprint(path: str) -> str:
    """The text that identifies whatever has this name in a folder: a file, a link, or that there is nothing."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    if stat.S_ISLNK(found.st_mode):
        return f"link:{os.readlink(path)}"
    if not stat.S_ISREG(found.st_mode):
        return "no file"
    contents = file_fingerprint(path)
    if not contents:
        raise PermissionError(f"{path} cannot be read")
    return f"{'executable ' if found.st_mode & 0o111 else ''}{contents}"


def identity(folder: str) -> str:
    """The text that identifies the folder that is now at a path; empty if there is none."""
    try:
        found = Path(folder).stat()
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"


def is_inside(path: str, folder: str) -> bool:
    """Whether a real path is below a real folder."""
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
