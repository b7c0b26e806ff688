"""Change the index whole or not at all: git works on a copy, which takes the place of the index at the end.

The lock is git's own ``index.lock``; one that an interrupted attempt of the same step has left is known by its
content, and taken over. A lock of anybody else is waited for and never removed.
"""

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError
from engine.git_step.journal import StepJournal, write_anew
from engine.system.git_failures import locked

CHANGING = "Another program keeps changing the index. Run this again when it is done."
_TRIES = 6
_PAUSE_S = 0.25


class IndexTransaction:
    """A copy of the index for git to work on; `env` lets git use it."""

    def __init__(self, git: GitCalls, journal: StepJournal) -> None:
        git_dir = Path(git.read("rev-parse", "--absolute-git-dir"))
        self._index = (git_dir / "index").resolve()  # git locks the file that a link stands for
        self._lock = self._index.with_name(f"{self._index.name}.lock")
        self._copy = journal.beside("index")
        self._mark = f"signalbox {self._copy.stem}\n"
        self._state: tuple[int, ...] = ()
        self._state_of_copy: tuple[int, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether git has written the copy, which is the last that a command does to files and index."""
        return _state_of(self._copy) != self._state_of_copy

    @property
    def is_left(self) -> bool:
        """Whether an interrupted attempt has left its copy, and its lock kept everybody else from the index since."""
        return self._copy.exists() and self._is_ours()

    @property
    def env(self) -> Mapping[str, str]:
        """What lets git work on the copy."""
        return {"GIT_INDEX_FILE": str(self._copy)}

    def take(self) -> None:
        """Copy the index and lock it.

        Raises:
            StepError: somebody else keeps the lock, or keeps changing the index.
        """
        try:
            self._take()
        except (StepError, OSError):
            self.discard()
            raise

    def _take(self) -> None:
        for _ in range(_TRIES):
            self.begin()
            if self.lock():
                return
        raise StepError(CHANGING)

    def begin(self) -> None:
        """Copy the index as it is now."""
        self._state = _state_of(self._index)
        self._forget_copy()
        if self._index.exists():
            shutil.copy2(self._index, self._copy)  # with its time, by which git knows what to read again
        self._state_of_copy = _state_of(self._copy)

    def lock(self) -> bool:
        """Keep everybody else from the index; whether it is still as it was copied.

        Raises:
            StepError: somebody else keeps the lock.
        """
        for _ in range(_TRIES):
            if self._take_lock():
                if _state_of(self._index) == self._state:
                    return True
                self._lock.unlink()
                return False
            time.sleep(_PAUSE_S)
        raise StepError(f"git: {locked(str(self._lock))}")

    def finish(self) -> None:
        """Let the copy be the index, where one is left and nobody else can have changed the index since."""
        if self._copy.exists() and self._is_ours():
            self._copy.replace(self._index)
        self._forget_copy()
        self._unlock()

    def discard(self) -> None:
        """Leave the index as it was."""
        self._forget_copy()
        self._unlock()

    def _forget_copy(self) -> None:
        for file in (self._copy, self._copy.with_name(self._copy.name + ".lock")):
            file.unlink(missing_ok=True)

    def _take_lock(self) -> bool:
        if self._is_ours():
            return True
        draft = self._copy.with_suffix(".lock")
        write_anew(draft, self._mark)
        try:
            _link(draft, self._lock)  # a lock without its mark would never be known as ours again
        except FileExistsError:
            return False
        finally:
            draft.unlink(missing_ok=True)
        return True

    def _is_ours(self) -> bool:
        try:
            return self._lock.read_bytes() == self._mark.encode()
        except OSError:
            return False

    def _unlock(self) -> None:
        if self._is_ours():
            self._lock.unlink()


def _state_of(file: Path) -> tuple[int, ...]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _link(draft: Path, lock: Path) -> None:
    """Let the lock be there with its whole content; raises FileExistsError if there is one."""
    try:
        os.link(draft, lock)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        draft.replace(lock)
