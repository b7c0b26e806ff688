"""Backs up and prunes a home once a day, on a pool thread so that the turn of the engine never waits for it."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.interfaces import Pool
from engine.maintenance import backups, pruning
from engine.settings import Settings
from engine.system.home import Home
from state.database import Database
from state.database_errors import SignalboxError
from state.locks import KernelLock

log = logging.getLogger(__name__)

FIRST_AFTER_S = 60.0
"""An engine that runs for a shorter time does no maintenance."""
CHECK_EVERY_S = 3600.0


class DailyTasks:
    """Checks every hour whether the daily tasks are due; of several engines on one home, one runs them.

    Args:
        home: the home to maintain.
        pool: runs the work.
        settings: returns the current settings, of which `keep_history_days` and `keep_output_days` are used.
        now: the time at which this engine starts.
    """

    def __init__(self, home: Home, pool: Pool, settings: Callable[[], Settings], *, now: float) -> None:
        self._home, self._pool, self._settings = home, pool, settings
        self._next_check = now + FIRST_AFTER_S
        self._busy = False
        self._closing = threading.Event()
        self.problem: HealthProblem | None = None
        """Why the last backup failed; None if it succeeded."""

    def run_if_due(self, now: float) -> None:
        """Start the work if it is due; otherwise costs nothing."""
        if self._busy or (now < self._next_check and self._next_check - now <= CHECK_EVERY_S):
            return
        self._next_check = now + CHECK_EVERY_S
        settings = self._settings()
        self._busy = True
        self._pool.submit(self._work, now, settings.keep_history_days, settings.keep_output_days)

    def close(self) -> None:
        """Stop the work after its present step; the rest is done the next day."""
        self._closing.set()

    def _rest(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            raise StoppedError

    def _work(self, now: float, history: float, output: float) -> None:
        try:
            with closing(Database(self._home.database, backups=self._home.backups)) as database:
                run_now(
                    self._home,
                    database,
                    now=now,
                    history_days=history,
                    output_days=output,
                    rest=self._rest,
                )
            self.problem = None
        except StoppedError:
            pass
        except (SignalboxError, OSError) as error:
            log.info("The daily backup failed: %s", error)
            sentence = f"Could not make the daily backup: {error}"
            self.problem = HealthProblem(kind=HealthProblemKind.BACKUP, sentence=sentence, stops=False)
        finally:
            self._busy = False


class StoppedError(Exception):
    """The engine is closing."""


def run_now(
    home: Home,
    database: Database,
    *,
    now: float,
    history_days: float | None,
    output_days: float | None,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """If the last backup is older than a day, take a new one and then prune; at once and in this thread."""
    lock = KernelLock.try_take(home.root / "upkeep.lock")
    if lock is None:
        return
    with lock:
        if backups.take_daily(home, database, now) is None:
            return  # today's backup was taken, and history pruned with it
        before = now - history_days * pruning.DAY_S if history_days else 0.0
        outputs_before = now - output_days * pruning.DAY_S if output_days else before
        if max(before, outputs_before) > 0:
            pruning.prune(
                home, database, before=before, outputs_before=max(before, outputs_before), rest=rest
            )
