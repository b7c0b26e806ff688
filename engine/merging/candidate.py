"""Make the commit that a merge would move its target to, out of objects alone: no file, index or branch is touched.

A rebase replays each commit as the merge of three trees. This git's `merge-tree` finds the base of a merge by itself,
so it is given commits of our own that have the wanted trees and nothing else; nothing refers to them afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.git_step.calls import GitCalls
from engine.git_step.commit import FALLBACK_IDENTITY
from engine.git_step.merging import NAMED_CONFLICTS, merge_trees
from state.worktree_records import MergeMethod

_SCRATCH = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Signalbox"), ("EMAIL", "signalbox@localhost"), ("DATE", "@0 +0000"))
}
"""Who makes the commits that only a merge reads: the same one each time, so that a repetition makes no new ones."""

_NO_NAME = "".join(map(chr, range(33))) + ".,:;<>\"\\'"
"""The characters of which git makes no name."""


@dataclass(frozen=True)
class MergeConflict:
    """Why a branch cannot be merged, as a sentence, and the files in conflict."""

    reason: str
    files: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What is merged into what: the commit `head` of `branch` into the commit `onto` of `target`.

    `merged` is the part of the branch that the target has already where its history does not show it (`merged_part`).
    """

    head: str
    branch: str
    onto: str
    target: str
    merged: str = ""

    @property
    def commits(self) -> Sequence[str]:
        """The commits to merge, as words for git."""
        return (f"{self.onto}..{self.head}", *([f"^{self.merged}"] if self.merged else []))


def is_ancestor(git: GitCalls, older: str, newer: str) -> bool:
    """Whether all history of `older` is in `newer`."""
    done = git.run("merge-base", "--is-ancestor", older, newer)
    if done.returncode != 1:
        git.check(done, "merge-base")
    return not done.returncode


def rehearse(git: GitCalls, sides: Sides) -> str | MergeConflict:
    """The tree that merging comes to, or the conflict.

    Raises:
        StepError: git cannot say.
    """
    if git.run("merge-base", sides.onto, sides.head).returncode == 1:
        return MergeConflict(_unrelated(git, sides))
    ours, theirs = sides_from(git, sides.merged, (sides.onto, sides.head))
    merged = merge_trees(git, ours, theirs, name=sides.branch)
    return _conflict(sides, merged.conflicts) if merged.conflicts else merged.tree


def sides_from(git: GitCalls, start: str, sides: tuple[str, str]) -> tuple[str, str]:
    """Two commits whose merge begins at the tree of `start`, whatever their histories say; without one as they are."""
    if not start:
        return sides
    base = _scratch(git, _tree_of(git, start))
    ours, theirs = (_scratch(git, _tree_of(git, each), base) for each in sides)
    return ours, theirs


def make_candidate(git: GitCalls, sides: Sides, method: MergeMethod, *, message: str) -> str | MergeConflict:
    """The commit to move the target to, or the conflict; `onto` itself where it has all of the work already.

    Raises:
        StepError: git cannot make it.
    """
    if sides.merged == sides.head or is_ancestor(git, sides.head, sides.onto):
        return sides.onto
    tree = rehearse(git, sides)
    if isinstance(tree, MergeConflict):
        return tree
    match method:
        case MergeMethod.MERGE:
            return _commit(git, tree, (sides.onto, sides.head), message)
        case MergeMethod.SQUASH:
            is_there = tree == _tree_of(git, sides.onto)
            squashed = message + _co_authors(git, sides)
            return sides.onto if is_there else _commit(git, tree, (sides.onto,), squashed)
        case MergeMethod.REBASE:
            return _rebased(git, sides, tree, message)


