"""A saved filter set as an alarm: what a job prints is reported once, and holds its workstream, without a window."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.filters.filter_folder import FilterFolder
from engine.health_problems import HealthProblemKind
from engine.host.commands import AddJobs, ReleaseJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.filter_set import AlarmAction, FilterSet, LineSelection, SoughtText
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from gui.control.notification import notifications_of
from state import event_queries, queries
from state.database_reader import DatabaseReader
from state.records import HoldCause, Job, JobStatus
from tests.helpers.command_line import CommandLine
from tests.helpers.patience import PATIENCE_S

PRINTED = "echo starting; echo FATAL one; echo FATAL two; while [ ! -e go ]; do sleep 0.05; done"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    yield made
    made.close("stop")


def switch_on(service: EngineService, action: AlarmAction | None) -> FilterSet:
    content = FilterSet(show=LineSelection(text=(SoughtText(find="^FATAL", regex=True),)), alarm=action)
    FilterFolder(service.home.root).save("fatal", content)
    return content


def add(service: EngineService, folder: Path, *codes: str) -> None:
    fields = [
        {
            "tool": "shell",
            "job_id": f"j{number}",
            "workstream_id": "w",
            "run_id": "r",
            "metadata": {"depends_on": [f"j{number - 1}"] if number else []},
            "command": {"exe": "/bin/sh", "args": ["-c", code]},
        }
        for number, code in enumerate(codes)
    ]
    specs = [job_from_mapping(one, base=folder) for one in fields]
    service.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in specs]))


def stepped_until(service: EngineService, holds: Callable[[], object]) -> None:
    over = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < over
        service.step(time.time())
        service.wait(0.05)


def job(service: EngineService, job_id: str) -> Job:
    with closing(DatabaseReader(service.store.database)) as reader:
        found = reader.read(queries.find_job, job_id)
    assert found is not None
    return found


def test_an_alarm_reports_a_line_once_and_holds_what_follows_until_a_person_releases_it(
    service: EngineService, tmp_path: Path
) -> None:
    switch_on(service, AlarmAction.HOLD)
    add(service, tmp_path, PRINTED, "echo FATAL three")
    stepped_until(service, lambda: job(service, "j1").status is JobStatus.HELD)
    held = job(service, "j1")
    assert held.hold_cause is HoldCause.ALARM
    assert (held.hold_reason or "").startswith("The alarm fatal matched at ")
    assert (held.hold_reason or "").endswith(": FATAL one")
    service.carry_out(ReleaseJobs(job_ids=["j1"]))
    (tmp_path / "go").touch()
    stepped_until(service, lambda: job(service, "j1").status is JobStatus.COMPLETED)
    with closing(DatabaseReader(service.store.database)) as reader:
        of_first = reader.read(event_queries.events_of_type, "job.alarm")
        stepped_until(service, lambda: len(reader.read(event_queries.events_of_type, "job.alarm")) == 2)
    assert [event.job_id for event in of_first][:1] == ["j0"]
    assert of_first[0].payload["text"] == "FATAL one"
    assert of_first[0].payload["of_attempt"] == 1
    (notice,) = notifications_of(of_first[:1], {"j0": job(service, "j0")})
    assert notice.title.endswith("set off an alarm")
    assert "FATAL one" in notice.text


@pytest.mark.parametrize("point", ["alarm_held", "alarm_recorded"])
def test_an_engine_killed_while_an_alarm_goes_off_leaves_nothing_to_start_and_reports_it_once(
    service: EngineService, tmp_path: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(service, AlarmAction.HOLD)
    add(service, tmp_path, PRINTED, "true")
    monkeypatch.setenv("SIGNALBOX_FAULT", point)
    with CommandLine(tmp_path).process("engine") as engine:
        engine.wait(PATIENCE_S)
    assert engine.returncode == -signal.SIGKILL
    assert job(service, "j1").status is JobStatus.HELD
    with closing(DatabaseReader(service.store.database)) as reader:
        stepped_until(service, lambda: reader.read(event_queries.events_of_type, "job.alarm"))
        (tmp_path / "go").touch()
        stepped_until(service, lambda: job(service, "j0").status is JobStatus.COMPLETED)
        assert len(reader.read(event_queries.events_of_type, "job.alarm")) == 1
    assert job(service, "j1").status is JobStatus.HELD


def test_an_alarm_that_only_notifies_holds_nothing_and_the_end_of_a_short_job_is_read(
    tmp_path: Path,
) -> None:
    service = EngineService(Home.at(tmp_path / "home"))
    switch_on(service, AlarmAction.NOTIFY)
    add(service, tmp_path, "echo FATAL end", "true")
    stepped_until(service, lambda: job(service, "j1").status is JobStatus.COMPLETED)
    service.close("finish")
    again = EngineService(Home.at(tmp_path / "home"))
    try:
        with closing(DatabaseReader(again.store.database)) as reader:
            events = reader.read(event_queries.events_of_type, "job.alarm")
        assert [(event.job_id, event.payload["alarm"]) for event in events] == [("j0", "fatal")]
    finally:
        again.close("stop")


def test_logs_print_only_what_a_saved_filter_set_shows(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    command = {"exe": "/bin/sh", "args": ["-c", "echo FATAL one; echo fine"]}
    signalbox("run", signalbox.file("a.json", {"tool": "shell", "job_id": "a", "command": command}))
    folder = FilterFolder(signalbox.home.root)
    folder.save("fatal", FilterSet(show=LineSelection(text=(SoughtText(find="FATAL"),)), time="hour"))
    assert [
        line.rpartition(" | ")[2] for line in signalbox("logs", "--filter", "fatal").out.splitlines()
    ] == ["FATAL one"]
    refused = signalbox("logs", "--filter", "fatl", code=2)
    assert "There is no filter set 'fatl'; did you mean fatal?" in refused.err


def test_a_filter_set_that_is_not_valid_is_a_problem_of_health_until_it_is_mended(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    folder = FilterFolder(signalbox.home.root)
    folder.save("fine", FilterSet(show=LineSelection(text=(SoughtText(find="FATAL"),))))
    wrong = folder.path / "fatal.yaml"
    wrong.write_text("version: 1\nalarm: hold\n")
    service = EngineService(signalbox.home)
    try:
        report = service.step(time.time())
        (problem,) = [one for one in report.problems if one.kind is HealthProblemKind.ALARM]
        assert "fatal.yaml: line 2: alarm: needs a text or a level" in problem.sentence
        assert not problem.stops
        with closing(DatabaseReader(service.store.database)) as reader:
            (event,) = reader.read(event_queries.events_of_type, "alarm.refused")
        assert (event.message, event.level) == (problem.sentence, "warning")
        assert "fatal.yaml" in signalbox.result_of("doctor").out
        wrong.unlink()
        stepped_until(service, lambda: not service.step(time.time()).problems)
    finally:
        service.close("stop")


def test_logs_find_what_a_filter_set_shows_however_much_was_printed_after_it(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    code = "echo FATAL one; i=0; while [ $i -lt 3000 ]; do echo fine $i; i=$((i+1)); done"
    command = {"exe": "/bin/sh", "args": ["-c", code]}
    signalbox("run", signalbox.file("a.json", {"tool": "shell", "job_id": "a", "command": command}))
    FilterFolder(signalbox.home.root).save(
        "fatal", FilterSet(show=LineSelection(text=(SoughtText(find="FATAL"), SoughtText(find="fine 29"))))
    )
    found = signalbox("logs", "--filter", "fatal", "-n", "200").out.splitlines()
    assert found[0].endswith("| FATAL one")
    assert len(found) == 112
    last = signalbox("logs", "a", "--filter", "fatal", "-n", "2").out.splitlines()
    assert [line.rpartition(" | ")[2] for line in last] == ["fine 2998", "fine 2999"]
