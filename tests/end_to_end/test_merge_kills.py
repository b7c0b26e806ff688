"""An engine that is killed at any named point of a merge loses nothing of it, and the next one does it once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.ledger import Ledger
from state.records import ReviewState
from state.tables import merges
from state.worktree_records import MergeState, SeenWorkstream
from tests.helpers.approved_work import ApprovedWork
from tests.helpers.fault_points import MERGE_POINTS, MERGE_QUEUE_POINTS
from tests.helpers.small_repository import small_repository


def run_engine(home: Path, fault: str = "") -> int:
    argv = [sys.executable, "-m", "tests.helpers.merge_engine", str(home)]
    return subprocess.run(argv, env={**os.environ, "SIGNALBOX_FAULT": fault}, check=False).returncode


@pytest.mark.parametrize("point", [*MERGE_POINTS, *MERGE_QUEUE_POINTS])
def test_g8_an_engine_killed_at_a_named_point_merges_once(tmp_path: Path, point: str) -> None:
    store = JobStateStore(home=Home.at(tmp_path / "home"))
    work = ApprovedWork(store, small_repository(tmp_path / "repo"))
    (work.repo / ".signalbox.yaml").write_text("check:\n  exe: 'true'\nmerge: squash\n")
    head = work.approve("a", {"a.txt": "a\n", "hello.py": "a\n"})
    assert run_engine(tmp_path / "home", point) == -9
    assert run_engine(tmp_path / "home") == 0
    assert work.subjects() == ["Work of a", "first"]
    assert (work.merge("a").state, work.stream("a").review) == (MergeState.MERGED, ReviewState.MERGED)
    assert work.git("rev-parse", "signalbox/r1/a") == head
    assert work.git("status", "--porcelain") == "?? .signalbox.yaml"
    assert (work.repo / "hello.py").read_text() == "a\n"
    assert not list((work.repo / ".git").rglob("*.lock"))
    store.close()


@pytest.mark.parametrize("point", ["merge_move_noted", "merge_files_moved"])
@pytest.mark.parametrize("is_withdrawn_first", [False, True])
def test_g8_what_a_killed_engine_has_half_moved_goes_back_although_its_target_is_gone_and_it_is_withdrawn(
    tmp_path: Path, point: str, *, is_withdrawn_first: bool
) -> None:
    store = JobStateStore(home=Home.at(tmp_path / "home"))
    work = ApprovedWork(store, small_repository(tmp_path / "repo"))
    before = (work.repo / "hello.py").read_text()
    work.approve("a", {"a.txt": "a\n", "hello.py": "a\n"})
    assert run_engine(tmp_path / "home", point) == -9
    main = work.git("rev-parse", "main")
    work.git("update-ref", "-d", "refs/heads/main")
    if is_withdrawn_first:  # as an engine left it that could not take the files back
        put_back(store)
    else:
        assert run_engine(tmp_path / "home") == 0
        assert not list((work.repo / ".git").rglob("index.lock"))
    store.reviews.withdraw(SeenWorkstream("r1", "a"))
    assert run_engine(tmp_path / "home") == 0
    work.git("update-ref", "refs/heads/main", main)
    assert not list((work.repo / ".git").rglob("*.lock"))
    assert not (work.repo / ".git" / "signalbox").exists()
    assert work.git("status", "--porcelain") == ""
    assert (work.repo / "hello.py").read_text() == before
    store.close()


def put_back(store: JobStateStore) -> None:
    with Ledger(store.database).transaction() as connection:
        values = {"state": MergeState.BLOCKED, "result": None, "target_before": None, "engine_id": None}
        connection.execute(update(merges).values(**values))
