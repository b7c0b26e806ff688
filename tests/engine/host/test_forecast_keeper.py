"""An engine keeps the first forecast of each job and run that waits, and they are compared with what happened."""

import sys
from contextlib import closing
from pathlib import Path

from engine.host.commands import AddJobs, SetLimit
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state import forecast_queries
from state.forecast_records import ForecastErrors, ForecastSubject
from state.lifecycle import FINAL
from state.records import Limit, LimitKind
from tests.helpers.command_line import until


def add(engine: EngineService, base: Path, *job_ids: str) -> None:
    jobs = [
        job_from_mapping(
            {
                "job_id": name,
                "tool": "shell",
                "command": {"exe": sys.executable, "args": ["-I", "-S", "-c", ""]},
            },
            base=base,
        )
        for name in job_ids
    ]
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in jobs]))


def step_until_ended(engine: EngineService, *job_ids: str) -> None:
    def over() -> bool | None:
        engine.step()
        engine.wait(0.05)
        found = [engine.store.get_job(job_id) for job_id in job_ids]
        return all(job is not None and job.status in FINAL for job in found) or None

    until(over)


def errors(engine: EngineService) -> ForecastErrors:
    return engine.store._access.read(forecast_queries.forecast_errors, 0.0)


def test_an_engine_keeps_the_first_forecast_and_its_error_is_known_when_the_jobs_have_ended(
    tmp_path: Path,
) -> None:
    with closing(EngineService(Home.at(tmp_path / "home"), kind="test")) as engine:
        engine.carry_out(SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=1)))
        add(engine, tmp_path, "first")
        step_until_ended(engine, "first")  # nothing like it had run: there was no forecast
        assert errors(engine).ends.number == 0
        add(engine, tmp_path, "one", "two", "three")

        def kept() -> bool | None:
            engine._side_tasks.keep_forecasts()
            known = engine.store._access.read(forecast_queries.kept_forecasts, ForecastSubject.JOB)
            return {"one", "two", "three"} <= known or None

        engine._side_tasks._forecasts._due_at = 0.0
        until(kept)
        step_until_ended(engine, "one", "two", "three")
        found = errors(engine)
        assert (found.ends.number, found.starts.number, found.runs.number) == (3, 3, 1)
        assert found.ends.off_s is not None
