"""The one rule for errors that are the state of a disk, and nothing that a job did or could mend.

What cannot start because of such an error waits until the disk is well: it is no failure of its job or its tool.
"""

import errno
from collections.abc import Iterator

from engine.errors import DiskError

OF_DISK = frozenset(
    {
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        # A network drive, or one that was pulled out.
        errno.ESTALE,
        errno.ENOTCONN,
        errno.EHOSTDOWN,
        errno.ETIMEDOUT,
        errno.ENODEV,
        getattr(errno, "EREMOTEIO", errno.EIO),
        getattr(errno, "ENOMEDIUM", errno.EIO),
        getattr(errno, "EUCLEAN", errno.EIO),
    }
)
"""What only a disk answers: it is full, read-only, damaged or gone."""
OF_OUR_FOLDERS = OF_DISK | {errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR}
"""What is as little a job's doing where it concerns a folder of the home."""


def is_of_disk(error: BaseException) -> bool:
    """Whether an error, or one that it was raised from, is the state of a disk."""
    return any(
        isinstance(one, DiskError) or (isinstance(one, OSError) and one.errno in OF_DISK)
        for one in _with_causes(error)
    )


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
