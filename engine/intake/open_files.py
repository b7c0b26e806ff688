"""Says whether a program has a file open for writing. Reads nothing and waits for nobody.

Linux grants a read lease on a file only if nobody has it open for writing. Other systems do not say, nor do network
file systems, where the writer may be on another machine.
"""

import errno
import os
import signal
import stat
import time
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = (
    "nfs",
    "cifs",
    "smb",
    "fuse",
    "9p",
    "afs",
    "ceph",
    "gluster",
    "lustre",
    "ocfs2",
    "gfs2",
    "virtiofs",
)


class Writers(Enum):
    """Whether a file has writers."""

    NONE = auto()
    SOME = auto()
    UNKNOWN = auto()


def writers_of(path: Path) -> Writers:
    """Whether anybody has a file open for writing; NONE for what is not a regular file, or not there."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return Writers.NONE
        if not hasattr(fcntl, "F_SETLEASE"):
            return Writers.UNKNOWN
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Writers.NONE
    except OSError:  # it cannot be read, which is for the reader to report
        return Writers.UNKNOWN
    try:
        return _by_lease(descriptor)
    finally:
        os.close(descriptor)  # ends the lease


def _by_lease(descriptor: int) -> Writers:
    device = os.fstat(descriptor).st_dev
    try:
        # A writer who comes while the lease is held makes the system send a signal: one that ends nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        refused = error.errno in {errno.EAGAIN, errno.EBUSY}
        return Writers.SOME if refused and not _is_remote(device) else Writers.UNKNOWN
    return Writers.UNKNOWN if _is_remote(device) else Writers.NONE


def _is_remote(device: int) -> bool:
    return _file_system_of(device).startswith(_REMOTE)


def _file_system_of(device: int) -> str:
    """The type of the file system of a device; empty if it is not known."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for mount in _mounts(int(time.monotonic())):
        fields = mount.split()
        if fields[2] == number and "-" in fields:
            return fields[fields.index("-") + 1]
    return ""


@lru_cache(maxsize=1)
def _mounts(_second: int) -> list[str]:
    """What is mounted, read once in each second: that takes longer than to look at a file."""
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
