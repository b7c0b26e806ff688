"""What goes on beside jobs while an engine runs them: the user's command at each end, and a machine that stays awake.

Changes nothing of any job, and decides nothing about them.
"""

from engine.health_problems import HealthProblem
from engine.host.job_hook import Callback
from engine.host.keep_awake import Awake
from engine.interfaces import Pool
from engine.jobfile.spec import JobSpec
from engine.state_store.job_state_store import JobStateStore
from state.lifecycle import FINAL
from state.records import Job


class SideTasks:
    """Both of it for one engine, as the settings of its home say at each moment."""

    def __init__(self, store: JobStateStore, pool: Pool) -> None:
        self._store = store
        self._awake = Awake(pool)
        self._callback = Callback(lambda: list(store.settings().callback or ()))

    @property
    def problem(self) -> HealthProblem | None:
        """Why the user's command last failed; None where it did not."""
        return self._callback.problem

    def settled(self, job: Job, spec: JobSpec) -> None:
        """An attempt has ended and was written: where the job ended with it, the command is told."""
        if job.status in FINAL:
            self._callback.tell(
                {
                    "job_id": job.job_id,
                    "run_id": job.run_id,
                    "tool": job.tool,
                    "status": job.status.value,
                    "title": spec.title,
                }
            )

    def keep_awake(self, *, running: bool) -> None:
        """Keep the machine awake while anything runs, unless the user does not want that."""
        self._awake.want(awake=running and self._store.settings().keep_awake)

    def close(self) -> None:
        """Let the machine sleep, and the command that is under way end."""
        self._awake.close()
        self._callback.close()
