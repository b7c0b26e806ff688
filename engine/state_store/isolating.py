"""Decide which workstreams of incoming jobs are isolated, and plan the worktree of each; makes none of them.

Runs no git: it is called in the transaction that accepts the jobs.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.isolation import agreed
from engine.jobfile.isolation_choice import isolation_choice, writer_of
from engine.jobfile.known_projects import known_project
from engine.jobfile.placing import is_in_tree, root_in_tree
from engine.jobfile.project_file import ProjectFile
from engine.jobfile.spec import JobSpec
from engine.settings import Settings
from engine.state_store.accepting import IncomingJob
from engine.system.git_refs import RefFiles
from engine.system.home import Home
from state import queries, worktree_queries
from state.database import Connection
from state.records import Job, ReviewState, Workstream
from state.worktree_records import Worktree, ref_part


class Isolation:
    """Decides for the jobs of one acceptance, by what the database holds at that moment."""

    def __init__(self, connection: Connection, settings: Settings, home: Home) -> None:
        self._connection, self._settings, self._home = connection, settings, home
        self._planned: list[Worktree] = []

    def isolated(self, entry: IncomingJob, specs: Sequence[JobSpec]) -> IncomingJob:
        """The same entry with the worktrees of its isolated workstreams, and their jobs placed there.

        `specs` are its jobs in the same order.

        Raises:
            JobFileError: steps of a workstream disagree, or one says `isolation: worktree` where that cannot be.
        """
        members: dict[tuple[str, str], list[JobSpec]] = {}
        for new, spec in zip(entry.jobs, specs, strict=True):
            members.setdefault((new.job.run_id, new.job.ws_id), []).append(spec)
        trees = {key: tree for key, of in members.items() if (tree := self._tree(*key, of)) is not None}
        jobs = [
            replace(new, job=in_tree(new.job, spec, trees[key]))
            if (key := (new.job.run_id, new.job.ws_id)) in trees
            else new
            for new, spec in zip(entry.jobs, specs, strict=True)
        ]
        runs = {
            run_id: (run, [self._reviewed(one, trees.get(one.key), members[one.key]) for one in streams])
            for run_id, (run, streams) in entry.runs.items()
        }
        return replace(entry, runs=runs, jobs=jobs, worktrees=tuple(self._planned))

    def _tree(self, run_id: str, ws_id: str, specs: Sequence[JobSpec]) -> Worktree | None:
        """The worktree of a workstream: the one it has, or one that is planned; None where it works in place."""
        requested = agreed("isolation", specs)
        known = worktree_queries.find_worktree(self._connection, run_id, ws_id)
        if known is None and queries.find_workstream(self._connection, ws_id, run_id) is None:
            planned = self._plan(run_id, ws_id, specs)
            self._planned += [] if planned is None else [planned]
            return planned
        present = "in_place" if known is None else "worktree"
        if requested is not None and requested != present:
            reason = f"workstream {ws_id} of run {run_id} has {present} already; say the same, or nothing"
            raise JobFileError(reason, field="metadata.isolation")
        return known

    def _plan(self, run_id: str, ws_id: str, specs: Sequence[JobSpec]) -> Worktree | None:
        choice = isolation_choice(specs, self._settings.isolation, _known)
        if choice is None:
            return None
        root, project, refs = choice.root, choice.project, choice.refs
        if root is None or refs is None:
            raise JobFileError(_obstacle(choice.lead, root), field="metadata.isolation")
        base = agreed("base", specs) or project.base or "HEAD"
        fetch = agreed("fetch", specs)
        tree = Worktree(run_id=run_id, ws_id=ws_id, repo=str(root), path="", branch="", base=base)
        is_fetched = bool(project.fetch if fetch is None else fetch)
        return self._placed(self._begun(tree, project, refs, is_fetched=is_fetched), project, refs)

    def _begun(self, tree: Worktree, project: ProjectFile, refs: RefFiles, *, is_fetched: bool) -> Worktree:
        """With its base and target; a base that is fetched first, or that only git can resolve, is pinned later."""
        pinned = None if is_fetched else self._pinned(tree) or refs.commit(tree.base)
        return replace(tree, base_commit=pinned, target=project.target or refs.head_branch())

    def _pinned(self, tree: Worktree) -> str | None:
        """What another workstream of the run was pinned to: all of a run start from the same commit."""
        others = [*self._planned, *worktree_queries.worktrees_of(self._connection, [tree.run_id])]
        same = (
            one for one in others if (one.run_id, one.repo, one.base) == (tree.run_id, tree.repo, tree.base)
        )
        return next((one.base_commit for one in same if one.base_commit is not None), None)

    def _placed(self, tree: Worktree, project: ProjectFile, refs: RefFiles) -> Worktree:
        """With a folder and a branch that are nobody else's."""
        run, workstream = ref_part(tree.run_id), ref_part(tree.ws_id)
        template = project.branch or self._settings.branch_template
        branch = template.replace("{run}", run).replace("{workstream}", workstream)
        folder = self._settings.worktrees_root(self._home) / run / workstream
        return next(each for each in _variants(tree, folder, branch) if self._is_free(each, refs))

    def _is_free(self, tree: Worktree, refs: RefFiles) -> bool:
        taken = {(one.repo, one.branch.casefold()) for one in self._planned}
        paths = {one.path.casefold() for one in self._planned}
        return not (
            (tree.repo, tree.branch.casefold()) in taken
            or tree.path.casefold() in paths
            or refs.has_branch(tree.branch)
            or os.path.lexists(tree.path)
            or worktree_queries.is_taken(self._connection, tree)
        )

    @staticmethod
    def _reviewed(stream: Workstream, tree: Worktree | None, specs: Sequence[JobSpec]) -> Workstream:
        if tree is None:
            return stream
        lead = writer_of(specs) or specs[0]
        need = agreed("review", specs) or known_project(lead.repo_root).project.review
        return replace(stream, review=ReviewState.WORKING, needs_review=need != "none")


def _known(repo: Path) -> ProjectFile:
    return known_project(repo).project


def in_tree(job: Job, spec: JobSpec, tree: Worktree | None) -> Job:
    """The job as a writer of the worktree of its workstream, where it runs there."""
    if tree is None or not is_in_tree(spec, tree):
        return job
    scope_root = None if job.scope_root is None else str(root_in_tree(spec, tree))
    return replace(job, tree=None if job.tree is None else tree.path, scope_root=scope_root)


def refuse_other_isolation(spec: JobSpec, tree: Worktree | None) -> None:
    """Refuse an edit by which a job would work elsewhere than the rest of its workstream.

    Raises:
        CommandRefusedError: it names another isolation.
    """
    present = "in_place" if tree is None else "worktree"
    if spec.metadata.isolation not in {None, present}:
        raise CommandRefusedError(
            f"Workstream {spec.workstream_id} works with isolation {present}, and an edit keeps that; "
            f"{spec.metadata.isolation} needs a workstream of its own."
        )


def _variants(tree: Worktree, folder: Path, branch: str) -> Iterator[Worktree]:
    yield replace(tree, path=str(folder), branch=branch)
    for number in count(2):
        yield replace(tree, path=f"{folder}-{number}", branch=f"{branch}-{number}")


def _obstacle(spec: JobSpec, root: Path | None) -> str:
    if root is not None:
        return (
            f"worktree needs a commit to start from, and {root} has none; commit something, or say in_place"
        )
    return f"worktree needs a git repository that has {spec.working_dir} and {spec.repo_root} in it; say in_place"
