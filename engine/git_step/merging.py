"""Make the commit of a merge without touching a file or a branch; a conflict is found before anything changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.git_step.calls import GitCalls, StepError
from engine.git_step.commit import FALLBACK_IDENTITY

_KINDS = {
    "refs/heads/": "branch",
    "refs/tags/": "tag",
    "refs/remotes/": "remote-tracking branch",
}
NAMED_CONFLICTS = 10
"""So many files in conflict are named in a sentence."""
_UNKNOWN_OPTION = 129
"""What git exits with where an option is too new for it."""


@dataclass(frozen=True)
class TreeMerge:
    """The tree that a merge comes to, and the files in conflict; with some, their content has conflict marks."""

    tree: str
    conflicts: Sequence[str] = ()


def merged_commit(git: GitCalls, step: Mapping[str, Any], *, before: str, target: str) -> str:
    """The commit that has both histories: `target` itself where that is enough, otherwise a new one.

    Raises:
        StepError: they conflict, or only a fast-forward is allowed.
    """
    is_forward = not git.run("merge-base", "--is-ancestor", before, target).returncode
    if is_forward and step["fast_forward"] != "never":
        return target
    if step["fast_forward"] == "only":
        reason = f"{step['branch']} cannot be merged by a fast-forward: both sides have commits of their own"
        raise StepError(f"{reason}. Allow a merge commit (git.fast_forward).")
    tree = _merged_tree(git, step["branch"], before=before, target=target)
    identity = () if git.line("var", "GIT_COMMITTER_IDENT") else FALLBACK_IDENTITY
    words = (*identity, "commit-tree", "--no-gpg-sign", "-p", before, "-p", target, "-F", "-", tree)
    return git.must(*words, given=_message(git, step, target)).strip()


def _merged_tree(git: GitCalls, name: str, *, before: str, target: str) -> str:
    merged = merge_trees(git, before, target, name=name)
    if merged.conflicts:
        named = ", ".join(merged.conflicts[:NAMED_CONFLICTS])
        raise StepError(f"Merging {name} conflicts in {named}; nothing was changed.", "bad_edit")
    return merged.tree


def merge_trees(git: GitCalls, ours: str, theirs: str, *, name: str) -> TreeMerge:
    """Merge two commits into a tree without touching a file, an index or a branch; `name` is for messages.

    Raises:
        StepError: git cannot, for another reason than a conflict.
    """
    done = git.run("merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", ours, theirs)
    tree, *files = done.stdout.decode(errors="surrogateescape").rstrip("\0").split("\0")
    if done.returncode == 1 and files:
        return TreeMerge(tree, files)
    if done.returncode == _UNKNOWN_OPTION:
        raise StepError(f"Merging {name} needs git 2.38 or newer, and this is {git.line('version')}.")
    git.check(done, "merge-tree")
    return TreeMerge(tree)


def _message(git: GitCalls, step: Mapping[str, Any], target: str) -> str:
    name = step["branch"]
    if step["message"]:
        done = git.run("stripspace", given=step["message"])
    else:
        full = git.line("rev-parse", "--symbolic-full-name", name)
        kind = next((kind for prefix, kind in _KINDS.items() if full.startswith(prefix)), "commit")
        done = git.run("fmt-merge-msg", given=f"{target}\t\t{kind} '{name}' of .\n")
    git.check(done, "merge")
    return done.stdout.decode(errors="surrogateescape")
