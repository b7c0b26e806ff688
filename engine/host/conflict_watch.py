"""Keep the predicted conflicts of a home current: rehearse, on a thread of its own, whenever a branch may have moved.

A branch moves with a change in the database or of the files of its ref. While none of these changes, no git runs. Of
several engines that share a home one rehearses, until it closes.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDoneError
from contextlib import suppress

from engine.host.launch_reader import ReadingThread
from engine.merging.branch_refs import RefTimes, times_of
from engine.merging.conflict_rehearsal import ConflictRehearsal, Rehearsal, RehearsalStoppedError
from engine.state_store.job_state_store import JobStateStore
from state.locks import KernelLock
from state.worktree_records import UnmergedBranch

LOOK_EVERY_S = 2.0
"""How often the files of the refs are looked at: a commit by hand changes nothing in the database."""
_CLOSE_S = 5.0


class ConflictWatch:
    """Rehearses for one engine; every call comes from the engine's thread."""

    def __init__(self, store: JobStateStore) -> None:
        self._store = store
        self._stopping = threading.Event()
        self._rehearsal = ConflictRehearsal(self._stopping.is_set)
        self._thread = ReadingThread("conflict-rehearsal")
        self._running: Future[Rehearsal] | None = None
        self._lock: KernelLock | None = None
        self._places: Sequence[tuple[object, ...]] = ()
        self._ref_times: RefTimes = {}
        self._look_at, self._stamp = 0.0, -1
        self.on_end: Callable[[], None] = lambda: None
        """Called from another thread when a rehearsal has ended: `step` has something to do."""

    @property
    def is_rehearsing(self) -> bool:
        """Whether a rehearsal runs, or is still to be recorded."""
        return self._running is not None

    def step(self) -> None:
        """Record the rehearsal that has ended, and begin another one if a branch may have moved.

        Costs microseconds when nothing has.
        """
        if self._running is not None and not self._recorded(self._running):
            return
        stamp, now = self._store.conflicts.change_stamp(), time.monotonic()
        if stamp == self._stamp and now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY_S
        have_refs_moved = self._ref_times != times_of(self._ref_times)
        if stamp != self._stamp or have_refs_moved:
            self._rehearse(stamp, have_refs_moved=have_refs_moved)

    def close(self) -> None:
        """End the rehearsal that runs; what it has found is found again by the next engine."""
        self._stopping.set()
        if self._running is not None:
            with suppress(RehearsalStoppedError, NotDoneError):
                self._running.result(_CLOSE_S)
        self._thread.close()
        if self._lock is not None:
            self._lock.release()

    def _recorded(self, running: "Future[Rehearsal]") -> bool:
        """Whether the rehearsal has ended and is recorded; where that fails, the next step does it again."""
        if not running.done():
            return False
        if (error := running.exception()) is not None:
            self._running = None
            raise error
        ended = running.result()
        if ended.found or ended.gone:
            self._store.conflicts.record(ended.found, gone=ended.gone)
        self._ref_times = ended.ref_times
        self._running = None
        return True

    def _rehearse(self, stamp: int, *, have_refs_moved: bool) -> None:
        branches, known = self._store.conflicts.unmerged_branches(), self._store.conflicts.predicted()
        if (branches or known) and not self._is_ours():
            return  # looked at again: the engine that rehearses may close
        self._stamp = stamp
        places = [_place(each) for each in branches]
        if places != self._places or have_refs_moved:
            self._places = places
            self._running = self._thread.submit(lambda: self._rehearsal.rehearse(branches, known))
            self._running.add_done_callback(lambda _ended: self.on_end())

    def _is_ours(self) -> bool:
        if self._lock is None:
            self._lock = _try_lock(self._store)
        return self._lock is not None


def rehearse_once(store: JobStateStore) -> None:
    """Make the predicted conflicts current for somebody who asks, where no engine keeps them so."""
    lock = _try_lock(store)
    if lock is None:
        return
    with lock:
        branches, known = store.conflicts.unmerged_branches(), store.conflicts.predicted()
        ended = ConflictRehearsal(lambda: False).rehearse(branches, known)
        if ended.found or ended.gone:
            store.conflicts.record(ended.found, gone=ended.gone)


def _try_lock(store: JobStateStore) -> KernelLock | None:
    """The lock of the one that rehearses; None where another has it."""
    return KernelLock.try_take(store.home.root / "conflicts.lock")


def _place(of: UnmergedBranch) -> tuple[object, ...]:
    """What a rehearsal depends on, besides the refs."""
    tree = of.worktree
    moves = (tree.head, of.snapshot, of.is_finished)
    return (*tree.key, tree.repo, tree.branch, tree.base_commit, tree.target, *moves)
