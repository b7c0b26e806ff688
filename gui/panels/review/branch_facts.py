"""What the repository says of a branch under review: which commits to compare, and how far its target has moved."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import GitError
from engine.review.compared_commits import whole_change
from engine.system.git import git
from gui.control.background_tasks import BackgroundTasks
from state.worktree_records import Worktree


@dataclass(frozen=True)
class BranchFacts:
    """What is known of a branch; `problem` says why nothing is."""

    before: str = ""
    after: str = ""
    commits: int | None = None
    target_ahead: int | None = None
    problem: str = ""


def read_branch_facts(tree: Worktree) -> BranchFacts:
    """Ask the repository; errors of git become `problem`."""
    try:
        sides = whole_change(tree)
        commits = _count(sides.repo, f"{sides.before}..{sides.after}")
        target = f"refs/heads/{tree.target}" if tree.target else ""
        ahead = _count(sides.repo, f"{sides.after}..{target}") if target else None
    except (GitError, OSError) as error:
        return BranchFacts(problem=str(error))
    return BranchFacts(sides.before, sides.after, commits, ahead)


def _count(repo: Path, commits: str) -> int | None:
    words = ["rev-list", "--count", "--end-of-options", commits, "--"]
    found = git(words, repo, accepted=(0, 128)).decode().strip()
    return int(found) if found.isdigit() else None


class BranchReader(QObject):
    """Reads the facts of branches in the background, each once until it is told to forget them.

    Signals:
        changed: more is known.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = BackgroundTasks(self)
        self._known: dict[tuple[str, str], tuple[Worktree, BranchFacts]] = {}
        self._requested: dict[tuple[str, str], Worktree] = {}

    def facts(self, tree: Worktree) -> BranchFacts | None:
        """The facts of a branch; None while they are read for the first time."""
        if self._requested.get(tree.key) != tree:
            self._requested[tree.key] = tree
            work: Callable[[], BranchFacts] = partial(read_branch_facts, tree)
            self.tasks.run_in_background(work, partial(self._on_read, tree))
        known = self._known.get(tree.key)
        return known[1] if known is not None and known[0] == tree else None

    def forget(self) -> None:
        """Read everything anew when it is needed: a target has moved. What is known stays until then."""
        self._requested.clear()

    def _on_read(self, tree: Worktree, facts: BranchFacts) -> None:
        if self._known.get(tree.key) != (tree, facts):
            self._known[tree.key] = (tree, facts)
            self.changed.emit()
