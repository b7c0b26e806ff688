"""Reads files that a tool may have written, removed or replaced: never waits, follows no link, reads no more than fits.

Knows nothing about the content.
"""

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def read_tool_file(file: Path, *, at_most: int | None = None) -> bytes:
    """The bytes of a regular file, or the first `at_most` of them.

    Raises:
        OSError: there is none, it is something else, or it is too large.
    """
    with os.fdopen(os.open(file, _FLAGS), "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", str(file))
        if at_most is None and found.st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, "is too large", str(file))
        return opened.read(MOST_BYTES if at_most is None else at_most)
