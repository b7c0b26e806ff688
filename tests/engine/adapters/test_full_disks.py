"""What a setup or a git step cannot do while its disk is full is no failure of the job: it waits for the disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.adapters.test_setup import Work
from tests.helpers.attempts import Attempts
from tests.helpers.disks import Disk, disk


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "full", "1m") as made:
        yield made


def test_a_setup_that_fails_while_the_disk_is_full_waits_for_the_disk(
    attempts: Attempts, repo: Path, tmp_path: Path, full: Disk
) -> None:
    copy = shutil.copytree(repo, full.folder / "repo")
    full.fill()
    result = Work(attempts, copy, tmp_path / "bin")("exit 1")
    assert result.metadata["failure_class"] == "disk"
    assert f"The disk of {copy} is full: make room" in result.metadata["summary"]


def test_a_git_step_that_fails_while_the_disk_is_full_waits_for_the_disk(
    attempts: Attempts, repo: Path, full: Disk
) -> None:
    copy = shutil.copytree(repo, full.folder / "repo")
    (copy / "new.txt").write_text("new\n")
    full.fill()
    fields = {"tool": "git", "git": {"action": "commit", "message": "New"}, "paths": {"repo_root": str(copy)}}
    result = attempts.run(fields)
    assert (result.success, result.metadata["failure_class"]) == (False, "disk")
    full.clear()
    assert attempts.run(fields).success


def test_a_failure_with_room_on_the_disk_is_one_of_the_job(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    assert Work(attempts, repo, tmp_path / "bin")("exit 1").metadata["failure_class"] == "setup_failed"
