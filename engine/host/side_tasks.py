"""Side tasks of an engine while jobs run: run the user's command at the end of each job, keep the machine awake.

Changes no job and decides nothing about jobs.
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
    """The side tasks of one engine, always by the current settings of its home."""

    def __init__(self, store: JobStateStore, pool: Pool) -> None:
        self._store = store
        self._awake = Awake(pool)
        self._callback = Callback(lambda: list(store.settings().callback or ()))

    @property
    def problem(self) -> HealthProblem | None:
        """Why the user's last command failed; None when it did not."""
        return self._callback.problem

    def settled(self, job: Job, spec: JobSpec) -> None:
        """Run the user's command when a job has ended with the attempt that was just written."""
        if job.status in FINAL:
            self._callback.run(
                {
                    "job_id": job.job_id,
                    "run_id": job.run_id,
                    "tool": job.tool,
                    "status": job.status.value,
                    "title": spec.title,
                }
            )

    def keep_awake(self, *, running: bool) -> None:
        """Keep the machine awake while anything runs, if the settings say so."""
        self._awake.request(awake=running and self._store.settings().keep_awake)

    def close(self) -> None:
        """Let the machine sleep, and let the running command end."""
        self._awake.close()
        self._callback.close()
