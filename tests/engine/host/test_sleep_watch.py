"""The machine was asleep: what the engine records of it."""

from pathlib import Path

from engine.host.engine_service import EngineService
from engine.host.sleep_watch import LEAST_S
from engine.system.clock import asleep
from engine.system.home import Home
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
