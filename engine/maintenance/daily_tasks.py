"""What an engine does for its home once a day, on a pool thread: a backup, then old history away. Never in its turn."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing

from engine.maintenance import backups, pruning
from engine.maintenance.health import Trouble, TroubleKind
from engine.orchestrator.mailbox import Pool
from engine.system.home import Home
from engine.system.locks import KernelLock
from state.database import Database
from state.database_errors import SignalboxError

log = logging.getLogger(__name__)

FIRST_AFTER_S = 60.0
"""An engine that ends before has other things to do."""
LOOK_EVERY_S = 3600.0


class Upkeep:
    """Looks every hour whether the day is over; of several engines on one home, one does the work.

    Args:
        home: what to look after.
        pool: where the work is done.
        setting: asked for ``keep_history_days`` and ``keep_output_days``; 0 keeps for ever.
        now: the time at which this engine starts.
    """

    def __init__(
        self, home: Home, pool: Pool, setting: Callable[[str, object], object], *, now: float
    ) -> None:
        self._home, self._pool, self._setting = home, pool, setting
        self._look_at = now + FIRST_AFTER_S
        self._busy = False
        self._closing = threading.Event()
        self.trouble: Trouble | None = None
        """Why the last backup failed; None where it did not."""

    def look(self, now: float) -> None:
        """Have the work done if it is time; costs nothing else."""
        if self._busy or (now < self._look_at and self._look_at - now <= LOOK_EVERY_S):
            return
        self._look_at = now + LOOK_EVERY_S
        days = self._days("keep_history_days", pruning.KEEP_DAYS), self._days("keep_output_days", None)
        self._busy = True
        self._pool.submit(self._work, now, *days)

    def close(self) -> None:
        """Let what goes on end after its present step; the rest is taken up tomorrow."""
        self._closing.set()

    def _rest(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            raise StoppedError

    def _days(self, key: str, default: int | None) -> float | None:
        wanted = self._setting(key, default)
        return float(wanted) if isinstance(wanted, int | float) and not isinstance(wanted, bool) else None

    def _work(self, now: float, history: float | None, output: float | None) -> None:
        try:
            with closing(Database(self._home.database, backups=self._home.backups)) as database:
                do(
                    self._home,
                    database,
                    now=now,
                    history_days=history,
                    output_days=output,
                    rest=self._rest,
                )
            self.trouble = None
        except StoppedError:
            pass
        except (SignalboxError, OSError) as error:
            log.info("The daily backup failed: %s", error)
            told = f"The daily backup was not made: {error}"
            self.trouble = Trouble(kind=TroubleKind.BACKUP, sentence=told, stops=False)
        finally:
            self._busy = False


class StoppedError(Exception):
    """The engine closes."""


def do(
    home: Home,
    database: Database,
    *,
    now: float,
    history_days: float | None,
    output_days: float | None,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """Back up if the last backup is older than a day, and then take old history away; at once and in this thread."""
    lock = KernelLock.try_take(home.root / "upkeep.lock")
    if lock is None:
        return
    with lock:
        if backups.take_daily(home, database, now) is None:
            return  # what went today has gone with that one
        before = now - history_days * pruning.DAY_S if history_days else 0.0
        outputs_before = now - output_days * pruning.DAY_S if output_days else before
        if max(before, outputs_before) > 0:
            pruning.prune(
                home, database, before=before, outputs_before=max(before, outputs_before), rest=rest
            )
