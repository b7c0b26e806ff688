"""Runs maintenance in the background: backups, pruning, export and import of runs, grants.

Restores no backup: that needs a home without an engine, and is done between two windows.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from engine.system.home import Home
from gui.control.background_tasks import BackgroundTasks
from gui.translation import tr, tr_count
from state.database import Database
from state.database_errors import SignalboxError
from state.database_reader import DatabaseReader
from state.locks import is_held

if TYPE_CHECKING:
    from engine.maintenance.backups import Backup
    from engine.maintenance.pruning import PruneSummary
    from engine.trust.grants import Grant

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, kw_only=True, slots=True)
class MaintenanceInventory:
    """What there is to choose from: whole backups, newest first, and what was granted."""

    backups: "Sequence[Backup]" = ()
    grants: "Sequence[Grant]" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PrunePreview:
    """What pruning everything that ended so many days ago would remove."""

    days: int
    pruned: "PruneSummary"


class MaintenanceTasks(QObject):
    """Does one thing after the other and reports how each ended.

    Signals:
        finished: (sentence) it was done.
        performed: (words) it was done; the words after ``signalbox`` do the same.
        refused: (sentence) it was not, and why.
        previewed: (PrunePreview) what pruning would remove.
        listed: (MaintenanceInventory) what there is.
    """

    finished = Signal(str)
    performed = Signal(object)
    refused = Signal(str)
    previewed = Signal(object)
    listed = Signal(object)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._background = BackgroundTasks(self)
        self._is_ending = Event()

    def back_up(self) -> None:
        """Copy the present database into the backups of its home."""
        self._change(self._back_up, ("backup",))

    def preview(self, days: int) -> None:
        """Find out what pruning would remove."""
        self._start(lambda: self._preview(days), self.previewed.emit)

    def prune(self, days: int) -> None:
        """Prune what ended so many days ago."""
        self._change(lambda: self._prune(days), ("prune", "--older-than", f"{days}d", "--now"))

    def export_run(self, run_id: str, folder: Path) -> None:
        """Export a run with everything recorded of it into a new folder."""
        self._change(lambda: self._export_run(run_id, folder), ("export", run_id, str(folder)))

    def import_run_from(self, folder: Path) -> None:
        """Import an exported run into this home as finished history."""
        self._change(lambda: self._import_run(folder), ("import", str(folder)))

    def list_all(self) -> None:
        """List the backups and grants there are."""
        self._start(self._list_all, self.listed.emit)

    def revoke(self, grant_id: str) -> None:
        """Revoke a grant: what it covered waits for review again."""
        self._change(lambda: self._revoke(grant_id), ("trust", "revoke", grant_id))

    def other_engines(self) -> list[str]:
        """The process ids of the engines at work in this home, but for the one of this window."""
        own = f"{os.getpid()}-"
        locks = (lock for lock in self._home.engines.glob("*.lock") if not lock.name.startswith(own))
        return [lock.name.partition("-")[0] for lock in locks if is_held(lock)]

    def wait(self) -> None:
        """Wait until nothing is being done; for the end of the program. The next prune goes on where this one ends."""
        self._is_ending.set()
        self._background.wait()

    def _rest(self, seconds: float) -> None:
        if self._is_ending.wait(seconds):
            raise SignalboxError("the window was closed")  # nobody is left to read it

    def _start(self, work: Callable[[], Outcome], then: Callable[[Outcome], None]) -> None:
        self._background.run_in_background(work, then, failed=self._on_failed)

    def _change(self, work: Callable[[], str], words: Sequence[str]) -> None:
        self._start(work, partial(self._on_done, words))

    def _on_done(self, words: Sequence[str], sentence: str) -> None:
        self.performed.emit(words)
        self.finished.emit(sentence)
        self.list_all()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SignalboxError | OSError):
            raise error
        self.refused.emit(_sentence(error))

    # --- outside the GUI thread, which also load what they need there -------------------------------------------------

    def _back_up(self) -> str:
        from engine.maintenance import backups

        with closing(self._database()) as database:
            copy = backups.take(self._home, database)
        return tr("The database was copied to {copy}.", copy=copy)

    def _preview(self, days: int) -> PrunePreview:
        from engine.maintenance import pruning

        with closing(self._database()) as database:
            return PrunePreview(
                days=days,
                pruned=pruning.preview(self._home, database, before=time.time() - days * pruning.DAY_S),
            )

    def _prune(self, days: int) -> str:
        from engine.maintenance import pruning

        with closing(self._database()) as database:
            before = time.time() - days * pruning.DAY_S
            gone = pruning.prune(self._home, database, before=before, rest=self._rest)
        return tr("Pruned: {sentence}.", sentence=gone.sentence)

    def _export_run(self, run_id: str, folder: Path) -> str:
        from engine.maintenance import export

        with closing(self._database()) as database, closing(DatabaseReader(database)) as reader:
            history = export.gather(reader, run_id)
        export.write(self._home, history, folder)
        return tr_count(
            "Run {run} ({n} job) was exported to {folder} with all its output.",
            "Run {run} ({n} jobs) was exported to {folder} with all its output.",
            len(history.jobs),
            run=run_id,
            folder=folder,
        )

    def _import_run(self, folder: Path) -> str:
        from engine.maintenance.import_run import import_run
        from engine.state_store.job_state_store import JobStateStore

        with closing(JobStateStore(home=self._home)) as store:
            history = import_run(self._home, store, folder)
        return tr_count(
            "Run {run} ({n} job) was imported as history; nothing of it starts.",
            "Run {run} ({n} jobs) was imported as history; nothing of it starts.",
            len(history.jobs),
            run=history.run.run_id,
        )

    def _list_all(self) -> MaintenanceInventory:
        from engine.maintenance import backups
        from engine.trust.trust_store import TrustStore
        from state.backup_check import problem_of

        whole = [backup for backup in backups.newest_first(self._home) if not problem_of(backup.path)]
        return MaintenanceInventory(backups=whole, grants=TrustStore().grants())

    @staticmethod
    def _revoke(grant_id: str) -> str:
        from engine.trust.trust_store import TrustStore

        gone = TrustStore().revoke([grant_id])
        if not gone:
            raise SignalboxError(tr("That grant was revoked before."))
        return tr("The grant is revoked; what it covered waits for review again. Running jobs go on.")

    def _database(self) -> Database:
        return Database(self._home.database, backups=self._home.backups)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return tr("{file} cannot be used: {reason}.", file=error.filename, reason=error.strerror)
    return str(error)
