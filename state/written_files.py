"""Says without a statement that nobody has written to a database since it was last read: by a look at its two files.

Where that cannot be said for sure, the database itself has to be read.
"""

import os
import time
from pathlib import Path

SETTLING_S = 10.0
"""For so long after a write the files say nothing: another one may have the same time, and one that is being synced
is seen by readers only afterwards, on a busy disk after seconds."""

_Stamp = tuple[int, int, int]


class WrittenFiles:
    """The files of one database, as they were when it was last read."""

    def __init__(self, database: Path) -> None:
        self._paths = (str(database), f"{database}-wal")
        self._noted: tuple[_Stamp, ...] | None = None

    def note(self) -> None:
        """Note how the files are, before the database is read; nothing where they were written to just now."""
        found = self._found()
        newest = max((stamp[0] for stamp in found), default=0)
        is_settled = bool(found) and newest < time.time_ns() - int(SETTLING_S * 1e9)
        self._noted = found if is_settled else None

    def are_as_noted(self) -> bool:
        """Whether nobody can have written since `note`; False also where that is not known."""
        return self._noted is not None and self._noted == self._found()

    def _found(self) -> tuple[_Stamp, ...]:
        try:
            stats = [os.stat(path) for path in self._paths]  # noqa: PTH116 - texts, since it is called all the time
        except OSError:
            return ()
        return tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in stats)
