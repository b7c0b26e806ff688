"""Say which branches cannot conflict because of the paths they change, so that most pairs need no git process.

Errs on the side of a rehearsal: of two branches for which this says no, git merges any versions without a conflict.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.git_step.calls import GitCalls

_MOST_COMMITS = 1000
"""A branch of more commits is always rehearsed."""


@dataclass(frozen=True)
class BranchChanges:
    """The paths that a branch changes since the commit it starts from, with all folders above them."""

    base: str
    paths: frozenset[str]
    folders: frozenset[str]
    has_added: bool
    has_removed: bool


def changes_since(git: GitCalls, base: str, tip: str) -> BranchChanges | None:
    """What a branch changes; None where its commits are not one line from `base`, so paths alone prove nothing.

    Raises:
        StepError: a commit is not there.
    """
    if not _is_one_line(git, base, tip):
        return None
    changed = git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, tip)
    git.check(changed, "diff-tree")
    found = list(_parsed(changed.stdout))
    paths = frozenset(path for _, path in found)
    return BranchChanges(
        base=base,
        paths=paths,
        folders=_folders_above(paths),
        has_added=any(letter == "A" for letter, _ in found),
        has_removed=any(letter == "D" for letter, _ in found),
    )


def may_conflict(one: BranchChanges | None, other: BranchChanges | None) -> bool:
    """Whether two branches have to be rehearsed.

    Paths that both change may conflict, and a path of one that is a folder of the other. Where one removes and the
    other adds, a folder may have been renamed, into which git then moves what was added.
    """
    if one is None or other is None or one.base != other.base:
        return True
    if one.paths & other.paths or one.paths & other.folders or other.paths & one.folders:
        return True
    return (one.has_removed and other.has_added) or (other.has_removed and one.has_added)


def _is_one_line(git: GitCalls, base: str, tip: str) -> bool:
    listed = git.read(
        "rev-list", "--parents", "--topo-order", f"--max-count={_MOST_COMMITS}", tip, f"^{base}"
    )
    expected = tip
    for line in listed.splitlines():
        commit, *parents = line.split()
        if commit != expected or len(parents) != 1:
            return False
        (expected,) = parents
    return expected == base


def _folders_above(paths: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)


def _parsed(output: bytes) -> Iterator[tuple[str, str]]:
    """Letter and path of each record of ``--raw -z``."""
    fields = output.decode(errors="surrogateescape").split("\0")
    for description, path in zip(fields[::2], fields[1::2], strict=False):
        yield description.rpartition(" ")[2][:1], path
