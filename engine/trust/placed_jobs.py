"""Compares what a job would start in the worktree of its workstream with what was granted for the repository.

A worktree is the same repository, so a grant for that holds in it: for the same command, the same contents. What a
person grants for the worktree itself holds there alone, since its paths are in it.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import GitError, JobFileError
from engine.jobfile.project_file import project_of
from engine.jobfile.spec import JobSpec
from engine.system.git import git, names
from engine.trust.differences import differences
from engine.trust.fingerprints import BoundFile, identity, is_inside
from engine.trust.launch import attempt_plans
from engine.trust.launch_plan import LaunchPlan
from engine.trust.project_jobs import jobs_in
from engine.trust.repository_state import RepositoryState, RepositoryStates
from engine.types import TreeContext


@dataclass(frozen=True, kw_only=True)
class PlacedJob:
    """A job as it runs in the worktree of its workstream.

    Args:
        spec: the job with the paths of the worktree.
        repo: the real path of the user's own working tree.
        tree: the real path of the worktree.
        base: the commit that the worktree was made of.
        is_set_up: whether its setup has run there before.
    """

    spec: JobSpec
    repo: str
    tree: str
    base: str
    is_set_up: bool = True

    @classmethod
    def of(cls, spec: JobSpec, worktree: TreeContext) -> "PlacedJob":
        """The job with the paths of this worktree."""
        repo, tree = (os.path.realpath(path) for path in (worktree.repo or worktree.path, worktree.path))
        base, is_set_up = worktree.base_commit, not worktree.setup
        return cls(spec=spec, repo=repo, tree=tree, base=base, is_set_up=is_set_up)

    def around(self, root: str) -> tuple[tuple[str, JobSpec], ...]:
        """What the project file has run around the job, with its files as they are below `root`."""
        if not self.spec.is_agent and self.is_set_up:
            return ()  # it came with the coding tool of the workstream, which was reviewed with that
        try:
            project = project_of(Path(self.repo))
        except JobFileError:
            return ()  # no job starts there
        return tuple(jobs_in(self.spec, project, Path(root)))

    def in_repo(self, path: str) -> str:
        """The same place in the user's own working tree; a path elsewhere stays."""
        if path == self.tree:
            return self.repo
        return self.repo + path.removeprefix(self.tree) if is_inside(path, self.tree) else path


def placed_plans(
    placed: PlacedJob, tool_paths: Mapping[str, str], states: RepositoryStates
) -> tuple[LaunchPlan, ...]:
    """What the next attempt would start in the worktree, as it lies there now, with what the project file has run."""
    plans = attempt_plans(placed.spec, tool_paths, around=placed.around(placed.tree))
    return tuple(plan.with_state(states) for plan in plans)


def as_in_repository(plans: Sequence[LaunchPlan], placed: PlacedJob) -> tuple[LaunchPlan, ...]:
    """The plans of the worktree with the paths of the user's own, as grants for the repository name them."""
    return tuple(_moved(plan, placed) for plan in plans)


def what_is_more(moved: Sequence[LaunchPlan], own: Sequence[LaunchPlan], placed: PlacedJob) -> list[str]:
    """What would start or be loaded in the worktree that would not in the user's own working tree, as clauses.

    Files that git does not have are not in a new worktree: it loads less, and that is nothing more.
    """
    if len(moved) != len(own):
        return ["it would start something else"]
    missing = {path for there, here in zip(moved, own, strict=True) for path in _missing(there, here, placed)}
    try:
        known = _known(placed, missing)
    except GitError as error:
        return [f"git cannot say what its commit has ({error})"]
    pairs = zip(moved, own, strict=True)
    return list(dict.fromkeys(one for there, here in pairs for one in _more(there, here, placed, known)))


def _more(there: LaunchPlan, here: LaunchPlan, placed: PlacedJob, known: Collection[str]) -> list[str]:
    absent = [file for file in here.files if _relative(file.path, placed) not in known]
    filled = replace(there, files=_filled(there.files, absent))
    if there.problem or (here.tool == "tests" and not is_inside(there.program, placed.repo)):
        # What is not there yet only the setup can make; a program of the user's own is no code of the repository.
        same = {name: getattr(here, name) for name in ("program", "exe", "exe_print", "script")}
        filled = replace(filled, **same)
    if there.state is not None and here.state is not None:
        added = [file for file in here.state.files if file.path not in known]
        filled = replace(filled, state=_of(there.state, _filled(there.state.files, added)))
    return differences(filled, here)


def _filled(files: Sequence[BoundFile], others: Sequence[BoundFile]) -> tuple[BoundFile, ...]:
    there = {file.path for file in files}
    return tuple(sorted({*files, *(file for file in others if file.path not in there)}))


def _missing(there: LaunchPlan, here: LaunchPlan, placed: PlacedJob) -> set[str]:
    """The paths in the repository of what is bound in the user's own working tree alone."""
    found = {file.path for file in here.files} - {file.path for file in there.files}
    missing = {_relative(path, placed) for path in found}
    if there.state is not None and here.state is not None:
        missing |= {file.path for file in here.state.files} - {file.path for file in there.state.files}
    return missing


def _known(placed: PlacedJob, paths: Collection[str]) -> set[str]:
    """Those of these paths that the commit has of which the worktree was made."""
    inside = sorted(path for path in paths if not path.startswith((".." + os.sep, os.sep)))
    if not inside:
        return set()
    listing = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", placed.base, "--"]
    return set(names(git([*listing, *inside], Path(placed.tree), env={"GIT_LITERAL_PATHSPECS": "1"})))


def _relative(path: str, placed: PlacedJob) -> str:
    return os.path.relpath(path, placed.repo)


def _moved(plan: LaunchPlan, placed: PlacedJob) -> LaunchPlan:
    return replace(
        plan,
        repo=placed.in_repo(plan.repo),
        repo_id=identity(placed.in_repo(plan.repo)),
        cwd=placed.in_repo(plan.cwd),
        program=placed.in_repo(plan.program),
        exe=placed.in_repo(plan.exe),
        script=placed.in_repo(plan.script),
        files=tuple(sorted(_moved_file(file, placed) for file in plan.files)),
        folders=tuple(map(placed.in_repo, plan.folders)),
        state=None if plan.state is None else _moved_state(plan.state, placed),
    )


def _moved_file(file: BoundFile, placed: PlacedJob) -> BoundFile:
    contents = file.fingerprint.replace(f"link:{placed.tree}{os.sep}", f"link:{placed.repo}{os.sep}")
    return BoundFile(placed.in_repo(file.path), contents)


def _moved_state(state: RepositoryState, placed: PlacedJob) -> RepositoryState:
    """The state with its paths relative to the user's own working tree; those in the worktree are the same in both."""
    if state.problem:
        return state
    return _of(state, [_moved_entry(file, placed) for file in state.files])


def _moved_entry(file: BoundFile, placed: PlacedJob) -> BoundFile:
    path = os.path.normpath(os.path.join(placed.tree, file.path))
    if path == placed.tree or is_inside(path, placed.tree):
        return file
    return BoundFile(os.path.relpath(path, placed.repo), file.fingerprint)


def _of(state: RepositoryState, files: Sequence[BoundFile]) -> RepositoryState:
    return RepositoryState.of(
        files, commit=state.commit, tree=state.tree, linked=state.linked, has_git=state.has_git
    )
