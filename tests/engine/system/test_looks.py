"""Paths that are looked at once for all jobs that start together."""

import threading
from pathlib import Path

from engine.system import git
from engine.system.looks import looked_once


def test_a_working_tree_is_looked_for_once_for_jobs_that_start_together(tmp_path: Path) -> None:
    found = []
    with looked_once():
        assert git.work_tree_root(tmp_path) is None
        (tmp_path / ".git").mkdir()
        with looked_once():
            assert git.work_tree_root(tmp_path) is None
        other = threading.Thread(target=lambda: found.append(git.work_tree_root(tmp_path)))
        other.start()
        other.join()
    assert found == [tmp_path.resolve()], "what one thread has seen is of no concern to another"
    assert git.work_tree_root(tmp_path) == tmp_path.resolve()
