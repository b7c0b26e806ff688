"""What an engine does with worktrees beside the jobs: undo what a killed one left, keep, measure and prune them.

All of it happens on a thread of its own, and every step can be repeated. Changes no job, and waits for nothing.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing

from engine.errors import SignalboxError
from engine.host.launch_reader import ReadingThread
from engine.maintenance.home_worktrees import HomeWorktrees
from engine.maintenance.worktree_refs import WorktreeRefs
from engine.settings import Settings
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.database import Database
from state.locks import KernelLock

log = logging.getLogger(__name__)
LOOK_EVERY_S = 5.0
"""The least time between two looks at what has changed."""
MEASURE_EVERY_S = 60.0
PRUNE_EVERY_S = 3600.0


class WorktreeTasks:
    """The tasks of one engine; every call comes from the engine's thread."""

    def __init__(self, store: JobStateStore, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._monotonic = store, monotonic
        self._thread = ReadingThread("worktrees")
        self._running: Future[None] | None = None
        self._stamp, self._look_at, self._measure_at = -1, 0.0, 0.0
        self._prune_at = monotonic() + MEASURE_EVERY_S
        self._is_first = True

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._running is not None and not self._running.done()

    def step(self) -> None:
        """Begin what is due; costs microseconds when nothing is."""
        now = self._monotonic()
        if self.is_busy or now < self._look_at:
            return
        stamp = self._store.change_stamp()
        if stamp == self._stamp and now < self._prune_at:
            return
        self._stamp, self._look_at = stamp, now + LOOK_EVERY_S
        if self._store.has_worktrees():
            self._running = self._thread.submit(self._work(now))

    def close(self) -> None:
        """Begin nothing more; what is half done is completed by the next engine."""
        self._thread.close()

    def _work(self, now: float) -> Callable[[], None]:
        steps: list[Callable[[HomeWorktrees], object]] = [HomeWorktrees.preserve_discarded]
        if self._is_first:
            steps.insert(0, HomeWorktrees.settle)
        if now >= self._prune_at:
            steps += [lambda trees: list(trees.prune()), lambda trees: list(WorktreeRefs(trees).prune())]
            self._prune_at = now + PRUNE_EVERY_S
        if now >= self._measure_at:
            steps.append(HomeWorktrees.measure)
            self._measure_at = now + MEASURE_EVERY_S
        self._is_first = False
        home, settings = self._store.home, self._store.settings()
        return lambda: _do(home, settings, steps)


def _do(home: Home, settings: Settings, steps: Sequence[Callable[[HomeWorktrees], object]]) -> None:
    try:
        lock = KernelLock.try_take(home.root / "worktrees.lock")
        if lock is None:  # another engine of this home is at it
            return
        with lock, closing(Database(home.database, backups=home.backups)) as database:
            trees = HomeWorktrees(home, database, settings)
            for step in steps:
                step(trees)
    except (SignalboxError, OSError) as error:  # a full disk, a locked database: the next look repeats it
        log.info("The worktrees could not be looked after: %s", error)
    except Exception:  # a defect; it is no reason for the engine to stop
        log.exception("Looking after the worktrees failed")
