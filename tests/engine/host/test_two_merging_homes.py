"""Two homes with one folder for worktrees merge into one repository: neither works in the tree of the other's check."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.host import merge_run
from engine.host.merge_queue import MergeQueue
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.ledger import Ledger
from state.worktree_records import MergeState
from tests.helpers.approved_work import ApprovedWork
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

Side = tuple[ApprovedWork, MergeQueue]


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Side, Side]]:
    """Two homes, each with a queue."""
    monkeypatch.setattr(merge_run, "_LOCK_PAUSE_S", 0.001)
    repo = small_repository(tmp_path / "repo")
    with ExitStack() as closing:

        def side(name: str) -> Side:
            store = JobStateStore(home=Home.at(tmp_path / name))
            closing.callback(store.close)
            Ledger(store.database).settings.change("worktrees_folder", str(tmp_path / "trees"))
            queue = MergeQueue(store, engine_id=name, is_alive=lambda engine_id: engine_id == name)
            closing.callback(queue.close)
            return ApprovedWork(store, repo, run_id=name), queue

        yield side("one"), side("two")


def until(queue: MergeQueue, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        queue.step()
        time.sleep(0.01)


def ended(work: ApprovedWork, ws_id: str) -> bool:
    return work.merge(ws_id).state not in {MergeState.WAITING, MergeState.CHECKING}


def test_an_engine_of_another_home_neither_ends_the_check_nor_changes_its_tree(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    (work, queue), (other_work, other_queue) = sides
    program, started, go = tmp_path / "check", tmp_path / "started", tmp_path / "go"
    program.write_text(
        f"#!{sys.executable}\nimport os, pathlib, sys, time\npathlib.Path({str(started)!r}).touch()\n"
        f"while not os.path.exists({str(go)!r}):\n    time.sleep(0.01)\nsys.exit(not os.path.exists('a.txt'))\n"
    )
    program.chmod(0o755)
    (work.repo / ".signalbox.yaml").write_text(f"check:\n  exe: {program}\n")
    work.approve("a", {"a.txt": "a"})
    other_work.approve("b", {"b.txt": "b"})
    until(queue, started.exists)
    until(other_queue, lambda: ended(other_work, "b"))
    found = other_work.merge("b")
    go.touch()
    until(queue, lambda: ended(work, "a"))
    assert (work.merge("a").state, work.merge("a").reason) == (MergeState.MERGED, "")
    assert (found.state, "Another engine merges" in found.reason) == (MergeState.BLOCKED, True)
