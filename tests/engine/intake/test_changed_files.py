"""A file that changes between its reading and the commit is not queued as it was before."""

import json
from pathlib import Path

import pytest

from engine.cli.submit import SubmitOptions, read_files, submit_files
from engine.errors import JobFileError
from engine.host.commands import AddJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import read_file
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from tests.helpers.command_line import python


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(python("print(1)", "a")), encoding="utf-8")
    return path


def test_a_file_that_changed_while_it_was_submitted_is_refused(tmp_path: Path, file: Path) -> None:
    store = JobStateStore(home=Home.at(tmp_path / "home"))
    read = read_files([file])
    file.write_text(json.dumps(python("print(2)", "a")), encoding="utf-8")
    with pytest.raises(JobFileError, match=r"a\.json: has changed since it was read; add it again"):
        submit_files(store, read, SubmitOptions())
    assert store.get_job("a") is None
    assert [job.job_id for job in submit_files(store, read_files([file]), SubmitOptions())] == ["a"]
    store.close()


@pytest.mark.parametrize("how", ["changed", "half", "gone", "same"])
def test_a_dropped_file_is_compared_when_its_jobs_are_added(tmp_path: Path, file: Path, how: str) -> None:
    engine = EngineService(Home.at(tmp_path / "home"))
    read = read_file(file)
    (spec,) = read.jobs
    job = Accepted(spec=spec, digest=spec.digest(), source_path=str(file), file_digest=read.digest)
    match how:
        case "changed":
            file.write_text("{}", encoding="utf-8")
        case "half":
            file.write_bytes(file.read_bytes()[:20])
        case "gone":
            file.unlink()
        case _:
            file.write_bytes(file.read_bytes())
    if how in {"changed", "half"}:
        with pytest.raises(JobFileError, match="has changed since it was read"):
            engine.carry_out(AddJobs(jobs=[job]))
    else:
        engine.carry_out(AddJobs(jobs=[job]))
    assert (engine.store.get_job("a") is None) == (how in {"changed", "half"})
    engine.close()
