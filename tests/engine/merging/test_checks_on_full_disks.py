"""A check whose disk is full says nothing of the work: it is neither red for that nor killed by anybody."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from state.worktree_records import MergeState
from tests.engine.merging.conftest import Merging
from tests.helpers.disks import Disk, disk
from tests.helpers.small_repository import small_repository


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "full", "1m") as made:
        yield made


def test_a_check_whose_log_has_no_room_counts_as_it_ended(merging: Merging, full: Disk) -> None:
    merging.log = full.folder / "1.log"
    merging.log.touch()
    full.fill()
    merging.check = "print('x' * 300_000)"
    step = merging.merged()
    assert step.state is MergeState.MERGED, step.reason
    merging.commit("more.txt", "more\n")
    merging.check = "print('x' * 300_000); raise SystemExit(3)"
    step = merging.merged()
    assert step.state is MergeState.BLOCKED, step.reason
    assert f"failed with exit code 3. The disk of {full.folder} is full: make room" in step.reason


def test_a_check_that_fails_while_the_disk_of_its_tree_is_full_is_tried_again(
    merging: Merging, tmp_path: Path, full: Disk
) -> None:
    root = full.folder / "root"
    root.mkdir()
    repo = small_repository(tmp_path / "another")
    small = replace(merging, repo=repo, root=root)
    small.log = tmp_path / "1.log"
    small.commit("work.txt", "work\n")
    small.git("switch", "-q", "--detach")
    filling = "f = open('filler', 'wb', 0)\nwhile True: f.write(b'x' * 4096)"
    small.check = filling
    step = small.merged()
    assert step.state is MergeState.BLOCKED, step.reason
    assert "is full: make room, then it is tried again." in step.reason
    small.check = "open('work.txt')"
    assert small.merged().state is MergeState.MERGED
