"""A12: a job that starts as a disk goes bad waits for the disk; it is no failure of the job, nor of its tool."""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engine.attempt_decisions import RetryAt
from engine.health_problems import HealthProblemKind
from engine.host.commands import AddJobs, RetryJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance import health
from engine.orchestrator.turn import StepReport
from engine.runners import layout
from engine.scheduling import retry_policy
from engine.scheduling.explainer import Explainer, QueueFacts
from engine.system import disk_errors
from engine.system.home import Home
from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, JobResult
from state.records import Attempt, AttemptStatus, Job, JobStatus
from tests.helpers.command_line import until
from tests.helpers.disks import Disk, dead_drive, disk


class Bench:
    """An engine driven by hand; nobody notices the state of its disks before a start meets it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, Home.at(folder / "home")
        self.engine = EngineService(self.home)

    def add(self, *job_ids: str, working_dir: Path | None = None, exe: str = "/bin/true") -> None:
        folder = {} if working_dir is None else {"paths": {"repo_root": str(working_dir)}}
        specs = [
            job_from_mapping(
                {
                    "job_id": job_id,
                    "tool": "shell",
                    "command": {"exe": exe},
                    "metadata": {"writes": False},
                    **folder,
                },
                base=self.folder,
            )
            for job_id in job_ids
        ]
        self.engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in specs]))

    def job(self, job_id: str) -> Job:
        job = self.engine.store.get_job(job_id)
        assert job is not None
        return job

    def step_until(self, holds: Callable[[StepReport], object]) -> StepReport:
        def stepped() -> StepReport | None:
            report = self.engine.step()
            return report if holds(report) else None

        return until(stepped)

    def waits(self, job_id: str) -> Callable[[StepReport], bool]:
        return lambda _report: self.job(job_id).waits_for == "disk"

    def is_done(self, *job_ids: str) -> Callable[[StepReport], bool]:
        return lambda _report: {self.job(one).status for one in job_ids} == {JobStatus.COMPLETED}


@contextmanager
def bench_at(folder: Path) -> Iterator[Bench]:
    made = Bench(folder)
    try:
        yield made
    finally:
        made.engine.close("stop")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 1e9)  # the start comes before the next check
    monkeypatch.setattr(retry_policy, "DISK_WAIT_S", 0.3)
    with bench_at(tmp_path) as made:
        yield made


def _read_only(place: Disk) -> None:
    place.remount("ro")


def _full(place: Disk) -> None:
    place.fill()


def _out_of_inodes(place: Disk) -> None:
    place.use_every_inode()


def well_again(place: Disk) -> None:
    place.remount("rw")
    place.free_inodes()
    with suppress(FileNotFoundError):
        place.clear()


@pytest.mark.parametrize("which", ["attempts", "started"])
@pytest.mark.parametrize(
    ("goes_bad", "words"),
    [(_read_only, errno.EROFS), (_full, errno.ENOSPC), (_out_of_inodes, errno.ENOSPC)],
)
def test_a12_jobs_that_start_as_their_disk_goes_bad_wait_until_it_is_well(
    bench: Bench, which: str, goes_bad: Callable[[Disk], None], words: int
) -> None:
    folder = getattr(bench.home, which)
    if which == "started" and goes_bad is _full:
        pytest.skip("an empty file needs no room there")
    with disk(folder, "1m") as place:
        bench.engine.step()
        goes_bad(place)
        names = [f"j{number}" for number in range(7)]
        bench.add(*names)
        for name in names:
            bench.step_until(bench.waits(name))
        assert bench.engine.store.queue_control.holds() == [], "no breaker"
        for name in names:
            job, attempts = bench.job(name), bench.engine.store.list_attempts(name)
            is_tried_again = job.status is JobStatus.RUNNING
            assert job.failure_class == "disk"
            assert str(bench.home.root) in job.summary
            assert os.strerror(words) in job.summary
            assert attempts[0].status is AttemptStatus.INTERRUPTED
            assert job.max_attempts - job.attempts == (not is_tried_again), "no retry is spent"
            assert job.interruptions == 0
        well_again(place)
        bench.step_until(bench.is_done(*names))


def test_a12_the_reason_names_the_folder_and_what_the_system_says(bench: Bench) -> None:
    with disk(bench.home.attempts, "1m") as place:
        bench.engine.step()
        place.remount("ro")
        bench.add("one")
        bench.step_until(bench.waits("one"))
        job = bench.job("one")
        assert job.not_before is not None
        wait = Explainer(QueueFacts(jobs={"one": job}), now=job.not_before - 0.1).wait(job)
        assert wait is not None
        assert wait.sentence.startswith(f"Waits for a disk ({bench.home.attempts}/")
        assert "Read-only file system); tried again at " in wait.sentence
        assert wait.until == job.not_before


def wait_after(folder: Path, *failures: str | None) -> float:
    """How long a job waits that a disk refuses after attempts that ended like this."""
    spec = job_from_mapping({"tool": "shell", "command": {"exe": "true"}}, base=folder)
    end = AttemptEnd(ref=AttemptRef(1, "t"), reason=EndReason.DISK, detail="No room.")
    ended = [(AttemptStatus.FAILED, failure) for failure in failures]
    earlier = [
        Attempt(
            id=number,
            run_id="r",
            ws_id="w",
            job_id="one",
            step_name="s",
            number=number,
            tool="shell",
            status=status,
            failure_class=failure,
        )
        for number, (status, failure) in enumerate([*ended, (AttemptStatus.RUNNING, None)], 1)
    ]
    number = len(earlier)
    job = Job(job_id="one", run_id="r", ws_id="w", tool="shell", attempts=number, max_attempts=number)
    assessment = Assessment.of(end, JobResult())
    decision = retry_policy.decide(spec, job, assessment, now=0.0, earlier=earlier)
    assert isinstance(decision, RetryAt)
    assert decision.free
    return decision.at


def test_a12_the_wait_for_a_disk_grows_so_that_a_night_leaves_few_attempts(tmp_path: Path) -> None:
    waits = [wait_after(tmp_path, *["disk"] * times) for times in range(12)]
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == retry_policy.LONGEST_DISK_WAIT_S


@pytest.mark.parametrize("failures", [["quota"] * 9, ["disk", "disk", "disk", "crash"], ["disk", None]])
def test_a12_only_starts_that_a_disk_refused_since_lengthen_the_wait_for_it(
    tmp_path: Path, failures: list[str | None]
) -> None:
    assert wait_after(tmp_path, *failures) == retry_policy.DISK_WAIT_S
    assert wait_after(tmp_path, *failures, "disk") == 2 * retry_policy.DISK_WAIT_S


def test_a12_the_wait_for_a_disk_counts_the_attempts_of_the_job(bench: Bench) -> None:
    bench.add("one", exe="/bin/false")
    for _ in range(4):
        bench.step_until(lambda _report: bench.job("one").status is JobStatus.FAILED)
        bench.engine.carry_out(RetryJobs(job_ids=["one"]))
    bench.step_until(lambda _report: bench.job("one").status is JobStatus.FAILED)
    with disk(bench.home.attempts, "1m") as place:
        _read_only(place)
        bench.engine.carry_out(RetryJobs(job_ids=["one"]))
        bench.step_until(bench.waits("one"))
        job = bench.job("one")
        assert job.not_before is not None
        assert job.not_before - time.time() <= retry_policy.DISK_WAIT_S
        well_again(place)


def test_a12_a_closed_folder_of_ours_is_no_fault_of_the_job(bench: Bench) -> None:
    bench.engine.step()
    if subprocess.run(["chattr", "+i", bench.home.attempts], check=False, capture_output=True).returncode:
        pytest.skip("files cannot be made immutable here")
    try:
        bench.add("one")
        bench.step_until(bench.waits("one"))
        assert os.strerror(errno.EPERM) in bench.job("one").summary
    finally:
        subprocess.run(["chattr", "-i", bench.home.attempts], check=True)
    bench.step_until(bench.is_done("one"))


def test_a12_a_working_folder_on_a_dead_drive_keeps_its_job_waiting_and_no_other(bench: Bench) -> None:
    work = bench.folder / "work"
    work.mkdir()
    bench.add("far", working_dir=work)
    with dead_drive(work):
        bench.add("near")
        bench.step_until(bench.is_done("near"))
        bench.step_until(bench.waits("far"))
        job = bench.job("far")
        assert str(work) in job.summary
        assert os.strerror(errno.ENOTCONN) in job.summary
        assert bench.engine.store.queue_control.holds() == []
    bench.step_until(bench.is_done("far"))


def test_a12_a_program_on_a_dead_drive_is_waited_for(bench: Bench) -> None:
    tools = bench.folder / "tools"
    tools.mkdir()
    shutil.copy("/bin/true", tools / "tool")
    bench.add("one", exe=str(tools / "tool"))
    with dead_drive(tools):
        bench.step_until(bench.waits("one"))
    bench.step_until(bench.is_done("one"))


def test_a12_a_disk_that_was_noticed_to_be_read_only_is_a_banner_and_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_EVERY_S", 0.0)
    with bench_at(tmp_path) as bench, disk(bench.home.attempts, "1m") as place:
        place.remount("ro")
        bench.add("one")
        report = bench.step_until(lambda report: report.problem)
        assert [problem.kind for problem in report.problems] == [HealthProblemKind.CLOSED]
        assert report.problem.startswith(f"{bench.home.attempts} cannot be written: Read-only file system.")
        bench.engine.step()
        assert bench.engine.store.list_attempts("one") == []
        place.remount("rw")
        report = bench.step_until(bench.is_done("one"))
        assert report.problem == ""


@pytest.mark.parametrize("number", sorted(disk_errors.OF_DISK))
def test_a12_whatever_a_disk_answers_a_shim_it_is_the_state_of_the_disk(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert disk_errors.is_of_disk(error)
    assert layout.PREPARING_FAILED + number < layout.LOCK_TAKEN, "it fits into the exit code of a shim"


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.EMFILE, errno.E2BIG])
def test_a12_what_a_job_or_its_tool_can_mend_is_not(number: int) -> None:
    assert not disk_errors.is_of_disk(OSError(number, os.strerror(number)))
