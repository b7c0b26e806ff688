"""Looks after what was recorded: backups, old history, runs written out and taken in. Works on a pool thread.

Puts no backup in place: that needs a home without an engine, and is done between two windows.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.maintenance import backups, export, pruning
from engine.maintenance.backups import Backup
from engine.maintenance.import_run import bring_in
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.system.locks import is_held
from engine.trust.trust_store import Grant, TrustStore
from state.backup_check import problem_of
from state.database import Database
from state.database_errors import SignalboxError
from state.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class MaintenanceInventory:
    """What there is to choose from: whole backups, newest first, and what was granted."""

    backups: Sequence[Backup] = ()
    grants: Sequence[Grant] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PrunePreview:
    """What pruning everything that ended so many days ago would take away."""

    days: int
    pruned: pruning.Pruned


class MaintenanceTasks(QObject):
    """Does one thing after the other and tells how each ended.

    Signals:
        told: (sentence) it was done.
        refused: (sentence) it was not, and why.
        looked: (Looked) what pruning would take away.
        listed: (Kept) what there is.
    """

    told = Signal(str)
    refused = Signal(str)
    looked = Signal(object)
    listed = Signal(object)
    _ended = Signal(object)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended.connect(self._on_ended)

    def back_up(self) -> None:
        """Copy the database as it stands into the backups of its home."""
        self._start(self._back_up)

    def look(self, days: int) -> None:
        """Tell what pruning would take away."""
        self._start(lambda: self._look(days))

    def prune(self, days: int) -> None:
        """Take away what ended so many days ago."""
        self._start(lambda: self._prune(days))

    def write_out(self, run_id: str, folder: Path) -> None:
        """Write a run with everything recorded of it into a new folder."""
        self._start(lambda: self._write_out(run_id, folder))

    def take_in(self, folder: Path) -> None:
        """Take a run that was written out into this home as finished history."""
        self._start(lambda: self._take_in(folder))

    def list_all(self) -> None:
        """Tell what there is."""
        self._start(self._list_all)

    def revoke(self, grant_id: str) -> None:
        """Trust this no more: what it covered asks again."""
        self._start(lambda: self._revoke(grant_id))

    def other_engines(self) -> list[str]:
        """The process ids of the engines at work in this home, but for the one of this window."""
        own = f"{os.getpid()}-"
        locks = (lock for lock in self._home.engines.glob("*.lock") if not lock.name.startswith(own))
        return [lock.name.partition("-")[0] for lock in locks if is_held(lock)]

    def wait(self) -> None:
        """Wait until nothing is being done; for the end of the program."""
        self._pool.waitForDone()

    def deliver(self, outcome: object) -> None:
        """Called on the pool thread with what came of it."""
        self._ended.emit(outcome)

    def _start(self, work: Callable[[], object]) -> None:
        self._pool.start(_Working(work, self))

    @Slot(object)
    def _on_ended(self, outcome: object) -> None:
        match outcome:
            case Exception():
                self.refused.emit(_sentence(outcome))
            case PrunePreview():
                self.looked.emit(outcome)
            case MaintenanceInventory():
                self.listed.emit(outcome)
            case _:
                self.told.emit(str(outcome))
                self.list_all()

    # --- on the pool thread ------------------------------------------------------------------------------------------

    def _back_up(self) -> str:
        with closing(self._database()) as database:
            return f"The database was copied to {backups.take(self._home, database)}."

    def _look(self, days: int) -> PrunePreview:
        with closing(self._database()) as database:
            return PrunePreview(
                days=days,
                pruned=pruning.look(self._home, database, before=time.time() - days * pruning.DAY_S),
            )

    def _prune(self, days: int) -> str:
        with closing(self._database()) as database:
            gone = pruning.prune(self._home, database, before=time.time() - days * pruning.DAY_S)
        return f"Gone: {gone.sentence}."

    def _write_out(self, run_id: str, folder: Path) -> str:
        with closing(self._database()) as database, closing(Reader(database)) as reader:
            history = export.gather(reader, run_id)
        export.write(self._home, history, folder)
        return f"Run {run_id} with {len(history.jobs):,} jobs and their output was written to {folder}."

    def _take_in(self, folder: Path) -> str:
        with closing(JobStateStore(home=self._home)) as store:
            history = bring_in(self._home, store, folder)
        return f"Run {history.run.run_id} with {len(history.jobs):,} jobs is history here now; nothing of it starts."

    def _list_all(self) -> MaintenanceInventory:
        whole = [backup for backup in backups.listed(self._home) if not problem_of(backup.path)]
        return MaintenanceInventory(backups=whole, grants=TrustStore().grants())

    @staticmethod
    def _revoke(grant_id: str) -> str:
        gone = TrustStore().revoke([grant_id])
        if not gone:
            raise SignalboxError("That was not trusted any more.")
        return "It is not trusted any more; what it covered asks again. What runs goes on."

    def _database(self) -> Database:
        return Database(self._home.database, backups=self._home.backups)


class _Working(QRunnable):
    """One thing to do."""

    def __init__(self, work: Callable[[], object], keeper: MaintenanceTasks) -> None:
        super().__init__()
        self._work, self._keeper = work, keeper

    def run(self) -> None:
        try:
            outcome = self._work()
        except (SignalboxError, OSError) as error:
            outcome = error
        self._keeper.deliver(outcome)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} cannot be used: {error.strerror}."
    return str(error)
