"""The worktrees of one home on disk: each operation is whole or not at all, and can be repeated after any interruption.

What is recorded of them is somebody else's business; here a worktree is known by its record alone.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from engine.errors import GitError, WorktreeError
from engine.system.clock import wall
from engine.worktrees import archiving, finishing, making, snapshot_restore, tree_snapshots
from engine.worktrees.archiving import ArchivedTree
from engine.worktrees.disk_use import disk_use
from engine.worktrees.finishing import FinishedTree
from engine.worktrees.making import MadeTree
from engine.worktrees.ref_pruning import OwnRefs, own_refs
from engine.worktrees.tree_content import SizeLimit
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_place import TreePlace, common_folder, linked_tree, repository_git
from engine.worktrees.tree_snapshots import KeptTree
from state.worktree_records import Worktree

_MEGABYTE = 1_000_000


class WorkingTrees:
    """Makes, keeps and removes the worktrees of workstreams; every method blocks, so call it on a pool thread.

    Every method raises a GitError (of which a WorktreeError is one) with what to do where it cannot; it was left as it
    was, or is completed by a repetition.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = wall, snapshot_file_mb: int = 50
    ) -> None:
        self._folder, self._clock = folder, clock
        self._limit = SizeLimit(snapshot_file_mb * _MEGABYTE)

    def place(self, run_id: str, ws_id: str) -> Path:
        """Where the worktree of a workstream is to be."""
        return self._folder.absolute() / run_id / ws_id

    @staticmethod
    def pin(repo: Path, base: str = "HEAD") -> str:
        """The id of the commit that `base` names in the repository now."""
        git = TreeGit(repo)
        git.text("rev-parse", "--git-dir")  # says in its own words what is wrong with the folder
        return making.pinned_commit(git, base)

    def make(self, tree: Worktree) -> MadeTree:
        """Make the worktree of a workstream with its branch, or complete one that was begun."""
        with TreePlace.of(tree).locked() as lock:
            return making.make(tree, repository_git(tree, lock))

    def snapshot(
        self, tree: Worktree, *, job_id: str | None = None, attempt_id: int | None = None
    ) -> KeptTree:
        """Keep what lies in the worktree now; a repetition for the same attempt finds what was kept."""
        with TreePlace.of(tree).locked() as lock:
            linked = linked_tree(tree, lock)
            about = {"job_id": job_id, "attempt_id": attempt_id}
            return tree_snapshots.take(linked, tree, limit=self._limit, clock=self._clock, **about)

    def snapshots(self, tree: Worktree) -> Sequence[KeptTree]:
        """The snapshots of the worktree, oldest first; also of one that is archived."""
        return tree_snapshots.snapshots(TreeGit(Path(tree.repo)), tree)

    def restore(self, tree: Worktree, number: int) -> KeptTree | None:
        """Bring the worktree back to a snapshot; returns the snapshot of what was there, None if that was the same."""
        with TreePlace.of(tree).locked() as lock:
            linked = linked_tree(tree, lock)
            kept = _numbered(tree_snapshots.snapshots(linked.git, tree), number, tree)
            return snapshot_restore.restore(linked, tree, kept, limit=self._limit, clock=self._clock)

    def finish(self, tree: Worktree, message: str) -> FinishedTree:
        """Commit what is uncommitted on the branch of the worktree; with nothing to commit, say what the head is."""
        with TreePlace.of(tree).locked() as lock:
            return finishing.finish(linked_tree(tree, lock), tree, message, limit=self._limit)

    def archive(self, tree: Worktree) -> ArchivedTree:
        """Keep all that is in the worktree under a ref, then remove it and its branch; or say why it stays."""
        with TreePlace.of(tree).locked() as lock:
            git = repository_git(tree, lock)
            return archiving.archive(tree, git, lock, limit=self._limit, clock=self._clock)

    def preserve(self, tree: Worktree) -> str:
        """Keep all that is in the worktree under the ref of its archive, and the worktree; returns the ref."""
        with TreePlace.of(tree).locked() as lock:
            linked = linked_tree(tree, lock)
            archiving.preserve(linked, tree, limit=self._limit, clock=self._clock)
            return archiving.archive_ref(linked.git, tree)

    def obstacle(self, tree: Worktree) -> str:
        """Why the worktree could not be archived now; empty if it could, or is gone. Changes nothing."""
        if not os.path.lexists(tree.path):
            return ""
        try:
            with TreePlace.of(tree).locked() as lock:
                return archiving.examined(linked_tree(tree, lock), tree, limit=self._limit)[0]
        except GitError as error:
            return str(error)

    def remove(self, tree: Worktree) -> str:
        """Remove the worktree if it is clean or archived; returns why it stays, or nothing. The branch stays."""
        with TreePlace.of(tree).locked() as lock:
            return archiving.remove(tree, repository_git(tree, lock), lock, limit=self._limit)

    def restore_archived(self, tree: Worktree) -> MadeTree:
        """Bring an archived worktree back: its branch, its files, and what was uncommitted as uncommitted again."""
        with TreePlace.of(tree).locked() as lock:
            return archiving.bring_back(
                tree, repository_git(tree, lock), lock, limit=self._limit, clock=self._clock
            )

    def refs(self, tree: Worktree) -> OwnRefs:
        """The refs that keep what lay in a worktree, also of one that is gone."""
        return own_refs(TreeGit(Path(tree.repo)), tree)

    @staticmethod
    def is_missing(tree: Worktree) -> bool:
        """Whether somebody has deleted it; where the whole folder of worktrees is gone, its disk may come back."""
        place = TreePlace.of(tree)
        is_going = place.going.exists() or place.gone.exists()
        is_gone = not os.path.lexists(place.path) and not is_going
        return is_gone and place.path.parent.is_dir()

    @staticmethod
    def why_moved(tree: Worktree) -> str:
        """That somebody has moved it, and what to do; empty where it was deleted, or is out of sight."""
        return TreePlace.of(tree).why_moved(common_folder(TreeGit(Path(tree.repo))))

    @staticmethod
    def disk_use(tree: Worktree) -> int | None:
        """The bytes that the worktree takes on its disk; None if nobody can say."""
        return disk_use(Path(tree.path))

    def settle(self, trees: Iterable[Worktree]) -> Sequence[str]:
        """At the start of an engine: undo or complete what a killed one has left; returns what could not be."""
        problems = []
        for tree in trees:
            try:
                if Path(tree.path).parent.is_dir():
                    self._settle(tree)
            except GitError as error:
                problems.append(str(error))
        return problems

    @staticmethod
    def _settle(tree: Worktree) -> None:
        with TreePlace.of(tree).locked() as lock:
            archiving.settle(tree, repository_git(tree, lock))


def _numbered(known: Sequence[KeptTree], number: int, tree: Worktree) -> KeptTree:
    for kept in known:
        if kept.number == number:
            return kept
    numbers = ", ".join(str(kept.number) for kept in known) or "none"
    raise WorktreeError(f"Workstream {tree.ws_id} has no snapshot {number}; it has {numbers}.")
