"""Places a job in the worktree of its workstream: a job file names the user's folders, an attempt works in the tree.

Touches no file but to see where links lead.
"""

import os
from pathlib import Path

from engine.jobfile.spec import JobSpec
from engine.system.git import work_tree_root
from engine.system.home import at_home
from engine.system.real_path import real_path
from state.worktree_records import Worktree


def repository_of(spec: JobSpec) -> Path | None:
    """The top of the working tree that a job works in, without links; None where it is in none, or in two."""
    root = work_tree_root(spec.working_dir)
    if root is None or ".git" in real_path(spec.working_dir).relative_to(root).parts:
        return None
    return root if work_tree_root(spec.repo_root) == root else None


def is_in_tree(spec: JobSpec, tree: Worktree) -> bool:
    """Whether a job of the tree's workstream runs in it: one that works elsewhere stays there.

    Also where the repository is not there any more: then its jobs run nowhere, not in what is left of it.
    """
    return all(_is_of(Path(tree.repo), real_path(folder)) for folder in (spec.working_dir, spec.repo_root))


def _is_of(repo: Path, folder: Path) -> bool:
    """Whether a folder is in a repository and in no other that is nested in it."""
    if not folder.is_relative_to(repo) or ".git" in folder.relative_to(repo).parts:
        return False
    root = work_tree_root(folder)
    return root is None or root == repo or not root.is_relative_to(repo)


def root_in_tree(spec: JobSpec, tree: Worktree) -> Path:
    """The folder in the worktree that stands for the `repo_root` of a job."""
    return _moved(spec.repo_root, tree)


def placed(spec: JobSpec, tree: Worktree) -> JobSpec:
    """The job as it runs in the worktree."""
    root = root_in_tree(spec, tree)
    folder = root / os.path.relpath(spec.working_dir, spec.repo_root)
    return spec.evolve(
        paths=spec.paths.model_copy(update={"repo_root": str(root), "working_dir": str(folder)})
    )


def with_copies_in(folder: Path, spec: JobSpec, tree: Worktree) -> JobSpec:
    """The job with the copies that it requests within its repository in another folder instead.

    In the worktree they would be committed with the work, and go with it.
    """
    named = {name: getattr(spec.paths, name) for name in ("log_file", "error_report")}
    copies = {
        name: str(folder / inner)
        for name, given in named.items()
        if given and (inner := _within(spec.repo_root / at_home(given), Path(tree.repo))) is not None
    }
    return spec.evolve(paths=spec.paths.model_copy(update=copies)) if copies else spec


def _within(path: Path, repo: Path) -> Path | None:
    """The place of a path in the repository, which need not be there; None for one outside."""
    real = Path(os.path.abspath(real_path(path.parent) / path.name))  # noqa: PTH100 - the name itself may be a link
    return real.relative_to(repo) if real.is_relative_to(repo) else None


def _moved(path: Path, tree: Worktree) -> Path:
    """The same place in the worktree; a path that is not in the repository stays."""
    real = real_path(path)
    return Path(tree.path) / real.relative_to(tree.repo) if real.is_relative_to(tree.repo) else path
