"""Makes a history of a seed: jobs of all kinds, what people do with them, and faults while engines are at work."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tests.helpers.histories.steps import (
    Command,
    Disk,
    Freeze,
    History,
    Kill,
    Kind,
    Queue,
    Start,
    Step,
    Submit,
    Thaw,
)

POINTS: Sequence[str] = (
    "file_seen", "parsed", "before_accept", "accepted", "before_unlink", "before_claim", "after_claim", "before_spawn",
    "after_spawn", "result_seen", "before_finish", "after_finish", "mid_finish", "mid_retry", "mid_escalation",
    "in_recovery", "recovery_locked", "recovery_abandoned", "recovery_swept",
)  # fmt: skip
"""Every named point of an engine; each is one line of the code."""
SHIM_POINTS: Sequence[str] = (
    "before_lock", "after_lock", "before_tool", "before_tests", "before_result", "after_result",
)  # fmt: skip
_KIND_OF: Mapping[str, Kind] = {
    "mid_retry": "retried", "mid_escalation": "escalated", "before_tests": "escalated",
}  # fmt: skip
OF_NEW_FILES, OF_ACCEPTED_FILES = POINTS[:3], POINTS[3:5]
OF_FILES = frozenset(POINTS[:5])
OF_RECOVERY = frozenset(POINTS[-4:])
_KINDS: Sequence[Kind] = ("plain", "plain", "family", "retried", "escalated")
LASTING_S = 2.0
"""How long a job runs whose engine is replaced meanwhile, on a busy machine too."""


def generate(seed: int, *, engines: int = 2, with_disk: bool = True, with_window: bool = True) -> History:
    """The history of this seed; `with_disk` where a small disk can be mounted, to fill it."""
    maker = _Maker(seed, engines, with_disk=with_disk, with_window=with_window)
    return History(steps=list(maker.steps()), seed=seed)


def through(points: Sequence[str]) -> History:
    """The history that kills an engine, or a shim, at each of these points, with jobs that come there."""
    steps: list[Step] = [Queue(name="limit", limit=2)]
    for number, point in enumerate(points):
        steps += _to(point, number)
    return History(steps=[*steps, Start()])


def _to(point: str, number: int) -> Iterator[Step]:
    if point in SHIM_POINTS:
        kind = _KIND_OF.get(point, "plain")
        yield Submit(job=f"{kind}-{number}", kind=kind)
        yield Start(shims=point)
        yield Kill(what="shim", when="point")
        return
    if point in OF_RECOVERY:
        yield Submit(job=f"plain-{number}", seconds=0.5)
        yield Start()
        yield Kill(what="both" if point in ("recovery_abandoned", "recovery_swept") else "engine")
    else:
        kind = _KIND_OF.get(point, "plain")
        yield Submit(job=f"{kind}-{number}", kind=kind, by="inbox" if point in OF_FILES else "hand")
    yield Start(dies_at=point)
    yield Kill(when="point")


class _Maker:
    def __init__(self, seed: int, engines: int, *, with_disk: bool, with_window: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - histories, not secrets
        self.engines = engines
        self.jobs: list[str] = []
        self.has_window = self.chance.random() < 0.2 and with_window
        self.faults = [
            self.new_file, self.accepted_file, self.point, self.crash, self.orphans, self.cancel, self.late_cancel,
            self.cancel_of_adopted, self.dawdler, self.sleeper, self.failing_shims, *[self.full_disk] * with_disk,
        ]  # fmt: skip

    def steps(self) -> Iterator[Step]:
        """Jobs first, then each kind of fault, in any order and with what may disturb it; then every engine again.

        A kind that were left to chance would be missing from most histories, and with it what it finds.
        """
        yield Queue(name="limit", limit=self.chance.randint(2, 4))
        yield from self.jobs_of(2)
        yield from self.start_all()
        for fault in self.chance.sample(self.faults, len(self.faults)):
            yield from self.jobs_of(self.chance.randint(0, 1))
            yield from self.disturbance()
            yield from fault()
            yield from self.start_all()

    def new_file(self) -> Iterator[Step]:
        """Engines that die before a file of the inbox is accepted."""
        yield from self.all_die_at(self.chance.choice(OF_NEW_FILES), self.submit("plain", by="inbox"))

    def accepted_file(self) -> Iterator[Step]:
        """Engines that die after a file was accepted and before it has left the inbox."""
        yield from self.all_die_at(self.chance.choice(OF_ACCEPTED_FILES), self.submit("plain", by="inbox"))

    def point(self) -> Iterator[Step]:
        """Engines that die at a named point, with what makes them come there."""
        point = self.chance.choice(POINTS[5:])
        if point in OF_RECOVERY:
            job = self.submit("plain", seconds=LASTING_S)
            yield from self.next_in_line(job)
            yield Kill(what=self.chance.choice(["engine", "both"]), job=job.job, when=self.moment())
        yield from self.all_die_at(point, self.submit(_KIND_OF.get(point, "plain")))

    def crash(self) -> Iterator[Step]:
        """An engine that is killed while it is at work."""
        job = self.submit(self.chance.choice(_KINDS), seconds=LASTING_S)
        yield from self.next_in_line(job)
        yield Kill(job=job.job, when=self.moment())

    def orphans(self) -> Iterator[Step]:
        """A shim that is killed while its tool and what that has started live, alone or with its engine."""
        family = self.submit("family", seconds=LASTING_S)
        yield from self.next_in_line(family)
        yield Kill(what=self.chance.choice(["shim", "both"]), job=family.job, when="running")

    def cancel(self) -> Iterator[Step]:
        """A job that is cancelled while it runs."""
        job = self.submit("long")
        yield from self.next_in_line(job)
        yield Command(name="cancel", job=job.job, when="running")

    def late_cancel(self) -> Iterator[Step]:
        """A job that is cancelled, and lost before the engine gets to know."""
        job = self.submit(self.chance.choice(["plain", "long"]), seconds=LASTING_S)
        yield from self.next_in_line(job)
        yield Freeze(job=job.job)
        yield Command(name="cancel", job=job.job, when="running")
        yield Kill(what=self.chance.choice(["shim", "both"]), job=job.job, when="running")
        yield from self.start_all()
        yield Thaw()

    def cancel_of_adopted(self) -> Iterator[Step]:
        """A job that is cancelled while another engine than its first runs it, or none."""
        job = self.submit("long")
        yield from self.next_in_line(job)
        yield Kill(job=job.job, when="running")
        if self.chance.random() < 0.5:
            yield from self.start_all()
        yield Command(name="cancel", job=job.job, when="running")

    def sleeper(self) -> Iterator[Step]:
        """An engine that sleeps, or is killed meanwhile, while others go on; it wakes again."""
        job = self.submit("plain", seconds=LASTING_S)
        yield from self.next_in_line(job)
        yield Freeze(job=job.job)
        if self.chance.random() < 0.3:
            yield Kill(job=job.job, when="running")
        yield from self.start_all()
        yield Thaw()

    def dawdler(self) -> Iterator[Step]:
        """Shims that take their lock late, perhaps after the next engine has given their attempt up."""
        late = f"delay:before_lock:{self.chance.uniform(3.0, 5.0):.1f}"
        yield from self.all_die_at("after_spawn", self.submit("plain"), shims=late)

    def failing_shims(self) -> Iterator[Step]:
        """Shims that kill themselves, half of them, all at the same point."""
        yield Start(engine=self.any_engine(), shims=f"{self.chance.choice(SHIM_POINTS)}:0.5")
        job = self.submit(self.chance.choice(_KINDS))
        yield from self.next_in_line(job)
        yield Kill(what=self.chance.choice(["engine", "shim", "both"]), job=job.job, when="claimed")

    def full_disk(self) -> Iterator[Step]:
        """A disk that is full while an engine is killed."""
        yield Disk(full=True)
        yield Kill(when=self.moment())
        yield Disk(full=False)

    def all_die_at(self, point: str, job: Submit, *, shims: str = "") -> Iterator[Step]:
        """Engines that die at this point, whichever comes there with this job."""
        for engine in range(self.engines):
            yield Start(engine=engine, dies_at=point, shims=shims)
        yield job
        yield Kill(when="point")

    def next_in_line(self, job: Submit) -> Iterator[Step]:
        """A job that is the next to start."""
        yield job
        yield Command(name="urgent", job=job.job)

    def start_all(self) -> Iterator[Step]:
        """Start every engine that does not live, rarely with a clock that jumps."""
        for engine in range(self.engines):
            clock = self.chance.choice([3600, -3600]) if self.chance.random() < 0.1 else 0
            yield Start(engine=engine, window=engine == 0 and self.has_window, clock=clock)

    def disturbance(self) -> Iterator[Step]:
        """What people do meanwhile."""
        job = self.chance.choice(self.jobs)
        match self.chance.random():
            case x if x < 0.15:
                yield Command(name="hold", job=job)
                if self.chance.random() < 0.7:
                    yield Command(name="release", job=job)
            case x if x < 0.3:
                yield Command(name=self.chance.choice(["top", "bottom", "urgent"]), job=job)
            case x if x < 0.4:
                yield Queue(name="limit", limit=self.chance.randint(2, 4))
            case x if x < 0.5:
                yield Command(name="retry", job=job)
            case x if x < 0.55:
                yield Queue(name="pause")
                yield from self.jobs_of(1)
                yield Queue(name="resume")

    def jobs_of(self, number: int) -> Iterator[Step]:
        """That many jobs of any kind."""
        for _ in range(number):
            kind = self.chance.choice(_KINDS)
            yield self.submit(kind, by="inbox" if kind == "plain" and self.chance.random() < 0.3 else "hand")

    def submit(
        self, kind: Kind, *, by: Literal["hand", "inbox"] = "hand", seconds: float | None = None
    ) -> Submit:
        """A job of this kind, named after it."""
        self.jobs.append(f"{kind}-{len(self.jobs)}")
        short = round(self.chance.uniform(0.05, 0.6), 2)
        return Submit(job=self.jobs[-1], kind=kind, seconds=short if seconds is None else seconds, by=by)

    def any_engine(self) -> int:
        return self.chance.randrange(self.engines)

    def moment(self) -> Literal["claimed", "running"]:
        return self.chance.choice(["claimed", "running", "running"])
