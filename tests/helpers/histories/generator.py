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
    "before_lock", "after_lock", "pid_stored", "before_tool", "before_result", "after_result",
)  # fmt: skip
_KIND_OF: Mapping[str, Kind] = {"mid_retry": "retried", "mid_escalation": "escalated"}
OF_FILES = frozenset(POINTS[:5])
OF_RECOVERY = frozenset(POINTS[-4:])
FAULTS = 7
_KINDS: Sequence[Kind] = ("plain", "plain", "family", "retried", "escalated", "long")


def generate(seed: int, *, engines: int = 2, with_disk: bool = True) -> History:
    """The history of this seed; `with_disk` where a small disk can be mounted, to fill it."""
    return History(steps=list(_Maker(seed, engines, with_disk=with_disk).steps()), seed=seed)


def through(points: Sequence[str]) -> History:
    """The history that kills an engine, or a shim, at each of these points, with jobs that come there."""
    steps: list[Step] = [Queue(name="limit", limit=2)]
    for number, point in enumerate(points):
        steps += _to(point, number)
    return History(steps=[*steps, Start()])


def _to(point: str, number: int) -> Iterator[Step]:
    if point in SHIM_POINTS:
        yield Submit(job=f"plain-{number}")
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
    def __init__(self, seed: int, engines: int, *, with_disk: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - histories, not secrets
        self.with_disk = with_disk
        self.engines = engines
        self.jobs: list[str] = []
        self.has_window = self.chance.random() < 0.2

    def steps(self) -> Iterator[Step]:
        """Jobs first, then faults, each with jobs for it and with what may disturb it; then every engine again."""
        yield Queue(name="limit", limit=self.chance.randint(2, 4))
        yield from self.jobs_of(2)
        yield from self.start_all()
        for _ in range(FAULTS):
            yield from self.jobs_of(self.chance.randint(1, 2))
            yield from self.disturbance()
            yield from self.fault()
            yield from self.start_all()

    def fault(self) -> Iterator[Step]:
        """One fault."""
        match self.chance.random():
            case x if x < 0.3:
                yield from self.point()
            case x if x < 0.5:
                yield from self.maybe_cancel()
                yield Kill(when=self.moment())
            case x if x < 0.58:
                yield Start(engine=self.any_engine(), shims=f"{self.chance.choice(SHIM_POINTS)}:0.5")
                yield Kill(what=self.chance.choice(["engine", "shim", "both"]), when=self.moment())
            case x if x < 0.75:
                yield from self.dawdler()
            case x if x < 0.95 or not self.with_disk:
                yield from self.sleeper()
            case _:
                yield Disk(full=True)
                yield Kill(when=self.moment())
                yield Disk(full=False)

    def point(self) -> Iterator[Step]:
        """An engine that dies at a named point, with what makes it come there."""
        point = self.chance.choice(POINTS)
        if point in OF_FILES:
            yield self.submit("plain", by="inbox")
        if point in _KIND_OF:
            yield self.submit(_KIND_OF[point])
        if point in OF_RECOVERY:
            yield Kill(what=self.chance.choice(["engine", "both"]))
        yield Start(engine=self.any_engine(), dies_at=point)
        yield Kill(when="point")

    def sleeper(self) -> Iterator[Step]:
        """An engine that sleeps; what is requested meanwhile it may never get to know."""
        yield Freeze()
        if self.chance.random() < 0.7:
            yield Command(name="cancel", job="*", when="running")
        if self.chance.random() < 0.7:
            yield Kill(what=self.chance.choice(["engine", "both"]), when=self.moment())
        yield from self.start_all()
        yield Thaw()

    def dawdler(self) -> Iterator[Step]:
        """Shims that take their lock late, perhaps after the next engine has given their attempt up."""
        late = f"delay:before_lock:{self.chance.uniform(2.0, 4.0):.1f}"
        yield self.submit("plain")
        for engine in range(self.engines):  # whichever claims it
            yield Start(engine=engine, dies_at="after_spawn", shims=late)
        yield Kill(when="point")

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
                yield Queue(name="limit", limit=self.chance.randint(1, 4))
            case x if x < 0.5:
                yield Command(name="retry", job=job)
            case x if x < 0.55:
                yield Queue(name="pause")
                yield from self.jobs_of(1)
                yield Queue(name="resume")

    def maybe_cancel(self) -> Iterator[Step]:
        if self.chance.random() < 0.5:
            yield Command(name="cancel", job="*", when="running")

    def jobs_of(self, number: int) -> Iterator[Step]:
        """That many jobs of any kind."""
        for _ in range(number):
            kind = self.chance.choice(_KINDS)
            yield self.submit(kind, by="inbox" if kind == "plain" and self.chance.random() < 0.3 else "hand")

    def submit(self, kind: Kind, *, by: Literal["hand", "inbox"] = "hand") -> Submit:
        """A job of this kind, named after it."""
        self.jobs.append(f"{kind}-{len(self.jobs)}")
        return Submit(job=self.jobs[-1], kind=kind, seconds=round(self.chance.uniform(0.05, 0.6), 2), by=by)

    def any_engine(self) -> int:
        return self.chance.randrange(self.engines)

    def moment(self) -> Literal["claimed", "running"]:
        return self.chance.choice(["claimed", "running", "running"])
