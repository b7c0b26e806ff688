"""Commit what isolated workstreams have made once all of their jobs have ended well: repeatable, beside the engine."""

import logging
import time
from collections.abc import Callable, Sequence

from engine.errors import GitError
from engine.host.workstream_trees import WorkstreamTrees
from engine.interfaces import Pool
from engine.state_store.job_state_store import JobStateStore
from state.database_errors import DatabaseError
from state.worktree_records import Worktree

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
"""How often to look for what other engines have left."""
AGAIN_S = 30.0
"""How soon to try once more what could not be committed."""


class TreeFinisher:
    """Has the work of every complete workstream committed on a pool thread, one after the other.

    Every call but those of the pool comes from the engine's thread.
    """

    def __init__(self, store: JobStateStore, pool: Pool) -> None:
        self._store, self._pool, self._trees = store, pool, WorkstreamTrees(store)
        self._is_running = self._is_behind = False
        self._stamp, self._look_at = -1, 0.0
        self._tried: dict[tuple[str, str], float] = {}
        self.on_end: Callable[[], None] = lambda: None
        """Called from another thread when something was committed."""

    @property
    def is_busy(self) -> bool:
        """Whether something is being committed, or may have become due meanwhile."""
        return self._is_running or self._is_behind

    def step(self) -> None:
        """Begin what is due; costs microseconds when nothing is."""
        # What runs may end before `is_busy` is read, and leave what only the next step sees.
        self._is_behind = self._is_running
        now, stamp = time.monotonic(), self._store.trees.change_stamp()
        if self._is_behind or (stamp == self._stamp and now < self._look_at):
            return
        self._stamp, self._look_at = stamp, now + LOOK_EVERY_S
        due = [one for one in self._store.trees.to_finish() if now >= self._tried.get(one.key, 0.0)]
        if due:
            self._is_running = True
            self._pool.submit(self._finish, due)

    def _finish(self, due: Sequence[Worktree]) -> None:
        try:
            for tree in due:
                self._tried[tree.key] = time.monotonic() + AGAIN_S
                self._finish_one(tree)
        except DatabaseError as error:  # busy, or a full disk: it is repeated
            log.warning("What workstreams have made could not be recorded: %s", error)
        except Exception:  # a defect; it is no reason for the engine to stop
            log.exception("Committing what workstreams have made failed")
        finally:
            self._is_running = False
            self.on_end()

    def _finish_one(self, tree: Worktree) -> None:
        try:
            if self._trees.finish(tree) is not None:
                del self._tried[tree.key]
        except GitError as error:
            self._keep(tree, str(error))

    def _keep(self, tree: Worktree, reason: str) -> None:
        if reason != tree.kept_reason:
            message = f"What workstream {tree.ws_id} has made could not be committed: {reason}"
            self._store.trees.change(
                tree, event_type="worktree.kept", message=message, level="warning", kept_reason=reason
            )
