"""Locks that the kernel releases when their owner dies, however it dies.

A lock belongs to an open file description. Python's descriptors are not inherited by programs, so a lock ends with
the process that took it, and at the latest a few milliseconds later, when a child it was just forking has started its
program.
"""

import errno
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_POLL_S = 0.01
"""Polled, because a blocking wait could not end before the lock is free."""
_FOLDER = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
)
_FLAGS = os.O_RDWR if sys.platform == "win32" else os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
_NOT_A_LOCK = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})
"""What opening says of something that no process can have locked: it is missing, a folder or none, a link, a socket."""

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool = False) -> bool:
        del shared  # Windows has only exclusive locks here; one probe may make another one report "held"
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        # Closing alone would leave the lock to a child that is being forked at this moment.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class KernelLock:
    """An exclusive lock held on a file until `release`, or until this process is gone."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self._file, self._descriptor = file, descriptor

    @classmethod
    def try_take(cls, file: Path) -> Self | None:
        """Take the lock, creating its file (0600) if needed; None if another process holds it. Never waits.

        Raises:
            OSError: the file cannot be opened, for instance because its folder is gone.
        """
        return cls._try_take(file, _FLAGS | os.O_CREAT)

    @classmethod
    def try_take_folder(cls, folder: Path) -> Self | None:
        """Take the lock of a folder, which must be there; None if another process holds it. Never waits.

        Raises:
            OSError: it cannot be opened, for instance because it is gone, or a link is in its place.
        """
        return cls._try_take(folder, _FOLDER)

    @classmethod
    def _try_take(cls, file: Path, flags: int) -> Self | None:
        while True:
            descriptor = os.open(file, flags, 0o600)
            taken = False
            try:
                taken = _lock(descriptor)
                if not taken:
                    return None
                if _is_still(file, descriptor):
                    return cls(file, descriptor)
                taken = (
                    False  # its owner removed the file while we opened it, so this lock would guard nothing
                )
            finally:
                if not taken:
                    os.close(descriptor)

    @classmethod
    def take(cls, file: Path, *, timeout_s: float) -> Self:
        """Take the lock like `try_take`, waiting for its holder.

        Raises:
            TimeoutError: another process still holds it after that many seconds.
            OSError: as for `try_take`.
        """
        deadline = time.monotonic() + timeout_s
        while (lock := cls.try_take(file)) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(
                    errno.ETIMEDOUT, f"locked by another process for {timeout_s:g} s", str(file)
                )
            time.sleep(_POLL_S)
        return lock

    @property
    def descriptor(self) -> int:
        """For `pass_fds` of a program that is to keep the lock, as long as it runs, if this process dies."""
        return self._descriptor

    def release(self, *, remove: bool = False) -> None:
        """Release the lock; `remove` deletes its file as well. Releasing twice is no error."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        try:
            if remove and _is_still(self._file, descriptor):
                self._file.unlink(missing_ok=True)
            _unlock(descriptor)
        finally:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock; two processes that probe at the same time do not see each other."""
    return _is_held(file, _FLAGS)


def is_folder_held(folder: Path) -> bool:
    """Whether a living process holds the lock of this folder."""
    return _is_held(folder, _FOLDER)


def _is_held(file: Path, flags: int) -> bool:
    try:
        descriptor = os.open(file, flags)
    except OSError as error:
        if error.errno in _NOT_A_LOCK:
            return False
        raise
    try:
        if not _lock(descriptor, shared=True):
            return True
        _unlock(descriptor)
        return False
    finally:
        os.close(descriptor)


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        found = file.lstat()
    except FileNotFoundError:
        return False
    return os.path.samestat(found, os.fstat(descriptor))
