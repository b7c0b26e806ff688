"""An engine was killed, or the disk is low: what engines record of it, each once."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.host.engine_service import EngineService
from engine.host.host_events import HostEvents
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Event

NOW = 1_780_000_000.0
LOW = HealthProblem(kind=HealthProblemKind.SPACE, sentence="The disk of /srv has only 2 MB free.")


@pytest.fixture
def open_engine(tmp_path: Path) -> Iterator[Callable[[], EngineService]]:
    made: list[EngineService] = []

    def make() -> EngineService:
        made.append(EngineService(Home.at(tmp_path / "home")))
        return made[-1]

    yield make
    for service in made:
        service.close("stop")


def events(service: EngineService, *types: str) -> list[Event]:
    return [one for one in service.store.list_events() if one.event_type in types]


def test_the_next_engine_records_once_that_one_was_killed_and_when_it_last_did_something(
    open_engine: Callable[[], EngineService],
) -> None:
    killed = open_engine()
    killed.step()
    killed.store.record_event("note.added", {"text": "The last thing that happened."})
    (last,) = events(killed, "note.added")
    killed.turn.parts.identity.release()  # as the kernel does when a process ends
    second, third = open_engine(), open_engine()
    second.step()
    third.step()
    (lost,) = events(second, "engine.lost")
    assert lost.payload["since"] == last.at
    assert lost.level == "warning"
    assert len(second.store.open_engines()) == 2, "those that live are not lost"


def test_a_disk_that_is_low_and_has_room_again_is_recorded_once_by_all_engines(
    open_engine: Callable[[], EngineService],
) -> None:
    services = [open_engine() for _ in range(3)]
    watches = [HostEvents(one.store, one.turn.parts.identity) for one in services]
    for problems, now in (((), NOW), ((LOW,), NOW + 1), ((LOW,), NOW + 2), ((), NOW + 3)):
        for watch in watches:
            watch.look(problems, now)
    found = events(services[0], "engine.disk_low", "engine.disk_free")
    assert [(one.event_type, one.level) for one in found] == [
        ("engine.disk_low", "warning"),
        ("engine.disk_free", "info"),
    ]
    assert found[0].message == LOW.sentence


def test_an_engine_that_ran_nothing_does_not_say_that_its_jobs_were_stopped(tmp_path: Path) -> None:
    service = EngineService(Home.at(tmp_path / "home"))
    service.step()
    service.close("stop")
    with closing(JobStateStore(home=Home.at(tmp_path / "home"))) as store:
        [stopped] = [one for one in store.list_events() if one.event_type == "engine.stopped"]
    assert stopped.message == "The engine stopped."