def _rebased(git: GitCalls, sides: Sides, tree: str, message: str) -> str | MergeConflict:
    merges = git.read("rev-list", "--merges", *sides.commits)
    if not merges and is_ancestor(git, sides.onto, sides.head):
        return sides.head
    tip = sides.onto
    replayed = git.read("rev-list", "--reverse", "--topo-order", "--no-merges", *sides.commits)
    for commit in replayed.split():
        made = _replayed(git, sides, commit, tip)
        if isinstance(made, MergeConflict):
            return made
        tip = made
    if merges and _tree_of(git, tip) != tree:  # what merges inside the branch had resolved
        return _commit(git, tree, (tip,), message)
    return tip


def _replayed(git: GitCalls, sides: Sides, commit: str, tip: str) -> str | MergeConflict:
    """The commit once more on top of `tip`, by its own author; `tip` itself where nothing of it is left to do."""
    parent = git.line("rev-parse", "--verify", "--quiet", f"{commit}^")
    if parent == tip:
        return commit
    base = _tree_of(git, parent) if parent else git.read("hash-object", "-t", "tree", "--stdin")
    ours, theirs = _tree_of(git, tip), _tree_of(git, commit)
    start = _scratch(git, base)
    merged = merge_trees(
        git, _scratch(git, ours, start), _scratch(git, theirs, start), name=f"commit {commit[:9]}"
    )
    if merged.conflicts:
        subject = git.read("log", "-1", "--format=%s", commit)
        return _conflict(sides, merged.conflicts, f"Its commit {commit[:9]} ({subject})")
    if merged.tree == ours and base != theirs:
        return tip
    text = git.read("log", "-1", "--format=%B", commit)
    return _commit(git, merged.tree, (tip,), text, author=_author_of(git, commit))


def _scratch(git: GitCalls, tree: str, parent: str = "") -> str:
    parents = ("-p", parent) if parent else ()
    return git.read("commit-tree", "--no-gpg-sign", *parents, "-F", "-", tree, given="", env=_SCRATCH)


def _commit(
    git: GitCalls, tree: str, parents: Sequence[str], message: str, *, author: Mapping[str, str] | None = None
) -> str:
    identity = () if git.line("var", "GIT_COMMITTER_IDENT") else FALLBACK_IDENTITY
    named = [word for parent in parents for word in ("-p", parent)]
    words = (*identity, "commit-tree", "--no-gpg-sign", *named, "-F", "-", tree)
    return git.read(*words, given=message, env=author)


def _author_of(git: GitCalls, commit: str) -> Mapping[str, str]:
    name, email, date = git.read(
        "log", "-1", "--no-mailmap", "--date=raw", "--format=%an%x00%ae%x00@%ad", commit
    ).split("\0")
    known = next((one for one in (name, email) if one.strip(_NO_NAME)), "unknown")  # git takes no other name
    return {"GIT_AUTHOR_NAME": known, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}


def _co_authors(git: GitCalls, sides: Sides) -> str:
    """Lines that name who else wrote what becomes one commit."""
    listed = git.read("log", "--no-mailmap", "--format=%an <%ae>", *sides.commits)
    own = git.line("var", "GIT_AUTHOR_IDENT").rpartition(">")[0] + ">"
    others = [each for each in dict.fromkeys(listed.splitlines()) if each != own]
    return "".join(["\n", *(f"Co-authored-by: {each}\n" for each in others)]) if others else ""


def _tree_of(git: GitCalls, commit: str) -> str:
    return git.read("rev-parse", "--verify", f"{commit}^{{tree}}")


def _conflict(sides: Sides, files: Sequence[str], what: str = "") -> MergeConflict:
    left = len(files) - NAMED_CONFLICTS
    named = ", ".join(files[:NAMED_CONFLICTS]) + (f" and {left} more" if left > 0 else "")
    return MergeConflict(f"{what or sides.branch} conflicts with {sides.target} in {named}.", tuple(files))


def _unrelated(git: GitCalls, sides: Sides) -> str:
    reason = f"{sides.branch} and {sides.target} have no commit in common"
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        return f"{reason}: the repository is shallow. Fetch its history (git fetch --unshallow), then approve again."
    return f"{reason}, so they cannot be merged."
