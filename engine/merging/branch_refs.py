"""Read the refs of unmerged branches, their targets and snapshots, and notice without git that one has moved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.git_step.calls import GitCalls
from state.worktree_records import UnmergedBranch, snapshot_refs

HEADS = "refs/heads/"
_FORMAT = "%(refname)%00%(objectname)%00%(parent)"
_ANYWHERE = ("packed-refs", "reftable/tables.list")
"""Where git may keep refs, besides one file for each."""


RefTimes = Mapping[Path, tuple[int, int] | None]
"""Inode and time of files, None for one that does not exist."""


@dataclass(frozen=True)
class Ref:
    """What a ref names: a commit, with its parents."""

    commit: str
    parents: Sequence[str]


def refs_of(git: GitCalls, branches: Sequence[UnmergedBranch]) -> Mapping[str, Ref]:
    """The branches, their targets and their newest snapshots, in one call."""
    names = [*ref_names(branches), *(_snapshot_ref(each) for each in branches if each.snapshot)]
    listed = git.read("for-each-ref", f"--format={_FORMAT}", *dict.fromkeys(names))
    found = {}
    for line in listed.splitlines():
        name, commit, parents = line.split("\0")
        found[name] = Ref(commit, parents.split())
    return found


def ref_files(common: Path, branches: Iterable[UnmergedBranch]) -> Iterator[Path]:
    """The files in which git may keep these branches and their targets, in the folder that all worktrees share."""
    yield from (common / name for name in (*_ANYWHERE, *ref_names(branches)))


def ref_names(branches: Iterable[UnmergedBranch]) -> Iterator[str]:
    """The refs of these branches and their targets."""
    for each in branches:
        yield HEADS + each.worktree.branch
        if each.worktree.target:
            yield HEADS + each.worktree.target


def _snapshot_ref(of: UnmergedBranch) -> str:
    return f"{snapshot_refs(*of.worktree.key)}{of.snapshot}"


def recorded_commit(of: UnmergedBranch, refs: Mapping[str, Ref]) -> str:
    """What git has recorded of a branch; empty where it does not exist, or nothing is on it yet."""
    tip = refs.get(HEADS + of.worktree.branch)
    if tip is None:
        return ""
    snapshot = refs.get(_snapshot_ref(of)) if not of.is_finished else None
    is_newer = snapshot is not None and tip.commit in snapshot.parents
    commit = snapshot.commit if is_newer and snapshot is not None else tip.commit
    return "" if commit == of.worktree.base_commit else commit


def times_of(files: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """The files as they are now; takes microseconds for each."""
    return {file: _time_of(file) for file in files}


def _time_of(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns)
