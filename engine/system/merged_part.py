"""Find out which part of a branch its target has already where no history shows it: after a squash or a rebase."""

from collections.abc import Sequence
from pathlib import Path

from engine.system.git import git
from state.worktree_records import Merge


def merged_part(repo: Path, earlier: Merge | None, *, head: str, onto: str) -> str:
    """The commit up to which the work of the branch at `head` is in `onto`; empty where history says it, or nothing is.

    `earlier` is the last merge of the branch. What a person has taken back is not there any more.

    Raises:
        GitError: the repository cannot be read.
    """
    if earlier is None or not earlier.head or not earlier.result:
        return ""
    known = all(_is_commit(repo, each) for each in (earlier.head, earlier.result, head, onto))
    if not known or not _contains(repo, onto, earlier.result) or not _contains(repo, head, earlier.head):
        return ""
    is_shown = _contains(repo, onto, earlier.head) or _contains(repo, head, earlier.result)
    return "" if is_shown else earlier.head


def merged_start(repo: Path, base: str, needed: Sequence[Merge], *, head: str, onto: str) -> str:
    """The same for what the branch has started from: `needed` are the merges of that work, which made up its `base`.

    It is the base where `onto` has all of that, else the last of this work that it has.

    Raises:
        GitError: the repository cannot be read.
    """
    if not needed or not base or not all(_is_commit(repo, each) for each in (base, head, onto)):
        return ""
    there = [each.head for each in needed if _is_in(repo, each, onto)]
    if not there or not _contains(repo, head, base) or not _is_missing(repo, base, onto):
        return ""
    if not _is_missing(repo, base, onto, *there):
        return base
    parts = (
        each for each in reversed(there) if _is_missing(repo, each, onto) and _contains(repo, base, each)
    )
    return next(parts, "")


def merged_already(
    repo: Path, earlier: Merge | None, base: str, needed: Sequence[Merge], *, head: str, onto: str
) -> str:
    """Where the work begins that a merge of the branch is to bring: at its own `merged_part`, else its `merged_start`.

    Raises:
        GitError: the repository cannot be read.
    """
    part = merged_part(repo, earlier, head=head, onto=onto)
    return part or merged_start(repo, base, needed, head=head, onto=onto)


def _is_in(repo: Path, merge: Merge, onto: str) -> bool:
    if not merge.head or not merge.result:
        return False
    known = all(_is_commit(repo, each) for each in (merge.head, merge.result))
    return known and _contains(repo, onto, merge.result)


def _is_commit(repo: Path, name: str) -> bool:
    words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    return bool(git(words, repo, accepted=(0, 1, 128)))


def _contains(repo: Path, commit: str, older: str) -> bool:
    """Whether the history of the commit contains the older one."""
    return not git(["rev-list", "--max-count=1", older, f"^{commit}"], repo)


def _is_missing(repo: Path, commit: str, *others: str) -> bool:
    """Whether the commit has work that the histories of none of the others contain."""
    excluded = [f"^{other}" for other in others]
    return bool(git(["rev-list", "--no-merges", "--max-count=1", commit, *excluded], repo))
