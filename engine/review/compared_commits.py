"""Say which two commits a review compares: the whole change, what changed since the last review, or one attempt.

Only `whole_change` and `head_of` read the repository; the rest follows from the records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GitError
from engine.system.git import git
from engine.system.merged_part import merged_part
from state.records import Workstream
from state.worktree_records import Merge, Worktree, WorktreeSnapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedCommits:
    """Two commits of a repository."""

    repo: Path
    before: str
    after: str


def head_of(tree: Worktree) -> str:
    """The commit that holds the finished work of a workstream; until then that of its branch or archive.

    Raises:
        GitError: there is no such branch, or the repository cannot be read.
    """
    if tree.head is not None:
        return tree.head
    found = _commit(Path(tree.repo), f"refs/heads/{tree.branch}") or _commit(
        Path(tree.repo), tree.archive_ref
    )
    if not found:
        raise GitError(
            f"{tree.run_id}/{tree.ws_id} has no commit yet: there is no branch {tree.branch} in {tree.repo}."
        )
    return found


def _commit(repo: Path, ref: str | None) -> str:
    """The commit this ref names; empty where there is none."""
    if ref is None:
        return ""
    words = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"]
    return git(words, repo, accepted=(0, 1)).decode().strip()


def whole_change(tree: Worktree, merged: Merge | None = None) -> ComparedCommits:
    """All that a workstream adds to its target.

    It starts at the commit the workstream was made from, or where its branch has last taken in the target, or at what
    was `merged` last. A target that has taken in all of the branch is no start: nothing would be left.

    Raises:
        GitError: the worktree has not been made yet, or the repository cannot be read.
    """
    repo, after = Path(tree.repo), head_of(tree)
    if tree.base_commit is None:
        raise GitError(
            f"The worktree of {tree.run_id}/{tree.ws_id} has not been made yet; nothing has changed."
        )
    there = _target_of(repo, tree.target)
    part = merged_part(repo, merged, head=after, onto=there) if there else ""
    shared = part or _merge_base(repo, there, after)
    newer = shared not in {"", after} and _contains(repo, shared, tree.base_commit)
    return ComparedCommits(repo=repo, before=shared if newer else tree.base_commit, after=after)


def _target_of(repo: Path, target: str | None) -> str:
    """The commit of a target; empty where there is none."""
    if target is None:
        return ""
    return _commit(repo, target if target.startswith("refs/") else f"refs/heads/{target}")


def _merge_base(repo: Path, there: str, head: str) -> str:
    """The newest commit that both share; empty where there is none."""
    if not there:
        return ""
    found = git(["merge-base", there, head], repo, accepted=(0, 1))
    return found.decode().strip().partition("\n")[0]


def _contains(repo: Path, commit: str, older: str) -> bool:
    """Whether the history of the commit contains the older one."""
    missing = git(["rev-list", "--max-count=1", older, f"^{commit}"], repo)
    return not missing


def since_review(tree: Worktree, workstream: Workstream, *, head: str) -> ComparedCommits | None:
    """What changed since a person last sent the workstream back; None where nobody has."""
    if workstream.reviewed_commit is None:
        return None
    return ComparedCommits(repo=Path(tree.repo), before=workstream.reviewed_commit, after=head)


def of_attempt(
    tree: Worktree, snapshots: Sequence[WorktreeSnapshot], attempt_id: int, *, head: str
) -> ComparedCommits | None:
    """What one attempt changed: from the snapshot before it to the next one or the head; None without one."""
    ordered = sorted(snapshots, key=lambda each: each.number)
    place = next((at for at, each in enumerate(ordered) if each.attempt_id == attempt_id), None)
    if place is None:
        return None
    after = ordered[place + 1].commit if place + 1 < len(ordered) else head
    return ComparedCommits(repo=Path(tree.repo), before=ordered[place].commit, after=after)


def of_job(
    tree: Worktree, snapshots: Sequence[WorktreeSnapshot], job_id: str, *, head: str
) -> ComparedCommits | None:
    """What all attempts of a job changed; None where it has no snapshot."""
    ordered = sorted(snapshots, key=lambda each: each.number)
    places = [at for at, each in enumerate(ordered) if each.job_id == job_id]
    if not places:
        return None
    after = ordered[places[-1] + 1].commit if places[-1] + 1 < len(ordered) else head
    return ComparedCommits(repo=Path(tree.repo), before=ordered[places[0]].commit, after=after)
