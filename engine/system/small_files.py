"""Read a small file that somebody else may have put something else in place of: a link, a FIFO, a file without end.

Imports only the standard library: the process of a git step loads this module too.
"""

import errno
import os
import stat
from pathlib import Path

_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_MOST = 64 * 1024


def read_small(file: Path) -> str:
    """The text of a regular file of at most 64 KiB, stripped; never waits and follows no link to it.

    Raises:
        OSError: there is no such file, or what lies there is none; names it.
    """
    descriptor = os.open(file, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(file))
        if status.st_size > _MOST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
        return os.read(descriptor, _MOST).decode(errors="surrogateescape").strip()
    finally:
        os.close(descriptor)
