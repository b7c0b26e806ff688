"""What is known of the sources of lines: jobs in the selected states, and states and names of workstreams."""

from collections.abc import Callable, Iterable

from engine.scheduling.explainer import shown_group, shown_state
from gui.data.panel_filter import PanelFilter
from gui.data.projection import Projection
from gui.data.shown_review import shown_review
from gui.panels.logs.filter import Chip
from gui.panels.logs.line_store import Source

WorkstreamKey = tuple[str, str]


class LogLimits:
    """Reads the projection for the filters of the Logs."""

    def __init__(self, projection: Projection, clock: Callable[[], float]) -> None:
        self._projection, self._clock = projection, clock

    def jobs_in(self, states: frozenset[str]) -> frozenset[str] | None:
        """The jobs that are in these states now; None without states: then every job may be shown."""
        if not states:
            return None
        waits = self._projection.waits(self._clock())
        limits, jobs = PanelFilter(states=states), self._projection.jobs.values()
        return frozenset(
            job.job_id for job in jobs if limits.keeps_job(job, lambda job: waits.get(job.job_id))
        )

    def states_of(self, sources: Iterable[Source]) -> dict[WorkstreamKey, str]:
        """The displayed states of the workstreams the lines come from."""
        explainer = self._projection.explainer(self._clock())
        found = {}
        for key in {(source.run_id, source.ws_id) for source in sources if source.ws_id}:
            jobs = self._projection.jobs_of(key)
            stream = self._projection.workstreams.get(key)
            review = stream and shown_review(stream, self._projection.merges.get(key))
            if review:
                found[key] = review.state
            elif jobs:
                found[key] = shown_group(shown_state(job, explainer.wait(job)) for job in jobs)
        return found

    def distinct(self, key: WorkstreamKey) -> str:
        """The name of a workstream, with what sets it apart from others of the same name."""
        return self._projection.names.distinct(key)

    def job_name(self, job_id: str) -> str:
        """What a job is called; its id where it is not known any more."""
        job = self._projection.jobs.get(job_id)
        return job_id if job is None else self._projection.names.job(job)

    def job_chip(self, job_id: str) -> Chip:
        """The chip that shows the lines of one job, with its name."""
        name = self.job_name(job_id)
        return Chip("job", job_id, word="" if name == job_id else name)
