"""The merge queues of a home in one engine: the first approved workstream of each target is merged, then the next.

Each merge runs on a thread beside the engine, in steps that this queue writes down. One that a killed engine had begun
is taken over: the target itself shows whether it had been merged.
"""

import logging
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue

from engine.host.merge_run import MergeResult, MergeRules, check_log, run_step, settle_merges
from engine.host.own_ports import with_own_ports
from engine.merging.check_run import MergeStoppedError, Stop
from engine.merging.merge_steps import MergeStep
from engine.state_store.job_state_store import JobStateStore
from engine.state_store.merge_control import MergeWork, QueuedMerge
from engine.system.fault_injection import fault
from state.database_errors import DatabaseError
from state.recordable import recordable
from state.worktree_records import Merge, MergeState

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
"""How often to look for merges of engines that are gone, while another one is at work on a merge."""
RETRY_S, MOST_RETRY_S = 2.0, 60.0
"""After how long a merge that was blocked is tried again: at first, and at most."""
_AT_ONCE = 2
_MOST_MOVES = 3
_KEEPS_MOVING = (
    "{target} has moved during each of {count} checks. If the check itself moves it, correct the check. "
    "It is tried again."
)
_GONE = recordable("Its worktree is not known any more.")
_FAILED = "The engine failed with {error}; its log has the details. It is tried again."


