"""One operation on a worktree in a process of its own, so that it can be killed: ``operation.py ROOT NAME``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree

OPERATIONS: Mapping[str, Callable[[WorkingTrees, Worktree], object]] = {
    "make": WorkingTrees.make,
    "snapshot": lambda trees, tree: trees.snapshot(tree, attempt_id=1),
    "restore": lambda trees, tree: trees.restore(tree, 1),
    "finish": lambda trees, tree: trees.finish(tree, "work"),
    "archive": WorkingTrees.archive,
    "remove": WorkingTrees.remove,
    "restore archived": WorkingTrees.restore_archived,
}


def trees_of(root: Path) -> WorkingTrees:
    return WorkingTrees(root / "worktrees", clock=lambda: 1_700_000_000.0, snapshot_file_mb=1)


def tree_of(root: Path) -> Worktree:
    place = trees_of(root).place("r1", "w1")
    return Worktree(
        run_id="r1", ws_id="w1", repo=str(root / "repo"), path=str(place), branch="signalbox/r1/w1"
    )


def do(root: Path, name: str) -> object:
    return OPERATIONS[name](trees_of(root), tree_of(root))


if __name__ == "__main__":
    do(Path(sys.argv[1]), sys.argv[2])
