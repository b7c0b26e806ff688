"""The machine was asleep or its clock was set: what the engine records of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.host.engine_service import EngineService
from engine.host.time_watch import LEAST_S, TimeWatch
from engine.recurring.due_notes import LateCause
from engine.state_store.job_state_store import JobStateStore
from engine.system.clock import asleep
from engine.system.home import Home
from state.database_errors import DatabaseError
from state.records import Event

NOW = 1_780_000_000.0


class Nap:
    """For how long the machine has slept; it sleeps when the test says so."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds


def slept_events(service: EngineService) -> list[Event]:
    return [one for one in service.store.list_events() if one.event_type == "engine.slept"]


def test_an_engine_records_from_when_to_when_the_machine_was_asleep(tmp_path: Path) -> None:
    nap = Nap()
    service = EngineService(Home.at(tmp_path / "home"), asleep=nap)
    try:
        service.step(NOW)
        assert slept_events(service) == []  # what it slept before this engine is none of its own
        nap.seconds += 7800
        service.step(NOW + 7801)
        service.step(NOW + 7802)
        [event] = slept_events(service)
        assert event.message == "The machine was asleep for 2 h 10 min."
        assert (event.payload["since"], event.payload["until"]) == (NOW + 1, NOW + 7801)
    finally:
        service.close("stop")


def test_a_short_sleep_is_not_recorded_nor_added_to_the_next(tmp_path: Path) -> None:
    nap = Nap()
    service = EngineService(Home.at(tmp_path / "home"), asleep=nap)
    try:
        for second in range(3):
            nap.seconds += LEAST_S - 1
            service.step(NOW + second)
        assert slept_events(service) == []
        nap.seconds += LEAST_S
        service.step(NOW + 4)
        assert [event.payload["since"] for event in slept_events(service)] == [NOW + 4 - LEAST_S]
    finally:
        service.close("stop")


def test_the_clocks_of_this_machine_say_how_long_it_has_slept() -> None:
    assert asleep() >= -0.001


def test_a_sleep_that_two_engines_notice_is_recorded_once(tmp_path: Path) -> None:
    nap = Nap()
    now = [NOW]
    home, awake = Home.at(tmp_path / "home"), lambda: None
    services = [EngineService(home, asleep=nap, since_boot=awake, clock=lambda: now[0]) for _ in range(2)]
    try:
        for seconds in (0, 7800, 7800):
            nap.seconds += seconds
            now[0] += seconds
            for service in services:
                service.step()
        assert len(slept_events(services[0])) == 2
    finally:
        for service in services:
            service.close("stop")


@dataclass
class Watched:
    """A computer with a clock that can be set, and what one engine notices on it."""

    store: JobStateStore
    nap: Nap = field(default_factory=Nap)
    now: float = NOW
    running_s: float = 5000.0

    def __post_init__(self) -> None:
        self.watch = TimeWatch(
            self.store, self.nap, since_boot=lambda: self.running_s, clock=lambda: self.now
        )

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        self.running_s += seconds
        self.watch.look(self.now)

    def messages(self) -> list[str]:
        return [one.message for one in self.store.list_events()]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    store = JobStateStore(home=Home.at(tmp_path / "home"))
    yield Watched(store)
    store.close()


def test_it_is_recorded_once_that_the_clock_was_set_and_by_how_much(watched: Watched) -> None:
    watched.go_on(60)
    watched.now += 3600
    watched.go_on(1)
    watched.go_on(1)
    watched.now -= 7200
    watched.go_on(1)
    ahead, back = "The clock was set ahead by 1 h 00 min.", "The clock was set back by 2 h 00 min."
    assert watched.messages() == [ahead, back]


def test_why_nothing_was_done_at_a_moment_of_the_past_is_known(watched: Watched) -> None:
    watched.nap.seconds += 3600
    watched.go_on(3600)  # asleep
    watched.go_on(600)
    asleep_at, awake_at = NOW + 1800, NOW + 3900
    watched.now += 1800
    watched.go_on(1)
    assert watched.watch.late_cause(NOW - 60) is LateCause.NO_ENGINE
    assert watched.watch.late_cause(asleep_at) is LateCause.ASLEEP
    assert watched.watch.late_cause(awake_at) is LateCause.HELD_UP
    assert watched.watch.late_cause(watched.now - 900) is LateCause.CLOCK_SET


def test_a_set_clock_that_cannot_be_recorded_at_once_explains_the_past_only_once(watched: Watched) -> None:
    watched.go_on(60)
    watched.now -= 7200
    with closing(sqlite3.connect(watched.store.database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(DatabaseError):
                watched.go_on(1)
    watched.go_on(1)
    assert watched.messages() == ["The clock was set back by 2 h 00 min."]
    assert watched.watch.late_cause(NOW - 7200 - 60) is LateCause.NO_ENGINE
