"""The lock of an attempt, held by its shim as long as it lives.

Whoever takes it must say how the attempt ended, or leave the tombstone `layout.ABANDONED`. It lies on the folder of the
attempt, so that no file is made for it; one that a shim of version 0.1 has locked counts as well.
"""

import stat
from pathlib import Path
from typing import Self

from engine.runners import layout
from state.locks import KernelLock, is_folder_held, is_held


class AttemptLock:
    """The lock of one attempt, held until `release`."""

    def __init__(self, *held: KernelLock) -> None:
        self._held = held

    @classmethod
    def try_take(cls, folder: Path) -> Self | None:
        """Take the lock of the attempt with this folder; None while another process has it. Never waits.

        Raises:
            OSError: the folder cannot be opened, for instance because it is gone.
        """
        lock = KernelLock.try_take_folder(folder)
        if lock is None or not _is_plain(folder / layout.LOCK):
            return None if lock is None else cls(lock)
        try:
            older = KernelLock.try_take(folder / layout.LOCK)
        except OSError:
            lock.release()
            raise
        if older is None:
            lock.release()
            return None
        return cls(lock, older)

    @staticmethod
    def is_held(folder: Path) -> bool:
        """Whether the attempt with this folder has a living shim, or somebody is just finding out how it ended."""
        return is_folder_held(folder) or is_held(folder / layout.LOCK)

    def release(self) -> None:
        """Give it back; doing so twice is no error."""
        for lock in self._held:
            lock.release()


def _is_plain(file: Path) -> bool:
    """Whether it is a file as a shim makes it; a tool may have put anything else there."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False
