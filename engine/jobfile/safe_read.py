"""Reads an untrusted file: never waits, never follows links it must not follow, never reads more than the limit.

Knows nothing about the content.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from engine.errors import JobFileError

MAX_BYTES = 1024 * 1024


def read_bytes(path: Path | str, *, guarded: bool = True) -> bytes:
    """The bytes of a regular file of at most `MAX_BYTES`; never waits, whatever the path leads to.

    `guarded` is for files found in a folder: links of either kind and other users' files are refused. A file that a
    person named may be any regular file.

    Raises:
        JobFileError: the file does not exist, or must not be read.
    """
    links = getattr(os, "O_NOFOLLOW", 0) if guarded else 0
    flags = os.O_RDONLY | links | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        what = "is a symbolic link" if guarded and _is_link(path) else unreadable_words(error)
        raise JobFileError(f"cannot be read: {what}", file=path) from error
    except ValueError as error:
        raise JobFileError(f"cannot be read: {error}", file=repr(str(path))) from error
    try:
        if reason := _unfit(os.fstat(descriptor), guarded=guarded):
            raise JobFileError(reason, file=path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            found = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise JobFileError(f"cannot be read: {error.strerror}", file=path) from error
    finally:
        os.close(descriptor)
    if len(found) > MAX_BYTES:
        raise JobFileError("is larger than 1 MB; a job file is a page of text", file=path)
    return found


def unreadable_words(error: OSError) -> str:
    """Why a file or folder cannot be read, and what a person can do where it is closed to them."""
    words = error.strerror or str(error)
    is_closed = isinstance(error, PermissionError)
    return f"{words}; let your user read it, with chmod or chown" if is_closed else words


def _is_link(path: Path | str) -> bool:
    try:
        return Path(path).is_symlink()
    except OSError:
        return False


def refuse_changed(files: Iterable[tuple[Path, str]]) -> None:
    """Compare files with the SHA-256 of what was read of them; one that is gone since then is as it was read.

    Raises:
        JobFileError: a file has other bytes now.
    """
    for path, digest in dict.fromkeys(files):
        if path.exists() and hashlib.sha256(read_bytes(path, guarded=False)).hexdigest() != digest:
            raise JobFileError("has changed since it was read; add it again", file=path)


def _unfit(found: os.stat_result, *, guarded: bool) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return "is not a regular file"
    if found.st_size > MAX_BYTES:
        return "is larger than 1 MB; a job file is a page of text"
    if guarded and found.st_nlink != 1:
        return "has a second name (a hard link); copy it instead"
    if guarded and hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        return "belongs to another user; copy it to make it yours"
    return None
