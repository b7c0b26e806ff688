"""A repository that takes long to read keeps the engine from nothing: it claims, ends and answers meanwhile."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.host.commands import AddJobs, CancelJobs, ReleaseJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system import git
from engine.system.home import Home
from state.records import HoldCause, Job, JobStatus
from tests.helpers.command_line import CommandLine, until
from tests.helpers.patience import PATIENCE_S
from tests.helpers.trusted_repository import change, grant, repository, shell


class SlowRepository:
    """An engine, and a repository in which git waits until `gate` exists."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repo = repository(tmp_path)
        self.gate, self.called = tmp_path / "gate", tmp_path / "called"
        self.home = Home.at(tmp_path / "home")
        self.job = shell(self.repo, ["make"], job_id="slow")
        grant(job_from_mapping(self.job))
        real, program = git.git_program(), tmp_path / "waits" / "git"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\n: >{self.called}\nwhile [ ! -e {self.gate} ]; do sleep 0.02; done\nexec {real} "$@"\n',
            encoding="utf-8",
        )
        program.chmod(0o700)
        monkeypatch.setattr(git, "git_program", lambda: str(program))
        monkeypatch.setenv("PATH", os.pathsep.join((str(program.parent), os.environ["PATH"])))
        self.engine = EngineService(self.home)

    def until(self, true: Callable[[], Any]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < deadline
            self.engine.step()
            self.engine.wait(0.05)

    def drop(self) -> None:
        (self.home.inbox / "slow.json").write_text(json.dumps(self.job), encoding="utf-8")

    def found(self, job_id: str) -> Job | None:
        return self.engine.store.get_job(job_id)

    def status(self, job_id: str) -> JobStatus | None:
        found = self.found(job_id)
        return None if found is None else found.status

    def add(self, job_id: str, exe: str, *args: str) -> None:
        spec = job_from_mapping(
            {"job_id": job_id, "tool": "shell", "command": {"exe": exe, "args": list(args)}},
            base=self.home.root,
        )
        self.engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())]))


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowRepository]:
    made = SlowRepository(tmp_path, monkeypatch)
    yield made
    made.gate.touch()
    made.engine.close("stop")


def under_review(slow: SlowRepository) -> bool:
    return any((slow.home.inbox / ".taking").glob("*slow.json"))


@pytest.mark.parametrize("then", ["unchanged", "changed"])
def test_jobs_start_end_and_are_cancelled_while_the_repository_of_an_incoming_job_is_read(
    slow: SlowRepository, then: str
) -> None:
    slow.drop()
    slow.until(lambda: under_review(slow))
    slow.add("quick", "true")
    slow.add("endless", "sleep", "60")
    slow.until(lambda: slow.status("quick") is JobStatus.COMPLETED)
    slow.until(lambda: slow.status("endless") is JobStatus.RUNNING)
    slow.engine.carry_out(CancelJobs(job_ids=["endless"]))
    slow.until(lambda: slow.status("endless") is JobStatus.CANCELLED)
    assert slow.found("slow") is None
    assert not slow.engine.step().idle
    if then == "changed":
        change(slow.repo / "other.py")
    slow.gate.touch()
    slow.until(lambda: slow.found("slow") is not None)
    found = slow.found("slow")
    assert found is not None
    assert (found.hold_cause is HoldCause.TRUST) == (then == "changed")


def test_an_engine_that_is_closed_during_a_review_leaves_the_file_to_the_next_one(
    slow: SlowRepository,
) -> None:
    slow.drop()
    slow.until(lambda: under_review(slow))
    slow.engine.close()
    slow.gate.touch()
    slow.engine = EngineService(slow.home)
    slow.until(lambda: slow.found("slow") is not None)
    found = slow.found("slow")
    assert found is not None
    assert found.held is None, "it is trusted as before"
    assert not under_review(slow)


def test_an_engine_that_is_stopped_during_a_review_ends_at_once(slow: SlowRepository, tmp_path: Path) -> None:
    slow.engine.close()
    slow.drop()
    with CommandLine(tmp_path).process("engine") as started:
        until(lambda: (under_review(slow) and slow.called.exists()) or None)
        started.terminate()
        started.wait(PATIENCE_S)
    assert not slow.gate.exists()
    assert under_review(slow), "the file is left to the next engine"


def test_a_job_is_released_as_it_was_when_its_repository_was_read(slow: SlowRepository) -> None:
    spec = job_from_mapping(slow.job)
    slow.engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())]))
    slow.engine.store.hold("slow", "it runs a command of its own", cause=HoldCause.TRUST)
    release = ReleaseJobs(job_ids=["slow"])
    reading = slow.engine.read_first(release)
    assert reading is not None
    slow.engine.step()
    assert not reading.done()
    assert slow.status("slow") is JobStatus.HELD
    slow.gate.touch()
    until(lambda: reading.done() or None)
    outcome = slow.engine.carry_out(release, reading.result())
    assert [job.status for job in outcome.changed] == [JobStatus.QUEUED]
