"""The worktrees of isolated workstreams as attempts need them: made, restored and snapshotted before the tool starts.

Each step is recorded after it is done and can be repeated, so that an engine that dies in between makes nothing twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from engine.errors import GitError, WorktreeError
from engine.host.own_ports import with_own_ports
from engine.host.workstream_trees import WorkstreamTrees
from engine.interfaces import Claim, Placement
from engine.jobfile.placing import is_in_tree, placed, with_copies_in
from engine.jobfile.project_file import ProjectFile, project_of
from engine.jobfile.spec import JobSpec
from engine.scheduling.tree_restoring import snapshot_to_restore
from engine.state_store.job_state_store import JobStateStore
from engine.system.fault_injection import fault
from engine.worktrees.fetching import fetch
from engine.worktrees.merged_base import MergeConflictError
from engine.worktrees.tree_setup import is_set_up, setup_digest, tree_context
from engine.worktrees.tree_snapshots import KeptTree
from state.records import Attempt, HoldCause, Job, JobHold
from state.worktree_records import TreeState, Worktree, WorktreeSnapshot


class AttemptTrees:
    """Implements `Trees` for one home. Every method may wait for git."""

    def __init__(self, store: JobStateStore) -> None:
        self._records, self._trees = store.trees, WorkstreamTrees(store)
        self._find_jobs, self._get_job, self._logs = store.find_jobs, store.get_job, store.home.logs
        self._seen: dict[tuple[str, str], Worktree] = {}
        """Where attempts were prepared, so that an end is assessed while the database is busy."""

    def prepare(self, claim: Claim) -> Placement | JobHold:
        """Where the attempt runs, with its worktree made and its files as the attempt is to find them."""
        tree = self._tree(claim.job, claim.spec)
        if tree is None:
            return Placement(spec=claim.spec)
        self._seen[tree.key] = tree
        ready = self._ready(tree, claim.job)
        if isinstance(ready, JobHold):
            return ready
        if claim.spec.writes:
            ready = self._set_out(ready, claim)
        project = project_of(Path(ready.repo))
        ready = self._furnished(ready, project)
        named = claim.spec.metadata.message_file
        is_there = named is None or (claim.spec.repo_root / named).exists()
        return Placement(
            spec=placed(claim.spec, ready),
            task_root=claim.spec.repo_root if is_there else None,
            worktree=tree_context(ready, project, job_id=claim.job.job_id),
        )

    def is_in_place(self, job: Job, spec: JobSpec) -> bool:
        """Whether a job works where its file says."""
        return self._tree(job, spec) is None

    def is_made(self, claim: Claim) -> bool:
        """Whether the attempt runs in a worktree that is there already."""
        tree = self._tree(claim.job, claim.spec)
        if tree is None or tree.state is not TreeState.READY:
            return False
        return not self._trees.on_disk.is_missing(tree)

    def placed(self, attempt: Attempt, spec: JobSpec) -> JobSpec:
        """The job as an attempt of it ran."""
        tree = self._seen.get((attempt.run_id, attempt.ws_id)) or self._records.find(
            attempt.run_id, attempt.ws_id
        )
        if tree is None or not is_in_tree(spec, tree):
            return spec
        copies = self._logs / attempt.run_id / attempt.job_id
        return placed(with_copies_in(copies, spec, tree), tree)

    def finish(self, job_id: str) -> None:
        """Commit what the workstream of a job has made; where git cannot, the next engine tries again and says why."""
        job = self._get_job(job_id)
        tree = None if job is None else self._records.find(job.run_id, job.ws_id)
        if tree is not None:
            with suppress(GitError):
                self._trees.finish(tree)

    def _tree(self, job: Job, spec: JobSpec) -> Worktree | None:
        """The worktree of a job, as it was accepted: whatever became of the user's folders, it runs nowhere else."""
        tree = self._records.find(job.run_id, job.ws_id)
        is_its_own = tree is not None and (job.tree == tree.path or is_in_tree(spec, tree))
        return tree if is_its_own else None

    # --- the tree ------------------------------------------------------------------------------------------------

    def _ready(self, tree: Worktree, job: Job) -> Worktree | JobHold:
        """The worktree once it is there, or why there is none to begin with."""
        if tree.state is TreeState.PLANNED:
            return self._made(tree, job)
        return with_own_ports(self._records, self._trees.there(tree), job_id=job.job_id)

    def _made(self, tree: Worktree, job: Job) -> Worktree | JobHold:
        try:
            commit = self._merged_before(tree, job) or tree.base_commit or self._fetched(tree)
        except MergeConflictError as error:
            return _conflict(tree, error)
        except _FetchError as error:
            return JobHold(HoldCause.FETCH, str(error))
        pinned = self._records.change(tree, base_commit=commit)
        pinned = with_own_ports(self._records, pinned, job_id=job.job_id)
        fault("tree_pinned")
        made = self._trees.on_disk.make(pinned)
        fault("tree_made")
        return self._records.made(pinned, made.notes)

    def _furnished(self, tree: Worktree, project: ProjectFile) -> Worktree:
        """With the ignored files that the project file names; its setup is run by the attempt."""
        if is_set_up(tree, project):
            return tree
        self._trees.bring_ignored_files(tree, project)
        fault("tree_furnished")
        if project.setup is not None:
            return tree
        return self._records.change(tree, setup_digest=setup_digest(project))

    def _merged_before(self, tree: Worktree, job: Job) -> str | None:
        """The merged work of the isolated workstreams that this one comes after; None where there are none."""
        parents = self._find_jobs(job.depends_on).values()
        keys = dict.fromkeys(
            (one.run_id, one.ws_id) for one in parents if (one.run_id, one.ws_id) != tree.key
        )
        before = [self._records.find(*key) for key in keys]
        same = [one for one in before if one is not None and one.repo == tree.repo]
        heads = {head: one.ws_id for one in same if (head := self._trees.work_of(one)) is not None}
        if not heads:
            return None
        names = " and ".join(dict.fromkeys(heads.values()))
        try:
            return self._trees.merged(tree, list(heads), message=f"Merge {names}\n\nfor {tree.ws_id}")
        except MergeConflictError as error:
            raise MergeConflictError(
                heads.get(error.one, names), heads.get(error.other, names), error.files
            ) from error

    def _fetched(self, tree: Worktree) -> str:
        """The commit of the base, after what is there was fetched if the job files or the project file say so.

        Every workstream of the run that waits for the same is pinned to the same commit.
        """
        repo = Path(tree.repo)
        if self._is_fetched(tree):
            try:
                fetch(repo, tree.base)
            except WorktreeError as error:
                raise _FetchError(str(error)) from error
        return self._records.pin(tree, self._trees.on_disk.pin(repo, tree.base))

    def _is_fetched(self, tree: Worktree) -> bool:
        given = self._records.job_fields(tree, "fetch")
        return bool(given[0] if given else project_of(Path(tree.repo)).fetch)

    # --- its files -------------------------------------------------------------------------------------------------

    def _set_out(self, tree: Worktree, claim: Claim) -> Worktree:
        """Bring the files to what the attempt starts from, and keep that as a snapshot.

        All snapshots are recorded that are not yet: an engine may have died after it had made one.
        """
        trees = self._trees.on_disk
        known = trees.snapshots(tree)
        number = snapshot_to_restore(claim, [(one.number, one.job_id, one.attempt_id) for one in known])
        if number is not None:
            tree = self._records.change(tree, setup_digest=None)
            trees.restore(tree, number)
            fault("tree_restored")
        trees.snapshot(tree, job_id=claim.job.job_id, attempt_id=claim.attempt.id)
        fault("tree_kept")
        self._records.add_snapshots(tree, list(_snapshots(tree, trees.snapshots(tree))))
        return tree


class _FetchError(WorktreeError):
    """The base could not be fetched."""


def _conflict(tree: Worktree, error: MergeConflictError) -> JobHold:
    reason = (
        f"needs you: the work of {error.one} and {error.other}, which workstream {tree.ws_id} comes after, conflicts "
        f"in {', '.join(error.files)}. Change one of them so that they fit, then release this job."
    )
    return JobHold(HoldCause.CONFLICT, reason)


def _snapshots(tree: Worktree, kept: Sequence[KeptTree]) -> Iterator[WorktreeSnapshot]:
    for one in kept:
        yield WorktreeSnapshot(
            run_id=tree.run_id,
            ws_id=tree.ws_id,
            number=one.number,
            commit=one.commit,
            job_id=one.job_id,
            attempt_id=one.attempt_id,
            created_at=one.created_at,
            left_out=[file.path for file in one.left_out],
        )
