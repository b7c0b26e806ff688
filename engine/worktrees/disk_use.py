"""Measure how much disk a worktree takes: on a pool thread, since it looks at every file, and only so many of them."""

import os
from dataclasses import dataclass
from pathlib import Path

MOST_ENTRIES = 500_000
"""More files and folders than this are not looked at."""
_BLOCK = 512


@dataclass(frozen=True)
class DiskUse:
    """The bytes a folder takes on its disk; `is_complete` is False where it has too many entries to look at all."""

    size: int
    is_complete: bool = True


def disk_use(folder: Path, *, most_entries: int = MOST_ENTRIES) -> DiskUse:
    """What the files in a folder take, each once however many names it has; follows no link, raises nothing."""
    total, left, seen, waiting = 0, most_entries, set[tuple[int, int]](), [str(folder)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:  # gone, or closed to us
            continue
        for entry in entries:
            if not left:
                return DiskUse(total, is_complete=False)
            left -= 1
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if status.st_nlink == 1 or (status.st_dev, status.st_ino) not in seen:
                total += status.st_blocks * _BLOCK
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif status.st_nlink > 1:
                seen.add((status.st_dev, status.st_ino))
    return DiskUse(total)
