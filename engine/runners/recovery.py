"""What became of an attempt whose shim is gone, found out from its folder and its processes.

The rule that makes recovery safe: whoever takes a folder's lock reads the result, or leaves the tombstone before
giving the lock back; nobody takes it just to look. An error of the files reaches the caller, who tries again.
"""

import errno
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from engine.runners import detached, layout, process_tree
from engine.runners.attempt_lock import AttemptLock
from engine.runners.boot import BootNote
from engine.runners.removal import remove_tree
from engine.runners.results import read_result
from engine.system.disk_errors import OF_OUR_FOLDERS
from engine.system.fault_injection import fault, mutant
from engine.system.home import Home
from engine.types import AttemptEnd, AttemptRef, EndReason, Recovery
from state.recordable import recordable

Found = tuple[Recovery, AttemptEnd | None]
_MOST_FOLDERS = 256
"""Of so many attempts the paths are kept: each is needed a dozen times within its last moments."""


class AttemptRecovery:
    """Examines attempts of one home, and ends what is left of them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = lru_cache(_MOST_FOLDERS)(home.attempts.joinpath)
        self._parents = (str(home.attempts), str(home.started))
        self._boot = BootNote(home.started)

    def begin(self, last_attempt_id: int) -> None:
        """Get to know the newest attempt of all, before any is recovered or started here."""
        self._boot.begin(last_attempt_id)

    def folder(self, ref: AttemptRef) -> Path:
        """Where the attempt's files are."""
        return self._folder(ref.folder_name)

    def own_folder(self, ref: AttemptRef) -> Path:
        """The same, where it is no link: that may lead to another attempt, or to a ``tmp`` that is everybody's.

        Raises:
            NotADirectoryError: a link has taken its place.
        """
        folder = self.folder(ref)
        if folder.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        return folder

    def make_folder(self, ref: AttemptRef) -> Path:
        """Create the attempt's folder, open to its owner alone.

        Raises:
            FileExistsError: the attempt was started or given up before.
            OSError: it cannot be made.
        """
        folder = self.folder(ref)
        for parent in self._parents:
            with suppress(FileExistsError):
                os.mkdir(parent, 0o700)  # noqa: PTH102 - what is there already, `Path` looks at once more
        folder.mkdir(mode=0o700)
        return folder

    def examine(self, ref: AttemptRef) -> Found:
        """Find out about an attempt that nobody in this process has started.

        Raises:
            OSError: its files do not allow a decision now.
        """
        try:
            self.make_folder(ref)
        except FileExistsError:
            return self.conclude(ref, None)
        if self._end_shims(ref) or self._may_have_started(ref):
            return self._after_removal(ref)
        return self._give_up(ref, None)  # whoever comes late cannot make the folder any more

    def examine_foreign(self, ref: AttemptRef) -> Found:
        """What this very folder says of an attempt of another home; what may run there is left alone.

        Raises:
            OSError: its files do not allow a decision now.
        """
        folder = self.own_folder(ref)
        if AttemptLock.is_held(folder):
            return Recovery.ADOPTED, None
        if (end := read_result(folder, ref)) is not None:
            return Recovery.ENDED, end
        return self.give_up_foreign(ref)

    def give_up_foreign(self, ref: AttemptRef) -> Found:
        """Say that the end of an attempt of another home is not known, and touch nothing."""
        detail = recordable("It belongs to another home and may run there; how it ends is not known here.")
        return Recovery.INTERRUPTED, AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED, detail=detail)

    def conclude(self, ref: AttemptRef, code: int | None) -> Found:
        """Say how an attempt ended if its lock can be had; `code` is the exit code of the shim, if known.

        Raises:
            OSError: its files do not allow a decision now.
        """
        try:
            lock = AttemptLock.try_take(self.folder(ref))  # which refuses a link
        except FileNotFoundError:
            return self._after_removal(ref)
        if lock is None and not mutant("no_lock_wait"):
            return self._locked(ref)
        try:
            fault("recovery_locked")
            if not mutant("no_result") and (end := read_result(self.folder(ref), ref)) is not None:
                self._tidy(ref)
                return Recovery.ENDED, end
            return self._give_up(ref, code)
        finally:
            if lock is not None:
                lock.release()

    def end_by_processes(self, ref: AttemptRef) -> Found:
        """End an attempt whose files allow no decision: its shim first, so that nothing can start any more.

        Raises:
            OSError: the processes cannot be listed now.
        """
        self._end_shims(ref)
        swept, left, suspects = self._sweep(ref)
        detail = f"Its files in {self.folder(ref)} cannot be used, so how it ended is not known."
        return Recovery.INTERRUPTED, _interrupted(ref, detail, swept=swept, left=left, suspects=suspects)

    def shims(self, ref: AttemptRef) -> set[process_tree.Process]:
        """The living shims of an attempt, whatever became of its folder: at most one, except during a race."""
        return process_tree.shims_on(self.folder(ref))

    def _end_shims(self, ref: AttemptRef) -> bool:
        """End the living shims of an attempt, so that nothing can start any more; whether there was one."""
        shims = self.shims(ref)
        for shim in shims:
            process_tree.kill(shim)
        return bool(shims)

    def _locked(self, ref: AttemptRef) -> Found:
        if process_tree.LINUX and not self.shims(ref):
            raise OSError(errno.EBUSY, "another process than its shim holds its lock", str(self.folder(ref)))
        return Recovery.ADOPTED, None

    def _may_have_started(self, ref: AttemptRef) -> bool:
        """Whether its tool may have been started: as noted, by what it printed, or since nothing noted it for sure."""
        return (
            os.path.lexists(self._home.started / ref.folder_name)
            or os.path.lexists(self.folder(ref) / layout.INDEX)
            or self._boot.is_earlier(ref.attempt_id)
        )

    def _give_up(self, ref: AttemptRef, code: int | None) -> Found:
        """Make sure that nothing of the attempt runs or can still start; its lock is held meanwhile."""
        if not mutant("no_tombstone"):
            leave(self.own_folder(ref) / layout.ABANDONED)
        fault("recovery_abandoned")
        self._end_shims(
            ref
        )  # one whose folder was replaced holds another lock, and one of 0.1 its lock from just now
        swept, left, suspects = self._sweep(ref)
        fault("recovery_swept")
        self._tidy(ref)
        started = self._may_have_started(ref)
        end = self._end_of_dead(ref, code, started=started, swept=swept, left=left, suspects=suspects)
        return Recovery.INTERRUPTED if started or swept else Recovery.NEVER_STARTED, end

    def _end_of_dead(
        self, ref: AttemptRef, code: int | None, *, started: bool, swept: int, left: int, suspects: str
    ) -> AttemptEnd:
        failed = code is not None and 0 < code < layout.LOCK_TAKEN
        if not started and code is not None and failed:
            detail = (
                f"The attempt could not be prepared in {self.folder(ref)}: {self._reason_of_shim(ref, code)}."
            )
            is_of_disk = code - layout.PREPARING_FAILED in OF_OUR_FOLDERS
            reason = EndReason.DISK if is_of_disk else EndReason.SPAWN_FAILED
            return AttemptEnd(ref=ref, reason=reason, leftovers=swept, detail=detail)
        detail = recordable("The process beside it was killed, so how it ended is not known.")
        if not started:
            detail = recordable("It was given up before its tool was started.")
        elif failed:
            detail = f"How it ended could not be written down: {self._reason_of_shim(ref, code)}."
        return _interrupted(ref, detail, swept=swept, left=left, suspects=suspects)

    def _reason_of_shim(self, ref: AttemptRef, code: int | None) -> str:
        lines = _text_of(self.folder(ref) / layout.LOG).strip().splitlines()
        if lines:
            return lines[-1]
        if code is not None and code > layout.PREPARING_FAILED:
            return os.strerror(code - layout.PREPARING_FAILED)
        return f"exit code {code}"

    def _after_removal(self, ref: AttemptRef) -> Found:
        """End an attempt whose folder was removed under it; its shim first, which may be about to start the tool."""
        self._end_shims(ref)
        swept, left, suspects = self._sweep(ref)
        detail = f"{self.folder(ref)} was removed while it ran, so how it ended is not known."
        return Recovery.INTERRUPTED, _interrupted(ref, detail, swept=swept, left=left, suspects=suspects)

    def _sweep(self, ref: AttemptRef) -> tuple[int, int, str]:
        """End what is left of the attempt: how many were found, how many could not be ended, what may be left."""
        found = self._detached(ref)
        swept, left = process_tree.sweep(_marker(ref), more=found.processes)
        if found.group:
            detached.remove_group(found.group)
        return swept, left, found.suspects()

    def _detached(self, ref: AttemptRef) -> detached.Detached:
        return detached.Detached(ref.folder_name, _text_of(self._home.started / ref.folder_name))

    def _tidy(self, ref: AttemptRef) -> None:
        """Remove what only a running attempt needs, where its shim could not: of that the folder goes last."""
        if os.path.lexists(f"{self.folder(ref)}/{layout.TMP}"):
            tmp = self.own_folder(ref) / layout.TMP
            if group := self._detached(ref).group:
                detached.remove_group(group)
            remove_tree(str(tmp))


def leave(file: Path) -> None:
    """Leave an empty file as a sign; whatever has that name already is as good, and no link is followed."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _interrupted(ref: AttemptRef, detail: str, *, swept: int, left: int, suspects: str) -> AttemptEnd:
    if swept:
        detail += f" {swept} of its processes still ran and were ended."
    if left:
        detail += f" {left} of them could not be ended."
    if suspects:
        detail += f" These may be its, too, and were left alone: {suspects}."
    return AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED, leftovers=swept, detail=detail)


def _text_of(file: Path) -> str:
    """The end of a text file; empty where it is none, or cannot be read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return ""
    try:
        size = os.fstat(descriptor).st_size
        return os.pread(descriptor, 4096, max(size - 4096, 0)).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _marker(ref: AttemptRef) -> str:
    return f"{layout.MARKER}={ref.folder_name}"
