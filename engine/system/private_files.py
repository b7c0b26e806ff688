"""Write a file completely or not at all, readable by its owner alone: the one way to write state outside the database.

The shim and the git step have shorter versions of their own: they run under ``python -I -S`` without this package.
"""

import errno
import os
import secrets
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def write_private(file: Path, content: str | bytes, *, replace: bool = True) -> None:
    """Write `file` (0600) so that every reader, even after a power failure, finds either the old or the new content.

    Without `replace` the first of several writers wins, and the others get FileExistsError.

    Raises:
        OSError: the file cannot be written; the old content is unchanged.
    """
    data = content.encode() if isinstance(content, str) else content
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, _FLAGS, 0o600), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            draft.replace(file)
        else:
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def write_new(file: Path, data: bytes) -> None:
    """Write a small file (0600) of which nobody must find the whole after a power failure; it must not be there yet.

    Raises:
        OSError: it is there, or cannot be written whole.
    """
    descriptor = os.open(file, _FLAGS, 0o600)
    try:
        if os.write(descriptor, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
    finally:
        os.close(descriptor)


def read_start(file: Path, at_most: int) -> bytes:
    """Up to `at_most` bytes of a small file that a tool may have replaced; follows no link, waits for no writer.

    Raises:
        OSError: there is no such file, or it cannot be read.
    """
    descriptor = as_it_is(str(file), os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        return os.read(descriptor, at_most)
    finally:
        os.close(descriptor)


def as_it_is(path: str, flags: int) -> int:
    """An opener for what a tool may have replaced: follows no link, and does not wait for the writer of a FIFO."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
