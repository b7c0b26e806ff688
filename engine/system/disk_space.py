"""Say whether a disk is full, as the system counts it and not as a program words it."""

import os
from pathlib import Path

_LEAST = 256 * 1024
"""So much fits on a disk that is not full. A program that fails for want of room often removes what it has written."""


def is_full(folder: Path) -> bool:
    """Whether next to nothing fits on the disk of a folder, or no further file; False where that cannot be said."""
    try:
        found = os.statvfs(folder)
    except (AttributeError, OSError):
        return False
    has_no_room = found.f_bavail * found.f_frsize < _LEAST
    return found.f_blocks > 0 and (has_no_room or (found.f_files > 0 and found.f_favail == 0))
