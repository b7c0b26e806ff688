"""W1, A12: a worktree that cannot be made because its disk is full waits for the disk; its job has not failed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import GitError
from engine.host.commands import AddJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system import disk_errors
from engine.system.git import git
from engine.system.git_failures import disk_error, explained, is_busy
from engine.system.home import Home
from state.ledger import Ledger
from state.records import AttemptStatus, Job, JobStatus
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import until
from tests.helpers.disks import Disk, disk
from tests.helpers.isolated_bench import agent
from tests.helpers.small_repository import small_repository

WORDS = [
    b"fatal: cannot create directory at 'src': No space left on device\n",
    b"error: unable to write file docs/large.bin\nfatal: Could not reset index file to revision 'HEAD'.\n",
    b"fatal: Unable to create '/srv/shop/.git/index.lock': No space left on device\n",
    b"fatal: sha1 file '/srv/shop/.git/index.lock' write error. Out of diskspace\n",
    b"error: copy-fd: write returned: Disk quota exceeded\n",
    b"fatal: could not create work tree dir 'x': Read-only file system\n",
    b"error: unable to create file a.txt: Input/output error\n",
]
OTHERS = [
    b"fatal: 'main' is already checked out at '/srv/shop'\n",
    b"error: unable to create file a.txt: Permission denied\n",
    b"fatal: Unable to create '/srv/shop/.git/index.lock': File exists.\n",
    b"error: external filter 'lfs' failed\n",
]


@pytest.fixture
def trees_disk(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "trees", "1m") as made:
        yield made


@pytest.fixture
def engine(tmp_path: Path, trees_disk: Disk) -> Iterator[EngineService]:
    home = Home.at(tmp_path / "home")
    made = EngineService(home)
    Ledger(made.store.database).settings.change("worktrees_folder", str(trees_disk.folder))
    yield made
    made.close()


def add_job(engine: EngineService, repo: Path) -> None:
    fields = agent("true", job_id="one", run_id="run", paths={"repo_root": str(repo)})
    spec = job_from_mapping(fields, base=repo)
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())]))


def the_job(engine: EngineService) -> Job:
    job = engine.store.get_job("one")
    assert job is not None
    return job


def step_until(engine: EngineService, holds: Callable[[Job], bool]) -> None:
    def stepped() -> bool | None:
        engine.step()
        return holds(the_job(engine)) or None

    until(stepped)


def test_a_worktree_that_does_not_fit_on_its_disk_waits_for_the_disk_and_goes_on_when_there_is_room(
    engine: EngineService, trees_disk: Disk, tmp_path: Path
) -> None:
    repo = small_repository(tmp_path / "repo")
    (repo / "large.bin").write_bytes(bytes(range(256)) * 8 * 1024)
    git_caller(repo)("add", "-A")
    git_caller(repo)("commit", "-qm", "Large")
    add_job(engine, repo)

    step_until(engine, lambda job: job.waits_for == "disk")
    trees_disk.remount("size=32m")
    step_until(engine, lambda job: job.status is JobStatus.COMPLETED)
    *before, last = engine.store.list_attempts("one")
    assert {one.status for one in before} == {AttemptStatus.INTERRUPTED}
    assert last.status is AttemptStatus.COMPLETED


@pytest.mark.parametrize("stderr", WORDS)
def test_what_git_says_of_a_disk_is_the_state_of_the_disk_and_nobodys_lock(stderr: bytes) -> None:
    error = disk_error(stderr)
    assert error is not None
    assert disk_errors.is_of_disk(error)
    assert not is_busy(stderr, 1)
    assert "then run this again." in explained(stderr, 128, command="add", folder="/srv/shop")


@pytest.mark.parametrize("stderr", OTHERS)
def test_what_else_git_says_is_not(stderr: bytes) -> None:
    assert disk_error(stderr) is None


def test_an_ordinary_refusal_of_git_is_no_state_of_a_disk(tmp_path: Path) -> None:
    with pytest.raises(GitError) as refused:
        git(["rev-parse", "HEAD"], tmp_path)
    assert not disk_errors.is_of_disk(refused.value)
