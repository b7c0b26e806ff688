"""The jobs that are ready at a simulated moment, arranged so that each choice costs little. Pure.

`schedule.choose` looks at every candidate. Here those that its rules cannot tell apart (the same run, tool, group,
account, tree and files) form a batch, and a batch that may not start rests until what keeps it from starting has
changed. The rules themselves are those of `schedule`; a property test compares every choice with that of `choose`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from engine.scheduling.schedule import Load, hold_on, queue_key, with_account
from state.handed_priority import HandedPriority
from state.records import Hold, HoldKind, Job, LimitKind

Holds = Mapping[tuple[HoldKind, str], Hold]
_Order = tuple[tuple[int, float], int, str]
_Lane = tuple[str, Hashable]
"""What batches rest for: a slot of a limit, a free account of a tool, the end of a hold or of a job."""
_READY: _Lane = ("ready", None)
_ALL_SLOTS = (LimitKind.GLOBAL, "")


@dataclass(eq=False, slots=True)
class _Batch:
    """Ready jobs that the rules treat alike, in the order of the queue; its entry in a lane has the same `stamp`."""

    jobs: list[tuple[_Order, Job]] = field(default_factory=list)
    lane: _Lane = _READY
    stamp: int = 0


class SimulatedQueue:
    """Ready jobs in the order of the queue; `looks` counts how often one was looked at."""

    def __init__(self, handed: Mapping[str, HandedPriority], accounts: Mapping[str, Sequence[str]]) -> None:
        self._handed, self._accounts = handed, accounts
        self._batches: defaultdict[Hashable, _Batch] = defaultdict(_Batch)
        self._lanes: defaultdict[_Lane, list[tuple[_Order, int, _Batch]]] = defaultdict(list)
        self._open: set[_Lane] = set()
        self._stamps = 0
        self.looks = 0

    def add(self, job: Job) -> None:
        """Put in a job that is ready: nothing but the rules keeps it from starting."""
        order = (queue_key(job, self._handed.get(job.job_id)), job.seq, job.job_id)
        batch = self._batches[
            job.run_id,
            job.tool,
            job.group_name,
            job.account,
            job.tree,
            job.scope_root,
            tuple(job.files_scope),
        ]
        heappush(batch.jobs, (order, job))
        if len(batch.jobs) == 1:
            self._rest(batch, _READY)
        elif batch.jobs[0][1] is job:
            self._rest(batch, batch.lane)

    def start(self, load: Load, holds: Holds) -> Iterator[Job]:
        """Take out the jobs that start now, in order, each with the account that it uses; counts them in `load`."""
        while (batch := self._next()) is not None:
            self.looks += 1
            job = batch.jobs[0][1]
            lane, placed = self._look(job, load, holds)
            if lane == ("limit", _ALL_SLOTS):
                return
            if placed is None:
                if lane == batch.lane:
                    self._open.discard(lane)
                else:
                    self._rest(batch, lane)
                continue
            self._take(batch)
            load.add(placed)
            yield placed

    def ended(self, job: Job) -> None:
        """Look again at what rested for this running job, its slots or its account."""
        for _, stamp, batch in self._lanes.pop(("job", job.job_id), ()):
            if batch.stamp == stamp:
                self._rest(batch, _READY)
        self._open.update(
            (
                ("limit", (LimitKind.TOOL, job.tool)),
                ("limit", (LimitKind.GROUP, job.group_name)),
                ("limit", (LimitKind.ACCOUNT, job.account)),
                ("account", job.tool),
            )
        )

    def holds_changed(self) -> None:
        """Look again at everything that rested for a hold."""
        self._open.update(lane for lane in self._lanes if lane[0] in {"hold", "account"})

    def kept_by(self, target: tuple[HoldKind, str], accounts: Mapping[str, Sequence[str]]) -> list[str]:
        """The ids of the jobs that a hold alone keeps from starting, in order; an account's also through its tool."""
        lanes: list[_Lane] = [("hold", target)]
        if target[0] is HoldKind.ACCOUNT:
            lanes += [("account", tool) for tool, names in accounts.items() if target[1] in names]
        jobs = [
            entry
            for lane in lanes
            for _, stamp, batch in self._lanes.get(lane, ())
            if batch.stamp == stamp
            for entry in batch.jobs
        ]
        return [job.job_id for _, job in sorted(jobs, key=lambda entry: entry[0])]

    def behind_jobs(self) -> dict[str, str]:
        """The ids of the jobs that rest for a running job, each with the id of that one."""
        return {
            job.job_id: str(batch.lane[1])
            for batch in self._batches.values()
            if batch.lane[0] == "job"
            for _, job in batch.jobs
        }

    def _look(self, job: Job, load: Load, holds: Holds) -> tuple[_Lane, Job | None]:
        """What the job rests for, or the job with its account where it may start: the rules of `choose`."""
        if (hold := hold_on(job, holds)) is not None:
            return ("hold", (hold.kind, hold.key)), None
        if (full := load.full(job)) is not None:
            return ("limit", full), None
        if (writer := load.writer(job)) is not None:
            return ("job", writer.job_id), None
        return ("account", job.tool), with_account(job, self._accounts, holds, load)

    def _next(self) -> _Batch | None:
        """The batch whose first job comes first in the queue, of those in open lanes."""
        best: tuple[_Order, _Batch] | None = None
        for lane in tuple(self._open):
            entries = self._lanes.get(lane, [])
            while entries and entries[0][2].stamp != entries[0][1]:
                heappop(entries)
            if not entries:
                self._open.discard(lane)
            elif best is None or entries[0][0] < best[0]:
                best = (entries[0][0], entries[0][2])
        return None if best is None else best[1]

    def _take(self, batch: _Batch) -> None:
        heappop(batch.jobs)
        if batch.jobs:
            self._rest(batch, _READY)
        else:
            batch.stamp = -1

    def _rest(self, batch: _Batch, lane: _Lane) -> None:
        self._stamps += 1
        batch.lane, batch.stamp = lane, self._stamps
        heappush(self._lanes[lane], (batch.jobs[0][0], self._stamps, batch))
        if lane == _READY:
            self._open.add(lane)
