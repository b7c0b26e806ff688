"""Count the jobs that need a person, run, wait, failed or are done, and the work to be reviewed, as events arrive.

Uses only stored states, so a batch of events costs as much as the jobs it names, not as all jobs there are.
"""

from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from gui.data.job_display import needs_person, was_interrupted
from gui.data.projection import Projection, ProjectionChanges, WorkstreamKey
from gui.data.selection import Selection
from state.costs import Cost, CostSource, total_cost
from state.records import GroupStatus, Job, JobStatus, Workstream


@dataclass(frozen=True)
class StateBucket:
    """One counter: its word, the state whose glyph it shows, and the shown states it counts."""

    word: str
    glyph: str
    states: frozenset[str]


BUCKETS: dict[str, StateBucket] = {
    "needsyou": StateBucket("need you", "needsyou", frozenset({"needsyou", "quarantined"})),
    "running": StateBucket("running", "running", frozenset({"running"})),
    "waiting": StateBucket("waiting", "queued", frozenset({"queued", "waiting", "blocked", "held"})),
    "failed": StateBucket("failed", "failed", frozenset({"failed", "timeout"})),
    "done": StateBucket("done", "completed", frozenset({"completed", "skipped"})),
}


_OF_STATUS: dict[JobStatus, str] = {
    JobStatus.HELD: "waiting",
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.FAILED: "failed",
    JobStatus.TIMEOUT: "failed",
    JobStatus.COMPLETED: "done",
    JobStatus.SKIPPED: "done",
}


def bucket_of(job: Job) -> str | None:
    """The counter a job belongs to; None for a cancelled one."""
    if job.quarantined and job.status is not JobStatus.RUNNING:
        return "needsyou"
    if job.status is JobStatus.HELD and needs_person(job):
        return "failed" if was_interrupted(job) else "needsyou"
    return _OF_STATUS.get(job.status)


class StateCounts(QObject):
    """The five numbers of the header, for the selected run or for all.

    Signals:
        changed: at least one number changed.
    """

    changed = Signal()

    def __init__(self, projection: Projection, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._selection = projection, selection
        self._of_job: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._reviews: set[WorkstreamKey] = set()
        self._running: set[str] = set()
        self._costs: dict[str, Cost] = {}
        self._spent, self._known = 0.0, 0
        self._sources: Counter[CostSource] = Counter()
        self._run_id: str | None = None
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)
        selection.changed.connect(self._on_selection_changed)
        self._on_reset()

    @property
    def projection(self) -> Projection:
        """The projection whose jobs are counted."""
        return self._projection

    def number(self, bucket: str) -> int:
        """The number of jobs in this bucket; work that waits for review needs a person, too."""
        return self._numbers[bucket] + (len(self._reviews) if bucket == "needsyou" else 0)

    @property
    def reviews(self) -> int:
        """The number of workstreams that wait for review."""
        return len(self._reviews)

    @property
    def running(self) -> int:
        """The number of running jobs of all runs: they share the slots."""
        return len(self._running)

    @property
    def cost(self) -> Cost:
        """The total cost of the counted jobs."""
        sources = [Cost(None, source) for source, number in self._sources.items() if number]
        return total_cost([Cost(self._spent if self._known else None), *sources])

    @property
    def total_cost(self) -> int:
        """The number of counted jobs, without the cancelled ones."""
        return sum(self._numbers.values())

    @Slot()
    def _on_reset(self) -> None:
        self._run_id = self._selection.run_id
        self._of_job = {}
        self._numbers = Counter()
        self._reviews = set()
        self._running = set()
        self._costs, self._spent, self._known, self._sources = {}, 0.0, 0, Counter()
        for job in self._projection.jobs.values():
            self._count(job)
        for stream in self._projection.workstreams.values():
            self._count_review(stream)
        self.changed.emit()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        before = self._values()
        for job_id in changes.jobs:
            self._count(self._projection.jobs[job_id])
        for key in changes.workstreams & self._projection.workstreams.keys():
            self._count_review(self._projection.workstreams[key])
        if before != self._values():
            self.changed.emit()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._selection.run_id != self._run_id:
            self._on_reset()

    def _values(self) -> tuple[object, ...]:
        return (dict(self._numbers), len(self._reviews), len(self._running), self._spent, dict(self._sources))

    def _count(self, job: Job) -> None:
        (self._running.add if job.status is JobStatus.RUNNING else self._running.discard)(job.job_id)
        if self._run_id is not None and job.run_id != self._run_id:
            return
        self._count_cost(job)
        old, new = self._of_job.get(job.job_id), bucket_of(job)
        if old == new:
            return
        if old is not None:
            self._numbers[old] -= 1
            del self._of_job[job.job_id]
        if new is not None:
            self._numbers[new] += 1
            self._of_job[job.job_id] = new

    def _count_review(self, stream: Workstream) -> None:
        counts = stream.status is GroupStatus.REVIEW and self._run_id in {None, stream.run_id}
        (self._reviews.add if counts else self._reviews.discard)(stream.key)

    def _count_cost(self, job: Job) -> None:
        old, new = self._costs.get(job.job_id, Cost()), job.cost
        if old == new:
            return
        self._costs[job.job_id] = new
        self._spent += (new.usd or 0.0) - (old.usd or 0.0)
        self._known += (new.usd is not None) - (old.usd is not None)
        self._sources.update({new.source: 1} if new.source else {})
        self._sources.subtract({old.source: 1} if old.source else {})
