"""The demo as it stands once it has run: work to review, a predicted conflict, a quota, a failure, and a merge."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.host.demo import open_demo
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import read_file
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import GroupStatus, Job, JobStatus, Origin, Workstream
from state.worktree_records import SeenWorkstream
from tests.helpers.patience import PATIENCE_S

STANDS = {
    "clock": GroupStatus.REVIEW,
    "board": GroupStatus.REVIEW,
    "layout": GroupStatus.REVIEW,
    "timetable": GroupStatus.REVIEW,
    "docs": GroupStatus.MERGED,
    "fares": GroupStatus.QUEUED,
    "express": GroupStatus.QUARANTINED,
    "stops": GroupStatus.COMPLETED,
}


@dataclass
class Played:
    """The demo in its home, with the engine that runs it."""

    project: Path
    engine: EngineService
    run_id: str

    @property
    def store(self) -> JobStateStore:
        return self.engine.store

    @property
    def streams(self) -> Mapping[str, Workstream]:
        return {one.ws_id: one for one in self.store.list_workstreams(self.run_id)}

    @property
    def jobs(self) -> Mapping[tuple[str, str], Job]:
        return {(job.ws_id, job.step_name): job for job in self.store.list_jobs(self.run_id)}

    def states(self) -> dict[str, GroupStatus]:
        return {name: stream.status for name, stream in self.streams.items()}

    def drive(self, **expected: GroupStatus) -> None:
        """Step the engine until the workstreams stand like this, and the work to review is committed."""
        deadline = time.monotonic() + PATIENCE_S
        while not (expected.items() <= self.states().items() and self._is_committed(expected)):
            assert time.monotonic() < deadline, self.states()
            self.engine.step()
            self.engine.wait(0.1)

    def _is_committed(self, expected: Mapping[str, GroupStatus]) -> bool:
        names = [name for name, status in expected.items() if status is GroupStatus.REVIEW]
        trees = [self.store.trees.find(self.run_id, name) for name in names]
        return all(tree is not None and tree.head is not None for tree in trees)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    home = Home.at(tmp_path_factory.mktemp("demo") / "home")
    pipeline = open_demo(home, pace=0)
    engine = EngineService(home)
    try:
        read = read_file(pipeline)
        accepted = [Accepted(spec=spec, digest=spec.digest()) for spec in read.jobs]
        (first, *_) = engine.store.accept(accepted, origin=Origin.COMMAND_LINE, title=read.title)
        demo = Played(pipeline.with_suffix(""), engine, first.run_id)
        demo.drive(**STANDS)
        yield demo
    finally:
        engine.close("stop")


def in_main(project: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=project, capture_output=True, text=True, check=True).stdout


def test_the_recordings_cost_nothing_that_is_not_marked_as_an_estimate(played: Played) -> None:
    found = {job.cost_source for job in played.jobs.values() if job.cost_usd is not None}
    assert {str(source) for source in found} == {"estimated"}


def test_the_conflict_of_two_that_wait_for_review_is_predicted(played: Played) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := played.store.conflicts.predicted()):
        assert time.monotonic() < deadline
        played.engine.step()
        played.engine.wait(0.1)
    assert [(one.ws_id, one.other_ws_id, list(one.files)) for one in found] == [
        ("board", "layout", ["tramline/layout.py"])
    ]


def test_one_step_fails_once_and_is_retried(played: Played) -> None:
    check = played.store.list_attempts(played.jobs["stops", "check"].job_id)
    assert [attempt.exit_code for attempt in check] == [75, 0]


def test_a_quota_is_waited_for_and_a_failure_is_left_to_a_person(played: Played) -> None:
    (hold,) = played.store.queue_control.holds()
    assert hold.until is not None
    assert 2.9 < (hold.until - time.time()) / 3600 < 3.1
    express = played.jobs["express", "test"]
    assert (express.status, express.attempts) == (JobStatus.FAILED, 2)


def test_what_is_out_of_scope_and_what_was_denied_is_on_the_record(played: Played) -> None:
    edit = played.jobs["timetable", "edit"]
    (attempt,) = played.store.list_attempts(edit.job_id)
    assert edit.denied == 1
    assert "CHANGES.md" in str(attempt.result)


def test_the_work_without_a_review_is_merged_with_a_green_check(played: Played) -> None:
    assert "Reading a board" in in_main(played.project, "show", "main:docs/boards.md")


def test_what_is_sent_back_goes_on_in_its_session_and_what_is_approved_is_merged(played: Played) -> None:
    clock = played.jobs["clock", "edit"]
    played.store.reviews.send_back(SeenWorkstream(played.run_id, "clock"), "What if it has left?")
    played.drive(clock=GroupStatus.REVIEW)
    first, second = played.store.list_attempts(clock.job_id)
    assert second.session_id == first.session_id
    assert second.new_session is None
    played.store.reviews.approve(SeenWorkstream(played.run_id, "clock"))
    played.drive(clock=GroupStatus.MERGED)
    assert "this tram has left" in in_main(played.project, "show", "main:tramline/clock.py")
    tests = [sys.executable, "-B", "-m", "unittest", "-q"]
    assert subprocess.run(tests, cwd=played.project, check=False, capture_output=True).returncode == 0
