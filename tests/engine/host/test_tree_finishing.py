"""Committing what isolated workstreams have made, beside the engine."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.host.tree_finishing import TreeFinisher
from engine.state_store.job_state_store import JobStateStore
from tests.helpers.finished_work import FinishedWork


class SlowPool:
    """Does the work once the test lets it."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], Any]] = []

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> None:
        self._waiting.append(lambda: work(*arguments))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Python's own
        assert wait is not cancel_futures

    def run(self) -> None:
        """Do what waits."""
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            work()


def end_all(work: FinishedWork) -> None:
    for job_id in work.job_ids:
        work.end(job_id)


def test_work_that_ends_while_other_work_is_committed_keeps_the_engine_from_ending(tmp_path: Path) -> None:
    with closing(JobStateStore(db_path=str(tmp_path / "state.db"))) as store:
        pool = SlowPool()
        finisher = TreeFinisher(store, pool)
        end_all(FinishedWork(store))
        finisher.step()
        end_all(FinishedWork(store, run_id="r2", ws_id="tax"))
        finisher.step()
        pool.run()
        assert finisher.is_busy  # with what only the next step sees
        finisher.step()
        pool.run()
        finisher.step()
        assert not finisher.is_busy
        assert all(tree.kept_reason for tree in store.trees.to_finish())  # their folders are not there
