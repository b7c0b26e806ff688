"""What running jobs do now, for the command line: the newest sentence of each, and its agent's plan."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.cli.home_session import HomeSession
from state import attempt_queries
from state.records import Job, JobStatus

if TYPE_CHECKING:
    from engine.streams.attempt_progress import AttemptProgress

_MOST_STEPS = 64
"""Enough for what is read of an attempt at first; one that prints faster than it is read holds nobody up."""


class RunningJobs:
    """Reads what is new with each `refresh`."""

    def __init__(self, session: HomeSession) -> None:
        self._session = session
        self._running: dict[tuple[str, int], AttemptProgress] = {}

    def refresh(self, jobs: Iterable[Job]) -> None:
        """Read what those of these jobs have printed that are running."""
        for job in jobs:
            if job.status is JobStatus.RUNNING and (progress := self._progress_of(job)) is not None:
                for _ in range(_MOST_STEPS):
                    progress.refresh()
                    if not progress.is_behind:
                        break

    def line(self, job: Job) -> str:
        """``plan 3/5, ran pytest -q, exit 1``; empty where nothing was read."""
        found = self._running.get((job.job_id, job.attempts))
        if found is None:
            return ""
        from engine.streams.tool_uses import plan_words  # noqa: PLC0415 - where something runs, it is loaded already

        plan = "" if found.plan is None else plan_words(found.plan)
        return ", ".join(filter(None, (plan, found.line)))

    def to_json(self, job: Job) -> dict[str, Any]:
        """The same for programs; nothing for a job that is not running."""
        found = self._running.get((job.job_id, job.attempts))
        if found is None:
            return {}
        return {
            "last_line": found.line,
            "plan": None if found.plan is None else found.plan._asdict(),
        }

    def _progress_of(self, job: Job) -> "AttemptProgress | None":
        key = (job.job_id, job.attempts)
        if key not in self._running:
            made = self._session.plain.read(attempt_queries.attempts_of, job.job_id)
            if not made:
                return None
            from engine.streams.attempt_progress import AttemptProgress  # noqa: PLC0415 - mostly nothing runs
            from engine.types import AttemptRef  # noqa: PLC0415 - as above

            name = AttemptRef(made[-1].id, made[-1].token).folder_name
            self._running[key] = AttemptProgress(self._session.home.attempts / name, made[-1].tool)
        return self._running[key]
