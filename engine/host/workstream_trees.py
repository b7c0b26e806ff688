"""Keep the worktrees of workstreams as their rows say: made again where they went, their finished work committed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import WorktreeError
from engine.jobfile.project_file import ProjectFile
from engine.state_store.job_state_store import JobStateStore
from engine.system.fault_injection import fault
from engine.worktrees import finishing, making
from engine.worktrees.ignored_files import bring_ignored_files
from engine.worktrees.making import MadeTree
from engine.worktrees.merged_base import merged
from engine.worktrees.tree_content import SizeLimit
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_place import TreePlace, common_folder, linked_tree, repository_git
from engine.worktrees.worktree_store import WorkingTrees
from state.records import ReviewState, Workstream
from state.worktree_records import TreeState, Worktree

_MEGABYTE = 1_000_000

_LOST = (
    "Somebody had deleted or moved the one at {}: what was neither committed nor in its newest snapshot is only where "
    "it was moved to. Take from there what you need."
)


class WorkstreamTrees:
    """The worktrees of the workstreams of one home. Every method may wait for git."""

    def __init__(self, store: JobStateStore) -> None:
        self._store, self._records = store, store.trees

    @property
    def on_disk(self) -> WorkingTrees:
        """The worktrees by the present settings."""
        settings = self._store.settings()
        root = settings.worktrees_root(self._store.home)
        return WorkingTrees(root, snapshot_file_mb=settings.snapshot_file_mb)

    def finish(self, tree: Worktree) -> str | None:
        """The commit that holds all work of a workstream; None while more of it is to come.

        Raises:
            GitError: it cannot be committed; a repetition completes it.
        """
        stream = self._store.get_workstream(tree.ws_id, run_id=tree.run_id)
        if tree.head is not None or tree.state is TreeState.PLANNED or stream is None:
            return tree.head
        if not self._records.is_complete(tree):
            return None
        tree = self.there(tree)
        title = self._title(stream)
        limit = SizeLimit(self._store.settings().snapshot_file_mb * _MEGABYTE)
        with TreePlace.of(tree).locked() as lock:
            # Decided under the lock, which the next attempt has to wait for.
            if not self._records.is_complete(tree):
                return None
            done = finishing.finish(linked_tree(tree, lock), tree, _message(title, tree), limit=limit)
        fault("tree_finished")
        left = [file.path for file in done.left_out]
        message = _finished(title, done.head, left)
        is_recorded = self._records.finish(tree, done.head, message, level="warning" if left else "info")
        return done.head if is_recorded else None

    def _title(self, stream: Workstream) -> str:
        """What a workstream is called: by its own title, else by that of its run where that has no other."""
        if stream.title not in {"", stream.ws_id}:
            return stream.title
        run, streams = self._store.get_run(stream.run_id), self._store.list_workstreams(stream.run_id)
        return run.title or stream.ws_id if run is not None and len(streams) == 1 else stream.ws_id

    def work_of(self, tree: Worktree) -> str | None:
        """The commit that a workstream starts from which comes after this one; None where it was discarded."""
        stream = self._store.get_workstream(tree.ws_id, run_id=tree.run_id)
        if stream is None or stream.review is ReviewState.DISCARDED:
            return None
        head = self.finish(tree)
        return head or TreeGit(Path(tree.repo)).commit_of(f"refs/heads/{tree.branch}") or tree.base_commit

    def merged(self, tree: Worktree, heads: Sequence[str], *, message: str) -> str:
        """One commit with the work of all these commits, for a worktree to start from.

        Raises:
            MergeConflictError: two of them conflict.
        """
        with TreePlace.of(tree).locked() as lock:
            return merged(repository_git(tree, lock), heads, message=message, now=tree.created_at)

    def there(self, tree: Worktree) -> Worktree:
        """A worktree that was made once, brought back if it went: from its archive, its branch or its head.

        Raises:
            GitError: that is not possible; a repetition completes it.
        """
        if tree.state is TreeState.READY and not self.on_disk.is_missing(tree):
            return tree
        if tree.state is TreeState.ARCHIVED and tree.archive_ref:
            made = self.on_disk.restore_archived(tree)
        else:
            tree = self._records.change(tree, state=TreeState.REMOVED)
            made = self._make_again(tree)
        return self._records.made(tree, made.notes)

    def _make_again(self, tree: Worktree) -> MadeTree:
        """Make one that was removed again, of its branch, or of what was its work where that is gone too.

        What was uncommitted in the newest snapshot comes back, where nothing was committed since.
        """
        with TreePlace.of(tree).locked() as lock:
            git = repository_git(tree, lock)
            commit = git.commit_of(f"refs/heads/{tree.branch}") or (tree.head and git.commit_of(tree.head))
            if not commit:
                raise WorktreeError(
                    f"Branch {tree.branch}, which has the work of workstream {tree.ws_id}, is gone. Make it again "
                    f"where the work is (git fsck --lost-found names commits), or of {tree.base_commit} to begin anew, "
                    "then retry."
                )
            place = TreePlace.of(tree)
            known = place.known_as(common_folder(git))
            is_lost = bool(known) and not place.path.exists()
            made = making.make(replace(tree, base_commit=commit), git, keeps_branch=True)
        if is_lost:
            made = replace(made, notes=(*made.notes, _LOST.format(tree.path)))
        newest = next(reversed(self.on_disk.snapshots(tree)), None)
        if newest is not None and newest.head == made.commit and tree.head is None:
            self.on_disk.restore(tree, newest.number)
        return made

    @staticmethod
    def bring_ignored_files(tree: Worktree, project: ProjectFile) -> None:
        """Copy and link what the project file names into a worktree.

        Raises:
            GitError: that is not possible; a repetition completes it.
        """
        with TreePlace.of(tree).locked() as lock:
            bring_ignored_files(repository_git(tree, lock), Path(tree.path), project)


def _message(title: str, tree: Worktree) -> str:
    return f"{title}\n\nWorkstream {tree.ws_id} of run {tree.run_id}"


def _finished(title: str, head: str, left: Sequence[str]) -> str:
    files = f" Left out, since they are too large: {', '.join(left[:5])}." if left else ""
    return f"The work of workstream {title} is complete: commit {head[:12]}.{files}"
