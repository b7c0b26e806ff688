"""The lock on the notes of recurring runs, and what a rename that was killed has left: the next holder settles that.

A rename changes a note, a file and another note. Before the first of them it is noted in ``.notes/.renaming.json``; the
file decides which of the two notes belongs to nobody.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.recurring.due_notes import NOTES_FOLDER, DueNote, remove_note, write_note
from engine.system.fault_injection import fault
from engine.system.home import SCHEDULES
from engine.system.private_files import write_private
from state.locks import KernelLock

LOCK_FILE = "schedules.lock"
"""Held in the home by whoever changes notes."""
LOCK_S = 5.0
"""How long a person's command waits for it."""
_RENAMING = NOTES_FOLDER / ".renaming.json"


@dataclass(frozen=True, kw_only=True)
class _Renaming:
    """A rename that has begun: the names of the file before and after it, and what identifies it."""

    before: str
    after: str
    inode: int

    def is_done(self, folder: Path) -> bool:
        """Whether the file has its new name."""
        before, after = folder / self.before, folder / self.after
        if not os.path.lexists(after):
            return False
        return not os.path.lexists(before) or after.lstat().st_ino == self.inode


_SHAPE = TypeAdapter(_Renaming)


def notes_lock(home: Path) -> KernelLock:
    """Take the lock on the notes, and settle what a rename has left that was killed.

    Raises:
        TimeoutError: somebody else holds the lock.
        OSError: the lock cannot be taken, or a note cannot be removed.
    """
    return _settled(home, KernelLock.take(home / LOCK_FILE, timeout_s=LOCK_S))


def try_notes_lock(home: Path) -> KernelLock | None:
    """The same without waiting; None if somebody else holds the lock.

    Raises:
        OSError: as for `notes_lock`.
    """
    lock = KernelLock.try_take(home / LOCK_FILE)
    return None if lock is None else _settled(home, lock)


def rename_with_note(home: Path, source: Path, target: Path, *, note: DueNote | None) -> None:
    """Give the file of a recurring run another name, under which `note` is noted; the caller holds the lock.

    Raises:
        OSError: it cannot be renamed.
    """
    renaming = _Renaming(before=source.name, after=target.name, inode=source.lstat().st_ino)
    (home / NOTES_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(home / _RENAMING, json.dumps(asdict(renaming)) + os.linesep)
    fault("recurring_rename_begun")
    try:
        if note is None:
            remove_note(home, target.stem)  # of one that was called so and is gone
        else:
            write_note(home, target.stem, note=note)
        fault("recurring_renaming")
        source.rename(target)
        fault("recurring_renamed")
    finally:
        _settle(home)


def _settled(home: Path, lock: KernelLock) -> KernelLock:
    try:
        _settle(home)
    except BaseException:
        lock.release()
        raise
    return lock


def _settle(home: Path) -> None:
    """Remove the note that belongs to nobody once a rename is over, or was killed."""
    try:
        renaming = _SHAPE.validate_json(read_bytes(home / _RENAMING))
    except (JobFileError, ValueError):  # there is none, or nobody can know what it was
        return
    is_done = renaming.is_done(home / SCHEDULES)
    remove_note(home, Path(renaming.before if is_done else renaming.after).stem)
    fault("recurring_rename_ended")
    (home / _RENAMING).unlink(missing_ok=True)
