"""Measure how much disk a worktree takes, in a process beside ours: it looks at every file, and may take a while."""

import subprocess
from pathlib import Path

_TIMEOUT_S = 120.0
_KIBIBYTE = 1024


def disk_use(folder: Path) -> int | None:
    """The bytes that a folder takes on its disk, each file once however many names it has; None if nobody can say.

    Follows no link and enters no other disk.
    """
    try:
        done = subprocess.run(
            ["du", "-skx", "--", str(folder)], capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = done.stdout.split(b"\t")[0]  # also where it could not get into every folder
    return int(number) * _KIBIBYTE if number.isdigit() else None
