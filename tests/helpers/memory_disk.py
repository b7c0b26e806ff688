"""Where the folders of tests lie: in memory, as a disk takes milliseconds for each of 400,000 files and each sync."""

import os
import sys
from pathlib import Path

TEMPROOT = "PYTEST_DEBUG_TEMPROOT"
"""pytest's own variable for the folder below which it makes those of tests."""
ROOM = 4 * 1024**3
"""Bytes that must be free. The whole suite needs less than a hundredth at a time, and keeps only what failed."""


def memory_disk(folder: Path = Path("/dev/shm"), *, room: int = ROOM) -> Path | None:
    """The folder, where it has that many bytes free and programs can be started from it."""
    if sys.platform != "linux" or not os.access(folder, os.W_OK):
        return None
    found = os.statvfs(folder)
    fits = found.f_bavail * found.f_frsize >= room and not found.f_flag & os.ST_NOEXEC
    return folder if fits else None


def use_memory() -> None:
    """Lay the folders of tests into memory, unless the variable names another place."""
    folder = memory_disk()
    if folder is not None:
        os.environ.setdefault(TEMPROOT, str(folder))
