"""Beside its jobs an engine keeps, measures and prunes worktrees, and undoes what a killed one left of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.host.worktree_tasks import LOOK_EVERY_S, MEASURE_EVERY_S, PRUNE_EVERY_S, WorktreeTasks
from engine.maintenance.home_worktrees import HomeWorktrees
from engine.state_store.job_state_store import JobStateStore
from engine.worktrees.tree_place import TreePlace
from state.worktree_records import TreeState
from tests.engine.cli.test_worktree_commands import Isolated
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import CommandLine, until


class Tasks:
    """The tasks of one engine, whose clock the test moves."""

    def __init__(self, store: JobStateStore) -> None:
        self._now = 1000.0
        self._tasks = WorktreeTasks(store, monotonic=lambda: self._now)

    def go_on(self, seconds: float) -> None:
        """Let this time pass, and everything that is due then."""
        self._now += seconds
        self._tasks.step()
        until(lambda: None if self._tasks.is_busy else True)

    def close(self) -> None:
        self._tasks.close()


@pytest.fixture
def isolated(tmp_path: Path) -> Isolated:
    return Isolated(tmp_path)


@pytest.fixture
def tasks(isolated: Isolated) -> Iterator[Tasks]:
    with isolated.signalbox.store() as store:
        made = Tasks(store)
        yield made
        made.close()


def test_w7_what_each_worktree_takes_is_measured_and_recorded(isolated: Isolated, tasks: Tasks) -> None:
    tasks.go_on(1)
    before = isolated.tree().size_bytes
    assert before is not None
    (isolated.folder() / "big.bin").write_bytes(b"x" * 5_000_000)
    isolated.set_review("list", "none")
    tasks.go_on(MEASURE_EVERY_S)
    after = isolated.tree().size_bytes
    assert after is not None
    assert after - before >= 5_000_000


def test_w7_discarded_work_is_kept_under_a_ref_at_once_and_its_worktree_until_it_is_pruned(
    isolated: Isolated, tasks: Tasks
) -> None:
    (isolated.folder() / "new.txt").write_text("new\n")
    isolated.set_review("cart", "discarded")
    tasks.go_on(1)
    assert isolated.tree().archive_ref == "refs/signalbox/archive/r/cart"
    assert git_caller(isolated.repo)("show", "refs/signalbox/archive/r/cart:new.txt") == "new"
    assert (isolated.folder() / "new.txt").exists()
    isolated.set_review("cart", "discarded", days_ago=20)
    tasks.go_on(LOOK_EVERY_S)
    assert isolated.tree().state is TreeState.READY
    tasks.go_on(PRUNE_EVERY_S)
    assert isolated.tree().state is TreeState.ARCHIVED
    assert not isolated.folder().exists()
    assert isolated.folder("list").exists()


def test_w8_what_a_killed_engine_left_half_done_is_undone_at_the_start(
    isolated: Isolated, tasks: Tasks
) -> None:
    folder = isolated.folder()
    (folder.parent / ".cart.making" / "half").mkdir(parents=True)
    tasks.go_on(1)
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        ".cart.lock",
        ".list.lock",
        "cart",
        "list",
    ]


def test_w7_a_worktree_that_somebody_deleted_is_not_shown_as_there(isolated: Isolated, tasks: Tasks) -> None:
    isolated.folder().rename(isolated.repo.parent / "aside")
    tasks.go_on(1)
    assert isolated.tree().state is TreeState.REMOVED
    assert any("somebody has deleted or moved it" in message for message in isolated.events())
    assert any(f"moved it to {isolated.repo.parent / 'aside'}" in message for message in isolated.events())


def test_w7_a_worktree_that_is_just_being_archived_is_not_taken_for_deleted(isolated: Isolated) -> None:
    place = TreePlace.of(isolated.record("cart"))
    place.gone.parent.mkdir()
    place.path.rename(place.gone)
    with isolated.signalbox.store() as store:
        HomeWorktrees(isolated.signalbox.home, store.database, store.settings()).measure()
    assert isolated.tree().state is TreeState.READY
    assert not any("deleted" in message for message in isolated.events())


def test_w7_a_home_without_worktrees_has_nothing_to_look_after(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    with signalbox.store() as store:
        assert not store.has_worktrees()
