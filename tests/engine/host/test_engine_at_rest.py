"""An engine in a window asks for few steps while nothing can start."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.host.commands import AddJobs
from engine.host.engine_service import POLL_S, RESCAN_S, REST_POLL_S, EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.git import work_tree_root
from engine.system.home import Home
from engine.system.home_identity import FILE
from engine.system.looks import looked_once, seen
from state.written_files import SETTLING_S
from tests.helpers.audited_reads import reading_threads
from tests.helpers.patience import PATIENCE_S


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"), kind="window", rest_poll_s=REST_POLL_S)
    yield made
    made.close("stop")


def pauses_until(service: EngineService, *, longer_than: float) -> float:
    """Step as a host does until it asks for a longer pause; return that."""
    over = time.monotonic() + PATIENCE_S
    while time.monotonic() < over:
        now = time.time()
        report = service.step(now)
        assert report.next_wake is not None
        pause = report.next_wake - now
        if pause > longer_than:
            assert report.idle
            return pause
        service.wait(max(0.0, pause))
    return 0.0


def test_an_engine_at_rest_is_stepped_every_other_second_and_sees_a_new_job_at_its_next_step(
    service: EngineService, tmp_path: Path
) -> None:
    assert pauses_until(service, longer_than=POLL_S) <= REST_POLL_S
    fields = {"tool": "shell", "job_id": "one", "workstream_id": "one", "command": {"exe": "/bin/true"}}
    spec = job_from_mapping(fields, base=tmp_path)
    service.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())]))
    now = time.time()
    report = service.step(now)
    assert not report.idle
    assert report.next_wake is not None
    assert report.next_wake - now <= POLL_S + 0.001


def left_alone(service: EngineService) -> list[str]:
    """Have nobody written for a while, and the engine know that; the statements it gives its database from now on."""
    statements: list[str] = []
    with service.store.database.write() as connection:
        driver = connection.connection.driver_connection
    assert driver is not None
    path = service.home.database
    for each in (path, path.with_name(f"{path.name}-wal")):
        os.utime(each, (time.time() - SETTLING_S - 1,) * 2)
    service.step()
    service.wait(1.5 * POLL_S)
    driver.set_trace_callback(statements.append)
    return statements


def test_an_engine_that_waits_gives_its_database_no_statement_until_another_process_writes(
    service: EngineService,
) -> None:
    pauses_until(service, longer_than=POLL_S)
    statements = left_alone(service)
    service.wait(2.5 * POLL_S)
    assert statements == []
    other = JobStateStore(home=service.home)
    other.record_event("bench.note", {"text": "something"})
    other.close()
    begun = time.monotonic()
    service.wait(10 * PATIENCE_S)
    assert time.monotonic() - begun < PATIENCE_S
    service.wait(10 * PATIENCE_S, until=lambda: True)


def test_no_step_of_an_engine_at_rest_is_for_the_scan_of_the_inbox_alone(service: EngineService) -> None:
    pauses_until(service, longer_than=POLL_S)
    now = begun = time.time()
    steps = 0
    while now < begun + 40:
        report = service.step(now)
        assert report.next_wake is not None
        now, steps = report.next_wake, steps + 1
    assert steps <= 40 / REST_POLL_S + 2


def test_a_look_at_the_inbox_of_an_engine_at_rest_reads_neither_the_identity_of_its_home_nor_the_folders_above(
    service: EngineService,
) -> None:
    pauses_until(service, longer_than=POLL_S)
    inbox, later = service.home.inbox, time.time() + 2 * RESCAN_S
    with (
        reading_threads(service.home.root / FILE) as identity,
        reading_threads(inbox) as folder,
        looked_once(),
    ):
        service.step(later)
        searched: list[Path] = []
        seen((work_tree_root, inbox), lambda: searched.append(inbox))
    assert threading.get_ident() in folder
    assert threading.get_ident() not in identity
    assert searched == [inbox], (
        "a repository around a home's own inbox was searched for, which changes nothing"
    )
