"""Count the workstreams that need a person, run, wait, failed or are done, and what they cost, as events arrive.

The rules are those of `engine.scheduling.buckets`. A batch of events costs as much as the jobs and workstreams that it
names, not as all there are.
"""

from collections import Counter
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from engine.scheduling.buckets import Bucket, BucketCounts, Standing, combined, standing_of_job
from gui.data.projection import Projection, ProjectionChanges, WorkstreamKey
from gui.data.selection import Selection
from state.costs import Cost, CostSource, total_cost
from state.records import GroupStatus, Job, OlderWorkstream

_Order = tuple[int, int]


@dataclass(slots=True)
class _Tally:
    """The jobs of one workstream by bucket; those that need a person with their order, of which the first counts."""

    jobs: Counter[Bucket] = field(default_factory=Counter)
    needing: dict[str, tuple[_Order, Standing]] = field(default_factory=dict)

    def first_need(self) -> Standing | None:
        """What the first job that needs a person needs."""
        return min(self.needing.values(), key=lambda one: one[0])[1] if self.needing else None


class StateCounts(QObject):
    """The numbers of every counter, for the selected run or for all.

    Signals:
        changed: at least one number changed.
    """

    changed = Signal()

    def __init__(self, projection: Projection, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._selection = projection, selection
        self._clear()
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)
        selection.changed.connect(self._on_selection_changed)
        self._on_reset()

    @property
    def projection(self) -> Projection:
        """The projection whose workstreams are counted."""
        return self._projection

    @property
    def counts(self) -> BucketCounts:
        """All numbers of this moment."""
        return BucketCounts(
            workstreams=dict(self._workstreams),
            jobs=dict(self._jobs),
            reviews=len(self._reviews),
            refused_files=len(self._projection.refusals),
            missed_runs=sum(row.is_missed for row in self._projection.recurring),
        )

    def number(self, bucket: Bucket) -> int:
        """The number of workstreams in this bucket."""
        return self._workstreams[bucket]

    @property
    def cost(self) -> Cost:
        """The total cost of the counted jobs."""
        sources = [Cost(None, source) for source, number in self._sources.items() if number]
        return total_cost([Cost(self._spent if self._known else None), *sources])

    def _clear(self) -> None:
        self._run_id = self._selection.run_id
        self._of_job: dict[str, Standing] = {}
        self._of_workstream: dict[WorkstreamKey, Standing] = {}
        self._tallies: dict[WorkstreamKey, _Tally] = {}
        self._workstreams: Counter[Bucket] = Counter()
        self._jobs: Counter[Bucket] = Counter()
        self._reviews: set[WorkstreamKey] = set()
        self._costs: dict[str, Cost] = {}
        self._spent, self._known = 0.0, 0
        self._sources: Counter[CostSource] = Counter()
        self._older: dict[WorkstreamKey, OlderWorkstream] = {}

    @Slot()
    def _on_reset(self) -> None:
        self._clear()
        for job in self._projection.jobs.values():
            self._count_job(job)
        for key in self._projection.workstreams:
            self._count_workstream(key)
        for key, older in self._projection.older.items():
            if self._run_id in {None, key[0]}:
                self._older[key] = older
                self._count_older(older, 1)
        self.changed.emit()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if changes.refusals or changes.recurring:
            self.changed.emit()
        before = self._values()
        for key in changes.workstreams & self._older.keys() - self._projection.older.keys():
            self._count_older(self._older.pop(key), -1)  # it was read, and is counted job by job
        for job_id in changes.jobs:
            self._count_job(self._projection.jobs[job_id])
        for key in changes.workstreams & self._projection.workstreams.keys():
            self._count_workstream(key)
        if before != self._values():
            self.changed.emit()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._selection.run_id != self._run_id:
            self._on_reset()

    def _values(self) -> tuple[object, ...]:
        running = len(self._projection.running_jobs)
        return (self.counts, running, self._spent, dict(self._sources))

    def _count_job(self, job: Job) -> None:
        if self._run_id is not None and job.run_id != self._run_id:
            return
        self._count_cost(job)
        old, new = self._of_job.get(job.job_id), standing_of_job(job)
        tally = self._tallies.setdefault((job.run_id, job.ws_id), _Tally())
        if new.bucket is Bucket.NEEDS_YOU:
            tally.needing[job.job_id] = ((job.seq, job.position), new)
        else:
            tally.needing.pop(job.job_id, None)
        if old == new:
            return
        self._of_job[job.job_id] = new
        for standing, number in ((old, -1), (new, 1)):
            if standing is not None:
                tally.jobs[standing.bucket] += number
                for bucket in standing.buckets:
                    self._jobs[bucket] += number

    def _count_workstream(self, key: WorkstreamKey) -> None:
        stream = self._projection.workstreams[key]
        if self._run_id not in {None, stream.run_id}:
            return
        is_review = stream.status is GroupStatus.REVIEW
        (self._reviews.add if is_review else self._reviews.discard)(key)
        tally = self._tallies.get(key) or _Tally()
        present = {bucket for bucket, number in tally.jobs.items() if number}
        if key in self._projection.between_steps:
            present.add(Bucket.RUNNING)
        merge = self._projection.merges.get(key)
        old = self._of_workstream.get(key)
        new = combined(stream, present, needing=tally.first_need(), merge=merge)
        if old == new:
            return
        self._of_workstream[key] = new
        self._workstreams.subtract(old.buckets if old else ())
        self._workstreams.update(new.buckets)

    def _count_older(self, older: OlderWorkstream, sign: int) -> None:
        """Count a workstream of which only the totals are known, or no longer."""
        tally, stream = _Tally(), older.workstream
        for total in older.jobs:
            found, cost = standing_of_job(total.like), total.cost
            tally.jobs[found.bucket] += total.number
            if found.bucket is Bucket.NEEDS_YOU:
                tally.needing[f"{total.first_seq}"] = ((total.first_seq, 0), found)
            for bucket in found.buckets:
                self._jobs[bucket] += sign * total.number
            self._spent += sign * (cost.usd or 0.0)
            self._known += sign * (cost.usd is not None)
            if cost.source:
                self._sources[cost.source] += sign
        if stream.status is GroupStatus.REVIEW:
            (self._reviews.add if sign > 0 else self._reviews.discard)(stream.key)
        standing = combined(stream, tally.jobs.keys(), needing=tally.first_need(), merge=older.merge)
        for bucket in standing.buckets:
            self._workstreams[bucket] += sign

    def _count_cost(self, job: Job) -> None:
        old, new = self._costs.get(job.job_id, Cost()), job.cost
        if old == new:
            return
        self._costs[job.job_id] = new
        self._spent += (new.usd or 0.0) - (old.usd or 0.0)
        self._known += (new.usd is not None) - (old.usd is not None)
        self._sources.update({new.source: 1} if new.source else {})
        self._sources.subtract({old.source: 1} if old.source else {})
