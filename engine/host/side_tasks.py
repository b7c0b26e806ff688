"""Side tasks of an engine: merges, predicted conflicts, kept forecasts, the user's commands, the machine kept awake.

Changes no job and decides nothing about jobs.
"""

from collections.abc import Callable

from engine.health_problems import HealthProblem
from engine.host.alarm_watch import AlarmWatch
from engine.host.callback_queue import CallbackQueue
from engine.host.conflict_watch import ConflictWatch
from engine.host.forecast_keeper import ForecastKeeper
from engine.host.keep_awake import Awake
from engine.host.merge_queue import MergeQueue
from engine.host.tree_finishing import TreeFinisher
from engine.host.worktree_tasks import WorktreeTasks
from engine.interfaces import Identity, Pool
from engine.state_store.job_state_store import JobStateStore
from engine.system.clock import wall


class SideTasks:
    """The side tasks of one engine, always by the current settings of its home."""

    def __init__(
        self, store: JobStateStore, pool: Pool, identity: Identity, *, clock: Callable[[], float] = wall
    ) -> None:
        self._store = store
        self._awake = Awake(pool)
        self._finisher = TreeFinisher(store, pool)
        self._callbacks = CallbackQueue(
            store, engine_id=identity.engine.engine_id, is_alive=identity.is_alive
        )
        self._merges = MergeQueue(store, engine_id=identity.engine.engine_id, is_alive=identity.is_alive)
        self._conflicts = ConflictWatch(store)
        self._worktrees = WorktreeTasks(store)
        self._forecasts = ForecastKeeper(store, clock)
        self._alarms = AlarmWatch(store)

    @property
    def problems(self) -> tuple[HealthProblem, ...]:
        """Why the user's last command failed, and which filter sets are not valid."""
        found = (self._callbacks.problem, self._alarms.problem)
        return tuple(problem for problem in found if problem is not None)

    @property
    def remaining(self) -> int:
        """How many of the user's commands, and of the merges that need no person, still wait or run."""
        return self._callbacks.remaining + self._merges.remaining

    @property
    def is_merging(self) -> bool:
        """Whether a merge runs, or begins without a person."""
        return bool(self._merges.remaining)

    @property
    def is_rehearsing(self) -> bool:
        """Whether it is being found out which branches would conflict."""
        return self._conflicts.is_rehearsing

    def on_end(self, bell: Callable[[], None]) -> None:
        """Call `bell`, from any thread, when a command of the user's, a commit, a merge or a rehearsal has ended."""
        self._callbacks.on_end = self._finisher.on_end = bell
        self._merges.on_end = self._conflicts.on_end = self._alarms.on_end = bell

    @property
    def is_finishing(self) -> bool:
        """Whether what a workstream has made is being committed."""
        return self._finisher.is_busy

    def finish_trees(self) -> None:
        """Commit what isolated workstreams have made whose jobs have all ended well."""
        self._finisher.step()

    def run_callbacks(self) -> None:
        """Run the user's commands for the jobs that have ended, one after the other."""
        self._callbacks.step()

    def merge(self, *, may_begin: bool) -> None:
        """Merge what is approved, one workstream of each target at a time."""
        self._merges.step(may_begin=may_begin)

    def predict_conflicts(self) -> None:
        """Keep current which unmerged branches would conflict."""
        self._conflicts.step()

    def watch_for_alarms(self) -> None:
        """Report lines that match an alarm, and hold what follows them."""
        self._alarms.step()

    def keep_forecasts(self) -> None:
        """Keep the first forecast of each job and run, to be compared with what happens."""
        self._forecasts.step()

    def look_after_worktrees(self) -> None:
        """Keep, measure and prune worktrees, and undo what a killed engine has left of them."""
        self._worktrees.step()

    def keep_awake(self, *, running: bool) -> None:
        """Keep the machine awake while anything runs, if the settings say so."""
        self._awake.request(awake=running and self._store.settings().keep_awake)

    def close(self) -> int:
        """Stop merging, let the machine sleep and the running command end; return how many commands are left over."""
        self._awake.close()
        self._merges.close()
        self._conflicts.close()
        self._worktrees.close()
        self._forecasts.close()
        self._alarms.close()
        return self._callbacks.close()
