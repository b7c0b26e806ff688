"""Find the working trees in which a branch is checked out, and what keeps one from moving forward. Changes nothing."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError
from engine.git_step.in_the_way import in_the_way
from engine.git_step.under_way import under_way
from engine.merging.target_branch import BlockedError, Target
from engine.system.nested_trees import git_folder, submodules
from engine.system.small_files import read_small

Busy = Callable[[Path], str]
"""Who is at work in a working tree, as a clause such as "the job a is at work"; empty where nobody is."""
_NAMED = 5
_LONGEST_SWITCH_S = 600.0


def nobody(_tree: Path) -> str:
    """Say that nobody is at work there."""
    return ""


@dataclass(frozen=True)
class _Listed:
    """A working tree as git lists it; `is_gone` where git takes its folder for deleted."""

    path: Path
    ref: str
    is_gone: bool


def working_trees(git: GitCalls) -> Sequence[Path]:
    """The working trees of the repository that are there, and that git can read."""
    return [one.path for one in _listed(git) if not one.is_gone and _is_readable(one.path)]


@contextmanager
def left_out_if_removed(tree: Path) -> Iterator[None]:
    """Look into a listed working tree; that git fails there is nothing where somebody has removed it meanwhile."""
    try:
        yield
    except (StepError, OSError):
        if _is_readable(tree):
            raise


def checkout_of(git: GitCalls, target: Target) -> Path | None:
    """The working tree in which the branch is checked out; None where there is none.

    Raises:
        BlockedError: it cannot be moved there: several trees, or an operation of git on it is unfinished.
        StepError: git cannot say.
    """
    listed = [one for one in _listed(git) if not one.is_gone]
    for one in listed:
        if not one.ref and (operation := _rewrites(git, one.path, target)):
            raise BlockedError(
                f"A {operation} of {target.name} is unfinished in {one.path}. Finish or abort it."
            )
    found = [one.path for one in listed if one.ref == target.ref]
    if len(found) > 1:
        named = " and ".join(map(str, found))
        raise BlockedError(f"{target.name} is checked out in {named}. Switch all but one to another branch.")
    if found and not found[0].is_dir():
        raise BlockedError(
            f"{target.name} is checked out in {found[0]}, which cannot be reached. Bring it back, or run git "
            f"worktree unlock and git worktree prune."
        )
    return _top_of(git, found[0], target) if found else None


def refuse_switching(git: GitCalls, target: Target, *, own: Path) -> None:
    """Make sure that no git is on its way to check the branch out, in a tree that is not in the folder `own`.

    Such a git has read where the branch is, and says that it is checked out when all files are written.

    Raises:
        BlockedError: one may be.
        StepError: git cannot say which trees there are.
    """
    for one in _listed(git):
        folder = None if one.is_gone or one.path.is_relative_to(own) else git_folder(one.path)
        if folder is not None and _is_fresh(folder / "index.lock"):
            raise BlockedError(
                f"A git is at work in {one.path}, and may be about to switch to {target.name}. "
                "It goes on when that has ended."
            )


def _is_fresh(lock: Path) -> bool:
    """Whether it is there and young enough for a git that checks something out: others are left by one that died."""
    try:
        return time.time() - lock.stat().st_mtime < _LONGEST_SWITCH_S
    except OSError:
        return False


def _top_of(git: GitCalls, tree: Path, target: Target) -> Path:
    """Where the files of this working tree are: its configuration may name another folder than git lists."""
    inner = git.within(tree)
    top = _shown_top(inner)
    if top is None:
        raise BlockedError(
            f"{target.name} is checked out in a working tree of {tree} whose place git does not know. Switch that "
            "to another branch."
        )
    own = Path(inner.read("rev-parse", "--absolute-git-dir")).resolve()
    if top.resolve() != tree.resolve() and git_folder(top) != own:
        raise BlockedError(
            f"{target.name} is checked out in {tree}, whose configuration has git work in {top} instead "
            f"(core.worktree). Run git config --unset core.worktree there, or switch it to another branch."
        )
    return top


def refuse_lock(git: GitCalls, tree: Path, target: Target) -> None:
    """Make sure before the check that no other git has locked the index of the tree.

    Raises:
        BlockedError: one has, or was killed there.
    """
    lock = Path(git.read("rev-parse", "--absolute-git-dir")) / "index.lock"
    if lock.exists():
        raise BlockedError(
            f"{target.name} is checked out in {tree}, whose index is locked by {lock}. If no git runs there, remove it."
        )


def refuse_changes(
    git: GitCalls, tree: Path, target: Target, *, busy: Busy, after: str | None = None
) -> None:
    """Make sure that the tree of the target can move forward, to the commit `after` where that is known.

    `git` calls it in that tree, with the index it is to look at.

    Raises:
        BlockedError: somebody works there, or has changed something; it names what, and what to do.
        StepError: git cannot say.
    """
    where = f"{target.name} is checked out in {tree}"
    if who := busy(tree):
        raise BlockedError(f"{where}, where {who}. It goes on when that has ended.")
    if operation := under_way(git):
        raise BlockedError(f"{where}, where a {operation} is unfinished. Finish or abort it.")
    if changed := _changed(git):
        raise BlockedError(f"{where}, which has changes in {_few(changed)}. Commit or stash them there.")
    if after is not None:
        refuse_overwriting(git, tree, target, after)


def refuse_overwriting(
    git: GitCalls, tree: Path, target: Target, after: str, *, but: Collection[str] = ()
) -> None:
    """Make sure that nothing is in the way of the commit `after` that git does not know, but these paths.

    Raises:
        BlockedError: something is; it names it.
        StepError: git cannot say.
    """
    if files := [path for path in in_the_way(git.names, tree, target.commit, after) if path not in but]:
        raise BlockedError(
            f"{target.name} is checked out in {tree}, where the merge would overwrite {_few(files)}. "
            "Move or commit it."
        )


def _listed(git: GitCalls) -> Iterator[_Listed]:
    own_top = _own_top(git)
    for record in git.read("worktree", "list", "--porcelain", "-z").split("\0\0"):
        fields = dict(line.partition(" ")[::2] for line in record.split("\0") if line)
        if "worktree" in fields and "bare" not in fields:
            place = Path(fields["worktree"])
            yield _Listed(own_top.get(place, place), fields.get("branch", ""), "prunable" in fields)


def _own_top(git: GitCalls) -> Mapping[Path, Path]:
    """The tree in which `git` is called, by its own folder: so git lists a tree whose `.git` is elsewhere."""
    top = _shown_top(git)
    return {} if top is None else {Path(git.read("rev-parse", "--absolute-git-dir")): top}


def _shown_top(git: GitCalls) -> Path | None:
    done = git.run("rev-parse", "--show-toplevel")
    return None if done.returncode else Path(os.fsdecode(done.stdout).removesuffix("\n"))


def _is_readable(tree: Path) -> bool:
    """Whether git finds a repository here; for a bare one and for a submodule it lists the repository itself."""
    return git_folder(tree) is not None or (tree / "HEAD").is_file()


def _rewrites(git: GitCalls, tree: Path, target: Target) -> str:
    """The operation that has taken the branch off in this tree, and will move it when it is finished."""
    if not _is_readable(tree):
        return ""
    with left_out_if_removed(tree):
        return _operation_on(target, Path(git.within(tree).read("rev-parse", "--absolute-git-dir")))
    return ""


def _operation_on(target: Target, folder: Path) -> str:
    names = {"rebase-merge/head-name": "rebase", "rebase-apply/head-name": "rebase", "BISECT_START": "bisect"}
    for file, operation in names.items():
        try:
            name = read_small(folder / file)
        except OSError:
            continue
        if name in {target.ref, target.name}:
            return operation
    return ""


def _changed(git: GitCalls) -> Sequence[str]:
    """What differs from the commit; not a submodule that is at another commit, which no move of the tree touches."""
    words = (
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=no",
        "--ignore-submodules=dirty",
    )
    changed = [(entry[:2], entry[3:]) for entry in git.names(*words)]
    parts = submodules(git.names("ls-files", "--stage", "-z")) if changed else []
    return [path for state, path in changed if state != " M" or path not in parts]


def _few(files: Sequence[str]) -> str:
    left = len(files) - _NAMED
    return ", ".join(files[:_NAMED]) + (f" and {left} more" if left > 0 else "")