class MergeQueue:
    """Merges what is approved, one workstream at a time for each target; every call comes from the engine's thread.

    Args:
        engine_id: the id of this engine.
        is_alive: whether the engine with an id is alive.
    """

    def __init__(
        self, store: JobStateStore, *, engine_id: str, is_alive: Callable[[str | None], bool]
    ) -> None:
        self._store, self._engine_id, self._is_alive = store, engine_id, is_alive
        self._pool: ThreadPoolExecutor | None = None
        self._stop = Stop()
        self._ends: SimpleQueue[tuple[Merge, MergeResult | None]] = SimpleQueue()
        self._unwritten: list[tuple[Merge, MergeResult | None]] = []
        self._running: set[int] = set()
        self._notes: dict[int, str] = {}
        self._retries: dict[int, tuple[float, float]] = {}
        self._moves: dict[int, int] = {}
        self._stamp, self._look_at = -1, 0.0
        self._blocked: frozenset[int] = frozenset()
        self._is_unsettled = True
        self._settling: Future[bool] | None = None
        self.on_end: Callable[[], None] = lambda: None
        """Called from another thread when a step of a merge has ended: `step` has something to do."""
        self.remaining = 0
        """How many merges ran, or could begin without a person, when `step` looked last."""

    def step(self, *, may_begin: bool = True) -> None:
        """Record the steps that have ended and begin what is due, unless the engine begins nothing any more.

        Costs microseconds when nothing is due.
        """
        self._record()
        now = time.monotonic()
        stamp = self._store.merges.change_stamp()
        retried = {merge_id for merge_id, (due, _) in self._retries.items() if due <= now}
        if not may_begin or self._stop.is_requested:
            self.remaining = len(self._running)
            return
        if stamp == self._stamp and now < self._look_at and not retried:
            return
        queued = self._store.merges.queues()
        self._stamp = self._store.merges.change_stamp()
        is_elsewhere = any(
            one.merge.state is MergeState.CHECKING and one.merge.engine_id != self._engine_id
            for one in queued
        )
        self._look_at = now + LOOK_EVERY_S if is_elsewhere else float("inf")
        blocked = {one.merge.id for one in queued if one.merge.state is MergeState.BLOCKED}
        self._settle({one.merge.id for one in queued}, blocked)
        self._begin(queued, (retried & blocked) | (blocked - self._retries.keys()))

    def close(self) -> None:
        """Stop what runs; the next engine merges it."""
        self._stop.request()
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        try:
            self._record()
        except DatabaseError as error:  # the next engine finds that this one is gone
            log.warning("Could not record how a merge ended: %s", error)

    def _begin(self, queued: Sequence[QueuedMerge], retried: set[int]) -> None:
        ready = [one.merge for one in queued if not one.waits_for and one.merge.id not in self._running]
        waiting = [merge for merge in ready if merge.state is MergeState.WAITING or merge.id in retried]
        lost = [one.merge for one in queued if self._is_lost(one.merge)]
        is_paused = bool(waiting or lost) and self._store.merges.is_paused()
        if is_paused:  # what has begun to move is still moved: a working tree may be half way
            waiting, lost = [], [merge for merge in lost if merge.result is not None]
        if waiting or lost:
            for merge in self._store.merges.claim(
                self._engine_id, is_lost=self._is_lost, retried=retried, is_paused=is_paused
            ):
                self._submit(merge)
        self.remaining = len({*self._running, *(merge.id for merge in (*waiting, *lost))})

    def _settle(self, queued: AbstractSet[int], blocked: AbstractSet[int]) -> None:
        """Finish or undo what no merge comes back to: at the start, and where one that was blocked was taken out."""
        if self._settling is not None and self._settling.done():
            self._is_unsettled |= not self._settling.result()
            self._settling = None
        self._is_unsettled |= bool(self._blocked - queued)
        self._blocked = frozenset(blocked)
        if not self._is_unsettled or self._settling is not None:
            return
        self._is_unsettled = False
        if merges := self._store.merges.every():
            trees = self._store.settings().worktrees_root(self._store.home)
            self._settling = self._threads().submit(settle_merges, merges, self._store.home, trees)

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="merge")
        return self._pool

    def _is_lost(self, merge: Merge) -> bool:
        """Whether a merge was begun and nobody is at work on it."""
        if merge.state is not MergeState.CHECKING or merge.id in self._running:
            return False
        return merge.engine_id == self._engine_id or not self._is_alive(merge.engine_id)

    def _submit(self, merge: Merge) -> None:
        work = self._store.merges.work(merge)
        self._running.add(merge.id)
        if work is None:
            gone = MergeStep(state=MergeState.WITHDRAWN, reason=_GONE)
            self._ended(merge, MergeResult(gone, merge.method))
            return
        rules = MergeRules(
            home=self._store.home,
            settings=self._store.settings(),
            busy=self._store.merges.busy,
            with_ports=partial(with_own_ports, self._store.trees),
            job_title=self._store.job_title,
            job_spec=self._store.job_spec,
        )
        self._threads().submit(self._run, work, rules)

    def _run(self, work: MergeWork, rules: MergeRules) -> None:
        try:
            self._ended(work.merge, run_step(work, rules, self._stop))
        except MergeStoppedError:
            self._ended(work.merge, None)
        except Exception as error:  # the top of a thread: a bug here must not lose the merge
            log.exception("The merge of %s into %s failed.", work.merge.ws_id, work.merge.target)
            failed = MergeStep(state=MergeState.BLOCKED, reason=_FAILED.format(error=type(error).__name__))
            self._ended(work.merge, MergeResult(failed, work.merge.method))

    def _ended(self, merge: Merge, result: MergeResult | None) -> None:
        self._ends.put((merge, result))
        self.on_end()

    def _record(self) -> None:
        try:
            while True:
                self._unwritten.append(self._ends.get_nowait())
        except Empty:
            pass
        while self._unwritten:
            merge, result = self._unwritten[0]
            following = self._record_one(merge, result)
            del self._unwritten[0]
            self._running.discard(merge.id)
            if following is not None:
                self._submit(following)
            self._look_at = 0.0

    def _record_one(self, merge: Merge, result: MergeResult | None) -> Merge | None:
        """Write down what a step came to; the merge as it goes on, or None."""
        step = MergeStep(state=MergeState.WAITING) if result is None else self._patient(merge, result.step)
        if self._stop.is_requested and step.state is MergeState.CHECKING:
            step = MergeStep(state=MergeState.WAITING)  # nothing more begins: the next engine checks it again
        if step.state is not MergeState.CHECKING or result is None:
            self._end(merge, step, result)
            return None
        before, made = step.before or "", step.result or ""
        fault("merge_green")
        noted = self._store.merges.steps.note(
            merge, self._engine_id, before=before, result=made, method=result.method
        )
        fault("merge_noted")
        if noted is None:  # held or sent back meanwhile
            self._store.merges.steps.end(merge, self._engine_id, MergeState.WAITING)
            return None
        self._notes[merge.id] = step.reason
        return noted

    def _patient(self, merge: Merge, step: MergeStep) -> MergeStep:
        """The step, or a pause after it where the target has moved during each of several checks."""
        if not step.has_moved:
            if step.state not in {MergeState.CHECKING, MergeState.BLOCKED}:
                self._moves.pop(merge.id, None)
            return step
        moves = self._moves[merge.id] = self._moves.get(merge.id, 0) + 1
        if moves < _MOST_MOVES:
            return step
        return MergeStep(
            state=MergeState.BLOCKED, reason=_KEEPS_MOVING.format(target=merge.target, count=moves)
        )

    def _end(self, merge: Merge, step: MergeStep, result: MergeResult | None) -> None:
        values: dict[str, object] = {"files": step.files}
        if step.state is MergeState.MERGED and result is not None:
            values |= {"target_before": step.before, "result": step.result}
            values |= {} if merge.result else {"method": result.method}
        note = self._notes.pop(merge.id, "")
        reason = step.reason or (note if step.state is MergeState.MERGED else "")
        if step.state is MergeState.RED:
            reason = f"{reason} Its output is in {check_log(self._store.home, merge.id)}."
        self._store.merges.steps.end(merge, self._engine_id, step.state, reason=reason, **values)
        if step.state is MergeState.BLOCKED:
            _, pause = self._retries.get(merge.id, (0.0, RETRY_S / 2))
            pause = min(pause * 2, MOST_RETRY_S)
            self._retries[merge.id] = (time.monotonic() + pause, pause)
        else:
            self._retries.pop(merge.id, None)
