"""The evidence of finished work, from its jobs and the results of their attempts; what has ended is read only once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.scheduling.path_scopes import covers
from engine.system.formatting import plural
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.panels.review.review_records import ReviewEvidence, WorkstreamKey
from state import attempt_queries
from state.costs import Cost, total_cost
from state.database_errors import DatabaseError
from state.records import Attempt, Job, Stage
from state.worktree_records import Merge, MergeState

Result = tuple[Attempt, Mapping[str, Any]]


class WorkEvidence:
    """Knows what the attempts of each workstream have left behind."""

    def __init__(self, projection: Projection, sources: Readers) -> None:
        self._projection, self._sources = projection, sources
        self._results: dict[str, tuple[int, list[Result]]] = {}

    def of(self, key: WorkstreamKey) -> ReviewEvidence:
        """The evidence of a workstream."""
        jobs = self._projection.jobs_of(key)
        passed, failed = self._tests(jobs)
        scope = {pattern for job in jobs for pattern in job.files_scope}
        files = self.files(key)
        outside = sum(not covers(scope, path) for path in files) if scope else 0
        conflict = _conflict(self._projection.merges.get(key))
        return ReviewEvidence(
            ran=passed is not None or failed is not None or _tests_ended(jobs),
            passed=passed,
            failed=failed,
            has_scope=bool(scope),
            outside=outside,
            denied=sum(job.denied for job in jobs),
            cost=total_cost(Cost(job.cost_usd, job.cost_source) for job in jobs).usd,
            attempts=max((job.attempts for job in jobs), default=0),
            max_attempts=max((job.max_attempts for job in jobs), default=0),
            worked_s=sum(attempt.duration_s or 0.0 for attempt, _ in self.results(jobs)) or None,
            conflict=conflict,
        )

    def files(self, key: WorkstreamKey) -> list[str]:
        """The files the work has changed, as far as its attempts have said."""
        return [file.path for file in self._projection.files_of(key) if file.touched]

    def results(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """The ended attempts of these jobs with the metadata of their results, oldest first."""
        for job in jobs:
            yield from self._of_job(job)

    def _of_job(self, job: Job) -> list[Result]:
        known = self._results.get(job.job_id)
        if known is not None and known[0] == job.attempts:
            return known[1]
        try:
            attempts = self._sources.reader.read(attempt_queries.attempts_of, job.job_id)
        except DatabaseError:
            return known[1] if known is not None else []
        found = [(one, one.result.get("metadata") or {}) for one in attempts if one.completed_at is not None]
        if len(found) == len(attempts):
            self._results[job.job_id] = (job.attempts, found)
        return found

    def _tests(self, jobs: Sequence[Job]) -> tuple[int | None, int | None]:
        """How many tests passed and failed when they last ran."""
        for job in reversed(jobs):
            for _attempt, metadata in reversed(self._of_job(job)):
                tests = metadata.get("tests")
                if isinstance(tests, Mapping):
                    failed = int(tests.get("failed") or 0) + int(tests.get("errors") or 0)
                    return int(tests.get("passed") or 0), failed
        return None, None


def _tests_ended(jobs: Sequence[Job]) -> bool:
    """Whether a step that tests has ended well."""
    return any(job.stage is Stage.TEST and job.status.value == "completed" for job in jobs)


def _conflict(merge: Merge | None) -> str:
    """Why it could not be merged when it was tried."""
    if merge is not None and merge.state is MergeState.RED:
        return f"red check on top of {merge.target}"
    if merge is None or merge.state is not MergeState.CONFLICT:
        return ""
    names = ", ".join(path.rpartition("/")[2] for path in merge.files[:2])
    more = f" and {plural(len(merge.files) - 2, 'file')} more" if len(merge.files) > 2 else ""  # noqa: PLR2004
    return f"conflict with {merge.target}: {names}{more}" if names else f"conflict with {merge.target}"
