"""Find out which part of a branch its target has already where no history shows it: after a squash or a rebase."""

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


def _is_commit(repo: Path, name: str) -> bool:
    words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    return bool(git(words, repo, accepted=(0, 1, 128)))


def _contains(repo: Path, commit: str, older: str) -> bool:
    """Whether the history of the commit contains the older one."""
    return not git(["rev-list", "--max-count=1", older, f"^{commit}"], repo)
