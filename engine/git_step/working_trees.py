"""Add and remove working trees so that an interruption leaves nothing that its repetition does not complete.

A new tree is made in a folder of our own beside its place and then moved there, and one that is removed is moved there
first: what is deleted after an interruption is never a folder in which somebody works. A branch is made last.
"""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.git_step.calls import GitCalls, StepError, UnfinishedError
from engine.git_step.journal import StepJournal
from engine.system.nested_trees import is_linked, submodules
from engine.system.worktree_pointer import record_place, recorded_place


def add(git: GitCalls, step: Mapping[str, Any], journal: StepJournal, *, target: str, scratch: Path) -> str:
    """Make a working tree of the commit `target` on a new branch.

    Raises:
        StepError: the place or the branch is taken, or git cannot fill the tree; nothing is left of it.
    """
    path, branch, common = Path(step["path"]).resolve(), step["branch"], _common(git)
    staging = _noted_staging(path, journal)
    is_moved = staging is not None and (path / ".git").is_file() and is_linked(path, common)
    if staging is not None and not is_moved:
        _clear(staging, common)
    if not is_moved:
        _refuse_taken(git, path, branch)
        if not path.exists() and Path(step["path"]).is_symlink():
            raise StepError(f"{step['path']} is a link to nothing. Choose another path.")
        paths = git.names("ls-tree", "-r", "-z", "--name-only", target)
        git.refuse_foreign_filters_of(target, paths, scratch=scratch)
        _make(git, path, journal, target=target, common=common)
    return _finish(git, path, branch, target=target, common=common)


def remove(git: GitCalls, step: Mapping[str, Any], journal: StepJournal) -> str:
    """Remove a working tree that holds no uncommitted work.

    Raises:
        StepError: it holds some, is locked, or is none.
    """
    path, common = Path(step["path"]).resolve(), _common(git)
    noted = _noted_staging(path, journal)
    staging = noted or _new_staging(path)
    if _may_be_moved(git, path, common):
        journal.note(staging=str(staging))
        staging.parent.mkdir(exist_ok=True)
        path.replace(staging)
    elif noted is None or path.exists():
        done = git.show("worktree", "remove", "--", str(path))
        if done.returncode and b"contains modified or untracked files" in done.stderr:
            raise StepError(f"Working tree {path} holds work that is not committed; it was left as it is.")
        git.check(done, "worktree")
    _clear(staging, common, place=path)
    return f"Removed working tree {step['path']}."


def _common(git: GitCalls) -> Path:
    """The folder that all working trees of the repository share."""
    return Path(git.must("rev-parse", "--git-common-dir").strip()).resolve()


def _noted_staging(path: Path, journal: StepJournal) -> Path | None:
    """Where an interrupted attempt made or moved the tree: beside its place, whatever else a forged note says."""
    noted = Path(journal.facts.get("staging", ""))
    is_beside = noted.parent.parent == path.parent and noted.name == path.name
    return noted if is_beside else None


def _new_staging(path: Path) -> Path:
    return path.parent / f".signalbox-{secrets.token_hex(4)}" / path.name


def _may_be_moved(git: GitCalls, path: Path, common: Path) -> bool:
    """Whether this is a working tree that git would remove: linked, not locked, clean, without submodules."""
    if not is_linked(path, common) or any((known / "locked").exists() for known in _known_as(path, common)):
        return False
    inner = git.within(path)
    status = inner.run("status", "--porcelain", "--ignore-submodules=dirty")
    is_clean = not status.returncode and not status.stdout
    return is_clean and not submodules(inner.names("ls-files", "--stage", "-z"))


def _refuse_taken(git: GitCalls, path: Path, branch: str) -> None:
    if git.run("check-ref-format", "--branch", branch).returncode:
        raise StepError(f"{branch!r} cannot be the name of a branch.")
    if path.exists() and any(path.iterdir() if path.is_dir() else [path]):
        raise StepError(f"{path} is there already and not empty. Choose another path.")
    if git.commit_of(f"refs/heads/{branch}"):
        raise StepError(f"Branch {branch} already exists. Choose another name.")


def _make(git: GitCalls, path: Path, journal: StepJournal, *, target: str, common: Path) -> None:
    staging = _new_staging(path)
    journal.note(staging=str(staging), target=target)
    try:
        staging.parent.mkdir(parents=True)
        git.must("worktree", "add", "--detach", "--", str(staging), target)
        staging.replace(path)
        staging.parent.rmdir()
    except (StepError, OSError):
        _clear(staging, common)
        raise


def _finish(git: GitCalls, path: Path, branch: str, *, target: str, common: Path) -> str:
    """Let git know where the tree is, and make its branch; both can be repeated."""
    inner = git.within(path)
    try:
        record_place(path, common)
        if inner.must("rev-parse", "--symbolic-full-name", "HEAD").strip() == f"refs/heads/{branch}":
            return f"Working tree {path} on branch {branch}."
        is_there = inner.commit_of(f"refs/heads/{branch}") == target
        made = None if is_there else git.show("branch", "--no-track", "--", branch, target)
        if made is not None and made.returncode > 0:
            git.must("worktree", "remove", "--", str(path))  # git refuses where somebody has changed it
    except StepError as error:
        raise UnfinishedError(str(error)) from error
    except OSError as error:
        raise UnfinishedError(f"{error.filename}: {error.strerror}. Look at the folder.") from error
    if made is not None:
        git.check(made, "branch")
    try:
        inner.must("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    except StepError as error:
        raise UnfinishedError(str(error)) from error
    return f"Working tree {path} on branch {branch}."


def _clear(staging: Path, common: Path, *, place: Path | None = None) -> None:
    """Take away the tree in the folder of our own, and what git knows of it or of the place it had."""
    shutil.rmtree(staging.parent, ignore_errors=True)
    for known in _known_as(place or staging, common):
        shutil.rmtree(known, ignore_errors=True)


def _known_as(path: Path, common: Path) -> list[Path]:
    """The folders in which git keeps what it knows of the working tree at this path."""
    found = []
    for known in (common / "worktrees").glob("*"):
        try:
            if recorded_place(known) == path:
                found.append(known)
        except (OSError, ValueError):
            continue
    return found
