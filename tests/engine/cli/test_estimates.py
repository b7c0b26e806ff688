"""Status and show say when jobs may start and runs may be done, always as estimates."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.host.commands import AddJobs, SetLimit
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state.lifecycle import FINAL
from state.records import JobStatus, Limit, LimitKind
from tests.helpers.command_line import CommandLine, python, until


@contextmanager
def engine_at(home: Home) -> Iterator[EngineService]:
    engine = EngineService(home, kind="test")
    try:
        engine.carry_out(SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=1)))
        yield engine
    finally:
        engine.close("cancel")


def add(engine: EngineService, base: Path, **codes: str) -> None:
    specs = [job_from_mapping(python(code, job_id), base=base) for job_id, code in codes.items()]
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in specs]))


def step_until(engine: EngineService, job_id: str, states: frozenset[JobStatus]) -> None:
    def is_so() -> bool | None:
        engine.step()
        engine.wait(0.05)
        job = engine.store.get_job(job_id)
        return (job is not None and job.status in states) or None

    until(is_so)


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_status_and_show_estimate_when_jobs_may_start_and_a_run_may_be_done(line: CommandLine) -> None:
    with engine_at(line.home) as engine:
        add(engine, line.folder, before="pass")
        step_until(engine, "before", FINAL)
        add(engine, line.folder, runs="import time; time.sleep(600)", waits="pass")
        step_until(engine, "runs", frozenset({JobStatus.RUNNING}))
        for number in range(7):
            spec = job_from_mapping(python("pass", f"late-{number}"), base=line.folder)
            engine.carry_out(
                AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())], title=f"Night {number}")
            )
        printed = line("status").out
        assert "Estimates" in printed
        assert all(f"Night {number}: done by about " in printed for number in range(7))
        assert "done by about " in printed
        assert "estimate" in printed.split("done by about ")[1].splitlines()[0]
        assert "may start at about " in line("show", "waits").out
        values = line("status", "--json").json
        estimates = {job["job_id"]: job["estimate"] for job in values["jobs"]}
        assert estimates["runs"]["is_running"]
        assert estimates["waits"]["starts_at_epoch"] >= values["forecast"]["made_at_epoch"]
        assert estimates["waits"]["is_estimate"]
        assert values["runs"][0]["estimate"]["ends_at"] is not None
        assert values["forecast"]["errors"]["runs"]["number"] == 0
